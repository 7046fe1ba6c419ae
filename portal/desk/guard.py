"""The guard before sending: what in the words of an office may lead to a private person. It marks, and removes nothing.

Names of bodies, teams, places, assemblies and themes that are published here are none.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from django.db.models import F

from accounts.models import Organisation, Team
from commitments import marks as everywhere
from commitments.marks import Mark
from commitments.models import Area, Assembly, Theme
from portal.challenging import KINDS

AROUND = 40
"""So many characters are shown before and after a mark."""


@dataclass(frozen=True)
class Typed:
    """Words of a form that everybody will read: the field, what it is called, and what stands in it."""

    field: str
    label: str
    text: str


@dataclass(frozen=True)
class Marked:
    """One mark, with what stands around it, for the sender to mend or to say that it is meant."""

    field: str
    label: str
    before: str
    text: str
    after: str
    kind: str

    @property
    def words(self) -> str:
        """What it looks like."""
        return str(KINDS[self.kind])


def marks(text: str) -> list[Mark]:
    """What in a text may lead to a private person. One question where names are marked, else none."""
    return _private(text, public_names)


def marked(typed: Iterable[Typed]) -> list[Marked]:
    """All marks in what was typed, in however many fields. One question where names are marked, else none."""
    named = cache(public_names)
    return [_around(one, mark) for one in typed if one.text for mark in _private(one.text, named)]


def _private(text: str, named: Callable[[], list[str]]) -> list[Mark]:
    found = everywhere.marked(text)
    if not any(one.kind == "name" for one in found):
        return found
    public = list(_spans(text, named()))
    return [one for one in found if one.kind != "name" or not _lies_in(one, public)]


def public_names() -> list[str]:
    """What is called by a name here and is no private person."""
    named = [
        rows.order_by().annotate(called=F(column)).values_list("called", flat=True)
        for rows, column in (
            (Organisation.objects.all(), "name"),
            (Team.objects.all(), "name"),
            (Area.objects.all(), "name"),
            (Assembly.objects.all(), "title"),
            (Theme.objects.all(), "title"),
        )
    ]
    first, *others = named
    return list(first.union(*others))


def _spans(text: str, names: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Where in the text one of these names stands, as whole words."""
    told = [re.escape(name) for name in sorted(names, key=len, reverse=True) if name.strip()]
    if told:
        for match in re.finditer(rf"(?<!\w)(?:{'|'.join(told)})(?!\w)", text, re.IGNORECASE):
            yield match.span()


def _lies_in(mark: Mark, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= mark.start and mark.end <= end for start, end in spans)


def _around(typed: Typed, mark: Mark) -> Marked:
    start, end = max(0, mark.start - AROUND), mark.end + AROUND
    return Marked(
        typed.field,
        typed.label,
        ("…" if start else "") + typed.text[start : mark.start],
        typed.text[mark.start : mark.end],
        typed.text[mark.end : end] + ("…" if end < len(typed.text) else ""),
        mark.kind,
    )
