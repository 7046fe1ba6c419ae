"""Whether the machine still works: when each job last ran, what waits, how old the newest signed state is.

Silence of the machine is seen as silence of the police is: what should have happened, and did not, is a reason by name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, QuerySet

from notifications import bounces, calling, claiming, engines, fanout, jobs
from notifications.models import Attempt, Beat, Call, Cursor, Message, MessageState
from record import checkpoints
from record.models import Entry, Head

GRACE = timedelta(minutes=5)
MISSED = 3
"""So many times a job may be late, and that grace, before it counts as silent."""
LONGEST_WAIT = timedelta(minutes=15)
"""So long may an entry be unread, a message that is due unsent, an entry unsigned."""
IN_VAIN = 5
"""So many who wait after two tries, while nobody at all was reached for an hour, are not their mailboxes' fault."""
HOUR = timedelta(hours=1)
Reason = dict[str, str]


@dataclass(frozen=True)
class Pulse:
    """What is wrong, each with a code and where; when each job last ran; and how much waits."""

    reasons: list[Reason]
    beats: dict[str, str | None]
    signed: dict[str, Any]
    queues: dict[str, Any]


def taken(now: datetime) -> Pulse:
    """As it is now; some ten short questions."""
    beats = {one.job: one for one in Beat.objects.all()}
    queues = {"messages": _messages(now), "calls": _calls(now), "unread": _unread()}
    signed = _signed(now)
    reasons = [*_silent(beats, now), *_waiting(queues, now), *_braked()]
    if _is_long_ago(signed["unsigned_since"], now):
        reasons.append({"code": "record_unsigned"})
    return Pulse(reasons, {name: _written(beats.get(name)) for name in _expected()}, signed, queues)


def _expected() -> dict[str, timedelta]:
    """Who must be heard, and after how long at the latest."""
    patience = {job.name: MISSED * job.every + GRACE for job in jobs.all_jobs()}
    return {engines.SCHEDULER: GRACE} | patience


def _written(beat: Beat | None) -> str | None:
    return beat.at.isoformat() if beat and beat.at else None


def _silent(beats: dict[str, Beat], now: datetime) -> Iterator[Reason]:
    for name, patience in _expected().items():
        beat = beats.get(name)
        if beat is None or beat.at is None or now - beat.at > patience:
            code = "scheduler_silent" if name == engines.SCHEDULER else "job_silent"
            yield {"code": code, "job": name, "error": beat.error if beat else ""}


def _messages(now: datetime) -> dict[str, Any]:
    waiting = Message.objects.filter(state=MessageState.WAITING)
    braked = [brake.channel for brake in bounces.pulled()]
    due = waiting.filter(claiming.due(now)).exclude(channel__in=braked)
    done = Message.objects.exclude(state=MessageState.WAITING)
    sent = Message.objects.filter(state=MessageState.SENT)
    return {
        **_queue(waiting, due),
        "in_vain": waiting.filter(attempts__gte=2).count(),
        "last_moved": done.aggregate(at=Max("done_at"))["at"],
        "last_sent": sent.aggregate(at=Max("done_at"))["at"],
    }


def _calls(now: datetime) -> dict[str, Any]:
    waiting = Call.objects.filter(state=MessageState.WAITING)
    moved = Attempt.objects.order_by("-pk").values_list("at", flat=True).first()
    return {**_queue(waiting, calling.due(now)), "last_moved": moved}


def _queue(waiting: QuerySet[Any], due: QuerySet[Any]) -> dict[str, Any]:
    """How many wait, since when the oldest; and since when one that could go does not (retries are due later)."""
    found: dict[str, Any] = waiting.aggregate(pending=Count("pk"), oldest=Min("created_at"))
    return found | due.aggregate(due_since=Min("next_at"))


def _unread() -> dict[str, dict[str, Any]]:
    """How far each reader of the record is behind, and since when."""
    at = dict(Cursor.objects.values_list("name", "position"))
    return {name: _behind(at.get(name, 0)) for name in (fanout.NAME, calling.NAME)}


def _behind(position: int) -> dict[str, Any]:
    """Positions have no gaps."""
    first = Entry.objects.filter(position__gt=position).order_by("position").first()
    last = Head.objects.values_list("position", flat=True).first() or 0
    return {"entries": max(0, last - position), "since": first.at if first else None}


def _waiting(queues: dict[str, Any], now: datetime) -> Iterator[Reason]:
    for name in ("messages", "calls"):
        if _is_long_ago(queues[name]["due_since"], now) and not _is_recent(queues[name]["last_moved"], now):
            yield {"code": "queue_stands", "queue": name}
    if _is_in_vain(queues["messages"], now):
        yield {"code": "nothing_gets_through", "queue": "messages"}
    for name, one in queues["unread"].items():
        if _is_long_ago(one["since"], now):
            yield {"code": "record_unread", "reader": name}


def _is_in_vain(mails: dict[str, Any], now: datetime) -> bool:
    reached = mails["last_sent"] is not None and now - mails["last_sent"] < HOUR
    return mails["in_vain"] >= IN_VAIN and not reached and now - mails["oldest"] > HOUR


def _is_long_ago(when: datetime | None, now: datetime) -> bool:
    return when is not None and now - when > LONGEST_WAIT


def _is_recent(when: datetime | None, now: datetime) -> bool:
    return when is not None and now - when <= LONGEST_WAIT


def _braked() -> Iterator[Reason]:
    for brake in bounces.pulled():
        yield {"code": "channel_braked", "channel": brake.channel}


def _signed(now: datetime) -> dict[str, Any]:
    """The newest signed state, how old it is, and since when there is something that it does not hold."""
    newest = checkpoints.latest()
    behind = _behind(newest.size if newest else 0)
    return {
        "size": newest.size if newest else 0,
        "seconds_old": int((now - newest.at).total_seconds()) if newest else None,
        "unsigned": behind["entries"],
        "unsigned_since": behind["since"],
    }
