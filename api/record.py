"""The signed record: its present state, the keys, tiles and bundles to copy, and proofs (C2SP tlog formats)."""

import hashlib
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date, parse_http_date_safe
from rest_framework import serializers
from rest_framework.request import Request

from api.http import caching
from api.http.answers import encoded
from api.http.errors import at_parameter, bad_parameters
from api.http.negotiation import JSON
from api.http.paging import by
from api.http.promises import Promise
from api.http.views import Machine, PublicList, Shape
from record import checkpoints, clock, tiles, tree, values, witnesses
from record.models import Checkpoint, Entry
from record.proofs import leaf_hash
from record.refusals import Invalid, Missing

TEXT = "text/plain"
BYTES = "application/octet-stream"
FOREVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=3600"
SIZE = values.Whole(1)
A_SECOND = timedelta(seconds=1)
PROOF = "c2sp.org/tlog-proof@v1"


class NotSignedYet(Missing):
    """What is asked for is not in a signed state of the record yet."""

    code = "not_signed_yet"
    title = "Not signed yet"
    sentence = "{size} entries of the record are signed. Ask again when there are more: recent ones take some seconds."


class NoSuchGrowth(Invalid):
    """No proof leads from one of the sizes to the other."""

    code = "no_such_growth"


def signed_state() -> Checkpoint:
    """The newest checkpoint. Raises NotSignedYet."""
    latest = checkpoints.latest()
    if latest is None:
        raise NotSignedYet(size=0)
    return latest


class Signed(Machine):
    """The base: bytes that hold as long as the newest checkpoint does, whatever the record has had since.

    Their tag is made from themselves. They are not kept with answers that hold as long as its position.
    """

    checkpoint: Checkpoint
    output: ClassVar[Any] = {"type": "string"}
    control: str = caching.PUBLIC

    def content(self) -> bytes:
        """What is at this address. Raises Missing."""
        raise NotImplementedError

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Read it."""
        self.check_parameters()
        self.checkpoint = signed_state()
        body = self.content()
        charset = "; charset=utf-8" if self.form == TEXT else ""
        answer = HttpResponse(body, content_type=f"{self.form}{charset}")
        named = hashlib.sha256(caching.address_of(request._request).encode() + b"\n" + body).hexdigest()
        return stamped(request._request, answer, self.checkpoint, f'"0.{named[:32]}"', self.control)

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """GET."""
        return {"GET": Promise(cls.output, public=True, versioned=True, absent=True, forms=cls.forms)}


class SignedState(Signed):
    """The newest signed state of the record: how many entries, the root over them, and who signed that.

    A signed note as C2SP tlog-checkpoint has it. Keep it: whatever the record shows later must have grown from it.
    """

    form = TEXT

    def content(self) -> bytes:
        """The exact note."""
        return self.checkpoint.cosigned.encode()


class VerifierKeys(Signed):
    """The public keys that signed the record, a line each, the present one first (C2SP signed-note)."""

    form = TEXT

    def content(self) -> bytes:
        """A line each."""
        return "".join(f"{one}\n" for one in checkpoints.vkeys()).encode()


class OneTile(Signed):
    """A tile of the tree: up to 256 hashes of one level in eight (C2SP tlog-tiles), full or of a given width."""

    form = BYTES
    level: str = ""

    def content(self) -> bytes:
        """Its hashes or entries, as far as they are signed."""
        asked = self.kwargs
        parts = [str(asked.get("level", self.level)), asked.get("thousands"), asked["number"]]
        path = "/".join(part for part in parts if part)
        tile = tiles.at(f"{path}.p/{asked['width']}" if "width" in asked else path)
        if tile is None:
            raise Missing
        if tile.end > self.checkpoint.size:
            raise NotSignedYet(size=self.checkpoint.size)
        self.control = FOREVER if tile.is_full else A_WHILE
        return tiles.content(tile)


class OneBundle(OneTile):
    """A bundle: up to 256 entries in the order of the record, each after its length in two bytes (C2SP tlog-tiles)."""

    level = tiles.ENTRIES


class ProofOut(serializers.Serializer[Any]):
    """That an entry is in the record: hash it with the hashes of `proof`, and you come to the signed root."""

    position = serializers.IntegerField()
    index = serializers.IntegerField(help_text="The entry's leaf, counted from 0.")
    leaf_hash = serializers.CharField(
        help_text="SHA-256 over a zero byte and the entry's exact bytes, in base64."
    )
    proof = serializers.ListField(
        child=serializers.CharField(), help_text="From the leaf's sibling up, in base64."
    )
    size = serializers.IntegerField()
    root: Any = serializers.CharField(help_text="In base64.")
    checkpoint = serializers.CharField(help_text="The signed state, word for word.")
    url = serializers.URLField(help_text="The entry.")


class EntryProof(Signed):
    """That an entry is in the record, in its newest signed state: as C2SP tlog-proof has it, or as JSON."""

    forms = (TEXT, JSON)
    output = ProofOut

    def content(self) -> bytes:
        """The proof, to check without asking us again."""
        position, size = self.kwargs["position"], self.checkpoint.size
        if not position:
            raise Missing
        if position > size:
            raise NotSignedYet(size=size)
        proof = [_base64(one) for one in tree.inclusion(position - 1, size)]
        if self.form == JSON:
            return encoded(self._shape(position, proof))
        lines = [PROOF, f"index {position - 1}", *proof, "", self.checkpoint.cosigned]
        return "\n".join(lines).encode()

    def _shape(self, position: int, proof: list[str]) -> Shape:
        body = bytes(Entry.objects.values_list("body", flat=True).get(position=position))
        return {
            "position": position,
            "index": position - 1,
            "leaf_hash": _base64(leaf_hash(body)),
            "proof": proof,
            "size": self.checkpoint.size,
            "root": _base64(bytes(self.checkpoint.root)),
            "checkpoint": self.checkpoint.cosigned,
            "url": f"{self.base}/api/v1/events/{position}/",
        }


class GrowthOut(serializers.Serializer[Any]):
    """That one state of the record is the beginning of another (RFC 9162, 2.1.4). Hashes are in base64."""

    size = serializers.IntegerField(help_text="Of the later state.")
    root: Any = serializers.CharField()
    earlier_size = serializers.IntegerField()
    earlier_root = serializers.CharField()
    proof = serializers.ListField(child=serializers.CharField())


class Growth(Signed):
    """That the record of one size is the beginning of that of another: nothing was changed, dropped or moved."""

    form = JSON
    output = GrowthOut
    extra_parameters = frozenset({"from", "to"})
    extra_schemas: ClassVar[dict[str, Any]] = {
        "from": {
            "schema": SIZE.schema(),
            "required": True,
            "description": "How many entries the earlier state has.",
        },
        "to": {
            "schema": SIZE.schema(),
            "description": "How many entries the later state has; the newest signed state, unless it is said.",
        },
    }

    def content(self) -> bytes:
        """The proof between two sizes."""
        earlier, later = self._size("from"), self._size("to")
        if later > self.checkpoint.size:
            raise _wrong("to", f"{self.checkpoint.size} entries of the record are signed.")
        if earlier > later:
            raise _wrong("from", f"It must be no more than the later state has, {later}.")
        return encoded(
            {
                "size": later,
                "root": _base64(tree.root(later)),
                "earlier_size": earlier,
                "earlier_root": _base64(tree.root(earlier)),
                "proof": [_base64(one) for one in tree.consistency(earlier, later)],
            }
        )

    def _size(self, name: str) -> int:
        text = self.request.query_params.get(name)
        if text is None and name == "to":
            return self.checkpoint.size
        try:
            return int(SIZE.read(text or ""))
        except values.Malformed as exc:
            raise bad_parameters([at_parameter(name, "malformed", str(exc))]) from None


class CheckpointOut(serializers.Serializer[Any]):
    """A state of the record as it was signed."""

    size = serializers.IntegerField()
    root: Any = serializers.CharField(help_text="In base64.")
    origin = serializers.CharField(help_text="What the record is called where it is signed.")
    vkey = serializers.CharField(help_text="The public key.")
    note = serializers.CharField(help_text="The signed note, word for word.")
    signed_at = serializers.DateTimeField()
    witnesses = serializers.ListField(
        child=serializers.CharField(), help_text="Independent services that signed it too."
    )
    witnessed = serializers.BooleanField(help_text="Whether as many of them did as the operator promised.")


class SignedStates(PublicList):
    """Every state of the record that was signed, newest first."""

    output = CheckpointOut
    ordering = by("-order", tie="id", order="id")

    def rows(self) -> QuerySet[Any]:
        """All of them."""
        rows: QuerySet[Any] = Checkpoint.objects.values(
            "id", "size", "root", "note", origin=F("key__origin"), vkey=F("key__vkey"), signed_at=F("at")
        )
        return rows

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        signed_by = witnesses.signers([row["id"] for row in rows])
        return [_state(row, signed_by[row["id"]]) for row in rows]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Read a page of it; it holds until something more is signed."""
        answer, latest = self.page(), checkpoints.latest()
        named = hashlib.sha256(caching.address_of(request._request).encode()).hexdigest()[:8]
        tag = f'"0.{latest.pk if latest else 0}.{witnesses.count()}.{named}-{self.form.partition("/")[2]}"'
        return stamped(request._request, answer, latest, tag, caching.PUBLIC)


