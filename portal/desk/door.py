"""The door of the desk: who acts in an office comes in, everybody else is led to what they still owe."""

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import User
from portal.desk import proofs
from portal.private import View, private, refused

NEXT = "next"


def desk(view: View) -> View:
    """A page for somebody who acts in an office. Whether they may do what is on it is the action's question."""

    @with_second_factor
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not isinstance(request.user, User) or not has_office(request.user):
            words = _(
                "The desk is for people who hold an office. Whoever runs this service can grant you one."
            )
            return refused(request, words, status=403)
        return view(request, *args, **kwargs)

    return page


def with_second_factor(view: View) -> View:
    """A page for somebody who gave a second factor, with an office or before they take one up."""

    @private
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or not user.acts_in_office:
            return led(request, "desk_second_factor" if proofs.waits(request) else "desk_sign_in")
        return view(request, *args, **kwargs)

    return page


def has_office(user: User) -> bool:
    """Whether there is anything for this person to do here."""
    return user.is_superuser or roles.exercised(user).exists()


def led(request: HttpRequest, name: str, to: str | None = None) -> HttpResponse:
    """To another page, and to this one, or `to`, afterwards."""
    return redirect(f"{reverse(name)}?{urlencode({NEXT: to or request.get_full_path()})}")


def afterwards(request: HttpRequest) -> str:
    """Where to go when this is done: a page of ours, or the desk."""
    wanted = request.POST.get(NEXT) or request.GET.get(NEXT) or ""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else reverse("desk")
