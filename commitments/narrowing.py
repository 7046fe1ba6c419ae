"""What the list of commitments can be narrowed by: the same questions for the API's lists and for the pages.

Each takes rows and what was read from the address. Where rows only belong to commitments, `key` says how they name
theirs.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from commitments.choices import Standing
from commitments.models import Answering, Area, Assembly, CommitmentArea, Owner, Tie
from commitments.models.commitments import FACTS, standing, standing_needs, truth

NONE = "none"
"""Asks by name for what has none of something."""

Rows = QuerySet[Any]
Words = Sequence[str]


def inside(codes: Words) -> QuerySet[Area]:
    """The areas with these ONS codes, and everything inside them."""
    within = Q(pk__in=[])
    for code in codes:
        within |= Q(path__contains=f"{code}/")
    found: QuerySet[Area] = Area.objects.filter(within)
    return found


def _of(model: Any, key: str) -> Rows:
    """What belongs to a row's commitment."""
    rows: Rows = model.objects.filter(commitment=OuterRef(key))
    return rows


def by_theme(rows: Rows, themes: Words, key: str = "pk") -> Rows:
    """Through any of its recommendations; each is found once."""
    answering = _of(Answering, key)
    wanted = Q(Exists(answering.filter(recommendation__theme__slug__in=themes)))
    if NONE in themes:
        wanted |= ~Q(Exists(answering.filter(recommendation__theme__isnull=False)))
    return rows.filter(wanted)


def by_area(rows: Rows, codes: Words, key: str = "pk") -> Rows:
    """In an area, or in one inside it."""
    return rows.filter(Exists(_of(CommitmentArea, key).filter(area__in=inside(codes))))


def by_organisation(rows: Rows, slugs: Words, key: str = "pk") -> Rows:
    """Present owners only."""
    return rows.filter(Exists(_of(Owner, key).filter(ended_on=None, organisation__slug__in=slugs)))


def by_team(rows: Rows, slugs: Words, key: str = "pk") -> Rows:
    """Present owners only."""
    return rows.filter(Exists(_of(Owner, key).filter(ended_on=None, team__slug__in=slugs)))


def by_recommendation(rows: Rows, references: Words, key: str = "pk") -> Rows:
    """Any of them."""
    return rows.filter(Exists(_of(Answering, key).filter(recommendation__reference__in=references)))


def by_assembly(rows: Rows, slugs: Words) -> Rows:
    """One is found before the list is read, so that an index gives its commitments in their order."""
    named = Assembly.objects.order_by().values("pk")
    if len(slugs) == 1:
        return rows.filter(assembly=named.filter(slug=slugs[0])[:1])
    return rows.filter(assembly__in=named.filter(slug__in=slugs))


def by_status(rows: Rows, statuses: Words) -> Rows:
    """Null is asked for by name."""
    wanted = Q(status__in=statuses)
    return rows.filter(wanted | Q(status=None) if NONE in statuses else wanted)


def by_priority(rows: Rows, priorities: Words) -> Rows:
    """Tied to any of them, or to none at all."""
    ties = _of(Tie, "pk")
    wanted = Q(Exists(ties.filter(priority__in=[one for one in priorities if one != NONE])))
    return rows.filter(wanted | ~Q(Exists(ties)) if NONE in priorities else wanted)


def by_standing(rows: Rows, standings: Words, today: date) -> Rows:
    """Any of them; each is also said in columns that an index can find."""
    found = Q()
    for one in standings:
        found |= standing_needs(Standing(one), today)
    known: Rows = rows.alias(standing=standing(today))
    return known.filter(found, standing__in=standings)


def by_fact(rows: Rows, name: str, value: bool, today: date) -> Rows:
    """It holds; or it does not, or is not known to."""
    holds = FACTS[name](today)
    return rows.filter(holds) if value else rows.exclude(truth(holds))


def at_least(value: Decimal, unit: int) -> int:
    """The least whole number of so many parts of one that is not below `value`."""
    return int((value * unit).to_integral_value(ROUND_CEILING))


def at_most(value: Decimal, unit: int) -> int:
    """The greatest whole number of so many parts of one that is not above `value`."""
    return int((value * unit).to_integral_value(ROUND_FLOOR))
