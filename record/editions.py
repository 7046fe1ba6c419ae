"""The one caching rule: the record's position is the version of everything public.

`Cache-Control: public, max-age=0, must-revalidate`: anyone may keep an answer, and must ask before using
it again. Asking costs one indexed read, so nothing is gained by letting copies age, and a hold or a
redaction takes effect at once everywhere.
"""

import hashlib
import re
import zlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.encoding import escape_uri_path
from django.utils.http import http_date, parse_http_date_safe

from record import clock
from record.prepared import cursor_keeping_plans
from record.shelf import SHELF, Kept

PUBLIC = "public, max-age=0, must-revalidate"
PRIVATE = "private, no-store"
ANY = "*"
KEPT = frozenset({"json", "atom", "ics", "html", "svg", "png"})
"""The forms whose bytes are kept: all that are not streams. What follows a `~` says more of the form."""
LONGEST_ACCEPT = 200
OF_BODIES = frozenset({"Content-Type", "Content-Length", "Link"})
OF_CLIENTS = frozenset({"RateLimit", "RateLimit-Policy"})
BEFORE_THE_RECORD = datetime(2024, 1, 1, tzinfo=UTC)
# Every public request asks this: as a queryset it cost a third of a 304.
HEAD = "SELECT position, revision, at FROM record_head WHERE id = 1"
MACHINES = "/api/"
GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)
TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')


@dataclass(frozen=True, slots=True)
class Edition:
    """What an answer was made from: the record's position and revision, and the London day."""

    position: int
    revision: int
    at: datetime
    day: date

    def tag(self, version: int, form: str, address: str) -> str:
        """The strong ETag: `"{version}.{position}.{day}.{revision}-{representation}"`."""
        return f'"{version}.{self.suffix(form, address)}"'

    def suffix(self, form: str, address: str) -> str:
        """The tag without the object's version. The address is in it, so that a tag holds for one address only."""
        part = zlib.crc32(address.encode())
        return f"{self.position}.{self.day.isoformat()}.{self.revision}-{form}.{shapes()}.{part:08x}"

    @property
    def last_modified(self) -> datetime:
        """The later of the last entry and London midnight, when late and silent are counted anew.

        One second earlier while that second still runs: HTTP dates know no fractions, and a second entry
        may follow in it.
        """
        midnight = datetime.combine(self.day, time(), tzinfo=clock.LONDON).astimezone(UTC)
        latest = max(self.at, midnight).replace(microsecond=0)
        return latest - timedelta(seconds=1) if clock.now() - latest < timedelta(seconds=1) else latest


def edition_for(request: HttpRequest) -> Edition:
    """The edition that this request is answered from; the front door may have asked for it already."""
    found: Edition | None = getattr(request, "edition", None)
    return found or edition()


def edition() -> Edition:
    """The present edition of everything public: one indexed read."""
    with cursor_keeping_plans() as cursor:
        cursor.execute(HEAD)
        row = cursor.fetchone()
    position, revision, at = row or (0, 0, None)
    return Edition(position, revision, _aware(at), clock.today())


def _aware(at: datetime | str | None) -> datetime:
    """The head's time as each database gives it; SQLite keeps text, in UTC."""
    if at is None:
        return BEFORE_THE_RECORD
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@cache
def shapes() -> str:
    """A short digest of `openapi.yaml`, so that a release which changes shapes makes old tags stale."""
    contract = Path(settings.BASE_DIR) / "openapi.yaml"
    return hashlib.sha256(contract.read_bytes()).hexdigest()[:6] if contract.exists() else "0"


def address_of(request: HttpRequest) -> str:
    """What tells one answer from another: host, path and query (addresses inside the answer name the host).

    The query as it was sent: made ASCII, as Django makes it, bytes would read like other letters' escapes.
    """
    path, query = escape_uri_path(request.path), request.META.get("QUERY_STRING", "")
    return f"{request.scheme}://{request.get_host()}{path}{'?' if query else ''}{query}"


def is_page(request: HttpRequest) -> bool:
    """Whether this is for people: everything beyond the API."""
    return not request.path_info.startswith(MACHINES)


def takes_gzip(request: HttpRequest) -> bool:
    """Whether the one who asks can read compressed bytes."""
    return GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")) is not None


def name_of(request: HttpRequest) -> str:
    """What tells one kept answer from another: the address, the Accept header, and whether another site's page asks.

    Of a page only the address, which says the language too, and whether it may be sent compressed.
    """
    asked = request.META
    if is_page(request):
        return f"{address_of(request)}\n{takes_gzip(request)}"
    return f"{address_of(request)}\n{'HTTP_ORIGIN' in asked}\n{asked.get('HTTP_ACCEPT', '')}"


