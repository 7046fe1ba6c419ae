"""Disputing a claim in the panel's name: it opens at once, and the owner's clock for answering runs."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from commitments import actions, deadlines
from commitments.choices import ChallengeState, ChallengeVoice, ReplyDays
from portal.desk.accepting import commitment_at
from portal.desk.door import desk
from portal.desk.handing import REASON
from portal.desk.verifying import OnAClaim, wording_of_challenges
from portal.private import Fault
from portal.typed import fault_of_prose


@desk
def dispute(request: HttpRequest, reference: str) -> HttpResponse:
    """Why the panel disputes the claim; then what everybody will see; then opening it."""
    return Disputing(request, commitment_at(reference)).answer()


class Disputing(OnAClaim):
    """A challenge by the panel."""

    form, preview = "portal/desk/dispute.html", "portal/desk/dispute_preview.html"
    fields = {REASON: REASON}

    def faults(self) -> list[Fault]:
        """A reason."""
        reason = self.typed(REASON)
        found = (
            fault_of_prose(REASON, reason)
            if reason
            else Fault(REASON, _("Say what the panel disputes, and why."))
        )
        return [found] if found else []

    def shown(self) -> dict[str, Any]:
        """As the page of the commitment will show it."""
        due = self.reply_due_on
        told = {
            "voice": ChallengeVoice.PANEL.value,
            "shown_state": ChallengeState.OPEN.value,
            "outcome": None,
            "proposed_on": self.today,
            "opened_on": self.today,
            "reason": self.typed(REASON),
            "reason_shown": True,
            "reply_due_on": due,
            "days_left": (due - self.today).days,
            "days_over": None,
        }
        return {"it": self.commitment, "told": told, **wording_of_challenges(), "on_its_own": True}

    @property
    def reply_due_on(self) -> Any:
        """By when the owner has to answer."""
        assembly = self.commitment.assembly
        working = assembly.reply_days_are == ReplyDays.WORKING
        count = deadlines.working_days_after if working else deadlines.days_after
        return count(self.today, assembly.reply_days)

    def send(self) -> str:
        """Open it."""
        made = actions.challenge_claim(
            self.commitment, by=self.by, today=self.today, claim=self.claim, reason=self.typed(REASON)
        )
        return f"{reverse('desk_commitment', args=[self.commitment.reference])}#challenge-{made.pk}"
