"""What offices are to hear, each thing once: dates that come near, what is late still, and entries that concern them.

Everything derives from the record and the day, so it may run at any time, late, twice, or beside another.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from commitments.deadlines import london_date
from commitments.models import Assembly, Commitment
from notifications import duties, offices, post, reading, role_news
from notifications.duties import Duty
from notifications.models import Cursor, Reminded, Reminder, ReminderKind
from notifications.topics import Read
from record import clock
from record.entries import body_of
from record.models import Entry

BEFORE = (14, 7, 1)
"""So many days before a date its office hears of it."""
ENTRIES, DERIVED, DAY = "offices", "office_dates", "office_day"
"""Cursors: entries read for offices; at which position, and on which day, dates were last looked at."""
TOGETHER = 500
WAITS = timedelta(days=14)
"""So long a reminder waits for somebody who reads it."""
TO_OWNERS = frozenset({
    "commitment.overdue", "commitment.very_late", "commitment.silent", "milestone.overdue",
    "challenge.opened", "challenge.unanswered", "challenge.resolved",
    "verification.published", "due_date.approved", "due_date.refused", "commitment.corrected", "correction.refused",
    "commitment.hand_over_refused", "commitment.handed_over",
})  # fmt: skip
"""What the owners of a promise are told."""
TO_BODIES = frozenset({"commitment.very_late"})
"""What the responders of its owners' bodies are told too."""
NAMED = {
    "recommendation.asked": "organisation",
    "recommendation.no_response": "organisation",
    "commitment.hand_over_offered": "to",
    "commitment.hand_over_withdrawn": "to",
}
"""What the body is told that one of its facts names."""


class Due(NamedTuple):
    """What makes a reminder one and the same."""

    office: str
    kind: str
    subject: str
    on: date
    days: int


def remind(now: datetime) -> int:
    """Write down what each office is to hear, and who reads it; how many reminders are new."""
    before = Reminder.objects.aggregate(last=Max("pk"))["last"] or 0
    reading.read_on(ENTRIES, _note_entries)
    _look_at_dates(now)
    role_news.note(now)
    place(now)
    return Reminder.objects.filter(pk__gt=before).count()


def is_behind(now: datetime) -> bool:
    """Whether there may be something new to tell offices: the record went on, or the day."""
    looked = Cursor.objects.filter(name=DAY).values_list("position", flat=True).first()
    behind = any(reading.is_behind(name) for name in (ENTRIES, DERIVED)) or role_news.is_behind()
    return behind or looked != london_date(now).toordinal()


def _note_entries(entries: Sequence[Read]) -> None:
    """Each entry once for each office that it concerns, and not for the office that made it."""
    told = [one for one in entries if one.type in TO_OWNERS or one.type in NAMED]
    if not told:
        return
    rows = Entry.objects.in_bulk([one.position for one in told], field_name="position")
    noted = [
        Reminder(
            office=office,
            kind=ReminderKind.ENTRY,
            subject=one.subject,
            on=rows[one.position].occurred_on,
            position=one.position,
            made_at=clock.now(),
        )
        for one, concerned in _concerned(told, rows)
        for office in sorted(concerned - {one.actor})
    ]
    Reminder.objects.bulk_create(noted, ignore_conflicts=True)


def _concerned(told: Sequence[Read], rows: dict[int, Entry]) -> Iterable[tuple[Read, set[str]]]:
    owners = _owners_of({one.root for one in told if one.type in TO_OWNERS})
    for one in told:
        facts = body_of(rows[one.position])["facts"]
        if one.type in NAMED:
            yield one, {f"organisation:{facts.get(NAMED[one.type])}"}
            continue
        teams, bodies = owners.get(one.root, (set(), set()))
        former = {_office(owner) for owner in facts.get("old_owners") or []}
        yield one, teams | former | (bodies if one.type in TO_BODIES else set())


def _owners_of(stories: set[str]) -> dict[str, tuple[set[str], set[str]]]:
    """The teams and the bodies that own each promise now."""
    keys = dict(
        Commitment.objects.filter(reference__in=[one.partition(":")[2] for one in stories]).values_list(
            "pk", "reference"
        )
    )
    teams, bodies = duties.offices(keys), duties.bodies(keys)
    return {f"commitment:{name}": (set(teams[key]), set(bodies[key])) for key, name in keys.items()}


def _office(owner: dict[str, str]) -> str:
    return f"team:{owner['team']}" if owner.get("team") else f"organisation:{owner.get('organisation')}"


