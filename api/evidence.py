"""Evidence files: sent by owners before the update that names them, and read by everybody with it."""

from functools import cached_property
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from accounts import limits
from accounts.models import User
from api.http import authentication, caching, inputs, throttling
from api.http.errors import Problem
from api.http.promises import Promise
from api.http.views import Machine, PublicDetail, Shape, found
from api.http.writing import Done, Posts
from commitments import actions, errors, permissions
from commitments.evidence import storage, telling
from commitments.evidence.cleaning import Clean, clean
from commitments.evidence.kinds import EXTENSIONS
from commitments.models import EvidenceFile
from commitments.withholding.files import ERASED, SHOWN, WITHHELD, standing_of
from record.editions import PRIVATE
from record.refusals import Missing

MULTIPART = "multipart/form-data"
MEDIA_TYPES = [(kind, ending.upper()) for kind, ending in EXTENSIONS.items()]
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
COLUMNS = ("id", "sha256", "media_type", "size", "width", "height", "pages", "erased_on")
STANDINGS = [
    (SHOWN, "it can be read"),
    (WITHHELD, "it is held back with the words of its update"),
    (ERASED, "it was erased with the words of its update"),
]


class FileOut(serializers.Serializer[Any]):
    """A file, by the hash of the bytes that we made of what was sent."""

    id = serializers.UUIDField()
    url = serializers.URLField(help_text="What is known of it, as JSON.")
    file = serializers.URLField(help_text="Its bytes, as an attachment.")
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")
    media_type = serializers.ChoiceField(MEDIA_TYPES)
    bytes = serializers.IntegerField()
    width = serializers.IntegerField(allow_null=True, help_text="Of a picture, in pixels.")
    height = serializers.IntegerField(allow_null=True)
    pages = serializers.IntegerField(allow_null=True, help_text="Of a PDF.")


class SentFileOut(FileOut):
    """A file that waits for the update that names it; only then is it at its addresses."""

    expires = serializers.DateTimeField(help_text="When it is forgotten, unless an update names it before.")


class EvidenceFileOut(FileOut):
    """A file with the update that it belongs to."""

    title = serializers.CharField()
    update: Any = serializers.UUIDField()
    commitment = serializers.CharField()
    standing = serializers.ChoiceField(STANDINGS)
    erased_on = serializers.DateField(allow_null=True)


@extend_schema_field(OpenApiTypes.BINARY)
class CleanedFile(serializers.Field[Any, Any, Any, Any]):
    """A file, which becomes a clean one as it is taken; its name is not looked at."""

    def to_internal_value(self, data: Any) -> Clean:
        """What is kept of it. Raises EvidenceRefused."""
        if not hasattr(data, "read"):
            raise serializers.ValidationError("Send a file here, not text.", "not_a_file")
        data.seek(0)
        return clean(data.read())

    def to_representation(self, value: Any) -> Any:
        """Nothing is given back."""
        return None


class EvidenceFileIn(inputs.StrictSerializer):
    """One JPEG, PNG or WebP picture, or one PDF. All but what is seen on it is taken away."""

    file = CleanedFile()


def address_of(key: UUID, base: str) -> str:
    """Where the bytes of a file are."""
    return base + telling.path_to(key)


def shape(row: Shape, base: str) -> Shape:
    """The JSON of a row of COLUMNS."""
    url = f"{base}/api/v1/evidence/{row['id']}/"
    return {
        "id": row["id"],
        "url": url,
        "file": address_of(row["id"], base),
        "sha256": row["sha256"],
        "media_type": row["media_type"],
        "bytes": row["size"],
        "width": row["width"],
        "height": row["height"],
        "pages": row["pages"],
    }


