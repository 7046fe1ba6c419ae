"""Pages for when something is not there, not allowed, or broke; the API answers such things in its own way."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

TITLES = {
    HTTPStatus.BAD_REQUEST: later("That did not arrive as it should"),
    HTTPStatus.FORBIDDEN: later("You may not open this"),
    HTTPStatus.NOT_FOUND: later("There is nothing here"),
    HTTPStatus.INTERNAL_SERVER_ERROR: later("Something broke on our side"),
}


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: an address that leads nowhere. What was asked for is not repeated."""
    said = _(
        "The address may be mistyped, or the page may never have been here. Nothing published is ever removed."
    )
    return _page(request, HTTPStatus.NOT_FOUND, said)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    said = _(
        "This page is for people with another role. Everything that is published can be read without an account."
    )
    return _page(request, HTTPStatus.FORBIDDEN, said)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that another site sent, or that was open for too long.

    It leaves the token with which the form passes when it is loaded again, also from a browser that hides its Origin.
    """
    get_token(request)
    said = _(
        "The form was open for too long, or your browser keeps no cookies for us. Go back, reload it and try again."
    )
    return _page(request, HTTPStatus.FORBIDDEN, said)


def malformed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return _page(
        request, HTTPStatus.BAD_REQUEST, _("We could not read what was sent. Go back and try again.")
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500. It asks the database nothing: that may be what is broken."""
    said = _(
        "Nothing was changed. Please try again in a moment; whoever runs this site can see that it happened."
    )
    return _page(request, HTTPStatus.INTERNAL_SERVER_ERROR, said)


def _page(request: HttpRequest, status: HTTPStatus, said: str) -> HttpResponse:
    context = {"title": TITLES[status], "said": said}
    answer = render(request, "portal/failed.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer
