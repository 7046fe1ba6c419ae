"""The front door: what is kept goes out again before anything else is asked, and what goes out is kept."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from accounts import limits
from record import editions
from record.shelf import SHELF


class FrontDoor:
    """Middleware. Stands before all that would only find out again what a kept answer says in its headers.

    At the API it answers strangers alone: who shows a key, even a bad one, goes the usual way. Pages that are kept are
    the same for everybody. Anything unusual goes the usual way too (a name that is not ours, a database that does not
    answer, one request too many), so that it is refused in one place.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer from the shelf, or pass on and keep what comes back."""
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        is_keyed = "HTTP_AUTHORIZATION" in request.META and not editions.is_page(request)
        known = None if is_keyed else _known(request)
        if known is not None:
            return known
        answer = self.get_response(request)
        if request.method == "GET":
            editions.keep(request, answer)
        return answer


def _known(request: HttpRequest) -> HttpResponse | None:
    try:
        if not SHELF.knows(editions.name_of(request)):
            return None
        present = editions.edition()
    except (DisallowedHost, DatabaseError):
        return None
    request.edition = present  # type: ignore[attr-defined]
    answer = editions.kept_answer(request, present)
    if answer is None or editions.is_page(request):
        return answer
    count = limits.count_stranger(request)
    if count is not None:
        if count.is_over:
            return None
        count.stamp(answer)
    return answer
