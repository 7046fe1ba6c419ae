"""One's own security."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.desk.door import desk


@desk
def security(request: HttpRequest) -> HttpResponse:
    """What opens this account."""
    return render(request, "portal/desk/security.html")
