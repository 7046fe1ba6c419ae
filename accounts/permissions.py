"""WHO keeps the registers of bodies and teams, and who administers who holds which role.

Convenors administer the convenors and the panel of their assembly. Responders administer the responders of their body
and the members of its teams. A convenor of any assembly who does not belong to the body stands in where it lacks
people: proposes the first responder of a body that has none, is the second person where it has but one, and ends the
role of the only one. The one concerned never decides.
"""

from django.db.models import QuerySet

from accounts import errors, roles
from accounts.models import Membership, Organisation, Role, RoleRequest, User
from accounts.offices import Office, of


def check_keeps_registers(by: User, body: Organisation | None = None) -> str:
    """A convenor of any assembly, who does not belong to the body whose entry it is."""
    convened = roles.convened(by)
    if not convened:
        raise errors.NotAConvenor
    if body is not None and body.pk in roles.organisation_ids(by):
        raise errors.OwnBody(organisation=body.name)
    return f"convenor:{convened[0]}"


def check_administers(by: User, office: Office) -> None:
    """Who administers an office in the first place: its assembly's convenors, its body's responders."""
    if office.organisation is None:
        is_theirs = roles.is_convenor(by, office.assembly)
    else:
        is_theirs = roles.is_responder(by, office.organisation)
    if not is_theirs:
        raise errors.NotYoursToAdminister(office=office, who=_who(office))


def check_proposes(by: User, office: Office, email: str, *, hands_on: bool = False) -> None:
    """Who administers it; who holds and hands on this very post; a convenor, for the first responder of a body."""
    if by.email == email:
        raise errors.ConcernsYourself
    if hands_on and roles.exercised(by).filter(**office.where).exists():
        return
    if office.role == Role.RESPONDER and not _responders(office, email).exists():
        check_keeps_registers(by, office.organisation)
        return
    check_administers(by, office)


def check_decides(by: User, request: RoleRequest, office: Office) -> None:
    """A second person: who administers it, or a convenor where the body has no other responder."""
    if by.pk == request.proposed_by_id:
        raise errors.ProposedByYou
    if by.email == request.email:
        raise errors.ConcernsYourself
    if office.organisation is not None:
        others = _responders(office, request.email).exclude(pk=request.proposed_by_id)
        if not others.exists():
            check_keeps_registers(by, office.organisation)
            return
    check_administers(by, office)


def check_ends(by: User, membership: Membership) -> None:
    """Who administers it, but for the one concerned; a convenor, where the body has no other responder."""
    if by.pk == membership.user_id:
        raise errors.ConcernsYourself
    office = of(membership)
    if office.organisation is not None and not _responders(office, membership.user.email).exists():
        check_keeps_registers(by, office.organisation)
        return
    check_administers(by, office)


def check_shuts(by: User, user: User) -> None:
    """Who administers every office that somebody holds; residents and operators are nobody's to shut here."""
    held = list(roles.present_of(user).select_related("user", "organisation", "team__organisation"))
    if by.pk == user.pk:
        raise errors.ConcernsYourself
    if not held or user.is_superuser:
        raise errors.NotYoursToAdminister(office="this account", who="who runs this service")
    for membership in held:
        check_ends(by, membership)


def seconds(office: Office, email: str, by: User) -> QuerySet[User]:
    """Who could approve what `by` proposes for this address."""
    if office.organisation is None:
        found = roles.convenors(office.assembly)
    else:
        found = _responders(office, email).exclude(pk=by.pk)
        if not found.exists():
            inside = Membership.objects.filter(roles.present(), organisation=office.organisation)
            convenors = Membership.objects.filter(roles.present(), role=Role.CONVENOR).values("user_id")
            found = User.objects.filter(is_active=True, pk__in=convenors)
            found = found.exclude(pk__in=inside.values("user_id"))
    return found.exclude(pk=by.pk).exclude(email=email)


def _responders(office: Office, but: str) -> QuerySet[User]:
    """The responders of an office's body, but for an address."""
    if office.organisation is None:
        return User.objects.none()
    return roles.responders(office.organisation).exclude(email=but)


def _who(office: Office) -> str:
    if office.organisation is None:
        return f"the convenors of {office.assembly}"
    return f"the responders of {office.organisation.name}"
