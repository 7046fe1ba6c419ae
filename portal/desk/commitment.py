"""One commitment at the desk: where it stands, and what the person who asks may do about it."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_safe

from accounts.models import User
from commitments import permissions
from commitments.actions.handing import waiting_offer
from commitments.models import Commitment, HandOver
from commitments.models.commitments import LIVE
from portal import promised
from portal.desk.accepting import case_of, commitment_at
from portal.desk.door import desk
from portal.desk.sending import person
from record import clock
from record.refusals import Refusal

Words = str | Promise
Told = tuple[str, Words, Words]


class Deed(NamedTuple):
    """Something that can be done, where, and what it is for."""

    path: str
    label: Words
    meaning: Words


OWNERS = (
    ("desk_update", later("Report progress"), later("What was done, and whether it is finished.")),
    ("desk_milestones", later("Steps"), later("Add a dated step, or say that one is done.")),
    (
        "desk_dates",
        later("Ask for another date"),
        later("The convenor decides, and both dates stay in public."),
    ),
    ("desk_correct", later("Correct a wording"), later("Without a change of meaning; the convenor decides.")),
)
LEADS = (
    (
        "desk_hand_over",
        later("Hand it over"),
        later("To teams of yours at once; to another body when it says yes."),
    ),
    (
        "desk_supersede",
        later("Replace it"),
        later("By another promise that stands already; both stay readable."),
    ),
    ("desk_split", later("Split it"), later("Into two or more new promises.")),
    ("desk_merge", later("Merge it"), later("With others of yours, into one new promise.")),
)
ANSWERS = (
    "desk_priorities",
    later("Local priorities"),
    later("Which priorities of neighbourhood teams it answers."),
)
ACCEPT = (
    "desk_accept",
    later("Say yes to it"),
    later("From then on it is your organisation’s, with all duties."),
)
REFUSE = ("desk_refuse", later("Refuse the offer"), later("It stays with its owners."))
WITHDRAW = ("desk_withdraw", later("Take the offer back"), later("Before the other body has answered."))
JUDGES = (
    ("desk_verify", later("Give the panel’s finding"), later("Whether the claim holds, with reasons.")),
    (
        "desk_dispute",
        later("Dispute the claim"),
        later("In the panel’s name; the owner has to answer by a date."),
    ),
)


@desk
@require_safe
def commitment(request: HttpRequest, reference: str) -> HttpResponse:
    """Where it stands, and what can be done."""
    it = commitment_at(reference)
    by, offer = person(request), waiting_offer(it)
    page = {
        "it": it,
        "row": promised.row_of(reference, clock.today()),
        "offer": offer,
        "deeds": _at(reference, _deeds(by, it, offer)),
        "judges": permissions.is_allowed(permissions.check_panel, by, it),
        "sent": "sent" in request.GET,
    }
    return render(request, "portal/desk/commitment.html", page)


def _deeds(by: User, it: Commitment, offer: HandOver | None) -> Iterator[Told]:
    """By the same checks as the verbs; each form then asks again."""
    allowed = permissions.is_allowed
    if _can_accept(by, it):
        yield ACCEPT
    if offer and allowed(permissions.check_responder, by, offer.organisation):
        yield REFUSE
    if it.stage in LIVE and it.accepted_on and allowed(permissions.check_owner, by, it):
        yield from OWNERS
    if it.stage in LIVE and allowed(permissions.check_answers_priorities, by, it):
        yield ANSWERS
    if it.stage in LIVE and it.accepted_on and allowed(permissions.check_lead_responder, by, it):
        yield WITHDRAW if offer else LEADS[0]
        yield from LEADS[1:]
    if it.claim_id and allowed(permissions.check_panel, by, it):
        yield from JUDGES


def _can_accept(by: User, it: Commitment) -> bool:
    try:
        case_of(by, it)
    except Refusal:
        return False
    return True


def _at(reference: str, found: Iterable[Told]) -> list[Deed]:
    deeds = []
    for name, label, meaning in found:
        with suppress(NoReverseMatch):
            deeds.append(Deed(reverse(name, args=[reference]), label, meaning))
    return deeds
