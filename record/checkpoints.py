"""What a signed state of the record says (C2SP tlog-checkpoint), and the states that were published."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from record import clock, notes
from record.guarded import opened
from record.models import Checkpoint, LogKey
from record.notes import BadNote, VerifierKey
from record.proofs import HASH_BYTES


@dataclass(frozen=True)
class State:
    """A state of a record: whose, how many entries, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed: three lines."""
        return f"{self.origin}\n{self.size}\n{notes.packed(self.root)}\n"


def read(text: str) -> State:
    """The state that a checkpoint's text says; lines after the third are none of ours. Raises BadNote."""
    origin, size, root, *others = text.split("\n")[:-1] + [""] * 3
    if not text.endswith("\n") or not origin or any(not one for one in others[:-3]):
        raise BadNote("A checkpoint is a name, a number of entries and a root, each on a line.")
    if not (size.isascii() and size.isdigit()) or str(int(size[:20])) != size:
        raise BadNote("The number of entries of a checkpoint is a whole number.")
    data = notes.unpacked(root)
    if len(data) != HASH_BYTES:
        raise BadNote("The root of a checkpoint is a hash of 32 bytes.")
    return State(origin, int(size), data)


def checked(note: str, keys: list[VerifierKey]) -> State:
    """The state that a note says, which one of `keys` signed under its own name. Raises BadNote."""
    text, signers = notes.read(note, keys)
    state = read(text)
    if all(key.name != state.origin for key in signers):
        raise BadNote(f"The checkpoint is of {state.origin}, and another signed it.")
    return state


def latest() -> Checkpoint | None:
    """The newest state that was signed with the newest key. One query, and one more where there are witnesses."""
    found = Checkpoint.objects.select_related("key").order_by("-key", "-size")
    if settings.RECORD_WITNESSES:
        found = found.prefetch_related("cosignatures")
    return found.first()


def all_of_them() -> Any:
    """Every state that was signed, for reading."""
    return Checkpoint.objects.select_related("key")


def vkeys() -> list[str]:
    """The public keys that states were signed with, the present one first."""
    return list(LogKey.objects.order_by("-pk").values_list("vkey", flat=True))


def is_beyond(state: State, keys: Sequence[VerifierKey]) -> bool:
    """Whether more than this state was published with one of these keys."""
    return Checkpoint.objects.filter(key__vkey__in=map(str, keys), size__gt=state.size).exists()


def publish(state: State, note: str, key: VerifierKey) -> Checkpoint:
    """Keep a state that was signed, for all to read; once, however often and by how many it is published."""
    kept = Checkpoint.objects.filter(key__vkey=str(key), size=state.size)
    try:
        return kept.first() or _keep(state, note, key)
    except IntegrityError:
        return kept.get()


def _keep(state: State, note: str, key: VerifierKey) -> Checkpoint:
    with transaction.atomic(), opened():
        by = LogKey.objects.filter(vkey=str(key)).first()
        if by is None:
            by = LogKey.objects.create(vkey=str(key), origin=state.origin, since=state.size, at=clock.now())
        return Checkpoint.objects.create(key=by, size=state.size, root=state.root, note=note, at=clock.now())
