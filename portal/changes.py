"""What changed in a week: by day, and by what it is about; lateness and silence too, whoever wrote them or nobody."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from commitments import sentences
from commitments.models import Assembly
from portal import asking, happenings, missed
from portal.asking import Asked, Fault, NotUnderstood
from portal.kept import kept
from portal.things import KINDS, REGISTERS, Thing, things
from record import clock, values
from record.entries import body_of
from record.models import Entry, Head

WEEK, ONE_DAY = timedelta(days=7), timedelta(days=1)
MOST = 200
"""Entries on a page; a week of more goes on over others."""
MOST_OF_A_REGISTER = 5
FIRST = date(2000, 1, 1)
KNOWN: dict[str, values.Value] = {"from": values.Day(), "before": values.Whole(1)}
FORKED = frozenset(
    {"update.posted", "verification.published", "challenge.opened", "challenge.resolved", "words.published"}
)
"""Types of which `happenings` has several sentences."""
GRAVE = frozenset(
    {
        "commitment.overdue",
        "commitment.very_late",
        "commitment.silent",
        "milestone.overdue",
        "recommendation.no_response",
        "challenge.unanswered",
    }
)


class Change(NamedTuple):
    """One thing that happened; `position` is null where the clock has decided it and nobody has written it yet."""

    said: str
    is_english: bool
    on: date
    recorded_on: date
    position: int | None
    is_grave: bool
    is_invented: bool


class About(NamedTuple):
    """What happened to one thing on one day; `left` are not shown."""

    thing: Thing
    changes: list[Change]
    left: int
    is_invented: bool


class Day(NamedTuple):
    """One day, newest changes first."""

    on: date
    things: list[About]


Told = tuple[str, Change]


@kept
@asking.understood
def changes(request: HttpRequest) -> HttpResponse:
    """One week. At most sixteen questions, however much happened."""
    asked, today = asking.read(request.GET, KNOWN), clock.today()
    first = _first(asked, today)
    last = first + WEEK - ONE_DAY
    rows = list(_entries(first, last, asked.found.get("before"))[: MOST + 1])
    told = [
        *_of_entries(rows[:MOST]),
        *(_unwritten(first, last, today) if "before" not in asked.found else []),
    ]
    earlier = rows[MOST - 1].position if len(rows) > MOST else None
    context = {
        "first": first,
        "last": last,
        "days": _days(told),
        "more": asked.address(**{"from": first.isoformat(), "before": str(earlier)}) if earlier else "",
        "is_continued": "before" in asked.found,
        "previous": f"?from={(first - WEEK).isoformat()}" if first - WEEK >= FIRST else "",
        "next": f"?from={(first + WEEK).isoformat()}" if first + WEEK <= today else "",
        "is_now": last >= today,
        "position": Head.objects.values_list("position", flat=True).get(),
        "assembly": Assembly.objects.order_by("position").first(),
    }
    return render(request, "portal/changes.html", context)


def _first(asked: Asked, today: date) -> date:
    """The first day of the week that is asked for; the last seven days, today among them, where none is."""
    first: date = asked.found.get("from") or today - WEEK + ONE_DAY
    if not FIRST <= first <= today:
        raise NotUnderstood([Fault("from", _("A day from the year 2000 to today is expected."))])
    return first


def _entries(first: date, last: date, before: int | None) -> Any:
    """What was written on these London days: by when it was written, so that who reads each week misses nothing."""
    rows = Entry.objects.filter(at__gte=_midnight(first), at__lt=_midnight(last + ONE_DAY))
    if before is not None:
        rows = rows.filter(position__lt=before)
    return rows.order_by("-position")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.LONDON)


def _of_entries(rows: list[Entry]) -> list[Told]:
    bodies = [(row, body_of(row)) for row in rows]
    names = sentences.names_in([(row.actor, body["facts"]) for row, body in bodies])
    return [(row.root, _change(row, body, names)) for row, body in bodies]


def _change(row: Entry, body: dict[str, Any], names: dict[str, str]) -> Change:
    said, is_english = _said(row.type, row.actor, row.subject, row.root, body["facts"], names)
    return Change(
        said=said,
        is_english=is_english,
        on=row.occurred_on,
        recorded_on=row.at.astimezone(clock.LONDON).date(),
        position=row.position,
        is_grave=row.type in GRAVE,
        is_invented=bool(body.get("invented")),
    )


def _said(
    kind: str, actor: str, subject: str, root: str, facts: dict[str, Any], names: dict[str, str]
) -> tuple[str, bool]:
    """As the page's language has it, where it does; else in English, and whether it is."""
    if root.startswith("commitment:") and (kind in happenings.SENTENCES or kind in FORKED):
        return happenings.said(kind, actor, subject, root, facts, names), False
    return f"{sentences.sentence(kind, actor, subject, root, facts, names)}.", True


def _unwritten(first: date, last: date, today: date) -> list[Told]:
    """What the clock has decided on these days and nobody has written."""
    found = missed.passed(first, last, today)
    names = sentences.names_in([("clock", one.facts) for one in found]) if found else {}
    told = []
    for one in found:
        said, is_english = _said(one.type, "clock", one.subject, one.root, one.facts, names)
        told.append((one.root, Change(said, is_english, one.on, one.on, None, True, one.invented)))
    return told


def _days(told: list[Told]) -> list[Day]:
    """By day, newest first; on each, by what it is about, in the order of the newest change."""
    by_day: dict[date, dict[str, list[Change]]] = defaultdict(lambda: defaultdict(list))
    for root, change in told:
        kind = root.partition(":")[0]
        by_day[change.recorded_on][kind if kind in REGISTERS else root].append(change)
    known = things({root for groups in by_day.values() for root in groups if ":" in root})
    return [
        Day(day, [_about(root, found, known) for root, found in by_day[day].items()])
        for day in sorted(by_day, reverse=True)
    ]


def _about(root: str, found: list[Change], known: dict[str, Thing]) -> About:
    most = MOST_OF_A_REGISTER if root in REGISTERS else len(found)
    thing = Thing("", "", str(KINDS[root]), "") if root in REGISTERS else known.get(root)
    is_invented = all(change.is_invented for change in found)
    return About(thing or Thing("", "", "", ""), found[:most], max(0, len(found) - most), is_invented)
