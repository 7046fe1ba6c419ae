"""Commitments as lists on pages show them, read as the API reads its own; nothing held or hidden is among the words."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from commitments.cards import CARDS, due_of
from commitments.models.residents import TENTHS
from portal import days

Row = dict[str, Any]


class Card(NamedTuple):
    """One commitment in a list."""

    reference: str
    title: str
    standing: str
    due: days.Promised
    moved: int
    days_late: int | None
    days_late_first: int | None
    owners: list[str]
    areas: list[str]
    status: str | None
    finding: str | None
    residents: float | None
    low: float | None
    high: float | None
    n: int | None
    is_held: bool
    is_entered: bool
    is_invented: bool
    is_measurable: bool
    is_silent: bool


def cards(keys: Iterable[int], today: date) -> list[Card]:
    """The commitments with these keys, in their order. One question."""
    keys = list(keys)
    found = {row["id"]: row for row in CARDS.rows(today=today, keys=keys)} if keys else {}
    return [_card(found[key], today) for key in keys if key in found]


def _score(tenths: int | None) -> float | None:
    return None if tenths is None else tenths / TENTHS


def _card(row: Row, today: date) -> Card:
    due = due_of(row, today)
    mean, low, high = (_score(row[f"residents_{name}"]) for name in ("mean", "low", "high"))
    return Card(
        reference=row["reference"],
        title=row["title"],
        standing=row["standing"],
        due=days.promised(due["on"], due["precision"], due["text"]),
        moved=due["changes"],
        days_late=due["days_late"],
        days_late_first=due["days_late_first"],
        owners=[name or body for _, name, _, body, *_ in row["its_owners"]],
        areas=[name for _, name in row["its_areas"]],
        status=row["status"],
        finding=next((finding for _, finding, *_ in row["its_findings"]), None),
        residents=mean,
        low=low,
        high=high,
        n=row["residents_n"],
        is_held=row["held_on"] is not None,
        is_entered=row["entered_from"] is not None,
        is_invented=row["invented"],
        is_measurable=row["measurable"],
        is_silent=row["silent"],
    )
