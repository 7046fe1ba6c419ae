"""Signing in at the desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.private import private


@private
def sign_in(request: HttpRequest) -> HttpResponse:
    """The way in."""
    return render(request, "portal/desk/sign_in.html")
