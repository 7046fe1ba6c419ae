"""Public pages under the one caching rule: kept as bytes by record position, London day, revision, language and look.

A page that this stands before is the same for everybody: it knows nobody, sets no cookie and holds no form of theirs.
"""

import gzip
import hashlib
from collections.abc import Callable
from functools import cache, wraps
from http import HTTPStatus
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import limits
from record import editions

View = Callable[..., HttpResponse]
HERE = Path(__file__).resolve().parent
LOOKS = ("*.py", "*.html", "*.css", "*.js", "*.svg", "*.po", "*.mo")
WORTH_PACKING = 600
LEVEL = 6


def kept_while(state: Callable[[], str]) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """A public page that also rests on what changes without an entry, as `state` names it.

    It answers 304 while neither has changed; its bytes are not kept, since the door would not know when they are over.
    """

    def around(view: View) -> Callable[..., HttpResponseBase]:
        @require_safe
        @wraps(view)
        def page(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            present, form = editions.edition_for(request), f"page~{state()}~{form_of(request)}"
            unmodified = editions.not_modified(request, present, form)
            if unmodified is not None:
                return unmodified
            answer = _counted(request, view, *args, **kwargs)
            if answer.status_code != HTTPStatus.OK:
                return answer
            answer = packed(request, answer)
            return editions.published(request, answer, present, form, version=0)

        return page

    return around


def kept(view: View) -> Callable[..., HttpResponseBase]:
    """A public page that is given out again until the record moves or the day ends, and answers 304."""

    @require_safe
    @wraps(view)
    def page(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        present, form = editions.edition_for(request), form_of(request)
        known = editions.known_answer(request, present, form)
        if known is not None:
            return known
        answer = _counted(request, view, *args, **kwargs)
        if answer.status_code != HTTPStatus.OK:
            return answer
        unmodified = editions.not_modified(request, present, form, version=0)
        return unmodified or editions.published(request, packed(request, answer), present, form, version=0)

    return page


def _counted(request: HttpRequest, view: View, *args: object, **kwargs: object) -> HttpResponse:
    """What the view answers; each page that is made anew counts for the network that asks."""
    count = limits.count_stranger(request)
    if count is not None and count.is_over:
        return too_many(request, count.resets_in)
    return view(request, *args, **kwargs)


def form_of(request: HttpRequest) -> str:
    """The representation, for the ETag: the page as this release makes it, packed or not."""
    return f"html~{look()}{'z' if editions.takes_gzip(request) else ''}"


def packed(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The answer compressed where the one who asks can read that: nothing in it is secret or personal."""
    if editions.takes_gzip(request) and len(answer.content) >= WORTH_PACKING:
        answer.content = gzip.compress(answer.content, LEVEL, mtime=0)
        answer["Content-Encoding"] = "gzip"
    answer["Content-Length"] = str(len(answer.content))
    return answer


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """429 as a page, with the time to wait."""
    answer = render(
        request, "portal/too_many.html", {"seconds": seconds}, status=HTTPStatus.TOO_MANY_REQUESTS
    )
    answer["Retry-After"] = str(seconds)
    answer["Cache-Control"] = "no-store"
    return answer


@cache
def look() -> str:
    """A short digest of what makes pages: after a release that changes them, nobody's copy is current."""
    digest = hashlib.sha256()
    for file in sorted(file for pattern in LOOKS for file in HERE.rglob(pattern)):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:8]