@transaction.atomic
def _look_at_dates(now: datetime) -> None:
    """Dates are looked at when the day or the record moved since; both cursors move with what was found."""
    today = london_date(now)
    derived, day = reading.lock(DERIVED), reading.lock(DAY)
    head = Entry.objects.aggregate(last=Max("position"))["last"] or 0
    if (derived.position, day.position) == (head, today.toordinal()):
        return
    wanted = {*_coming(today), *_escalated(today), *_weekly(today)}
    _note(wanted, now)
    Cursor.objects.filter(pk=DERIVED).update(position=head)
    Cursor.objects.filter(pk=DAY).update(position=today.toordinal())


def _coming(today: date) -> Iterable[Due]:
    found = duties.between(today, today + timedelta(days=max(BEFORE)))
    owners = duties.offices(duties.keys(found))
    for duty in found:
        days = offset(duty, today)
        if days is not None:
            for office in _who(duty, owners):
                yield Due(office, duty.kind, duty.subject, duty.on, days)


def offset(duty: Duty, today: date) -> int | None:
    """Which reminder a day calls for: the newest whose day has come, if the date was in force by then."""
    left = (duty.on - today).days
    days = min((one for one in BEFORE if left <= one), default=None)
    if days is None or left < 0:
        return None
    was_in_force = duty.since is None or duty.since < duty.on - timedelta(days=days)
    return days if was_in_force or days == min(BEFORE) else None


def _escalated(today: date) -> Iterable[Due]:
    """What is late, silent or unanswered for so long that the bodies behind the teams hear of it, once a date."""
    if settings.ESCALATE_AFTER_DAYS:
        found = duties.passed(today, today - timedelta(days=settings.ESCALATE_AFTER_DAYS))
        bodies = duties.bodies(duties.keys(found))
        for duty in found:
            for office in _who(duty, bodies):
                yield Due(office, duty.kind, duty.subject, duty.on, 0)


def _weekly(today: date) -> Iterable[Due]:
    """The list of this week alone, however long nothing ran; of assemblies that were there when it began."""
    monday = today - timedelta(days=today.weekday())
    for slug in Assembly.objects.filter(published_at__lt=_midnight(monday)).values_list("slug", flat=True):
        yield Due(f"convenor:{slug}", ReminderKind.WEEK, f"assembly:{slug}", monday, 0)


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time.min, tzinfo=clock.LONDON)


def _who(duty: Duty, owners: dict[int, list[str]]) -> list[str]:
    return (
        [f"organisation:{duty.organisation}"] if duty.commitment is None else owners.get(duty.commitment, [])
    )


def _note(wanted: Iterable[Due], now: datetime) -> None:
    """Write down what is not there yet."""
    ordered = sorted(wanted)
    for start in range(0, len(ordered), TOGETHER):
        some = ordered[start : start + TOGETHER]
        rows = Reminder.objects.filter(subject__in={one.subject for one in some}, position=None)
        there = set(rows.values_list("office", "kind", "subject", "on", "days"))
        new = [Reminder(**one._asdict(), made_at=now) for one in some if one not in there]
        Reminder.objects.bulk_create(new, ignore_conflicts=True)


def place(now: datetime) -> None:
    """Put each reminder before those who work in its office now; where nobody does it waits for a fortnight."""
    last: int | None = 0
    while last is not None:
        last = _placed(now, last)


@transaction.atomic
def _placed(now: datetime, after: int) -> int | None:
    """Some of them; the last that was looked at, or none."""
    waiting = Reminder.objects.filter(placed_at=None, pk__gt=after).order_by("pk")
    some = list(waiting.select_for_update(skip_locked=True)[:TOGETHER])
    if not some:
        return None
    there, own = offices.people({one.office for one in some}), _own(some)
    readers = post.readers({user for users in there.values() for user in users})
    told = [
        Reminded(reminder=one, reader=reader)
        for one in some
        for reader in post.wanting(readers[user] for user in there[one.office] - own.get(one.position, set()))
    ]
    Reminded.objects.bulk_create(told, ignore_conflicts=True)
    done = [one.pk for one in some if there[one.office] or one.made_at < now - WAITS]
    Reminder.objects.filter(pk__in=done).update(placed_at=now)
    return some[-1].pk


def _own(some: Sequence[Reminder]) -> dict[int | None, set[int]]:
    """For each entry who works in the office that made it."""
    positions = [one.position for one in some if one.position is not None]
    rows = Entry.objects.filter(position__in=positions).values_list("position", "actor") if positions else ()
    actors = dict(rows)
    there = offices.people(set(actors.values()))
    return {position: there[actor] for position, actor in actors.items()}
