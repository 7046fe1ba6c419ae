"""Handing a commitment to other teams, offering it to another organisation, refusing an offer, and taking one back."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from commitments import actions, errors, permissions
from commitments.actions.handing import waiting_offer
from commitments.models import Commitment
from commitments.promises import Ownership
from portal import promised
from portal.desk import guard
from portal.desk.accepting import LEAD, OTHERS, commitment_at, options
from portal.desk.door import desk
from portal.desk.promise_form import by_slug, owners_of, teams_for
from portal.desk.promising import owner_rows
from portal.desk.sending import Sending
from portal.private import Fault
from portal.typed import fault_of_prose

REASON = "reason"


@desk
def hand_over(request: HttpRequest, reference: str) -> HttpResponse:
    """To whom, and why; where an offer waits, it alone is shown."""
    page = HandingOver(request, commitment_at(reference))
    offer = waiting_offer(page.commitment)
    if offer and request.method != "POST":
        return render(request, "portal/desk/hand_over_waits.html", page.context() | {"offer": offer})
    return page.answer()


@desk
def refuse(request: HttpRequest, reference: str) -> HttpResponse:
    """Say no to an offer."""
    return Refusing(request, commitment_at(reference)).answer()


@desk
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take an offer back."""
    return Withdrawing(request, commitment_at(reference)).answer()


class HandingOver(Sending):
    """Other teams for a commitment."""

    form, preview = "portal/desk/hand_over.html", "portal/desk/hand_over_preview.html"
    fields = {"owners": LEAD, REASON: REASON}

    def __init__(self, request: HttpRequest, commitment: Commitment) -> None:
        super().__init__(request)
        self.commitment = commitment
        permissions.check_lead_responder(self.by, commitment)
        self.present = permissions.lead_of(commitment)
        self.teams = by_slug(teams_for(commitment.assembly, self.present.organisation))
        self.misfits: list[Fault] = []
        self.lead, self.others = request.POST.get(LEAD, ""), request.POST.getlist(OTHERS)
        self.owners: list[Ownership] = []
        if request.method == "POST":
            self.owners = owners_of(self.teams, self.lead, self.others, "", self.misfits)

    def faults(self) -> list[Fault]:
        """Teams, and a reason."""
        reason = fault_of_reason(self.typed(REASON))
        return [*self.misfits, *([reason] if reason else [])]

    def context(self) -> dict[str, Any]:
        """Who owns it now, who could, and what was typed."""
        return self._about() | {
            "teams": sorted(
                options(self.teams.values()), key=lambda one: one.group != self.present.organisation.name
            ),
            "lead": self.lead,
            "others": self.others,
            "reason": self.typed(REASON),
        }

    def shown(self) -> dict[str, Any]:
        """Before and after, and whether another body is asked first."""
        to = self.owners[0].body
        known = permissions.present_owners(self.commitment).exclude(accepted_on=None)
        return self._about() | {
            "owners": owner_rows(self.owners, self.today, known.values_list("team_id", flat=True)),
            "to": to,
            "is_offer": to.pk != self.present.organisation_id,
            "reason": self.typed(REASON),
        }

    def words(self) -> Sequence[guard.Typed]:
        """The reason."""
        return [reason_of(self)]

    def send(self) -> str:
        """Hand it over, or offer it."""
        actions.hand_over(
            self.commitment, by=self.by, today=self.today, owners=self.owners, reason=self.typed(REASON)
        )
        return reverse("desk_commitment", args=[self.commitment.reference])

    def _about(self) -> dict[str, Any]:
        return {
            "it": self.commitment,
            "present": promised.owners(self.commitment.pk),
            "body": self.present.organisation,
        }


class Deciding(Sending):
    """What ends an offer."""

    form, preview = "portal/desk/offer.html", "portal/desk/offer_preview.html"
    fields = {REASON: REASON}
    is_refusal = False

    def __init__(self, request: HttpRequest, commitment: Commitment) -> None:
        super().__init__(request)
        self.commitment = commitment
        offer = waiting_offer(commitment)
        if offer is None:
            raise errors.NothingOffered(reference=commitment.reference)
        self.offer = offer

    def faults(self) -> list[Fault]:
        """A reason, where one refuses."""
        reason = self.typed(REASON)
        found = fault_of_reason(reason) if self.is_refusal else fault_of_prose(REASON, reason)
        return [found] if found else []

    def context(self) -> dict[str, Any]:
        """The offer, and the reason."""
        return {
            "it": self.commitment,
            "offer": self.offer,
            "is_refusal": self.is_refusal,
            "reason": self.typed(REASON),
        }

    def shown(self) -> dict[str, Any]:
        """The same, as it will stand in public."""
        return self.context()

    def words(self) -> Sequence[guard.Typed]:
        """The reason."""
        return [reason_of(self)]


class Refusing(Deciding):
    """No to an offer."""

    is_refusal = True

    def __init__(self, request: HttpRequest, commitment: Commitment) -> None:
        super().__init__(request, commitment)
        permissions.check_responder(self.by, self.offer.organisation)

    def send(self) -> str:
        """Say no."""
        actions.refuse_hand_over(self.commitment, by=self.by, today=self.today, reason=self.typed(REASON))
        return reverse("desk_commitment", args=[self.commitment.reference])


class Withdrawing(Deciding):
    """An offer taken back."""

    def __init__(self, request: HttpRequest, commitment: Commitment) -> None:
        super().__init__(request, commitment)
        permissions.check_lead_responder(self.by, commitment)

    def send(self) -> str:
        """Take it back."""
        actions.withdraw_hand_over(self.commitment, by=self.by, today=self.today, reason=self.typed(REASON))
        return reverse("desk_commitment", args=[self.commitment.reference])


def fault_of_reason(reason: str) -> Fault | None:
    """What is wrong with a reason that has to be given."""
    return fault_of_prose(REASON, reason) if reason else Fault(REASON, _("Say why."))


def reason_of(page: Sending) -> guard.Typed:
    """The reason that was typed."""
    return guard.Typed(REASON, _("The reason"), page.typed(REASON))
