"""Exports: everything public in one file, made by `manage.py export_archive`, to keep, check and begin anew from."""

import hashlib
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request

from api.archiving.packing import FOLDER
from api.http import caching
from api.http.answers import encoded
from api.http.negotiation import JSON
from api.http.promises import Promise
from api.http.views import Machine, Shape
from api.record import FOREVER, Signed
from record.refusals import Missing

ZIP = "application/zip"
NAME = re.compile(r"(?P<size>[0-9]{9})-(?P<digest>[0-9a-f]{16})")


class ArchiveOut(serializers.Serializer[Any]):
    """An archive: the record with its proofs and keys, what is shown as tables and files, and the tools to check it."""

    name = serializers.CharField()
    entries = serializers.IntegerField(help_text="How many entries of the record, all that were signed then.")
    bytes = serializers.IntegerField()
    url = serializers.URLField()


class ArchivesOut(serializers.Serializer[Any]):
    """Archives, newest first; all on one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ArchiveOut(many=True)


class Archives(Signed):
    """Everything public in one file: data, record, proofs, words that are shown, checkers and licence. Newest first.

    No account, address, ballot or key is in it, nor words that are not shown. `verify.md` inside says how to check it.
    """

    form = JSON
    output = ArchivesOut

    def content(self) -> bytes:
        """What the folder holds."""
        found = [
            self._shape(file)
            for file in sorted(folder().glob("*.zip"), reverse=True)
            if NAME.fullmatch(file.stem)
        ]
        return encoded({"next": None, "previous": None, "results": found})

    def _shape(self, file: Path) -> Shape:
        return {
            "name": file.name,
            "entries": int(file.stem.partition("-")[0]),
            "bytes": file.stat().st_size,
            "url": f"{self.base}/api/v1/exports/{file.name}",
        }


class OneArchive(Machine):
    """One archive. It never changes."""

    forms = (ZIP,)

    def get(self, request: Request, name: str) -> HttpResponseBase:
        """Read it."""
        self.check_parameters()
        file = folder() / f"{name}.zip"
        if not NAME.fullmatch(name) or not file.is_file():
            raise Missing
        tag = f'"0.{hashlib.sha256(name.encode()).hexdigest()[:32]}"'
        answer = _answer(file, request, tag)
        caching.stamp(answer, caching.edition_for(request._request), tag)
        answer["Cache-Control"] = FOREVER
        return answer

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """GET."""
        output = {"type": "string", "format": "binary"}
        return {"GET": Promise(output, public=True, versioned=True, absent=True, forms=cls.forms)}


def folder() -> Path:
    """Where archives are."""
    return Path(settings.DATA_DIR) / FOLDER


def _answer(file: Path, request: Request, tag: str) -> HttpResponseBase:
    if tag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        answer = HttpResponse(status=304)
        del answer["Content-Type"]
        return answer
    return FileResponse(file.open("rb"), content_type=ZIP, as_attachment=True, filename=file.name)
