"""The verbs of this package: bodies are published and corrected, roles granted and ended, keys issued and revoked."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from accounts import errors, events, keys, roles, second_factor
from accounts.models import (
    INDEPENDENT_ROLES,
    Key,
    Membership,
    Organisation,
    Role,
    RoleRequest,
    RoleRequestState,
    Session,
    Team,
    User,
)
from accounts.permissions import check_keeps_registers
from record import clock
from record.ledger import action, append
from record.refusals import Invalid


@action
def publish_organisation(
    slug: str, *, by: User, today: date, name: str, kind: str, area: str = ""
) -> Organisation:
    """Enter a body that can be asked and promise. `area` is an ONS code."""
    office = check_keeps_registers(by)
    if Organisation.objects.filter(slug=slug).exists():
        raise errors.SlugTaken(field="slug", slug=slug)
    organisation = Organisation.objects.create(slug=slug, name=name, kind=kind, area_code=area)
    append(
        events.ORGANISATION_PUBLISHED,
        organisation,
        actor=office,
        today=today,
        facts={"name": name, "kind": kind, "area": area or None},
    )
    return organisation


@action
def publish_team(
    slug: str, *, by: User, today: date, name: str, organisation: Organisation, area: str = ""
) -> Team:
    """Enter a team of a body. `area` is an ONS code."""
    office = check_keeps_registers(by, organisation)
    if Team.objects.filter(slug=slug).exists():
        raise errors.SlugTaken(field="slug", slug=slug)
    team = Team.objects.create(slug=slug, name=name, organisation=organisation, area_code=area)
    append(
        events.TEAM_PUBLISHED,
        team,
        actor=office,
        today=today,
        facts={"name": name, "organisation": organisation.slug, "area": area or None},
    )
    return team


@action
def correct_organisation(
    organisation: Organisation, *, by: User, today: date, name: str, reason: str
) -> Organisation:
    """Correct a body's name; the old one stays in the record."""
    office = check_keeps_registers(by, organisation)
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    old = _rename(organisation, name)
    append(
        events.ORGANISATION_CORRECTED,
        organisation,
        actor=office,
        today=today,
        facts={"old": {"name": old}, "new": {"name": name}},
        words={"reason": reason},
    )
    return organisation


@action
def correct_team(
    team: Team, *, by: User, today: date, reason: str, name: str | None = None, ended_on: date | None = None
) -> Team:
    """Correct a team's name, or the day on which it ended; what ends it is its reorganisation."""
    office = check_keeps_registers(by, team.organisation)
    team = Team.objects.select_for_update().get(pk=team.pk)
    if ended_on and team.ended_on is None:
        raise errors.NotEnded(team=team.slug)
    if ended_on and ended_on > today:
        raise errors.EndsInTheFuture(field="ended_on")
    old = {"name": team.name, "ended_on": _iso(team.ended_on)}
    team.name, team.ended_on = name or team.name, ended_on or team.ended_on
    new = {"name": team.name, "ended_on": _iso(team.ended_on)}
    if new == old:
        raise errors.NothingToCorrect(field="name")
    team.save(update_fields=["name", "ended_on"])
    append(
        events.TEAM_CORRECTED,
        team,
        actor=office,
        today=today,
        facts={"old": old, "new": new},
        words={"reason": reason},
    )
    return team


@action
def grant_role(
    user: User,
    role: str,
    *,
    assembly: str = "",
    organisation: Organisation | None = None,
    team: Team | None = None,
) -> Membership:
    """Give a person a role; an operator's verb, called from the command line and the seed. A team names its body.

    Independence (nobody judges a body of theirs) is checked again at every act, since owners change.
    """
    if team is not None:
        organisation = team.organisation
    scope = {"assembly": assembly, "organisation": organisation, "team": team}
    end_what_is_over(user)
    _check_role_names_its_body(role, assembly, organisation, team)
    if roles.held(user).filter(role=role, **scope).exists():
        raise errors.RoleHeld
    return Membership.objects.create(user=user, role=role, **scope)


