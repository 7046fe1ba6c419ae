"""What somebody proved in this browser, and when: the password, a mailed code, the second factor."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, login
from django.http import HttpRequest
from django.utils import timezone

from accounts.backends import IN_OFFICE, WAITING
from accounts.models import User
from accounts.sessions import IN_OFFICE_SINCE
from record import clock

KEY = "proved"
PASSWORD, CODE, FACTOR, ISSUER = "password", "code", "factor", "issuer"
TO_SET_UP = timedelta(minutes=30)
"""So long a password and a mailed code are good for setting up the first factor."""
TO_CHANGE = timedelta(minutes=10)
"""So long a factor is good for changing what opens the account."""
WAITS = timedelta(minutes=30)


def note(request: HttpRequest, what: str) -> None:
    """Remember that it was proved now."""
    request.session[KEY] = {**request.session.get(KEY, {}), what: clock.now().timestamp()}


def has(request: HttpRequest, what: str, within: timedelta) -> bool:
    """Whether it was proved lately."""
    at = request.session.get(KEY, {}).get(what)
    return at is not None and 0 <= clock.now().timestamp() - at <= within.total_seconds()


def waits(request: HttpRequest) -> bool:
    """Whether the password was right, and the second factor has not been given."""
    return isinstance(request.user, User) and request.session.get(BACKEND_SESSION_KEY) == WAITING


def wait_for_factor(request: HttpRequest, user: User, *, by: str = PASSWORD) -> None:
    """A session under a new key, of somebody whose password was right; it acts in no office."""
    login(request, user, backend=WAITING)
    request.session.cycle_key()  # which login does not do for somebody who is signed in already
    request.session.set_expiry(int(WAITS.total_seconds()))
    note(request, by)


def act_in_office(request: HttpRequest, user: User, *, by: str = IN_OFFICE) -> None:
    """A session under a new key, of somebody who gave a second factor; it ends half a day from now at most.

    `by` is another way in that is as good: the issuer of their body.
    """
    person = User.objects.get(pk=user.pk)
    request.session.pop(IN_OFFICE_SINCE, None)
    login(request, person, backend=by)
    request.session.cycle_key()
    request.session.set_expiry(timezone.now() + settings.OFFICE_SESSION)
    note(request, FACTOR)
