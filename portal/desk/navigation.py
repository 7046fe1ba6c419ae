"""Where the desk leads: one list, by the roles that a person holds."""

from typing import NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as later

from accounts import roles
from accounts.models import Role, User
from portal.desk.queue import gathering
from record import clock

OWNERS = {Role.TEAM_MEMBER, Role.RESPONDER}
ADMINISTER = {Role.CONVENOR, Role.RESPONDER}


class Way(NamedTuple):
    """A link of the navigation, and how many things wait behind it."""

    name: str | Promise
    path: str
    number: int = 0


def ways(user: User) -> list[Way]:
    """What this person has at the desk, in the order in which it stands there."""
    held = list(roles.exercised(user).order_by("pk").values_list("role", "assembly"))
    found: list[Way | None] = [_waiting(user)]
    if OWNERS & {role for role, _assembly in held}:
        found.append(_way(later("My commitments"), "desk_mine"))
    convened = [assembly for role, assembly in held if role == Role.CONVENOR]
    for slug in convened:
        name = slug if len(convened) > 1 else later("Assembly")
        found.append(_way(name, "desk_assembly", slug))
    administers = user.is_superuser or ADMINISTER & {role for role, _assembly in held}
    found.append(
        _way(later("People"), "desk_people") if administers else _way(later("Your posts"), "desk_hand_on")
    )
    return [way for way in (*found, _way(later("Security"), "desk_security")) if way]


def _waiting(user: User) -> Way:
    return Way(later("What waits"), reverse("desk"), gathering.number_of(user, clock.today()))


def _way(name: str | Promise, to: str, *args: str) -> Way | None:
    try:
        return Way(name, reverse(to, args=args))
    except NoReverseMatch:
        return None