def _state(row: dict[str, Any], names: list[str]) -> Shape:
    shown = {name: row[name] for name in row if name != "id"}
    return shown | {"root": _base64(row["root"]), "witnesses": names, "witnessed": witnesses.is_enough(names)}


def stamped(
    request: HttpRequest, answer: HttpResponseBase, latest: Checkpoint | None, tag: str, control: str
) -> HttpResponseBase:
    """The answer with what caches and copiers need, or the 304 that says that their copy is it."""
    at = (latest.at if latest else caching.BEFORE_THE_RECORD).astimezone(UTC).replace(microsecond=0)
    # HTTP dates know no fractions: while the second still runs, more may be signed in it.
    is_over = clock.now() - at >= A_SECOND
    if _is_current(request, tag, at if is_over else None):
        answer = HttpResponse(status=304)
        del answer["Content-Type"]
    caching.stamp(answer, caching.edition_for(request), tag)
    answer["Cache-Control"] = control
    answer["Last-Modified"] = http_date((at if is_over else at - A_SECOND).timestamp())
    return answer


def _is_current(request: HttpRequest, tag: str, since: datetime | None) -> bool:
    wanted = request.META.get("HTTP_IF_NONE_MATCH")
    if wanted is not None:
        return wanted.strip() == caching.ANY or tag[1:-1] in {one for _, one in caching.TAG.findall(wanted)}
    seconds = parse_http_date_safe(request.META.get("HTTP_IF_MODIFIED_SINCE", ""))
    return since is not None and seconds is not None and since.timestamp() <= seconds


def _wrong(name: str, words: str) -> Exception:
    return bad_parameters([at_parameter(name, NoSuchGrowth.code, words)])


def _base64(data: Any) -> str:
    return b64encode(bytes(data)).decode()
