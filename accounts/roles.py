"""Which roles a person holds today, and in which they may act; only questions, no verbs."""

from django.db.models import Q, QuerySet

from accounts.models import (
    INDEPENDENT_ROLES,
    Membership,
    Organisation,
    Role,
    RoleRequest,
    RoleRequestState,
    Team,
    User,
)
from accounts.offices import Office
from record import clock


def present() -> Q:
    """Roles that have not ended, and whose last day, if it was said, has not passed."""
    return Q(ended_at=None) & (Q(last_day=None) | Q(last_day__gte=clock.today()))


def held(user: User) -> QuerySet[Membership]:
    """The memberships of an open account that have not ended."""
    return present_of(user).filter(user__is_active=True)


def present_of(user: User) -> QuerySet[Membership]:
    """The memberships that have not ended, though the account may be shut."""
    return Membership.objects.filter(present(), user=user)


def present_office(office: Office) -> QuerySet[Membership]:
    """The memberships in an office that have not ended, though an account may be shut."""
    return Membership.objects.filter(present(), **office.where)


def exercised(user: User) -> QuerySet[Membership]:
    """Those in which the person may act now: none of them after signing in by a mailed code alone."""
    return held(user) if user.acts_in_office else held(user).none()


def judges(user: User, assembly: str) -> bool:
    """Whether the person convenes the assembly or sits on its panel, and so takes no side there; however signed in."""
    return held(user).filter(role__in=INDEPENDENT_ROLES, assembly=assembly).exists()


def is_convenor(user: User, assembly: str) -> bool:
    """Whether the person is a convenor of the assembly with this slug."""
    return exercised(user).filter(role=Role.CONVENOR, assembly=assembly).exists()


def convened(user: User) -> list[str]:
    """The assemblies that the person convenes, in the order in which the roles were granted."""
    return list(exercised(user).filter(role=Role.CONVENOR).order_by("pk").values_list("assembly", flat=True))


def convenors(assembly: str) -> QuerySet[User]:
    """The convenors of the assembly with this slug, in the order in which they were named."""
    named = Membership.objects.filter(present(), role=Role.CONVENOR, assembly=assembly)
    return User.objects.filter(is_active=True, pk__in=named.values("user_id")).order_by("pk")


def responders(organisation: Organisation) -> QuerySet[User]:
    """Those who answer for the organisation, in the order in which they were named."""
    named = Membership.objects.filter(present(), role=Role.RESPONDER, organisation=organisation)
    return User.objects.filter(is_active=True, pk__in=named.values("user_id")).order_by("pk")


def invitations(user: User) -> QuerySet[RoleRequest]:
    """The roles that two people agreed to give to this address, and that wait for the person to take them up."""
    return RoleRequest.objects.filter(email=user.email, state=RoleRequestState.APPROVED)


def is_panel(user: User, assembly: str) -> bool:
    """Whether the person sits on the panel of the assembly with this slug."""
    return exercised(user).filter(role=Role.PANEL, assembly=assembly).exists()


def is_responder(user: User, organisation: Organisation) -> bool:
    """Whether the person answers for the organisation."""
    return exercised(user).filter(role=Role.RESPONDER, organisation=organisation).exists()


def responds_for(user: User) -> set[int]:
    """The organisations that the person answers for, by key."""
    return set(exercised(user).filter(role=Role.RESPONDER).values_list("organisation_id", flat=True))


def teams(user: User) -> QuerySet[Team]:
    """The teams that the person is a member of."""
    return Team.objects.filter(pk__in=exercised(user).filter(role=Role.TEAM_MEMBER).values("team_id"))


def organisation_ids(user: User) -> set[int]:
    """The organisations that the person belongs to in any role, by key."""
    return set(held(user).filter(organisation__isnull=False).values_list("organisation_id", flat=True))


def is_resident(user: User) -> bool:
    """Whether the person confirmed an address and so may take part as a resident."""
    return user.is_active and user.confirmed_at is not None