def not_modified(
    request: HttpRequest, present: Edition, form: str, version: int | None = None
) -> HttpResponse | None:
    """304 where the client's copy is of this edition.

    Before any work: an edition fixes every public answer. Only If-Modified-Since and `If-None-Match: *`, which name no
    version, have to wait until it is known that something is there, and in which version: a 304 carries the tag too.
    """
    address = address_of(request)
    wanted = request.META.get("HTTP_IF_NONE_MATCH")
    tag = _matching(wanted, present.suffix(form, address)) if wanted else None
    if version is not None and _any_version_will_do(request, present):
        tag = present.tag(version, form, address)
    if tag is None:
        return None
    answer = HttpResponse(status=304)
    del answer["Content-Type"]
    stamp(answer, present, tag, _varies_by(request))
    return answer


def known_answer(
    request: HttpRequest, present: Edition, form: str, version: int | None = None
) -> HttpResponse | None:
    """What can be answered without asking the database for more than the edition: 304, or kept bytes."""
    unmodified = not_modified(request, present, form, version)
    if unmodified is not None or not _is_kept(form):
        return unmodified
    return kept_answer(request, present)


def _is_kept(form: str) -> bool:
    return form.partition("~")[0] in KEPT


def kept_answer(request: HttpRequest, present: Edition) -> HttpResponse | None:
    """An answer of this edition as it went out before, or the 304 that says so; None where it is not kept."""
    found = SHELF.find(present, name_of(request))
    if found is None:
        return None
    if _is_current(request, present, found.tag):
        headers = {name: value for name, value in found.headers.items() if name not in OF_BODIES}
        answer = HttpResponse(status=304, headers=headers)
        del answer["Content-Type"]
    else:
        answer = HttpResponse(found.body, headers=found.headers)
    _date(answer, present)  # one made within the entry's own second said a second less
    request.resolver_match = found.match
    return answer


def keep(request: HttpRequest, answer: HttpResponseBase) -> None:
    """Keep a public answer as it goes out, where a view has published it (`published`)."""
    published_as = getattr(answer, "published_as", None)
    if published_as is None or not isinstance(answer, HttpResponse) or not _is_for_everybody(answer):
        return
    present, tag = published_as
    headers = {name: value for name, value in answer.headers.items() if name not in OF_CLIENTS}
    if len(request.META.get("HTTP_ACCEPT", "")) <= LONGEST_ACCEPT:
        match = request.resolver_match
        if match is not None:
            match.tried = None  # every pattern that did not fit: larger than most answers
        SHELF.keep(present, name_of(request), Kept(tag, answer.content, headers, match))


def _is_for_everybody(answer: HttpResponse) -> bool:
    """Whether nothing in its headers was made for one client."""
    origin = answer.headers.get("Access-Control-Allow-Origin", ANY)
    return answer.status_code == HTTPStatus.OK and not answer.cookies and origin == ANY


def _is_current(request: HttpRequest, present: Edition, tag: str) -> bool:
    """Whether the client's copy is the one with this tag."""
    wanted = request.META.get("HTTP_IF_NONE_MATCH")
    if wanted is None:
        return _unchanged_since(request, present)
    return wanted.strip() == ANY or _matching(wanted, tag[1:-1].partition(".")[2]) is not None


def published(
    request: HttpRequest, answer: HttpResponseBase, present: Edition, form: str, version: int
) -> HttpResponseBase:
    """Stamp a public answer that was made from this edition; the front door keeps it as it goes out."""
    tag = present.tag(version, form, address_of(request))
    stamp(answer, present, tag, _varies_by(request))
    if _is_kept(form):
        answer.published_as = present, tag  # type: ignore[attr-defined]
    return answer


def _varies_by(request: HttpRequest) -> str:
    return "Accept-Encoding" if is_page(request) else "Accept"


def _matching(header: str, suffix: str) -> str | None:
    """The tag in the header that names this edition. Weak ones count: reading compares weakly (RFC 9110, 13.1.2)."""
    for _, opaque in TAG.findall(header):
        version, _, rest = opaque.partition(".")
        if rest == suffix and version.isdigit():
            return f'"{opaque}"'
    return None


def _any_version_will_do(request: HttpRequest, present: Edition) -> bool:
    wanted = request.META.get("HTTP_IF_NONE_MATCH")
    return _unchanged_since(request, present) if wanted is None else wanted.strip() == ANY


def _unchanged_since(request: HttpRequest, present: Edition) -> bool:
    since = request.META.get("HTTP_IF_MODIFIED_SINCE")
    seconds = parse_http_date_safe(since) if since else None
    return seconds is not None and present.last_modified.timestamp() <= seconds


def stamp(answer: HttpResponseBase, present: Edition, tag: str, vary: str = "Accept") -> None:
    """Put on a public answer what caches and copiers need."""
    answer["ETag"] = tag
    answer["Cache-Control"] = PUBLIC
    _date(answer, present)
    answer["Record-Position"] = str(present.position)
    answer["Vary"] = vary


def _date(answer: HttpResponseBase, present: Edition) -> None:
    answer["Last-Modified"] = http_date(present.last_modified.timestamp())


def keep_private(answer: HttpResponseBase) -> None:
    """Mark an answer that nobody may keep."""
    answer.headers.setdefault("Cache-Control", PRIVATE)
