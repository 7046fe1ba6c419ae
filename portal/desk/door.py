"""The door of the desk: who acts in an office comes in, everybody else is led to what they still owe."""

from functools import wraps
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts import roles
from accounts.backends import WAITING
from accounts.models import User
from portal.private import View, private, refused

NEXT = "next"


def desk(view: View) -> View:
    """A page for somebody who acts in an office. Whether they may do what is on it is the action's question."""

    @private
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or not user.acts_in_office:
            return led(request, "desk_second_factor" if waits(request) else "desk_sign_in")
        if not has_office(user):
            words = _(
                "The desk is for people who hold an office. Whoever runs this service can grant you one."
            )
            return refused(request, words, status=403)
        return view(request, *args, **kwargs)

    return page


def has_office(user: User) -> bool:
    """Whether there is anything for this person to do here."""
    return user.is_superuser or roles.exercised(user).exists()


def waits(request: HttpRequest) -> bool:
    """Whether the password was right, and the second factor has not been given."""
    return request.session.get(BACKEND_SESSION_KEY) == WAITING and isinstance(request.user, User)


def led(request: HttpRequest, name: str) -> HttpResponse:
    """To another page, and back to this one afterwards."""
    return redirect(f"{reverse(name)}?{urlencode({NEXT: request.get_full_path()})}")
