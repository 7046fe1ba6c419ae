"""Pages for one person alone: kept by nobody, told to no other site; a refusal is a page that says who can mend it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts import limits
from portal.kept import too_many
from ratings.keystore import KeysUnavailable
from record.refusals import Forbidden, Gone, Invalid, Missing, NotNow, Refusal

View = Callable[..., HttpResponse]
TICKET = f"{'__Host-' if settings.IN_PRODUCTION else ''}sign-in"
"""The cookie of a browser that waits for a code; it is set by that form alone, and for as long as the code lives."""
STATUS = {Invalid: 400, Forbidden: 403, Missing: 404, NotNow: 409, Gone: 410}


@dataclass(frozen=True)
class Fault:
    """Something to mend: where it is in the form, and what to do."""

    field: str
    said: str | Promise


def private(view: View) -> View:
    """A page of which nothing stays behind, counted as any other. Its Referer goes to ourselves alone.

    Not `no-referrer`: browsers then say that a form comes from nowhere, and the check against forged forms refuses it.
    """

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        count = limits.count_stranger(request)
        if count is not None and count.is_over:
            return _sealed(request, too_many(request, count.resets_in))
        try:
            answer = view(request, *args, **kwargs)
        except Refusal as no:
            answer = refused(request, said(no), status=status_of(no))
        except KeysUnavailable:
            words = gettext("Ratings cannot be taken just now. Nothing of yours is lost; try again later.")
            answer = refused(request, words, status=503)
        return _sealed(request, answer)

    return page


def refused(request: HttpRequest, words: str, *, status: int, wait: int = 0) -> HttpResponse:
    """A page that says no, and why."""
    answer = render(
        request, "portal/people/refused.html", {"said": words, "minutes": -(-wait // 60)}, status=status
    )
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


def said(no: Refusal) -> str:
    """The refusal's own sentence, in the language of the page where it was translated."""
    is_its_own = no.detail == no.sentence.format(**no.extra)
    return gettext(no.sentence).format(**no.extra) if is_its_own else no.detail


def status_of(no: Refusal) -> int:
    """As the API answers it."""
    return next((status for kind, status in STATUS.items() if issubclass(type(no), kind)), 400)


def _sealed(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    add_never_cache_headers(answer)
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex"
    if TICKET in request.COOKIES and request.user.is_authenticated:
        answer.delete_cookie(TICKET, samesite="Lax")
    return answer
