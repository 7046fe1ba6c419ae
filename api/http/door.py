"""The front door: what is kept goes out again before anything else is asked, and what goes out is kept."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from api.http import caching, throttling
from api.http.errors import PREFIX
from api.http.kept import SHELF


class FrontDoor:
    """Middleware. Stands before all that would only find out again what a kept answer says in its headers.

    It answers strangers alone: who shows a key, even a bad one, goes the usual way. Anything unusual does too (a name
    that is not ours, a database that does not answer, one request too many), so that it is refused in one place.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer from the shelf, or pass on and keep what comes back."""
        if request.method not in ("GET", "HEAD") or not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        known = None if "HTTP_AUTHORIZATION" in request.META else _known(request)
        if known is not None:
            return known
        answer = self.get_response(request)
        if request.method == "GET":
            caching.keep(request, answer)
        return answer


def _known(request: HttpRequest) -> HttpResponse | None:
    try:
        if not SHELF.knows(caching.name_of(request)):
            return None
        present = caching.edition()
    except (DisallowedHost, DatabaseError):
        return None
    request.edition = present  # type: ignore[attr-defined]
    answer = caching.kept_answer(request, present)
    if answer is None:
        return None
    count = throttling.count_stranger(request)
    if count is not None:
        if count.is_over:
            return None
        count.stamp(answer)
    return answer
