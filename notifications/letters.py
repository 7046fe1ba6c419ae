"""What the post of offices says: by office what is due, still owed, and new; and the convenor's list."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from commitments.deadlines import london_date
from commitments.models import Assembly
from commitments.permissions import check_convenor, is_allowed
from commitments.sentences import day
from notifications import duties, offices, post, role_news, telling, waiting, wording
from notifications.models import Message, PostCadence, Reader, Reminder, ReminderKind
from notifications.waiting import Pile
from notifications.wording import Item, item
from record.models import Entry

SHOWN = 50
"""So many things of one sort stand in one mail for one office."""
STILL = (ReminderKind.STILL_LATE, ReminderKind.STILL_SILENT, ReminderKind.STILL_UNANSWERED)


class Week(NamedTuple):
    """An assembly's list."""

    name: str
    monday: date
    owed: list[Pile]
    mine: list[Pile]


class Part(NamedTuple):
    """What one office is told."""

    name: str
    due: list[Item]
    still: list[Item]
    news: list[Item]
    more: int


class Letter(NamedTuple):
    """What one person is told."""

    subject: str
    parts: list[Part]
    weeks: list[Week]
    has_invented: bool


def letter(message: Message, reader: Reader, now: datetime) -> Letter | None:
    """What it says now, without what moved, was met, is hidden, or is not theirs any more; None if that is all."""
    today = london_date(now)
    told = _theirs(list(Reminder.objects.filter(told__message=message).order_by("office", "pk")), reader)
    named = offices.names({one.office for one in told})
    said, news = _due_still(told, today), _news(told)
    for office, items in role_news.items(told).items():
        news[office] = [*items, *news.get(office, [])]
    parts = [_part(named[office], office, said, news) for office in sorted(named)]
    parts = [part for part in parts if part.due or part.still or part.news]
    weeks = [_week(one, today) for one in told if one.kind == ReminderKind.WEEK]
    if not parts and not weeks:
        return None
    invented = any(one.invented for part in parts for one in part.news)
    return Letter(_subject(parts, weeks), parts, weeks, invented)


def _theirs(told: Sequence[Reminder], reader: Reader) -> list[Reminder]:
    """What belongs to offices whose post this person reads now."""
    there = offices.people({one.office for one in told})
    return [one for one in told if reader.user_id in there[one.office] and _wants(one, reader, there)]


def _wants(one: Reminder, reader: Reader, there: dict[str, set[int]]) -> bool:
    if one.kind == ReminderKind.WEEK and not is_allowed(
        check_convenor, reader.user, one.office.partition(":")[2]
    ):
        return False
    if reader.cadence != PostCadence.OFF:
        return True
    return reader in post.wanting(Reader.objects.filter(user__in=there[one.office]))


def _due_still(told: Iterable[Reminder], today: date) -> dict[tuple[str, bool], list[Item]]:
    """By office and sort what is owed today; of several reminders of one date the thing is said once."""
    by_kind: dict[str, list[Reminder]] = defaultdict(list)
    for one in told:
        if one.position is None and one.kind not in (ReminderKind.WEEK, ReminderKind.ROLES):
            by_kind[one.kind].append(one)
    found: dict[tuple[str, bool], list[tuple[date, Item]]] = defaultdict(list)
    for kind, reminders in by_kind.items():
        owed = duties.in_force(kind, {one.subject for one in reminders}, today)
        seen = set()
        for one in reminders:
            duty = owed.get(one.subject)
            if duty and duty.on == one.on and (one.office, one.subject) not in seen:
                seen.add((one.office, one.subject))
                found[one.office, kind in STILL].append((duty.on, item(duty, today)))
    return {key: [one for _, one in sorted(items)] for key, items in found.items()}


def _news(told: Iterable[Reminder]) -> dict[str, list[Item]]:
    """By office what entries say, as far as it may be shown now."""
    wanted = [one for one in told if one.position is not None]
    shown = telling.showable(Entry.objects.filter(position__in=[one.position for one in wanted]))
    entries = {entry.position: entry for entry in shown}
    lines = {line.position: line for line in telling.lines(entries.values(), with_names=True)}
    found: dict[str, list[Item]] = defaultdict(list)
    for one in sorted(wanted, key=lambda row: (row.on, row.position)):
        if one.position in lines:
            line, entry = lines[one.position], entries[one.position]
            text = f"{day(line.on.isoformat())}: {line.text}"
            found[one.office].append(wording.told(text, entry.root or entry.subject, invented=line.invented))
    return found


def _part(
    name: str,
    office: str,
    said: dict[tuple[str, bool], list[Item]],
    news: dict[str, list[Item]],
) -> Part:
    sorts: list[list[Item]] = [said.get((office, still), []) for still in (False, True)]
    new = news.get(office, [])
    more = sum(max(number - SHOWN, 0) for number in (len(sorts[0]), len(sorts[1]), len(new)))
    return Part(name, sorts[0][:SHOWN], sorts[1][:SHOWN], new[:SHOWN], more)


def _week(one: Reminder, today: date) -> Week:
    slug = one.office.partition(":")[2]
    title = Assembly.objects.values_list("title", flat=True).get(slug=slug)
    return Week(" ".join(title.split()), one.on, *waiting.piles(slug, today))


def _subject(parts: list[Part], weeks: list[Week]) -> str:
    """How much there is of what; the names of offices stand inside."""
    counts = [
        (sum(len(part.due) for part in parts), "due soon"),
        (sum(len(part.still) for part in parts), "still waiting"),
        (sum(len(part.news) for part in parts), "new"),
    ]
    said = ", ".join(f"{number} {what}" for number, what in counts if number)
    if weeks and not parts:
        return "Your weekly list"
    return f"Your office’s post: {said}" + (", and your weekly list" if weeks else "")
