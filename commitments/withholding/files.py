"""Files as evidence: shown, withheld and erased with the words of the update that names them."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import Exists, OuterRef

from commitments.evidence import storage
from commitments.models import EvidenceFile, ProgressUpdate
from record import clock
from record.models import Words, WordsState

TITLES = "evidence_titles"
"""The words with which an entry's evidence stands and falls."""
BATCH = 500
SHOWN, WITHHELD, ERASED = "shown", "withheld", "erased"
STANDINGS = {
    WordsState.PUBLISHED: SHOWN,
    WordsState.PENDING: WITHHELD,
    WordsState.HIDDEN: WITHHELD,
    WordsState.REDACTED: ERASED,
}


def standing_of(position: int, *, is_erased: bool) -> str:
    """Whether the files of the update with this place in the record are shown at present. One indexed question."""
    if is_erased:
        return ERASED
    state = Words.objects.filter(position=position, name=TITLES).values_list("state", flat=True).first()
    return STANDINGS[WordsState(state)] if state else WITHHELD


def shown() -> Iterator[EvidenceFile]:
    """Every file that is shown at present, in the order of the record."""
    is_shown = Words.objects.filter(
        position=OuterRef("evidence__update__position"), name=TITLES, state=WordsState.PUBLISHED
    )
    rows = EvidenceFile.objects.filter(Exists(is_shown), erased_on=None)
    yield from rows.order_by("evidence__update__position", "evidence__order").iterator(chunk_size=BATCH)


def erase_with(words: Iterable[int]) -> list[tuple[str, UUID]]:
    """Mark as erased the files of the entries whose words, by key, were erased; which bytes are to go for good."""
    positions = Words.objects.filter(pk__in=words, name=TITLES).values("position")
    updates = ProgressUpdate.objects.filter(position__in=positions)
    files = EvidenceFile.objects.filter(evidence__update__in=updates, erased_on=None)
    gone = list(files.values_list("sha256", "pk"))
    EvidenceFile.objects.filter(pk__in=[key for _, key in gone]).update(erased_on=clock.today())
    return gone


def remove(files: list[tuple[str, UUID]]) -> None:
    """Delete the bytes; what stays by an accident is found by `forget_files`."""
    storage.remove(files)
