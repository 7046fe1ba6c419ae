"""Resolving a challenge: claim, dispute and answer side by side; then the outcome with its reasons, in public."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from commitments import actions, lifecycle, permissions
from commitments.choices import Outcome
from commitments.models import Assembly, Challenge, Evidence
from portal import wording
from portal.desk.admitting import challenge_of
from portal.desk.decision import Decision, Words
from portal.desk.door import desk
from portal.templatetags.desk_forms import Option


@desk
def resolve(request: HttpRequest, key: UUID) -> HttpResponse:
    """The form, what everybody will see, and the decision."""
    return Resolution(request, challenge_of(key)).answer()


class Resolution(Decision):
    """Whether the challenge is right."""

    title = later("Decide a challenge")
    question = later("Does the claim hold?")
    about, seen = "portal/desk/convenor/resolution.html", "portal/desk/convenor/resolution_seen.html"
    reason_label = later("Your reasons")
    reason_hint = later(
        "What you looked at and what you saw. Everybody will read it. Name no private person."
    )

    def __init__(self, request: HttpRequest, it: Challenge) -> None:
        super().__init__(request)
        self.it = it
        self.assembly: Assembly = it.commitment.assembly
        permissions.check_judge(self.by, it)
        if request.method != "POST":
            lifecycle.check_challenge(it, "resolve", self.today)

    def options(self) -> Sequence[Option]:
        """The outcomes."""
        return [Option(one.key, one.label, one.meaning) for one in wording.OUTCOMES.values()]

    def facts(self) -> dict[str, Any]:
        """What was claimed, disputed and answered."""
        return {
            "assembly": self.assembly,
            "back": reverse("desk_challenges", args=[self.assembly.slug]),
            "back_name": _("Challenges"),
            "it": self.it,
            "word": wording.OUTCOMES.get(self.chosen),
            "evidence": list(Evidence.objects.filter(update=self.it.claim_id).order_by("pk")),
            "late_by": self.it.late_by_days,
        }

    def effects(self) -> Sequence[Words]:
        """What the outcome does to the claim."""
        if self.it.commitment.claim_id != self.it.claim_id:
            return [_("The owner has posted since: the decision is about the earlier claim.")]
        if self.chosen == Outcome.NOT_UPHELD:
            return [_("The claim stands as far as this challenge goes.")]
        return [_("The claim stays contested: it does not count as done until the owner says something new.")]

    def send(self) -> str:
        """Decide it."""
        actions.resolve(self.it, by=self.by, today=self.today, outcome=self.chosen, reason=self.reason)
        return reverse("desk_challenges", args=[self.assembly.slug])
