"""What waits for those who answer for a body: recommendations, promises to accept, offers, and words not yet kept."""

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.models import Membership, Role, Team
from commitments.choices import HandOverState, ResponsePosition
from commitments.models import Answering, Asked, Commitment, HandOver, Owner, Response
from commitments.models.commitments import LIVE
from portal.desk.queue.kinds import Columns, Kind, Said, office
from portal.desk.queue.seats import Seats

SAID_YES = (ResponsePosition.ACCEPTED, ResponsePosition.PARTLY_ACCEPTED)


def _asked(seats: Seats, today: date) -> QuerySet[Any]:
    return Asked.objects.filter(organisation__in=seats.body_keys, answered_on=None)


def _asked_columns(seats: Seats) -> Columns:
    return Columns(
        office=office("organisation", "organisation__slug"), story=F("recommendation__reference"),
        title=F("recommendation__title"), held=F("recommendation__held_on"), since=F("asked_on"),
        due=F("due_on"), invented=F("invented"),
    )  # fmt: skip


def _to_accept(seats: Seats, today: date) -> QuerySet[Any]:
    """To a part of which a body of this person has not said yes, or for which it named no team."""
    waiting = Q(accepted_on=None) | Q(team=None)
    parts = Owner.objects.filter(waiting, organisation__in=seats.body_keys, ended_on=None)
    return Commitment.objects.filter(pk__in=parts.order_by().values("commitment"), stage__in=LIVE)


def _to_accept_columns(seats: Seats) -> Columns:
    return Columns(
        promise=F("pk"), story=F("reference"), title=F("title"), held=F("held_on"),
        since=F("published_at"), invented=F("invented"),
    )  # fmt: skip


def _offered(seats: Seats, today: date) -> QuerySet[Any]:
    return HandOver.objects.filter(organisation__in=seats.body_keys, state=HandOverState.OFFERED)


def _offered_columns(seats: Seats) -> Columns:
    return Columns(
        office=office("organisation", "organisation__slug"), story=F("commitment__reference"),
        title=F("commitment__title"), held=F("commitment__held_on"), since=F("offered_on"),
        invented=F("commitment__invented"),
    )  # fmt: skip


def _unpromised(seats: Seats, today: date) -> QuerySet[Any]:
    """The newest answer says yes, and nothing that the body owns answers the recommendation."""
    answers = Response.objects.filter(organisation__in=seats.body_keys, stance__in=SAID_YES)
    newer = Response.objects.filter(
        recommendation=OuterRef("recommendation"), organisation=OuterRef("organisation"),
        position__gt=OuterRef("position"),
    )  # fmt: skip
    promised = Answering.objects.filter(
        recommendation=OuterRef("recommendation"), commitment__owners__organisation=OuterRef("organisation")
    )
    return answers.filter(~Exists(newer), ~Exists(promised))


def _unpromised_columns(seats: Seats) -> Columns:
    return Columns(
        office=office("organisation", "organisation__slug"), story=F("recommendation__reference"),
        title=F("recommendation__title"), held=F("recommendation__held_on"), since=F("answered_on"),
        key=F("organisation__slug"), invented=F("invented"),
    )  # fmt: skip


def _empty(seats: Seats, today: date) -> QuerySet[Any]:
    """Teams that own something, and in which nobody works."""
    there = Membership.objects.filter(
        roles.present(), role=Role.TEAM_MEMBER, team=OuterRef("pk"), user__is_active=True
    )
    owning = Owner.objects.filter(team=OuterRef("pk"), ended_on=None)
    teams = Team.objects.filter(organisation__in=seats.body_keys, ended_on=None)
    return teams.filter(Exists(owning), ~Exists(there))


def _empty_columns(seats: Seats) -> Columns:
    return Columns(
        office=office("organisation", "organisation__slug"), story=F("slug"), title=F("name"),
        since=F("published_at"), invented=F("invented"),
    )  # fmt: skip


KINDS = (
    Kind(
        "response", "bodies", _("Recommendations to answer"),
        _("Whoever is asked answers within 56 days, or within what the assembly set. No answer in time is published."),
        _asked, _asked_columns,
        Said(_("An answer is due by %(on)s, %(when)s."),
             _("An answer was due by %(on)s, %(when)s. It is still taken.")),
        ("desk_answer", ("story",)),
        frozenset({
            "Asked.answered_on", "RecommendationState=awaiting_response", "RecommendationState=no_response",
            "ReminderKind=response_due",
        }),
    ),
    Kind(
        "accept", "bodies", _("Promises to accept"),
        _("The convenor entered them from a source, or another body named yours beside itself. No clock runs until"
          " you accept them, and no rule sets a date for that."),
        _to_accept, _to_accept_columns,
        Said(since=_("It was entered on %(on)s, %(when)s, and nobody of your body has accepted it.")),
        ("desk_accept", ("story",)),
        frozenset({"Commitment.stage=entered", "Commitment.accepted_on", "Owner.accepted_on"}),
    ),
    Kind(
        "offer", "bodies", _("Promises that another body offers you"),
        _("It stays theirs with all duties until you accept or refuse. No rule sets a date."),
        _offered, _offered_columns,
        Said(since=_("It was offered to you on %(on)s, %(when)s.")),
        ("desk_accept", ("story",)),
        frozenset({"HandOver.state=offered", "HandOver.decided_on"}),
    ),
    Kind(
        "unpromised", "bodies", _("Answered with yes, and nothing promised"),
        _("No rule makes a promise of an answer; but who reads yours will look for one."),
        _unpromised, _unpromised_columns,
        Said(since=_("Your body said yes on %(on)s, %(when)s, and has promised nothing for it here.")),
        ("desk_promise", ("key",)),
        frozenset({"Response.stance=accepted", "Response.stance=partly_accepted"}),
        mild=True,
        query="recommendation=%(story)s",
    ),
    Kind(
        "empty_team", "bodies", _("Teams in which nobody works"),
        _("Promises belong to teams. While nobody works in one, what waits for it waits for you."),
        _empty, _empty_columns,
        Said(since=_("Nobody works in this team, which has been here since %(on)s, %(when)s.")),
        ("desk_invite", ()),
        frozenset({"Membership.ended_at", "Membership.last_day"}),
        mild=True,
        query="office=team:%(story)s",
    ),
)  # fmt: skip
