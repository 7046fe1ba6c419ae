"""Reading the words of a proposed challenge: it is admitted, or refused on a ground that lies in its words."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_safe

from commitments import actions, lifecycle, permissions
from commitments.choices import ChallengeState
from commitments.models import Assembly, Challenge
from portal import challenging, wording
from portal.desk.assembly import Row, convened, listing, waited
from portal.desk.decision import Decision, Words
from portal.desk.door import desk
from portal.templatetags.desk_forms import Option
from record.refusals import Missing

ADMIT = "admit"
SHOWN = 200


@desk
@require_safe
def challenges(request: HttpRequest, slug: str) -> HttpResponse:
    """What residents proposed, and what is ready to be resolved, in one assembly; the oldest first."""
    assembly = convened(request, slug)
    rows = Challenge.objects.filter(commitment__assembly=assembly).select_related("commitment")
    proposed = rows.filter(state=ChallengeState.PROPOSED).order_by("proposed_on", "pk")[:SHOWN]
    running = rows.filter(state__in=(ChallengeState.OPEN, ChallengeState.ANSWERED))
    today_first = running.order_by("reply_due_on", "pk")[:SHOWN]
    told = [
        *(
            _row(one, "desk_admit", _("Its words wait to be read."), waited(one.proposed_on))
            for one in proposed
        ),
        *(_row(one, "desk_resolve", one.get_state_display(), one.reply_due_on or "") for one in today_first),
    ]
    lead = _("Of proposed ones you check the words, not whether they are right. Those that ran you decide.")
    return listing(request, assembly, _("Challenges"), lead, told)


@desk
def admit(request: HttpRequest, key: UUID) -> HttpResponse:
    """The words with what in them may lead to a person; then admitting or refusing them."""
    return Admission(request, challenge_of(key)).answer()


class Admission(Decision):
    """Reading words, not merits."""

    title = later("Read the words of a challenge")
    question = later("May everybody read these words?")
    about, seen = "portal/desk/convenor/admission.html", "portal/desk/convenor/admission_seen.html"
    takes_reason = False

    def __init__(self, request: HttpRequest, it: Challenge) -> None:
        super().__init__(request)
        self.it = it
        self.assembly: Assembly = it.commitment.assembly
        permissions.check_judge(self.by, it)
        if request.method != "POST":
            lifecycle.check_challenge(it, ADMIT, self.today)

    def options(self) -> Sequence[Option]:
        """Yes, or no on one of the grounds."""
        grounds = wording.REFUSED_BECAUSE.items()
        refusals = [Option(key, _("Refuse: %(why)s") % {"why": why}) for key, why in grounds]
        return (
            Option(ADMIT, _("Admit it"), _("Others can then support it. Whether it is right comes later.")),
            *refusals,
        )

    def facts(self) -> dict[str, Any]:
        """The claim, and the words with their marks."""
        return {
            "assembly": self.assembly,
            "back": reverse("desk_challenges", args=[self.assembly.slug]),
            "back_name": _("Challenges"),
            "it": self.it,
            "parts": challenging.parts(self.it.reason),
            "admitted": self.chosen == ADMIT,
            "why": wording.REFUSED_BECAUSE.get(self.chosen, ""),
        }

    def effects(self) -> Sequence[Words]:
        """What each answer leads to."""
        if self.chosen == ADMIT:
            needed = {"n": self.it.support_needed}
            return [_("It opens when %(n)s residents support it, and the owner has to answer.") % needed]
        return [
            _("Nobody else reads its words. That it was refused, and on which ground, is public."),
            _("Who proposed it finds the ground in their account, and can send it in other words."),
        ]

    def send(self) -> str:
        """Decide it."""
        if self.chosen == ADMIT:
            actions.admit(self.it, by=self.by, today=self.today)
        else:
            actions.refuse_challenge(self.it, by=self.by, today=self.today, ground=self.chosen)
        return reverse("desk_challenges", args=[self.assembly.slug])


def challenge_of(key: UUID) -> Challenge:
    """The challenge with all that is shown of it. Raises Missing."""
    rows = Challenge.objects.select_related("commitment__assembly", "claim__team", "replied_by")
    found: Challenge | None = rows.filter(pk=key).first()
    if found is None:
        raise Missing
    return found


def _row(one: Challenge, name: str, said: Any, end: Any) -> Row:
    shown = one.reason
    return Row(
        title=one.commitment.title,
        href=reverse(name, args=[one.pk]),
        ref=one.commitment.reference,
        said=(said, shown),
        end=end,
    )
