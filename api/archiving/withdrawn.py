"""Archives that say what is not shown any more: none is given on, and those with erased words are deleted."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db.models import Min, Q

from api.archiving.packing import HALF_MADE
from commitments import events
from commitments.choices import WithholdingKind
from commitments.models import Withholding
from record.entries import body_of
from record.models import Entry, Words, WordsState

MARK = ".withdrawn"
"""What stands in the place of an archive that was deleted, so that it is still listed."""
REDACTED, HIDDEN, HELD = "redacted", "hidden", "held"
GROUNDS = [
    (REDACTED, "words in it were erased; it does not come back"),
    (
        HIDDEN,
        "words in it were hidden, or taken back by their author; it comes back if they are all shown again",
    ),
    (HELD, "words in it are held while a case is live; it comes back when the hold is lifted"),
]
EVENTS = {events.WORDS_REDACTED.name: REDACTED, events.WORDS_HIDDEN.name: HIDDEN}
"""By type of entry, what became of the words of the entry that it names."""


@dataclass(frozen=True)
class Withdrawal:
    """Since the entry at `position`, on day `on`, words of the entries from `first` on are not shown."""

    because: str
    position: int
    on: date
    first: int

    def meets(self, size: int) -> bool:
        """Whether an archive of the first `size` entries was made before, and may say those words."""
        return self.first <= size < self.position


def withdrawals(sizes: list[int]) -> dict[int, Withdrawal]:
    """Of archives of these sizes those that are withdrawn, and for what: what lasts longest, and came first."""
    if not sizes:
        return {}
    since = min(sizes)
    order = [REDACTED, HIDDEN, HELD]
    known = [*_erased_or_hidden(since), *_held(since)]
    known.sort(key=lambda one: (order.index(one.because), one.position))
    found = {size: next((one for one in known if one.meets(size)), None) for size in sizes}
    return {size: one for size, one in found.items() if one}


def size_of(file: Path) -> int:
    """How many entries an archive holds, which its name says."""
    return int(file.stem.partition("-")[0])


def discard(folder: Path) -> list[Path]:
    """Delete archives in which erased words stand, and what is half made; an empty mark stays in the place of each."""
    (folder / HALF_MADE).unlink(missing_ok=True)
    files = sorted(folder.glob("*-*.zip"))
    gone = withdrawals([size_of(file) for file in files])
    dropped = [file for file in files if size_of(file) in gone and gone[size_of(file)].because == REDACTED]
    for file in dropped:
        file.with_suffix(MARK).touch()
        with suppress(FileNotFoundError):
            file.unlink()
    return dropped


def _erased_or_hidden(since: int) -> Iterator[Withdrawal]:
    said = list(Entry.objects.filter(type__in=EVENTS, position__gt=since).order_by("position"))
    named = {entry.position: int(body_of(entry)["facts"]["entry"]) for entry in said}
    not_shown = (WordsState.HIDDEN, WordsState.REDACTED)
    away = Words.objects.filter(position__in=set(named.values()), state__in=not_shown)
    positions = set(away.values_list("position", flat=True))
    for entry in said:
        if named[entry.position] in positions:
            yield Withdrawal(EVENTS[entry.type], entry.position, entry.occurred_on, named[entry.position])


def _held(since: int) -> Iterator[Withdrawal]:
    holds = Withholding.objects.filter(kind=WithholdingKind.HELD, lifted_on=None, position__gt=since)
    for hold in holds.order_by("position"):
        story = Entry.objects.filter(Q(root=hold.root) | Q(subject=hold.root))
        first = story.aggregate(first=Min("position"))["first"]
        if hold.position and first:
            yield Withdrawal(HELD, hold.position, hold.placed_on, first)
