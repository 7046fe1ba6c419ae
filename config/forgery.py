"""Forms of strangers need no token: whose page sent them is what the browser itself says. So reading sets no cookie.

A token guards a credential that a browser sends by itself. Where there is none (no session cookie), the browser's own
word is enough: `Sec-Fetch-Site` (Fetch Metadata, W3C) or `Origin` (RFC 6454, section 7), which no page can forge. Where
it says nothing, and wherever there is a session, Django's check of the token decides, as ever.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
Next = Callable[[HttpRequest], HttpResponse]


class FormsOfStrangers:
    """Stands around sessions and Django's check, which takes `csrf_processing_done` for a check that was done."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and leave no token with somebody who needs none."""
        is_stranger = settings.SESSION_COOKIE_NAME not in request.COOKIES
        needs_none = is_stranger and (request.method in SAFE or is_ours(request))
        request.csrf_processing_done = needs_none  # type: ignore[attr-defined]
        answer = self.get_response(request)
        if needs_none and settings.SESSION_COOKIE_NAME not in answer.cookies:
            answer.cookies.pop(settings.CSRF_COOKIE_NAME, None)
        return answer


def is_ours(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this very host sent the form."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    here = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin") in {here, *settings.CSRF_TRUSTED_ORIGINS}
