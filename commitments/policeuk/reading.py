"""What data.police.uk answers, as typed values: numbers out of strings, text out of HTML, null where it says nothing.

Of a neighbourhood's detail only its name, population and centre are read: who its officers are and how to reach them
is not taken.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from commitments.policeuk.texts import plain_text
from commitments.policeuk.trouble import PoliceUKTrouble

LICENCE = "OGL-UK-3.0"
"""The Open Government Licence, under which data.police.uk publishes."""
LONGEST_ID, LONGEST_NAME = 60, 200
MOST_PEOPLE = 2_000_000_000
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?")
_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,20})?")
T = TypeVar("T")


@dataclass(frozen=True)
class Listed:
    """One line of a list: an id, and a name where there is one."""

    id: str
    name: str | None


@dataclass(frozen=True)
class Force:
    """A police force."""

    id: str
    name: str | None
    url: str | None


@dataclass(frozen=True)
class Neighbourhood:
    """A neighbourhood; `population` is null where the source says 0, as it does where nobody counted."""

    id: str
    name: str | None
    population: int | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Priority:
    """An issue and what was done about it, in plain text; null where the source says nothing."""

    issue: str | None
    action: str | None = None
    issue_date: date | None = None
    action_date: date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing at all."""
        return not (self.issue or self.action)


def listed(found: Any, where: str) -> list[Listed]:
    """Ids with names; an id that comes twice is taken once."""
    rows: dict[str, Listed] = {}
    for row, at in _rows(found, where):
        rows.setdefault(_id(row, at), Listed(_id(row, at), _name(row, at)))
    return list(rows.values())


def force(found: Any, where: str) -> Force:
    """A force."""
    row = _object(found, where)
    return Force(_id(row, where), _name(row, where), _text(row, "url", where))


def neighbourhood(found: Any, where: str) -> Neighbourhood:
    """A neighbourhood. A centre needs both of its numbers."""
    row = _object(found, where)
    centre = row.get("centre")
    at = f"{where}: centre"
    middle = _object(centre, at) if centre is not None else {}
    latitude = _coordinate(middle, "latitude", at, 90)
    longitude = _coordinate(middle, "longitude", at, 180)
    whole = latitude is not None and longitude is not None
    return Neighbourhood(
        _id(row, where),
        _name(row, where),
        _population(row, where),
        latitude if whole else None,
        longitude if whole else None,
    )


def priorities(found: Any, where: str) -> list[Priority]:
    """The priorities in the source's order: what comes twice, word for word, is taken once, and emptiness never."""
    rows = [_priority(row, at) for row, at in _rows(found, where)]
    return [row for row in dict.fromkeys(rows) if not row.is_empty]


def _priority(row: Mapping[str, Any], at: str) -> Priority:
    return Priority(
        issue=_html(row, "issue", at),
        action=_html(row, "action", at),
        issue_date=_day(row, "issue-date", at),
        action_date=_day(row, "action-date", at),
    )


def _rows(found: Any, where: str) -> list[tuple[Mapping[str, Any], str]]:
    if not isinstance(found, list):
        raise _unexpected(where, "a list", found)
    places = [(row, f"{where}[{number}]") for number, row in enumerate(found)]
    return [(_object(row, at), at) for row, at in places]


def _object(found: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(found, dict):
        raise _unexpected(where, "an object", found)
    return found


def _id(row: Mapping[str, Any], where: str) -> str:
    found = _text(row, "id", where)
    if found is None or len(found) > LONGEST_ID or not found.isprintable():
        raise _unexpected(f"{where}: id", f"a text of 1 to {LONGEST_ID} characters", row.get("id"))
    return found


def _name(row: Mapping[str, Any], where: str) -> str | None:
    found = _html(row, "name", where)
    return " ".join(found.split())[:LONGEST_NAME] if found else None


def _text(row: Mapping[str, Any], name: str, where: str) -> str | None:
    """A text, trimmed; null for null, for nothing and for blanks."""
    found = row.get(name)
    if found is not None and not isinstance(found, str):
        raise _unexpected(f"{where}: {name}", "text or null", found)
    return (found or "").strip() or None


def _html(row: Mapping[str, Any], name: str, where: str) -> str | None:
    found = _text(row, name, where)
    return plain_text(found) or None if found else None


def _day(row: Mapping[str, Any], name: str, where: str) -> date | None:
    found = _text(row, name, where)
    form = _DAY.fullmatch(found) if found else None
    return _read(lambda: date.fromisoformat(form[1] if form else ""), found, f"{where}: {name}", "a date")


def _number(row: Mapping[str, Any], name: str, where: str) -> float | None:
    """A number, or a string that holds one."""
    found = row.get(name)
    if isinstance(found, int | float) and not isinstance(found, bool):
        found = str(found)
    text = _text({name: found}, name, where)
    whole = text is not None and _NUMBER.fullmatch(text)
    return _read(lambda: float(text if whole and text else ""), text, f"{where}: {name}", "a number or null")


def _coordinate(row: Mapping[str, Any], name: str, where: str, most: int) -> float | None:
    found = _number(row, name, where)
    if found is not None and abs(found) > most:
        raise _unexpected(f"{where}: {name}", f"a number of degrees up to {most}", row.get(name))
    return found


def _population(row: Mapping[str, Any], where: str) -> int | None:
    found = _number(row, "population", where)
    if found is not None and not 0 <= found <= MOST_PEOPLE:
        raise _unexpected(f"{where}: population", "a number of people", row.get("population"))
    return int(found) if found else None


def _read(how: Callable[[], T], found: str | None, where: str, expected: str) -> T | None:
    if found is None:
        return None
    try:
        return how()
    except ValueError:
        raise _unexpected(where, expected, found) from None


def _unexpected(where: str, expected: str, found: Any) -> PoliceUKTrouble:
    shown = ascii(found)
    shown = shown if len(shown) <= 60 else f"{shown[:60]}…"
    return PoliceUKTrouble(f"{where}: {expected} is expected, and not {shown}.")
