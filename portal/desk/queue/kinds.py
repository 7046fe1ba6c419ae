"""What an entry of the queue is made of: which rows wait, for whom, by which clock, and where the thing is done."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    Count,
    DateField,
    F,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Concat

from commitments.models.commitments import truth
from portal.desk.queue.seats import Seats
from portal.wording import Words

NOTHING = Value("", output_field=CharField())
NO_DAY = Value(None, output_field=DateField())
NO_KEY = Value(None, output_field=BigIntegerField())
NEVER = Value(False, output_field=BooleanField())
KEYED = "its_"
"""Before the names of columns, so that no model has one of the same name."""


@dataclass(frozen=True)
class Columns:
    """Where what is shown of a row stands: expressions. `barred` holds where another person has to do it.

    Whose it is says `office`, or `promise`: the key of the commitment of which the person owns a part.
    """

    since: Any
    office: Any = NOTHING
    promise: Any = NO_KEY
    due: Any = NO_DAY
    story: Any = NOTHING
    title: Any = NOTHING
    held: Any = NO_DAY
    key: Any = NOTHING
    invented: Any = NEVER
    barred: Any = None


NAMES = tuple(f"{KEYED}{one.name}" for one in fields(Columns))


@dataclass(frozen=True)
class Said:
    """One thing in a sentence: before its date, after it, and where no rule sets one (`on` is then since when)."""

    coming: Words = ""
    missed: Words = ""
    since: Words = ""


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of waiting thing.

    `seat` names what of `Seats` it waits for; `to` the page where it is done and which columns are in its address,
    `query` what follows it.
    `later` names the column of a date of which what is far off is counted apart; what is `mild` presses nobody and
    stands last. `watches` are the states, dates and facts of the domain that it shows: a test holds them against the
    models.
    """

    name: str
    seat: str
    title: Words
    rule: Words
    waits: Callable[[Seats, date], QuerySet[Any]]
    columns: Callable[[Seats], Columns]
    said: Said
    to: tuple[str, tuple[str, ...]]
    watches: frozenset[str]
    later: str = ""
    mild: bool = False
    query: str = ""

    def is_for(self, seats: Seats) -> bool:
        """Whether the person sits where it could wait for them."""
        return bool(getattr(seats, self.seat))

    def rows(self, seats: Seats, today: date, until: date | None = None) -> QuerySet[Any]:
        """What waits; of what has a date far off only what falls due by the day `until`."""
        found = self.waits(seats, today)
        if self.later and until:
            found = found.filter(**{f"{self.later}__lte": until})
        return found

    def shown(self, seats: Seats, today: date, until: date | None = None) -> QuerySet[Any, Any]:
        """The rows with what is shown of them, in one question."""
        columns = self.columns(seats)
        named = {f"{KEYED}{one.name}": getattr(columns, one.name) for one in fields(Columns)}
        named[f"{KEYED}barred"] = NEVER if columns.barred is None else truth(columns.barred)
        found = self.rows(seats, today, until).order_by().annotate(**named)
        shown: QuerySet[Any, Any] = found.values_list(*NAMES)
        return shown

    def counted(self, seats: Seats, today: date, until: date | None = None) -> Subquery:
        """How many of them the person can do themselves, as part of another question."""
        barred = self.columns(seats).barred
        rows = self.rows(seats, today, until)
        own = rows if barred is None else rows.annotate(its_barred=truth(barred)).filter(its_barred=False)
        one = own.order_by().annotate(its_every=Value(1)).values("its_every")
        return Subquery(one.annotate(its_number=Count("pk")).values("its_number"))


def office(kind: str, slug: str) -> Concat:
    """How the record calls an office whose slug stands in a column."""
    return Concat(Value(f"{kind}:"), F(slug), output_field=CharField())
