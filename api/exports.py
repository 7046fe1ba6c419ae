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

from api.archiving import withdrawn
from api.archiving.packing import FOLDER
from api.http import caching
from api.http.answers import encoded
from api.http.negotiation import JSON
from api.http.promises import Promise
from api.http.views import Machine, Shape
from api.record import Signed
from record.refusals import Gone, Missing

ZIP = "application/zip"
NAME = re.compile(r"(?P<size>[0-9]{9})-(?P<digest>[0-9a-f]{16})")


class ArchiveWithdrawn(Gone):
    """Words in it are not shown any more."""

    code = "archive_withdrawn"
    title = "This archive was withdrawn"
    sentence = (
        "Words in this archive are {because} since event {position}, so it is not given any more; whoever keeps a copy "
        "should let go of it. Take a later archive from exports/; the operator makes them. That event says whose "
        "decision it was."
    )


class WithdrawnOut(serializers.Serializer[Any]):
    """Why an archive is not given any more."""

    because = serializers.ChoiceField(withdrawn.GROUNDS)
    on = serializers.DateField()
    event = serializers.IntegerField(help_text="The event that says so.")
    event_url = serializers.URLField()


class ArchiveOut(serializers.Serializer[Any]):
    """An archive: the record with its proofs and keys, what is shown as tables and files, and the tools to check it."""

    name = serializers.CharField()
    entries = serializers.IntegerField(help_text="How many entries of the record, all that were signed then.")
    bytes = serializers.IntegerField(allow_null=True, help_text="Null where it was deleted.")
    url = serializers.URLField()
    withdrawn = WithdrawnOut(
        allow_null=True, help_text="Not null: its address answers 410, and copies of it should go."
    )


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
        files = archives()
        gone = withdrawn.withdrawals([withdrawn.size_of(file) for file in files])
        found = [self._shape(file, gone.get(withdrawn.size_of(file))) for file in files]
        return encoded({"next": None, "previous": None, "results": found})

    def _shape(self, file: Path, why: withdrawn.Withdrawal | None) -> Shape:
        is_there = file.suffix == ".zip"
        return {
            "name": f"{file.stem}.zip",
            "entries": withdrawn.size_of(file),
            "bytes": file.stat().st_size if is_there else None,
            "url": f"{self.base}/api/v1/exports/{file.stem}.zip",
            "withdrawn": why and self._why(why),
        }

    def _why(self, why: withdrawn.Withdrawal) -> Shape:
        event_url = f"{self.base}/api/v1/events/{why.position}/"
        return {"because": why.because, "on": why.on, "event": why.position, "event_url": event_url}


class OneArchive(Machine):
    """One archive. It never changes, until words in it are not shown any more: then it is not given on."""

    form = ZIP
    forms = (ZIP,)

    def get(self, request: Request, name: str) -> HttpResponseBase:
        """Read it."""
        self.check_parameters()
        file = next((one for one in archives() if one.stem == name), None)
        if file is None:
            raise Missing
        size = withdrawn.size_of(file)
        if why := withdrawn.withdrawals([size]).get(size):
            raise ArchiveWithdrawn(because=why.because, position=why.position)
        if file.suffix != ".zip":
            raise Missing
        tag = f'"0.{hashlib.sha256(name.encode()).hexdigest()[:32]}"'
        answer = _answer(file, request, tag)
        caching.stamp(answer, caching.edition_for(request._request), tag)
        answer["Cache-Control"] = caching.PUBLIC
        return answer

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """GET."""
        output = {"type": "string", "format": "binary"}
        return {
            "GET": Promise(output, public=True, versioned=True, absent=True, withdrawn=True, forms=cls.forms)
        }


def folder() -> Path:
    """Where archives are."""
    return Path(settings.DATA_DIR) / FOLDER


def archives() -> list[Path]:
    """All archives ever offered, newest first: each a file, or the mark that stands in the place of a deleted one."""
    found = {file.stem: file for file in folder().glob(f"*{withdrawn.MARK}")}
    found |= {file.stem: file for file in folder().glob("*.zip")}
    return [found[name] for name in sorted(found, reverse=True) if NAME.fullmatch(name)]


def _answer(file: Path, request: Request, tag: str) -> HttpResponseBase:
    if tag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        answer = HttpResponse(status=304)
        del answer["Content-Type"]
        return answer
    return FileResponse(file.open("rb"), content_type=ZIP, as_attachment=True, filename=file.name)
