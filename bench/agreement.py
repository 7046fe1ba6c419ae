"""Whether the peers answer alike: comparing unequal work is worth nothing, so the first difference ends the run."""

import json
import re
from datetime import datetime
from typing import Any

MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")
KEY = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
EMPTY: tuple[Any, ...] = (None, [], {})
ROUNDED = 0.101
"""Means are rounded to one decimal, and halves up or to even."""
HOST = re.compile(r"^https?://127\.0\.0\.1(:\d+)?")


class Disagreement(RuntimeError):
    """Two peers answered the same question differently."""


def check(question: str, answers: dict[str, bytes]) -> None:
    """Raise Disagreement unless all these answers say the same; the first is the measure."""
    (first, expected), *others = ((peer, shown(json.loads(body))) for peer, body in answers.items())
    for peer, answer in others:
        difference = first_difference(expected, answer, "")
        if difference:
            raise Disagreement(f"{question}: {first} and {peer} differ at {difference}")


def shown(answer: Any) -> Any:
    """What counts of an answer: the results of a page, without how it links to others; all of one thing."""
    return plain(answer["results"] if isinstance(answer, dict) and "results" in answer else answer)


def plain(value: Any) -> Any:
    """Without what may be written in several ways: moments, keys, hosts, whole numbers, the order of members."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return _text(value) if isinstance(value, str) else value


def _text(value: str) -> Any:
    if MOMENT.match(value):
        return datetime.fromisoformat(value).timestamp()
    return KEY.sub(lambda found: found[0].replace("-", ""), HOST.sub("", value))


def first_difference(one: Any, other: Any, place: str) -> str:
    """Where two values differ first, and how; empty where they do not.

    The first may have members that the other lacks, where they are empty: no data set has anything of that kind, and to
    look for it makes the first slower alone.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        one = {name: value for name, value in one.items() if name in other or value not in EMPTY}
        if one.keys() != other.keys():
            return f"{place}: members {sorted(one.keys() ^ other.keys())}"
        return next(
            (found for name in one if (found := first_difference(one[name], other[name], f"{place}/{name}"))),
            "",
        )
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return next((found for at, (a, b) in pairs if (found := first_difference(a, b, f"{place}/{at}"))), "")
    if isinstance(one, float) and isinstance(other, float | int):
        return "" if abs(one - other) <= ROUNDED else f"{place}: {one} and {other}"
    return "" if one == other else f"{place}: {str(one)[:300]} and {str(other)[:300]}"
