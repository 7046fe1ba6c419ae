"""What waits for those who keep promises: updates, dates, steps, replies, and claims that were refuted."""

from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from commitments.choices import ChallengeState, Status
from commitments.models import Challenge, Commitment, Milestone, Owner
from commitments.models.commitments import IS_MEASURABLE, LIVE
from notifications.duties import RUNNING
from portal.desk.queue.kinds import NO_DAY, Columns, Kind, Said
from portal.desk.queue.seats import Seats


def owned(seats: Seats) -> QuerySet[Owner]:
    """The parts of promises that teams and bodies of this person have at present."""
    mine = Q(team__in=seats.team_keys) | Q(organisation__in=seats.body_keys)
    return Owner.objects.filter(mine, ended_on=None)


def promises(seats: Seats) -> QuerySet[Owner, int]:
    """The keys of the promises of which they are parts."""
    return owned(seats).order_by().values_list("commitment_id", flat=True)


def offices(seats: Seats) -> dict[int, str]:
    """In which office the person owns each: as the lead where they can, in the team where they work in it."""
    teams = dict(seats.teams)
    rows = owned(seats).order_by("lead", "-pk").values_list("commitment_id", "team_id", "organisation__slug")
    return {
        key: f"team:{teams[team]}" if team in teams else f"organisation:{body}" for key, team, body in rows
    }


def _running(seats: Seats) -> QuerySet[Commitment]:
    return Commitment.objects.filter(RUNNING, pk__in=promises(seats), stage__in=LIVE)


def _promise(since: str, due: str = "") -> Any:
    def columns(seats: Seats) -> Columns:
        return Columns(
            promise=F("pk"), story=F("reference"), title=F("title"), held=F("held_on"),
            since=F(since), invented=F("invented"), due=F(due) if due else NO_DAY,
        )  # fmt: skip

    return columns


def _of_promise(since: str, due: str) -> Any:
    def columns(seats: Seats) -> Columns:
        return Columns(
            promise=F("commitment_id"), story=F("commitment__reference"),
            title=F("commitment__title"), held=F("commitment__held_on"), since=F(since), due=F(due),
            key=F("pk"), invented=F("invented"),
        )  # fmt: skip

    return columns


def _updates(seats: Seats, today: date) -> QuerySet[Any]:
    return _running(seats).filter(update_due_on__isnull=False)


def _dates(seats: Seats, today: date) -> QuerySet[Any]:
    return _running(seats).filter(due_on__isnull=False)


def _steps(seats: Seats, today: date) -> QuerySet[Any]:
    return Milestone.objects.filter(commitment__in=_running(seats), done_on=None)


def _replies(seats: Seats, today: date) -> QuerySet[Any]:
    return Challenge.objects.filter(commitment__in=promises(seats), state=ChallengeState.OPEN)


def _refuted(seats: Seats, today: date) -> QuerySet[Any]:
    rows = Commitment.objects.filter(pk__in=promises(seats), stage__in=LIVE)
    return rows.filter(status=Status.COMPLETED, refuted_on__isnull=False)


def _unmeasurable(seats: Seats, today: date) -> QuerySet[Any]:
    return _running(seats).exclude(IS_MEASURABLE)


KINDS = (
    Kind(
        "reply", "owners", _("Challenges to answer"),
        _("The owner of a promise answers a challenge within 28 days, or within what the assembly set."),
        _replies, _of_promise("opened_on", "reply_due_on"),
        Said(_("A challenge is to be answered by %(on)s, %(when)s."),
             _("A challenge was to be answered by %(on)s, %(when)s. A late answer is taken.")),
        ("desk_reply", ("key",)),
        frozenset({
            "Challenge.state=open", "Challenge.state=unanswered", "Challenge.answered_on",
            "Standing=contested", "ReminderKind=reply_due", "ReminderKind=still_unanswered",
        }),
    ),
    Kind(
        "refuted", "owners", _("Claims that were refuted"),
        _("The panel or a challenge found that it is not done as claimed. Lateness runs on until you report again."),
        _refuted, _promise("refuted_on"),
        Said(since=_("The claim that it is done was refuted on %(on)s, %(when)s. Say what is so.")),
        ("desk_update", ("story",)),
        frozenset({
            "Commitment.refuted_on", "Commitment.finding=partly_verified", "Commitment.finding=not_verified",
        }),
    ),
    Kind(
        "promise", "owners", _("Promises with their day"),
        _("A promise is late after the last day of its period, until its owner claims that it is done."),
        _dates, _promise("accepted_on", "due_on"),
        Said(_("It is due by %(on)s, %(when)s."), _("It was due by %(on)s, %(when)s.")),
        ("desk_update", ("story",)),
        frozenset({
            "Fact=overdue", "Standing=late", "Standing=very_late", "ReminderKind=due", "ReminderKind=still_late",
        }),
        later="due_on",
    ),
    Kind(
        "update", "owners", _("Updates"),
        _("An owner reports every 90 days, or as often as the assembly set. “Nothing to report” counts too."),
        _updates, _promise("accepted_on", "update_due_on"),
        Said(_("An update is due by %(on)s, %(when)s."), _("An update was due by %(on)s, %(when)s.")),
        ("desk_update", ("story",)),
        frozenset({
            "Fact=silent", "Standing=silent", "Standing=no_word", "Commitment.last_update_at",
            "Commitment.status_at", "Owner.team_status_at", "ReminderKind=update_due",
            "ReminderKind=still_silent", "Commitment.status=not_started", "Commitment.status=in_progress",
        }),
        later="update_due_on",
    ),
    Kind(
        "step", "owners", _("Steps"),
        _("A step is overdue after its day, until an owner says when it was done."),
        _steps, _of_promise("published_at", "due_on"),
        Said(_("A step is due by %(on)s, %(when)s."), _("A step was due by %(on)s, %(when)s.")),
        ("desk_milestones", ("story",)),
        frozenset({"Milestone.done_on", "ReminderKind=step_due"}),
        later="due_on",
    ),
    Kind(
        "unmeasurable", "owners", _("Promises that nobody can judge"),
        _("A promise without measure, target, due date and source of proof is counted in public as one that cannot"
          " be judged. No rule sets a date; a correction can add what is missing."),
        _unmeasurable, _promise("accepted_on"),
        Said(since=_("Nobody can judge it, since %(on)s, %(when)s: something to measure it by is missing.")),
        ("desk_correct", ("story",)),
        frozenset({"Fact=measurable", "Commitment.due_on", "Commitment.first_due_on"}),
        mild=True,
    ),
)  # fmt: skip
