"""Everything that waits for one person, by office and kind, most urgent first; a fixed number of questions."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts.models import User
from commitments.models import Assembly
from notifications import offices
from portal.desk.queue import keeping
from portal.desk.queue import seats as sitting
from portal.desk.queue.items import Item, item
from portal.desk.queue.kinds import Kind
from portal.desk.queue.registry import KINDS
from portal.desk.queue.seats import Seats
from record.models import Head

SOON = timedelta(days=28)
"""What falls due later is counted, and stands on the page of its kind."""
SHOWN = 10
"""So many of one kind stand on the page of all; the rest has a page of its own, whole."""


class Group(NamedTuple):
    """What waits of one kind in one office: the first of it, and how many in all."""

    kind: Kind
    items: list[Item]
    number: int
    missed: int


class Office(NamedTuple):
    """What waits in one office."""

    key: str
    name: str
    groups: list[Group]
    number: int


class Later(NamedTuple):
    """How many of a kind fall due later."""

    kind: Kind
    number: int


class Queue(NamedTuple):
    """All of it. `shut` are offices in which the person may not act, because a body of theirs owns something there."""

    offices: list[Office]
    later: list[Later]
    number: int
    shut: list[str]


def of(seats: Seats, today: date) -> Queue:
    """What waits in these seats: one question for each kind that can, and five more."""
    owned = keeping.offices(seats) if seats.owners else {}
    found = {kind: _items(kind, seats, today, owned, today + SOON) for kind in KINDS if kind.is_for(seats)}
    by_office: dict[str, dict[Kind, list[Item]]] = defaultdict(dict)
    for kind, waiting in found.items():
        for one in waiting:
            by_office[one.office].setdefault(kind, []).append(one)
    named = names({*by_office, *seats.shut})
    told = [_office(key, named[key], groups) for key, groups in by_office.items()]
    told.sort(key=lambda one: one.groups[0].items[0].urgency)
    number = sum(not one.is_barred for waiting in found.values() for one in waiting)
    return Queue(told, _later(seats, today, found), number, [named[one] for one in seats.shut])


def items(kind: Kind, seats: Seats, today: date) -> list[Item]:
    """All that waits of one kind, most urgent first. Two questions."""
    return _items(kind, seats, today, keeping.offices(seats) if seats.owners else {})


def _items(
    kind: Kind, seats: Seats, today: date, owned: dict[int, str], until: date | None = None
) -> list[Item]:
    told = [item(kind, row, today, owned) for row in kind.shown(seats, today, until)]
    return sorted(told, key=lambda one: (one.urgency, one.story))


def number_of(user: User, today: date) -> int:
    """How many things wait that the person can do. Three questions at most."""
    seats = sitting.of(user)
    return sum(_numbers([kind for kind in KINDS if kind.is_for(seats)], seats, today, today + SOON).values())


def _numbers(kinds: list[Kind], seats: Seats, today: date, until: date | None = None) -> dict[Kind, int]:
    if not kinds:
        return {}
    asked: dict[str, Any] = {f"its_{kind.name}": kind.counted(seats, today, until) for kind in kinds}
    row: dict[str, Any] = Head.objects.annotate(**asked).values(*asked).get()
    return {kind: row[f"its_{kind.name}"] or 0 for kind in kinds}


def _later(seats: Seats, today: date, found: dict[Kind, list[Item]]) -> list[Later]:
    """What has a date that is far off. One question."""
    kinds = [kind for kind in found if kind.later]
    counted = [
        Later(kind, number - len(found[kind])) for kind, number in _numbers(kinds, seats, today).items()
    ]
    return [one for one in counted if one.number]


def _office(key: str, name: str, by_kind: dict[Kind, list[Item]]) -> Office:
    groups = [
        Group(kind, waiting[:SHOWN], len(waiting), sum(one.is_missed for one in waiting))
        for kind, waiting in by_kind.items()
    ]
    groups.sort(key=lambda one: one.items[0].urgency)
    return Office(key, name, groups, sum(one.number for one in groups))


def names(keys: set[str]) -> dict[str, str]:
    """What people call offices. Three questions at most."""
    found = offices.names(keys)
    slugs = [key.partition(":")[2] for key in keys if key.startswith(("convenor:", "panel:"))]
    titles = dict(Assembly.objects.filter(slug__in=slugs).values_list("slug", "title")) if slugs else {}
    for key in keys:
        kind, _colon, slug = key.partition(":")
        if kind == "convenor":
            found[key] = _("Convenor: %(assembly)s") % {"assembly": titles.get(slug) or slug}
        elif kind == "panel":
            found[key] = _("Panel: %(assembly)s") % {"assembly": titles.get(slug) or slug}
        elif kind == "you":
            found[key] = _("For yourself")
    return found
