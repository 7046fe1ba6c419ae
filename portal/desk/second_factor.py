"""The second factor."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.private import private


@private
def second_factor(request: HttpRequest) -> HttpResponse:
    """Where it is given."""
    return redirect("desk_sign_in")
