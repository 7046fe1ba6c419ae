"""WHO: in which office a person may do a verb; each check answers the office, or raises Forbidden."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet

from accounts import roles
from accounts.models import Organisation, Team, User
from accounts.permissions import check_keeps_registers
from commitments import errors
from commitments.models import Challenge, Commitment, Owner
from record.refusals import Forbidden


def is_allowed(check: Callable[..., Any], *args: Any) -> bool:
    """Whether `check` would pass, so that a page can leave a button out."""
    try:
        check(*args)
    except Forbidden:
        return False
    return True


def check_convenor(by: User, assembly: str) -> str:
    """A convenor of the assembly with this slug, independent of every owner in it."""
    if not roles.is_convenor(by, assembly):
        raise errors.NotTheConvenor(assembly=assembly)
    check_independent(by, assembly)
    return f"convenor:{assembly}"


def check_any_convenor(by: User) -> str:
    """A convenor of any assembly, independent of every owner in it: areas belong to all of them."""
    convened = roles.convened(by)
    if not convened:
        raise errors.NotAnyConvenor
    independent = (one for one in convened if is_allowed(check_independent, by, one))
    assembly = next(independent, None)
    if assembly is None:
        raise errors.NotIndependent(assembly=convened[0])
    return f"convenor:{assembly}"


def check_panel(by: User, commitment: Commitment) -> str:
    """A panel member of the commitment's assembly, independent of every owner in it."""
    assembly = commitment.assembly.slug
    if not roles.is_panel(by, assembly):
        raise errors.NotOnThePanel(assembly=assembly)
    check_independent(by, assembly)
    return f"panel:{assembly}"


def check_responder(by: User, organisation: Organisation) -> str:
    """A responder of the organisation."""
    if not roles.is_responder(by, organisation):
        raise errors.NotAResponder(organisation=organisation.name)
    return f"organisation:{organisation.slug}"


def check_answers(by: User, commitment: Commitment) -> None:
    """A responder of any body, before it is known which one will lead."""
    if not roles.responds_for(by):
        raise errors.NotTheLeadsResponder(reference=commitment.reference)


def check_lead_responder(by: User, commitment: Commitment) -> str:
    """A responder of the body that leads the commitment."""
    lead = present_owners(commitment).filter(lead=True).select_related("organisation").first()
    if lead is None or not roles.is_responder(by, lead.organisation):
        raise errors.NotTheLeadsResponder(reference=commitment.reference)
    return f"organisation:{lead.organisation.slug}"


def check_answers_priorities(by: User, commitment: Commitment) -> str:
    """A responder of a body that owns the commitment, or the convenor of its assembly."""
    bodies = roles.responds_for(by)
    owner = present_owners(commitment).filter(organisation_id__in=bodies).order_by("-lead", "pk").first()
    if owner is not None:
        return f"organisation:{owner.organisation.slug}"
    assembly = commitment.assembly.slug
    if not roles.is_convenor(by, assembly):
        raise errors.NotAnOwnersResponder(reference=commitment.reference, assembly=assembly)
    return check_convenor(by, assembly)


def check_reorganiser(by: User, team: Team, owned: Sequence[Commitment]) -> str:
    """A responder of the team's body; while it has accepted nothing that the team owns, also the convenor."""
    if roles.is_responder(by, team.organisation):
        return f"organisation:{team.organisation.slug}"
    if any(one.accepted_on for one in owned):
        raise errors.NotAResponder(organisation=team.organisation.name)
    for assembly in sorted({one.assembly.slug for one in owned}):
        check_convenor(by, assembly)
    return check_keeps_registers(by, team.organisation)


def check_owner(by: User, commitment: Commitment, team: str | None = None) -> Owner:
    """The owner for which the person speaks: a member of its team, or a responder of its body; the lead first.

    `team` (a slug) chooses where the person speaks for several.
    """
    mine = set(roles.teams(by).values_list("pk", flat=True))
    bodies = roles.responds_for(by)
    owners = present_owners(commitment).exclude(team=None).select_related("team", "organisation")
    for owner in owners.order_by("-lead", "pk"):
        speaks = owner.team_id in mine or owner.organisation_id in bodies
        if speaks and (team is None or (owner.team is not None and owner.team.slug == team)):
            return owner
    raise errors.NotAnOwner(reference=commitment.reference)


def check_sends_evidence(by: User) -> None:
    """Whoever reports for a team, before it is known of which commitment."""
    if not (roles.responds_for(by) or roles.teams(by).exists()):
        raise errors.OwnersSendEvidence


def check_resident(by: User, commitment: Commitment) -> str:
    """A resident with a confirmed address who neither owns the commitment nor judges in its assembly."""
    if not roles.is_resident(by):
        raise errors.AddressNotConfirmed
    if is_of_an_owner(by, commitment):
        raise errors.OwnersDoNotJudge(reference=commitment.reference)
    if roles.judges(by, commitment.assembly.slug):
        raise errors.JudgesTakeNoSide
    return "resident"


def check_proposer(by: User, challenge: Challenge) -> str:
    """Who proposed the challenge."""
    if challenge.proposer_id != by.pk:
        raise errors.NotYourChallenge
    return "resident"


def check_judge(by: User, challenge: Challenge) -> str:
    """A convenor who neither raised nor supported the challenge, whatever roles they hold beside it."""
    office = check_convenor(by, challenge.commitment.assembly.slug)
    if challenge.proposer_id == by.pk or challenge.supports.filter(user=by).exists():
        raise errors.OwnRequest
    return office


def is_of_an_owner(by: User, commitment: Commitment) -> bool:
    """Whether a body of this person owns the commitment."""
    return present_owners(commitment).filter(organisation_id__in=roles.organisation_ids(by)).exists()


def present_owners(commitment: Commitment) -> QuerySet[Owner]:
    """The owners that have not handed over."""
    return Owner.objects.filter(commitment=commitment, ended_on=None)


def lead_of(commitment: Commitment) -> Owner:
    """The owner that leads an accepted commitment."""
    return present_owners(commitment).select_related("team", "organisation").get(lead=True)


def owner_bodies(assembly: str) -> QuerySet[Owner, int]:
    """The keys of the bodies that own something in the assembly."""
    owners = Owner.objects.filter(commitment__assembly__slug=assembly, ended_on=None)
    return owners.values_list("organisation_id", flat=True)


def check_independent(by: User, assembly: str) -> None:
    """Nobody judges in an assembly in which a body of theirs owns something."""
    bodies = roles.organisation_ids(by)
    if bodies and owner_bodies(assembly).filter(organisation_id__in=bodies).exists():
        raise errors.NotIndependent(assembly=assembly)
