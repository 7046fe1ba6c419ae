"""What waits for a convenor: requests, challenges, words, reports, and what nobody was asked or can accept."""

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.models import Membership, Organisation
from commitments.choices import ChallengeState, CommitmentStage, RequestState
from commitments.models import (
    Asked,
    Challenge,
    Commitment,
    Correction,
    DueDateChange,
    Owner,
    Recommendation,
    Response,
    Support,
)
from portal.desk.queue.kinds import Columns, Kind, Said, office
from portal.desk.queue.seats import Seats

NO_DATE = _(
    "No rule sets a date for the convenor. How long it has waited is shown here and on the weekly sheet."
)


def _of_promise(since: Any, due: Any = None, barred: Any = None) -> Any:
    """Something about a commitment of the assembly, done on a page of its own."""

    def columns(seats: Seats) -> Columns:
        more = {"due": due} if due is not None else {}
        return Columns(
            office=office("convenor", "commitment__assembly__slug"), story=F("commitment__reference"),
            title=F("commitment__title"), held=F("commitment__held_on"), since=since, key=F("pk"),
            invented=F("invented"), barred=barred(seats) if barred else None, **more,
        )  # fmt: skip

    return columns


def _own(seats: Seats) -> Q:
    return Q(author=seats.user)


def _took_side(seats: Seats) -> Any:
    """Who raised or supported a challenge does not judge it."""
    return Q(proposer=seats.user) | Exists(Support.objects.filter(challenge=OuterRef("pk"), user=seats.user))


def _dates(seats: Seats, today: date) -> QuerySet[Any]:
    rows = DueDateChange.objects.filter(commitment__assembly__slug__in=seats.convened)
    return rows.filter(state=RequestState.REQUESTED)


def _corrections(seats: Seats, today: date) -> QuerySet[Any]:
    rows = Correction.objects.filter(commitment__assembly__slug__in=seats.convened)
    return rows.filter(state=RequestState.REQUESTED)


def _proposed(seats: Seats, today: date) -> QuerySet[Any]:
    """Of the present claim: a challenge of an earlier one disputes nothing that is claimed still."""
    rows = Challenge.objects.filter(commitment__assembly__slug__in=seats.convened)
    return rows.filter(state=ChallengeState.PROPOSED, claim=F("commitment__claim"))


def _to_resolve(seats: Seats, today: date) -> QuerySet[Any]:
    unanswered = Q(state=ChallengeState.OPEN, reply_due_on__lt=today)
    rows = Challenge.objects.filter(commitment__assembly__slug__in=seats.convened)
    return rows.filter(unanswered | Q(state=ChallengeState.ANSWERED))


def _never_asked(seats: Seats, today: date) -> QuerySet[Any]:
    asked = Asked.objects.filter(recommendation=OuterRef("pk"))
    answered = Response.objects.filter(recommendation=OuterRef("pk"))
    return Recommendation.objects.filter(~Exists(asked), ~Exists(answered), assembly__slug__in=seats.convened)


def _ownerless(seats: Seats, today: date) -> QuerySet[Any]:
    owners = Owner.objects.filter(commitment=OuterRef("pk"), ended_on=None)
    rows = Commitment.objects.filter(assembly__slug__in=seats.convened, stage=CommitmentStage.ENTERED)
    return rows.filter(~Exists(owners))


def _of_assembly(seats: Seats) -> Columns:
    return Columns(
        office=office("convenor", "assembly__slug"), story=F("reference"), title=F("title"),
        held=F("held_on"), since=F("published_at"), invented=F("invented"),
    )  # fmt: skip


def _unmanned(seats: Seats, today: date) -> QuerySet[Any]:
    """Bodies that own something here and for which nobody speaks: nobody reads what they are asked."""
    there = Membership.objects.filter(roles.present(), organisation=OuterRef("pk"), user__is_active=True)
    return Organisation.objects.filter(Exists(_owned_here(seats)), ~Exists(there))


def _owned_here(seats: Seats) -> QuerySet[Owner]:
    return Owner.objects.filter(
        organisation=OuterRef("pk"), commitment__assembly__slug__in=seats.convened, ended_on=None
    )


def _unmanned_columns(seats: Seats) -> Columns:
    first = _owned_here(seats).order_by("commitment__assembly__position", "pk")
    named = first.values(its_named=office("convenor", "commitment__assembly__slug"))
    return Columns(
        office=_first(named), story=F("slug"), title=F("name"), since=F("published_at"),
        invented=F("invented"),
    )  # fmt: skip


def _first(rows: Any) -> Any:
    return rows[:1]


KINDS = (
    Kind(
        "resolve", "convened", _("Challenges to resolve"),
        _("A challenge is resolved once it was answered, or once the day for an answer has passed. No rule sets a date"
          " for the convenor."),
        _to_resolve, _of_promise(Coalesce("answered_on", "reply_due_on"), barred=_took_side),
        Said(since=_("It is ready to be resolved since %(on)s, %(when)s.")),
        ("desk_resolve", ("key",)),
        frozenset({
            "Challenge.state=answered", "Challenge.state=unanswered", "Challenge.resolved_on",
            "Fact=contested",
        }),
    ),
    Kind(
        "admit", "convened", _("Challenges whose words are to be read"),
        _("A resident's challenge gathers no support before the convenor has read its words, not its merits."),
        _proposed, _of_promise(F("proposed_on"), barred=_took_side),
        Said(since=_("It was proposed on %(on)s, %(when)s.")),
        ("desk_admit", ("key",)),
        frozenset({"Challenge.state=proposed", "Challenge.opened_on", "Challenge.refused_on"}),
    ),
    Kind(
        "date_change", "convened", _("Due dates to decide"), NO_DATE,
        _dates, _of_promise(F("requested_on"), barred=_own),
        Said(since=_("Another date was asked for on %(on)s, %(when)s. Lateness runs on meanwhile.")),
        ("desk_date_change", ("key",)),
        frozenset({"DueDateChange.state=requested", "DueDateChange.decided_on"}),
    ),
    Kind(
        "correction", "convened", _("Corrections to decide"), NO_DATE,
        _corrections, _of_promise(F("requested_on"), barred=_own),
        Said(since=_("A correction was asked for on %(on)s, %(when)s.")),
        ("desk_correction", ("key",)),
        frozenset({"Correction.state=requested", "Correction.decided_on"}),
    ),
    Kind(
        "ask", "convened", _("Recommendations that nobody was asked to answer"),
        _("No clock runs for an answer until an organisation is asked here. No rule sets a date for asking."),
        _never_asked, _of_assembly,
        Said(since=_("It stands here since %(on)s, %(when)s, and nobody was asked.")),
        ("desk_ask", ("story",)),
        frozenset({"RecommendationState=not_asked"}),
    ),
    Kind(
        "ownerless", "convened", _("Promises that nobody can accept"),
        _("The source names no owner, so nobody can accept them and no clock runs. A file that names one, imported with"
          " a reason, corrects that."),
        _ownerless, _of_assembly,
        Said(since=_("It stands here since %(on)s, %(when)s, and has no owner.")),
        ("desk_import", ()),
        frozenset({"Owner.ended_on"}),
    ),
    Kind(
        "unmanned", "convened", _("Bodies for which nobody speaks"),
        _("They own promises, and nobody of theirs reads what is asked of them. Invite their first responder."),
        _unmanned, _unmanned_columns,
        Said(since=_("It is here since %(on)s, %(when)s, and nobody speaks for it.")),
        ("desk_invite", ()),
        frozenset({"Membership.ended_at"}),
        mild=True,
        query="office=organisation:%(story)s",
    ),
)  # fmt: skip
