"""Answering a challenge for an owner: the claim, why it is disputed, the clock, and the answer, given once."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from commitments import actions, deadlines, lifecycle
from commitments.choices import ChallengeState
from commitments.models import Challenge
from portal import done, wording
from portal.desk.door import desk
from portal.desk.guard import Typed
from portal.desk.speaking import Speaking
from portal.private import Fault
from portal.typed import fault_of_prose
from record import clock
from record.refusals import Missing

BODY = "body"


@desk
def reply(request: HttpRequest, key: UUID) -> HttpResponse:
    """The form, what everybody will see, and the answer."""
    rows: Any = Challenge.objects.with_state(clock.today()).select_related("commitment__assembly")
    challenge: Challenge | None = rows.filter(pk=key).first()
    if challenge is None:
        raise Missing
    return Answering(request, challenge).answer()


class Answering(Speaking):
    """An answer to a challenge."""

    form, preview = "portal/desk/reply.html", "portal/desk/reply_preview.html"
    fields = {BODY: BODY}

    def __init__(self, request: HttpRequest, challenge: Challenge) -> None:
        super().__init__(request, challenge.commitment)
        lifecycle.check_accepted(self.commitment, self.owner)
        self.challenge = challenge

    def answer(self) -> HttpResponse:
        """One that cannot be answered any more, or not yet, says so at once; sending it twice leads on all the same."""
        if self.request.method != "POST":
            lifecycle.check_challenge(self.challenge, "reply", self.today)
        return super().answer()

    def faults(self) -> list[Fault]:
        """Words."""
        found = fault_of_prose(BODY, self.typed(BODY))
        if not self.typed(BODY):
            found = Fault(BODY, _("Say what you answer."))
        return [found] if found else []

    def context(self) -> dict[str, Any]:
        """What is disputed and why, and what was typed."""
        return super().context() | self._told() | {"body": self.typed(BODY)}

    def words(self) -> Sequence[Typed]:
        """The answer."""
        return [Typed(BODY, _("Your answer"), self.typed(BODY))]

    def shown(self) -> dict[str, Any]:
        """The challenge as its page will show it."""
        told = self._told()
        late = deadlines.days_late(self.challenge.reply_due_on, self.today, None)
        answered = {
            "shown_state": ChallengeState.ANSWERED,
            "reply": self.typed(BODY),
            "replier": self.owner.team.name if self.owner.team else "",
            "answered_on": self.today,
            "late_by_days": late or None,
            "days_left": None,
            "days_over": None,
        }
        return super().shown() | told | {"one": told["one"] | answered}

    def send(self) -> str:
        """Give it."""
        actions.reply(self.challenge, by=self.by, today=self.today, body=self.typed(BODY), team=self.team)
        return self.after()

    def _told(self) -> dict[str, Any]:
        rows: Any = Challenge.objects.with_state(self.today).filter(pk=self.challenge.pk)
        row = rows.values(*done.COLUMNS_OF_A_CHALLENGE, replier=F("replied_by__name")).get()
        return {
            "one": done.told(row, self.today),
            "claim": done.reports(self.commitment.pk, row["claim_id"]),
            "not_shown": wording.NOT_SHOWN,
            "on_its_own": True,
        }
