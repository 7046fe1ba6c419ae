"""One waiting thing as the page tells it: a sentence with its date, how urgent it is, and where it is done."""

from datetime import date, datetime
from typing import Any, NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.deadlines import london_date
from portal.desk.queue.kinds import KEYED, NAMES, Kind

Row = tuple[Any, ...]


class Item(NamedTuple):
    """One waiting thing. `on` is the day of its rule, or, where no rule sets one, the day since which it waits."""

    said: str
    story: str
    title: str
    is_held: bool
    is_invented: bool
    is_barred: bool
    is_missed: bool
    rank: int
    on: date
    office: str
    link: str

    @property
    def urgency(self) -> tuple[int, date]:
        """The oldest first of each rank."""
        return self.rank, self.on


def item(kind: Kind, row: Row, today: date, owned: dict[int, str]) -> Item:
    """A row of `Kind.shown` in words; `owned` says in which office the person owns a promise."""
    found = dict(zip((name.removeprefix(KEYED) for name in NAMES), row, strict=True))
    found["office"] = found["office"] or owned.get(found["promise"], "")
    due = found["due"]
    on = due or _day(found["since"]) or today
    words = kind.said.since
    if due:
        words = kind.said.missed if due < today else kind.said.coming
    return Item(
        said=str(words) % {"on": date_format(on, "DATE_FORMAT"), "when": when(on, today)},
        story=found["story"],
        title="" if found["held"] else found["title"],
        is_held=bool(found["held"]),
        is_invented=bool(found["invented"]),
        is_barred=bool(found["barred"]),
        is_missed=bool(due and due < today),
        rank=_rank(kind, due, today),
        on=on,
        office=found["office"],
        link=_link(kind, found),
    )


def _rank(kind: Kind, due: date | None, today: date) -> int:
    """What was missed first, then what waits without a date, then what comes, then what presses nobody."""
    if kind.mild:
        return 3
    if due is None:
        return 1
    return 0 if due < today else 2


def when(on: date, today: date) -> str:
    """How far a day is, as people say it: “12 days ago”, “today”, “in 3 days”."""
    days = (on - today).days
    if days == 0:
        return _("today")
    said = (
        ngettext("%(n)s day ago", "%(n)s days ago", -days)
        if days < 0
        else ngettext("in %(n)s day", "in %(n)s days", days)
    )
    return said % {"n": abs(days)}


def _day(moment: Any) -> date | None:
    return london_date(moment) if isinstance(moment, datetime) else moment


def _link(kind: Kind, found: dict[str, Any]) -> str:
    name, parts = kind.to
    try:
        path = reverse(name, args=[found[part] for part in parts])
    except NoReverseMatch:
        return ""
    return f"{path}?{kind.query % found}" if kind.query else path
