"""How far it reaches when words are held, hidden or erased: which columns, and which words of the record."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from commitments.choices import Status, WithholdingKind
from commitments.models import Commitment, DueDateChange, ProgressUpdate, Withholding
from commitments.withholding import stories
from commitments.withholding.texts import columns, texts
from record.guarded import GuardedModel, Recorded
from record.models import Entry, Words, WordsState

JOINED = frozenset({"evidence_titles", "evidence_urls", "findings", "notes", "reported", "source_notes"})
"""Words of an entry that are several texts, each of which stands alone in the columns."""
REASONS = ("reason", "decision_reason")
"""Words for what one did, which nothing repeats."""
ENDING = (Status.ABANDONED, Status.SUPERSEDED)


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
    """The words of `thing` (of `entries` alone, where they are named), and where the program itself copied them.

    An entry's words are known again in the columns by what they say: a text stands in both alike. That somebody else
    said the same (`Yes.`) makes no copy.
    """
    mine = stories.own(thing)
    meant = list(_words(entries) if entries else _words(_positions(mine)))
    said = Said(meant, [] if entries else mine)
    ended = said.all & set(_last_words(whole))
    kin = _kin(thing, whole)
    by_name = dict.fromkeys(map(stories.name_of, kin), said.wordings | ended)
    by_name |= dict.fromkeys(map(stories.name_of, mine), said.all)

    def wanted(row: GuardedModel, text: str) -> bool:
        name = stories.name_of(row)
        if text in by_name.get(name, ended):
            return True
        return by_name.get(name) is said.all and any(text in piece for piece in said.pieces)

    elsewhere = [
        *_words(_positions(mine)).filter(text__in=said.all),
        *_words(_positions(kin)).filter(text__in=said.wordings).exclude(name__in=REASONS),
        *_words(_positions(whole)).filter(text__in=ended),
    ]
    chosen = {row.pk: row.position for row in (*meant, *elsewhere)}
    return Reach(list(whole), wanted, frozenset(chosen), sorted(set(chosen.values())))


class Said:
    """What is meant, as texts: `all` of them, the `wordings` that are no reasons, and `pieces` of several texts."""

    def __init__(self, words: Sequence[Words], rows: Sequence[GuardedModel]) -> None:
        named = [(row.name, row.text) for row in words if row.text]
        named += [
            (field.name, text) for row in rows for field, value in columns(row) for text in texts(value)
        ]
        self.all = {text for _, text in named}
        self.wordings = {text for name, text in named if name not in REASONS}
        self.pieces = [row.text for row in words if row.text and row.name in JOINED]


def _kin(thing: GuardedModel, whole: Sequence[GuardedModel]) -> list[GuardedModel]:
    """What hands wordings on to the thing or takes them from it: a correction and what it corrects, a date's wordings.

    A reason is given once, so it is handed on by nothing but an end (`_last_words`).
    """
    wholes = [part for name in thing.words_of if (part := getattr(thing, name)) is not None]
    kin = [row for part in wholes for row in stories.own(part)]
    if isinstance(thing, Commitment | DueDateChange):
        kin += [row for row in whole if isinstance(row, Commitment | DueDateChange)]
    return kin


def _last_words(whole: Iterable[GuardedModel]) -> Iterator[str]:
    """The reasons for which a promise ended: each is given to everything that ends with it."""
    for row in whole:
        if isinstance(row, ProgressUpdate) and row.status in ENDING and row.reason.strip():
            yield row.reason


def _everything(rows: list[GuardedModel]) -> Reach:
    words = {row.pk: row.position for row in _words(_positions(rows))}
    return Reach(rows, lambda row, text: True, frozenset(words), sorted(set(words.values())))


def _positions(rows: Iterable[GuardedModel]) -> models.QuerySet[Entry, int]:
    return Entry.objects.filter(subject__in=stories.subjects(rows)).values_list("position", flat=True)


def _words(positions: Any) -> models.QuerySet[Words]:
    return Words.objects.filter(position__in=positions).exclude(state=WordsState.REDACTED)
