"""People by their address, for the command line."""

import secrets

from accounts.models import Membership, Organisation, Team, User, canonical
from accounts.roles import held
from record.refusals import Missing, NotNow


class NobodyHere(Missing):
    """No account has this address."""

    code = "nobody_here"
    sentence = "Nobody here has the address {email}; manage.py create_person {email} makes an account."


class AddressTaken(NotNow):
    """An account has this address already."""

    code = "address_taken"
    sentence = "Somebody has the address {email} already."


class NoSuchBody(Missing):
    """No organisation or team has this slug."""

    code = "no_such_body"
    sentence = "There is no {kind} named {slug}; the {kind}s are: {known}."


class RoleNotHeld(Missing):
    """The person does not hold this role."""

    code = "role_not_held"
    sentence = "{email} does not hold this role; their roles are: {roles}."


def person(email: str) -> User:
    """The open account with this address. Raises NobodyHere."""
    found = User.objects.filter(email=canonical(email), is_active=True).first()
    if found is None:
        raise NobodyHere(email=email)
    return found


def anybody(email: str) -> User:
    """The account with this address, open or shut. Raises NobodyHere."""
    found = User.objects.filter(email=canonical(email)).first()
    if found is None:
        raise NobodyHere(email=email)
    return found


def create_person(email: str) -> tuple[User, str]:
    """Make an account with a confirmed address; its random password is returned this once. Raises AddressTaken."""
    if User.objects.filter(email=canonical(email)).exists():
        raise AddressTaken(email=email)
    password = secrets.token_urlsafe(15)
    return User.objects.create_user(email, password), password


def organisation(slug: str) -> Organisation:
    """The organisation with this slug. Raises NoSuchBody."""
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        raise NoSuchBody(kind="organisation", slug=slug, known=_listed(Organisation))
    return found


def team(slug: str) -> Team:
    """The team with this slug. Raises NoSuchBody."""
    found = Team.objects.select_related("organisation").filter(slug=slug).first()
    if found is None:
        raise NoSuchBody(kind="team", slug=slug, known=_listed(Team))
    return found


def membership(
    user: User,
    role: str,
    *,
    assembly: str = "",
    organisation: Organisation | None = None,
    team: Team | None = None,
) -> Membership:
    """The role that the person holds there. Raises RoleNotHeld."""
    where = {"organisation": team.organisation if team else organisation, "team": team}
    found = held(user).filter(role=role, assembly=assembly, **where).first()
    if found is None:
        roles = ", ".join(map(str, held(user))) or "none"
        raise RoleNotHeld(email=user.email, roles=roles)
    return found


def _listed(bodies: type[Organisation] | type[Team]) -> str:
    return ", ".join(bodies.objects.values_list("slug", flat=True)) or "none yet"