class EvidenceFiles(Posts, Machine):
    """Files for the next update: sent here, then named in it by their id within a day."""

    scope = "updates:write"
    post_input, post_output = EvidenceFileIn, SentFileOut
    post_form = MULTIPART

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask who sends before a file is opened."""
        authentication.check_scope(request, self.scope)
        permissions.check_sends_evidence(self.by)
        over = limits.count_file(self.by)
        if over:
            raise throttling.refusal(max(over, key=attrgetter("resets_in")))
        return super().post(request, *args, **kwargs)

    def sent(self) -> Any:
        """The fields of the form, files among them, as Django has read them."""
        request = self.request._request
        if not (request.content_type or "").startswith(MULTIPART):
            raise Problem(415, "unsupported_media_type", "Send the file as multipart/form-data, in `file`.")
        try:
            fields, files = request.POST, request.FILES
        except MultiPartParserError as error:
            raise ParseError(f"The body is not what multipart/form-data says: {error}.") from None
        if any(len(files.getlist(name)) > 1 for name in files):
            raise ParseError("One file at a time is taken; send the others after it.")
        return {**fields.dict(), **files.dict()}

    def on_post(self, data: dict[str, Any]) -> Done:
        """Send a file: it is made clean, and waits for a day for the update that names it."""
        file = actions.send_evidence(data["file"], by=self.by)
        row = {name: getattr(file, name) for name in COLUMNS}
        return Done({**shape(row, self.base), "expires": file.expires_at}, row=file)


class OneEvidenceFile(PublicDetail):
    """What is known of one file that an update named."""

    output = EvidenceFileOut

    def row(self) -> Shape:
        """With the update that it shows."""
        extra = ("title", "update_id", "update__version", "update__position", "update__commitment__reference")
        rows = EvidenceFile.objects.exclude(evidence=None)
        row: Shape = found(
            rows.values(*COLUMNS, *(f"evidence__{name}" for name in extra)), pk=self.kwargs["id"]
        )
        return {**row, "version": row["evidence__update__version"]}

    def shape(self, row: Shape) -> Shape:
        """The file, and whether it can be read at present."""
        is_erased = row["erased_on"] is not None
        return {
            **shape(row, self.base),
            "title": row["evidence__title"],
            "update": row["evidence__update_id"],
            "commitment": row["evidence__update__commitment__reference"],
            "standing": standing_of(row["evidence__update__position"], is_erased=is_erased),
            "erased_on": row["erased_on"],
        }


class SessionWhereWithheld(authentication.SessionAuthentication):
    """The portal's session, looked at only while the file is withheld: what is shown is the same for everybody."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        """The signed-in user, where it matters who asks."""
        if request.parser_context["view"].standing == WITHHELD:
            return super().authenticate(request)
        authentication.disregard_session(request._request)
        return None


class EvidenceBytes(Machine):
    """The bytes of a file, as an attachment. Whether it is shown is asked at each download.

    While the words of its update are held back or hidden, the convenor of its assembly alone is given it.
    """

    form = "application/octet-stream"
    """What nobody has to ask for: the type is the file's own."""

    @cached_property
    def row(self) -> EvidenceFile | None:
        """The file, if an update named it."""
        rows = EvidenceFile.objects.exclude(evidence=None)
        return (
            rows.select_related("evidence__update__commitment__assembly")
            .filter(pk=self.kwargs.get("id"))
            .first()
        )

    @cached_property
    def standing(self) -> str:
        """Shown, withheld or erased, as the words of its update are at this moment."""
        if self.row is None or self.row.evidence is None:
            return SHOWN
        return standing_of(self.row.evidence.update.position or 0, is_erased=self.row.erased_on is not None)

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Keys, and sessions where the person matters."""
        return [authentication.KeyAuthentication(), SessionWhereWithheld()]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Read it."""
        self.check_parameters()
        file = self.row
        if file is None or file.evidence is None:
            raise Missing
        if self.standing == ERASED:
            raise errors.EvidenceErased
        if self.standing == WITHHELD:
            self._check_convenor(file.evidence.update.commitment.assembly.slug)
        content = storage.read(file.sha256, file.pk)
        if content is None:
            raise errors.EvidenceLost
        return self._answer(request, file, content)

    def _check_convenor(self, assembly: str) -> None:
        authentication.check_scope(self.request, "moderation:read")
        if not (
            isinstance(self.request.user, User)
            and permissions.is_allowed(permissions.check_convenor, self.request.user, assembly)
        ):
            raise errors.EvidenceWithheld

    def _answer(self, request: Request, file: EvidenceFile, content: bytes) -> HttpResponseBase:
        tag = f'"0.{file.sha256[:32]}"'
        if self.standing == SHOWN and tag in request.META.get("HTTP_IF_NONE_MATCH", ""):
            answer = HttpResponse(status=304)
            del answer["Content-Type"]
        else:
            answer = HttpResponse(content, content_type=file.media_type, headers=headers_of(file))
        caching.stamp(answer, caching.edition_for(request._request), tag)
        if self.standing != SHOWN:
            answer["Cache-Control"] = PRIVATE
        return answer

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """GET."""
        output = {"type": "string", "format": "binary"}
        kinds = tuple(EXTENSIONS)
        own = Promise(output, public=True, versioned=True, withheld=True, withdrawn=True, instead=kinds)
        return {"GET": own}


def headers_of(file: EvidenceFile) -> dict[str, str]:
    """So that a browser saves it under a name of ours, and runs nothing of it whatever it takes it for."""
    name = f"evidence-{file.sha256[:12]}.{EXTENSIONS[file.media_type]}"
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": SANDBOX,
        "X-Content-Type-Options": "nosniff",
    }
