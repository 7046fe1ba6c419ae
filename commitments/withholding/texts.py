"""The texts of a row: which columns hold them, alone or within lists, and putting something in their place."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import models

from record.guarded import GuardedModel
from record.stand_ins import ADDRESSES, PLACEHOLDERS, STAND_INS

IN_LISTS = ("note", "text", "value")
"""Where people's words stand within a list of sources, notes, findings or facts."""

Wanted = Callable[[str], bool]
Field = Any
"""A column of a model, whatever it holds."""


def columns(row: GuardedModel) -> Iterator[tuple[Field, Any]]:
    """Each column of typed words with what stands in it."""
    for name in row.typed_here:
        yield row._meta.get_field(name), getattr(row, name)


def texts(value: Any) -> list[str]:
    """Every text that somebody typed, in a column's value; no blank ones, and none that stands for another."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    _mapped(value, isinstance(value, str), note)
    return found


def replaced(field: Field, value: Any, kind: str, wanted: Wanted) -> Any:
    """The same value, with a stand-in for each of its texts that is wanted."""
    stand_in = (ADDRESSES if isinstance(field, models.URLField) else PLACEHOLDERS)[kind]
    return _mapped(value, isinstance(value, str), lambda text: stand_in if wanted(text) else text)


def _mapped(value: Any, typed: bool, put: Callable[[str], str]) -> Any:
    """The same value, with `put` of each typed text in its place."""
    if isinstance(value, str):
        return put(value) if typed and value.strip() and value not in STAND_INS else value
    if isinstance(value, list):
        return [_mapped(part, typed, put) for part in value]
    if isinstance(value, dict):
        return {name: _mapped(part, name in IN_LISTS, put) for name, part in value.items()}
    return value
