"""Signing in at the desk: first a password, or a mailed code as residents have it; the second factor comes after.

Answers tell of no account: whoever has none, has no password, or whose account is shut, hears the same.
"""

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User, canonical
from portal.desk import proofs
from portal.desk.door import NEXT, afterwards, led
from portal.desk.tries import Tries, too_often
from portal.private import Fault, private, refused
from portal.typed import fault_of_address

ADDRESS, PASSWORD = "address", "password"
TRIES = Tries("password")


@private
def sign_in(request: HttpRequest) -> HttpResponse:
    """The way in. Who is signed in by a code already, and wants no password, goes on to the second factor."""
    if request.method == "POST":
        return _by_password(request)
    if isinstance(request.user, User):
        if request.user.acts_in_office:
            return redirect(afterwards(request))
        if "password" not in request.GET:
            return led(request, "desk_second_factor", afterwards(request))
    return _page(request)


@private
def admin_login(request: HttpRequest) -> HttpResponse:
    """The windows of operators have no sign-in of their own."""
    if isinstance(request.user, User) and request.user.acts_in_office and not request.user.is_staff:
        return refused(request, _("These windows are for who runs this service."), status=403)
    return led(request, "desk_sign_in", request.GET.get(NEXT) or reverse("admin:index"))


def _by_password(request: HttpRequest) -> HttpResponse:
    address = canonical(request.POST.get(ADDRESS, ""))
    over = TRIES.one_more(request, address)
    if over:
        return too_often(request, over)
    is_address = (
        fault_of_address(ADDRESS, address) is None
    )  # else no database need be asked, and some cannot be
    user = is_address and authenticate(request, username=address, password=request.POST.get(PASSWORD, ""))
    if not isinstance(user, User):
        return _page(request, Fault(ADDRESS, _("This address and this password do not belong together.")))
    TRIES.right(request, address)
    proofs.wait_for_factor(request, user)
    return led(request, "desk_second_factor", afterwards(request))


def _page(request: HttpRequest, *faults: Fault) -> HttpResponse:
    context = {
        "faults": faults,
        "typed": request.POST.get(ADDRESS, ""),
        "carried": [(NEXT, afterwards(request))],
        "next": afterwards(request),
        "oidc": settings.OIDC["NAME"] if settings.SOCIALACCOUNT_PROVIDERS else "",
    }
    return render(request, "portal/desk/sign_in.html", context, status=400 if faults else 200)
