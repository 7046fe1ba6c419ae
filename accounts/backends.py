"""Who has signed in, by what: the one place that says what each way is enough for.

A session names its way in, and each request asks that way who it is. By a mailed code, or by a password that still
waits for the second factor, one is a resident; with it one acts in one's offices. A shut account is nobody.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend, ModelBackend

from accounts import roles
from accounts.models import User

IN_OFFICE = "accounts.backends.InOffice"
BY_CODE = "accounts.backends.ByCode"
WAITING = "accounts.backends.ByPassword"
BY_ISSUER = "accounts.backends.ByIssuer"
OF_OFFICES = frozenset({IN_OFFICE, BY_ISSUER})
"""In sessions of these somebody acts in office, and so they are short."""


class InOffice(BaseBackend):
    """Signed in by a password or a code, and by a second factor: acts in every office that the person holds."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, while the account is open."""
        return User.objects.filter(pk=user_id, is_active=True).first()


class ByIssuer(BaseBackend):
    """Signed in at the issuer of their body: acts in office while every office of theirs is of that body.

    From the moment on when they hold another, they are a resident in this session until they give a second factor.
    """

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, while the account is open."""
        user = User.objects.filter(pk=user_id, is_active=True).first()
        return user if user is None or is_spoken_for(user) else as_resident(user)


class ByCode(BaseBackend):
    """Signed in by a mailed code and nothing more: acts as a resident, whatever offices the person holds.

    What an office forbids (rating an own promise, say) is forbidden still; what it allows needs a second factor.
    """

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, while the account is open."""
        return resident(user_id)


class ByPassword(ModelBackend):
    """Signed in by a password and nothing more: waits for the second factor, and is a resident until then."""

    def get_user(self, user_id: Any) -> Any:
        """The person of a session, while the account is open."""
        return resident(user_id)


def is_spoken_for(user: User) -> bool:
    """Whether every office of this person is of the body that has an issuer, which so may speak for them."""
    held = set(roles.held(user).values_list("organisation__slug", flat=True))
    return not user.is_superuser and not user.is_staff and held == {settings.OIDC["ORGANISATION"]}


def resident(user_id: int) -> User | None:
    """The person with this key without their offices, while the account is open."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return as_resident(user) if user else None


def as_resident(user: User) -> User:
    """The same person without the powers of their offices; nothing of it is stored."""
    user.acts_in_office = user.is_staff = user.is_superuser = False
    return user
