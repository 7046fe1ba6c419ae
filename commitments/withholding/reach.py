"""How far it reaches when words are held, hidden or erased: which columns, and which words of the record."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from commitments.choices import WithholdingKind
from commitments.models import Withholding
from commitments.withholding import stories
from commitments.withholding.texts import columns, texts
from record.guarded import GuardedModel, Recorded
from record.models import Entry, Words, WordsState

JOINED = frozenset({"evidence_titles", "evidence_urls", "findings", "notes", "reported", "source_notes"})
"""Words of an entry that are several texts, each of which stands alone in the columns."""


@dataclass(frozen=True)
class Reach:
    """`rows` are meant with `wanted` of their texts; `words` are keys of the record's words at `positions`."""

    rows: list[GuardedModel]
    wanted: Callable[[GuardedModel, str], bool]
    words: frozenset[int]
    positions: list[int]

    def texts_in(self, row: GuardedModel, value: Any) -> list[str]:
        """Those texts of a column's value that are meant."""
        return [text for text in texts(value) if self.wanted(row, text)]


def reach_of(withheld: Withholding, thing: Recorded, whole: list[GuardedModel]) -> Reach:
    """How far a hold or hiding of `thing` reaches, in the story `whole`."""
    if withheld.kind == WithholdingKind.HELD:
        names = set(map(stories.name_of, stories.story(thing)))
        return _everything([row for row in whole if stories.name_of(row) in names])
    return aimed(thing, whole, withheld.entries)


def aimed(thing: Recorded, whole: Sequence[GuardedModel], entries: Sequence[int] = ()) -> Reach:
    """The words of `thing` (of `entries` alone, where they are named) and the same words elsewhere in its story.

    An entry's words are known again in the columns by what they say: a text stands in both alike.
    """
    mine = stories.own(thing)
    meant = list(_words(entries) if entries else _words(_positions(mine)))
    said = {row.text for row in meant if row.text}
    pieces = [row.text for row in meant if row.text and row.name in JOINED]
    if not entries:
        said |= {text for row in mine for _, value in columns(row) for text in texts(value)}
    names = set(map(stories.name_of, mine))

    def wanted(row: GuardedModel, text: str) -> bool:
        if text in said:
            return True
        return stories.name_of(row) in names and any(text in piece for piece in pieces)

    elsewhere = _words(_positions(whole)).filter(text__in=said)
    chosen = {row.pk: row.position for row in (*meant, *elsewhere)}
    return Reach(list(whole), wanted, frozenset(chosen), sorted(set(chosen.values())))


def _everything(rows: list[GuardedModel]) -> Reach:
    words = {row.pk: row.position for row in _words(_positions(rows))}
    return Reach(rows, lambda row, text: True, frozenset(words), sorted(set(words.values())))


def _positions(rows: Iterable[GuardedModel]) -> models.QuerySet[Entry, int]:
    return Entry.objects.filter(subject__in=stories.subjects(rows)).values_list("position", flat=True)


def _words(positions: Any) -> models.QuerySet[Words]:
    return Words.objects.filter(position__in=positions).exclude(state=WordsState.REDACTED)