@action
def end_what_is_over(user: User) -> None:
    """Write down that roles ended whose last day has passed, so that they can be held anew."""
    over = Membership.objects.filter(user=user, ended_at=None, last_day__lt=clock.today())
    for membership in over.select_for_update().order_by("pk"):
        last_day = membership.last_day or clock.today()
        membership.ended_at = datetime.combine(last_day + timedelta(days=1), time.min, tzinfo=clock.LONDON)
        membership.ended_by = user
        membership.save(update_fields=["ended_at", "ended_by"])


@action
def end_role(membership: Membership) -> Membership:
    """End a role from this moment."""
    membership.ended_at = clock.now()
    membership.save(update_fields=["ended_at"])
    return membership


@action
def issue_key(
    user: User, *, scopes: Sequence[str], name: str = "", expires_at: datetime | None = None
) -> tuple[Key, str]:
    """Make a key and its token; the token is returned this once and stored nowhere.

    A key acts in every office of its owner, also in later ones; so a mailed code alone is not enough to get one.
    """
    if not user.acts_in_office:
        raise errors.CodeIsNotEnough
    for scope in scopes:
        if scope not in keys.SCOPES:
            raise errors.UnknownScope(field="scopes", scope=scope, scopes=", ".join(keys.SCOPES))
    token, prefix = keys.new_token()
    key = Key.objects.create(
        user=user,
        name=name,
        prefix=prefix,
        digest=keys.digest(token),
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
    )
    return key, token


@action
def revoke_key(key: Key) -> Key:
    """Shut a key for good, from this moment."""
    if key.revoked_at is None:
        key.revoked_at = clock.now()
        key.save(update_fields=["revoked_at"])
    return key


@action
def erase_account(user: User) -> None:
    """Forget a person: address and password go, roles end, keys shut; what offices published stays theirs."""
    if not user.acts_in_office and roles.held(user).exists():
        raise errors.OfficeNotByCode
    now = clock.now()
    second_factor.forget(user)
    _end_access(user, now)
    Key.objects.filter(user=user).update(name="", last_used_at=None)
    Membership.objects.filter(user=user, ended_at=None).update(ended_at=now)
    waiting = RoleRequest.objects.filter(email=user.email)
    waiting.update(state=RoleRequestState.WITHDRAWN, email="", decided_at=now)
    user.email = f"erased-{uuid4()}@invalid.invalid"
    user.set_unusable_password()
    user.is_active = user.is_staff = user.is_superuser = False
    user.erased_at, user.confirmed_at, user.last_login = now, None, None
    user.save()


@action
def disable_account(user: User) -> User:
    """Shut an account from this moment: sessions end, keys are revoked for good. Roles stay; nobody acts in them.

    Who may ask for it is the caller's question: the command line, or `accounts.permissions.check_shuts`.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    _end_access(user, clock.now())
    user.is_active = False
    user.save(update_fields=["is_active"])
    return user


@action
def enable_account(user: User) -> User:
    """Open a shut account again; it signs in anew, and its old keys stay revoked."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.erased_at is not None:
        raise errors.AccountErased
    user.is_active = True
    user.save(update_fields=["is_active"])
    return user


def _end_access(user: User, now: datetime) -> None:
    Session.objects.filter(user=user).delete()
    Key.objects.filter(user=user, revoked_at=None).update(revoked_at=now)


def _check_role_names_its_body(
    role: str, assembly: str, organisation: Organisation | None, team: Team | None
) -> None:
    if role in INDEPENDENT_ROLES:
        if not assembly or organisation or team:
            raise Invalid(
                "A convenor or panel member is named for an assembly; give its slug.", field="assembly"
            )
    elif assembly or organisation is None or (role == Role.TEAM_MEMBER) != (team is not None):
        raise Invalid(
            "A responder is named for an organisation, a team member for a team.", field="organisation"
        )


def _rename(organisation: Organisation, name: str) -> str:
    old = organisation.name
    if name == old:
        raise errors.NothingToCorrect(field="name")
    organisation.name = name
    organisation.save(update_fields=["name"])
    return old


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
