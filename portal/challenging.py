"""Challenging what an owner claims: with a reason, in nobody's name; supporting another's; taking one's own back."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from commitments import actions, marks
from commitments.choices import ChallengeState
from commitments.models import Challenge, Commitment, ProgressUpdate
from portal import signing_in
from portal.private import Fault, private
from portal.typed import fault_of_prose, prose
from record import clock
from record.refusals import Missing

SEND, SUPPORT, WITHDRAW = (
    gettext_lazy("Send your challenge"),
    gettext_lazy("Support this challenge"),
    gettext_lazy("Take your challenge back"),
)
SURE, REASON, CLAIM = "sure", "reason", "claim"
KINDS = {
    "email": gettext_lazy("an email address"),
    "phone": gettext_lazy("a telephone number"),
    "vehicle": gettext_lazy("a vehicle’s registration"),
    "postcode": gettext_lazy("a full postcode"),
    "address": gettext_lazy("a house or flat, with its number"),
    "number": gettext_lazy("an officer’s number"),
    "name": gettext_lazy("a person’s name"),
}


@dataclass(frozen=True)
class Part:
    """A stretch of a text, and what it may lead to; blank where it leads to nobody."""

    text: str
    kind: str = ""

    @property
    def words(self) -> str:
        """What it looks like."""
        return str(KINDS[self.kind]) if self.kind else ""


@private
def challenge(request: HttpRequest, reference: str) -> HttpResponse:
    """Why one disputes the claim; then what it says, with marks; then sending it."""
    rows = Commitment.objects.select_related("assembly", "claim")
    commitment = rows.filter(reference=reference).first()
    if commitment is None:
        raise Missing
    if request.method != "POST":
        return _form(request, commitment)
    reason = prose(request.POST.get(REASON, ""))
    fault = fault_of_prose(REASON, reason) if reason else Fault(REASON, _("Say what you see, or do not see."))
    if fault or SURE not in request.POST:
        return (
            _form(request, commitment, fault)
            if fault or "change" in request.POST
            else _preview(request, commitment)
        )
    who = signing_in.person(request, SEND)
    if not isinstance(who, User):
        return who
    claim = _claim(commitment, request.POST.get(CLAIM, ""))
    made = actions.challenge_claim(commitment, by=who, today=clock.today(), claim=claim, reason=reason)
    return render(request, "portal/people/challenge_sent.html", {"it": made, "commitment": commitment})


@private
def support(request: HttpRequest, key: UUID) -> HttpResponse:
    """Add one's voice."""
    it = _challenge(key)
    if request.method != "POST":
        return render(request, "portal/people/support.html", _about(it))
    who = signing_in.person(request, SUPPORT)
    if not isinstance(who, User):
        return who
    actions.support(it, by=who, today=clock.today())
    return redirect("challenge", it.pk)


@private
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take one's own back, before it opens."""
    it = _challenge(key)
    if request.method != "POST":
        return render(request, "portal/people/withdraw_challenge.html", _about(it))
    who = signing_in.person(request, WITHDRAW)
    if not isinstance(who, User):
        return who
    actions.withdraw(it, by=who, today=clock.today())
    return redirect("challenge", it.pk)


def parts(text: str) -> list[Part]:
    """A text cut where the guard sees something that may lead to a person."""
    found, at = [], 0
    for mark in marks.marked(text):
        found += [Part(text[at : mark.start]), Part(text[mark.start : mark.end], mark.kind)]
        at = mark.end
    return [one for one in (*found, Part(text[at:])) if one.text]


def _form(request: HttpRequest, commitment: Commitment, fault: Fault | None = None) -> HttpResponse:
    context = {
        "commitment": commitment,
        "claim": commitment.claim,
        "reason": request.POST.get(REASON, ""),
        "faults": [fault] if fault else [],
        "running": _running(commitment),
        "today": clock.today(),
    }
    return render(request, "portal/people/challenge_form.html", context, status=400 if fault else 200)


def _preview(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    """What will be sent, and what in it may lead to a person. A help and no filter."""
    reason = prose(request.POST[REASON])
    cut = parts(reason)
    context = {
        "commitment": commitment,
        "claim": request.POST.get(CLAIM, ""),
        "reason": reason,
        "parts": cut,
        "is_marked": any(one.kind for one in cut),
    }
    return render(request, "portal/people/challenge_preview.html", context)


def _running(commitment: Commitment) -> list[dict[str, Any]]:
    """Challenges of the present claim that can be supported instead."""
    rows: Any = Challenge.objects.filter(claim=commitment.claim_id, reason_shown=True)
    supported = (ChallengeState.GATHERING, ChallengeState.OPEN)
    return list(
        rows.filter(state__in=supported)
        .with_state(clock.today())
        .order_by("position")
        .values("id", "reason", "support_count", "support_needed", "reply_due_on", "shown_state")
    )


def _claim(commitment: Commitment, text: str) -> ProgressUpdate:
    """The claim that the form was about, which need not be the present one any more. Raises Missing."""
    try:
        key = UUID(text)
    except ValueError:
        raise Missing from None
    found: ProgressUpdate | None = commitment.updates.filter(pk=key).first()
    if found is None:
        raise Missing
    return found


def _challenge(key: UUID) -> Challenge:
    """The challenge, with the state that the clock decides. Raises Missing."""
    rows = Challenge.objects.with_state(clock.today()).select_related("commitment__assembly")
    found: Challenge | None = rows.filter(pk=key).first()
    if found is None:
        raise Missing
    return found


def _about(it: Challenge) -> dict[str, Any]:
    days = (it.reply_due_on - clock.today()).days if it.reply_due_on else None
    return {
        "it": it,
        "commitment": it.commitment,
        "days": days,
        "lacking": it.support_needed - it.support_count,
    }
