"""Saying yes for an organisation: to a promise from a source, to one that is offered, or as a named co-owner."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import Organisation, Team, User
from commitments import actions, deadlines, errors, lifecycle, permissions
from commitments.actions.handing import waiting_offer
from commitments.choices import CommitmentStage
from commitments.models import Commitment, HandOver, Owner
from commitments.promises import Ownership
from portal import promised
from portal.desk import guard
from portal.desk.door import desk
from portal.desk.promise_form import by_slug, teams_for
from portal.desk.promising import owner_rows
from portal.desk.sending import Sending
from portal.private import Fault
from portal.templatetags.desk_forms import Option
from record.refusals import Missing

LEAD, OTHERS = "lead", "others"


class Kind(StrEnum):
    """To what one says yes."""

    ENTERED = "entered"
    OFFERED = "offered"
    SHARED = "shared"


@dataclass(frozen=True)
class Case:
    """To what one says yes, for which organisation, and which owners stand there already."""

    kind: Kind
    body: Organisation
    named: list[Owner]
    offer: HandOver | None = None
    others: Sequence[Organisation] = ()
    """For which organisations one could say yes as well, where nobody is named."""

    @property
    def takes_lead(self) -> bool:
        """Whether one of the teams is to lead it."""
        return self.kind != Kind.SHARED

    @property
    def needs_teams(self) -> bool:
        """Whether nobody has named yet which teams will report."""
        if self.kind == Kind.OFFERED:
            return False
        if self.kind == Kind.ENTERED:
            return not any(one.lead and one.team for one in self.named)
        return any(one.team is None for one in self.named if one.organisation_id == self.body.pk)


@desk
def accept(request: HttpRequest, reference: str) -> HttpResponse:
    """What one says yes to, with which teams, and what that means; then saying it."""
    return Accepting(request, commitment_at(reference)).answer()


class Accepting(Sending):
    """A yes."""

    form, preview = "portal/desk/accept.html", "portal/desk/accept_preview.html"
    fields = {"owners": LEAD}

    def __init__(self, request: HttpRequest, commitment: Commitment) -> None:
        super().__init__(request)
        self.commitment = commitment
        self.case = case_of(self.by, commitment, request.GET.get("organisation"))
        self.teams = by_slug(self._teams())
        self.named = self._named()
        self.lead, self.others = self._chosen()

    def faults(self) -> list[Fault]:
        """Teams where they are needed, and none but those on offer."""
        chosen = [self.lead, *self.others]
        if any(slug and slug not in self.teams for slug in chosen):
            return [Fault(LEAD, _("One of these cannot be chosen here; choose again."))]
        if self.case.needs_teams and not any(chosen):
            return [Fault(self._first, _("Choose the team that will report."))]
        if self.case.kind == Kind.ENTERED and not self.lead:
            return [Fault(LEAD, _("Choose the team that leads."))]
        return []

    def fault(self, no: Any) -> Fault:
        """Where the teams are chosen."""
        found = super().fault(no)
        return Fault(self._first, found.said) if found.field == LEAD else found

    def context(self) -> dict[str, Any]:
        """The promise, who is named, and the teams that can be."""
        return self._about() | {
            "lead": self.lead,
            "others": self.others,
            "teams": options(self.teams.values()),
            "leads": options(self._leads()),
        }

    def shown(self) -> dict[str, Any]:
        """Who will own it, and from when it counts."""
        later = self._later()
        known = [one.team_id for one in self.case.named if one.accepted_on]
        mine = [one.team.pk for one in later if one.team and one.body.pk == self.case.body.pk]
        return self._about() | {"owners": owner_rows(later, self.today, [*known, *mine])}

    def words(self) -> Sequence[guard.Typed]:
        """Nothing is typed."""
        return ()

    def send(self) -> str:
        """Say yes."""
        owners = [] if self._is_as_named() else self._owners()
        actions.accept(self.commitment, by=self.by, today=self.today, owners=owners)
        return reverse("desk_commitment", args=[self.commitment.reference])

    @property
    def _first(self) -> str:
        return LEAD if self.case.takes_lead else OTHERS

    def _about(self) -> dict[str, Any]:
        rhythm = self.commitment.assembly.rhythm_days
        return {
            "it": self.commitment,
            "case": self.case,
            "named": owner_rows(self.named, None),
            "rhythm": rhythm,
            "update_due_on": deadlines.days_after(self.today, rhythm),
            "missing": [
                str(promised.NEEDED[one]) for one in promised.NEEDED if not getattr(self.commitment, one)
            ],
            "is_late": bool(self.commitment.due_on and self.commitment.due_on < self.today),
        }

    def _teams(self) -> list[Team]:
        listed = list(teams_for(self.commitment.assembly, self.case.body))
        if self.case.kind == Kind.ENTERED:
            return listed
        return [team for team in listed if team.organisation_id == self.case.body.pk]

    def _leads(self) -> list[Team]:
        return [team for team in self.teams.values() if team.organisation_id == self.case.body.pk]

    def _named(self) -> list[Ownership]:
        """Who is named already: by the source, by whoever offers it, or beside the others."""
        if self.case.offer:
            rows = self.case.offer.owners.select_related("team__organisation")
            return [Ownership(team=row.team, lead=row.lead) for row in rows]
        return [
            Ownership(team=row.team, organisation=None if row.team else row.organisation, lead=row.lead)
            for row in self.case.named
        ]

    def _chosen(self) -> tuple[str, list[str]]:
        post = self.request.POST
        if self.request.method == "POST":
            lead = post.get(LEAD, "") if self.case.takes_lead else ""
            return lead, [slug for slug in post.getlist(OTHERS) if slug and slug != lead]
        return self._as_named()

    def _as_named(self) -> tuple[str, list[str]]:
        mine = [one for one in self.named if one.team and one.team.slug in self.teams]
        lead = next((one.team.slug for one in mine if one.lead and one.team), "")
        return lead, [one.team.slug for one in mine if one.team and one.team.slug != lead]

    def _is_as_named(self) -> bool:
        """Whether nothing was chosen, or what stands there already."""
        lead, others = self._as_named()
        chosen = (self.lead, set(self.others))
        return not self.case.needs_teams and chosen in [("", set()), (lead, set(others))]

    def _owners(self) -> list[Ownership]:
        leading = [Ownership(team=self.teams[self.lead], lead=True)] if self.lead else []
        return [*leading, *(Ownership(team=self.teams[slug]) for slug in self.others)]

    def _later(self) -> list[Ownership]:
        """Who will own it, as far as the form says."""
        if self._is_as_named():
            return self.named
        if self.case.kind == Kind.ENTERED:
            return self._owners()
        partners = [one for one in self.named if one.body.pk != self.case.body.pk]
        return [*self._owners(), *partners]


def options(teams: Iterable[Team]) -> list[Option]:
    """Teams to choose from, each with its organisation."""
    return [Option(one.slug, one.name, one.organisation.name, one.organisation.name) for one in teams]


def commitment_at(reference: str) -> Commitment:
    """The commitment at this address. Raises Missing."""
    rows = Commitment.objects.select_related("assembly__area", "claim")
    found: Commitment | None = rows.filter(reference=reference).first()
    if found is None:
        raise Missing
    return found


def case_of(by: User, commitment: Commitment, slug: str | None = None) -> Case:
    """What this person can say yes to; `slug` names the organisation, where any could. Raises as the verb does."""
    mine, offer = roles.responds_for(by), waiting_offer(commitment)
    rows = permissions.present_owners(commitment).select_related("team__organisation", "organisation")
    named = list(rows.order_by("-lead", "pk"))
    if offer and offer.organisation_id in mine:
        return Case(Kind.OFFERED, offer.organisation, named, offer)
    if commitment.accepted_on is None:
        permissions.check_answers(by, commitment)
        lifecycle.check_stage(commitment.stage, CommitmentStage.ACCEPTED, commitment.reference)
        if not named:
            return _unclaimed(mine, slug)
        return Case(Kind.ENTERED, _speaking_for(by, mine, named), named)
    lifecycle.check_not_replaced(commitment.stage, commitment.reference)
    return Case(Kind.SHARED, _sharing(by, commitment, mine, named, offer), named)


def _speaking_for(by: User, mine: set[int], named: list[Owner]) -> Organisation:
    """The body of this person that the source names as leading; where it names no lead, as an owner."""
    could = [one.organisation for one in named if one.lead] or [one.organisation for one in named]
    for body in could:
        if body.pk in mine:
            return body
    permissions.check_responder(by, could[0])
    return could[0]


def _unclaimed(mine: set[int], slug: str | None) -> Case:
    """Of a promise for which the source names nobody: the organisation that is chosen, else the first."""
    bodies = list(Organisation.objects.filter(pk__in=mine).order_by("name", "pk"))
    found = [body for body in bodies if slug in (None, body.slug)]
    if not found:
        raise Missing
    return Case(Kind.ENTERED, found[0], [], others=[body for body in bodies if body != found[0]])


def _sharing(
    by: User, commitment: Commitment, mine: set[int], named: list[Owner], offer: HandOver | None
) -> Organisation:
    waiting = [one.organisation for one in named if one.accepted_on is None or one.team is None]
    for body in waiting:
        if body.pk in mine:
            return body
    asked = [*waiting, *([offer.organisation] if offer else [])]
    if not asked:
        raise errors.AlreadyAccepted(reference=commitment.reference)
    permissions.check_responder(by, asked[0])
    return asked[0]
