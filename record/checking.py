"""Whether the record is whole: everything is derived anew and compared with what is kept, a batch at a time."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import rfc8785
from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from record import checkpoints, tree
from record.checkpoints import State
from record.leaves import SALT_BYTES, stamp, word_hash
from record.models import Checkpoint, Entry, Head, LogKey, Node, Words, WordsState
from record.notes import BadNote, VerifierKey
from record.projections import Fault, projections

BATCH = 500
COLUMNS = ("type", "actor", "subject", "root", "assembly")
SEEN = frozenset({WordsState.PUBLISHED, WordsState.PENDING})
"""States in which the words themselves stand here; else they are erased, or held where nothing reads from."""


def faults(outside: Sequence[State] = ()) -> Iterator[Fault]:
    """Everything that is wrong, in the order of the record first; `outside` are states that others kept.

    Memory is bounded: entries come in batches, and nodes and checkpoints beside them.
    """
    yield from _entries(outside)
    yield from _words_without_entry()
    yield from projections()
    for path in settings.RECORD_CHECKED_BESIDE:
        yield from import_string(path)()


def _entries(outside: Sequence[State]) -> Iterator[Fault]:
    edge, nodes, signed = tree.Frontier(), _nodes(), _Signed(outside)
    last: Entry | None = None
    yield from signed.at(edge)
    for entry, words in _batches():
        if entry.position != edge.size + 1:
            yield Fault(edge.size + 1, f"there is no entry here; the next is {entry.position}")
            return
        yield from (Fault(entry.position, fault) for fault in _of_entry(entry, last, words))
        for place, (_, found) in enumerate(edge.add(bytes(entry.body))):
            if next(nodes, None) != found:
                yield Fault(
                    entry.position, f"node {place + 1} of the tree over it is not the hash of its halves"
                )
        yield from signed.at(edge)
        last = entry
    if next(nodes, None) is not None:
        yield Fault(edge.size + 1, "the tree has nodes over entries that are not there")
    yield from _of_head(last)
    yield from signed.beyond(edge.size)


def _of_entry(entry: Entry, before: Entry | None, words: list[Words]) -> Iterator[str]:
    try:
        body: dict[str, Any] = dict(json.loads(bytes(entry.body)))
        canonical = rfc8785.dumps(body)
    except (ValueError, TypeError, RecursionError):
        yield "its body is no JSON that the record could have written"
        return
    if canonical != bytes(entry.body):
        yield "its body is not in the canonical form of RFC 8785"
    yield from _columns(entry, body)
    if before is not None and entry.at < before.at:
        yield "it is dated before the entry that it follows"
    yield from _words(body.get("words"), words)


def _columns(entry: Entry, body: dict[str, Any]) -> Iterator[str]:
    expected = {name: getattr(entry, name) for name in COLUMNS}
    expected |= {
        "position": entry.position,
        "at": stamp(entry.at),
        "occurred_on": entry.occurred_on.isoformat(),
    }
    for name, value in expected.items():
        if body.get(name) != value:
            yield f"its column {name} says something else than its body"


def _words(hashes: Any, rows: list[Words]) -> Iterator[str]:
    said = dict(hashes) if isinstance(hashes, dict) else {}
    if {row.name for row in rows} != said.keys():
        yield "the words beside it are not those that its body names"
    for row in rows:
        if row.state not in SEEN:
            continue
        salt = bytes(row.salt or b"")
        if (word_hash(salt, row.text or ""), len(salt)) != (said.get(row.name), SALT_BYTES):
            yield f"the words of {row.name} are not those whose hash its body holds"


def _of_head(last: Entry | None) -> Iterator[Fault]:
    head = Head.objects.filter(pk=1).first()
    position = last.position if last else 0
    if head is None or head.position != position:
        yield Fault(
            position, f"the head says {head.position if head else 'nothing'}, and this is the last entry"
        )
    elif last and (head.at is None or head.at < last.at):
        yield Fault(position, "the head is dated before the last entry")


class _Signed:
    """States that must come up while the entries pass by: those that were signed here, and those that others kept."""

    def __init__(self, outside: Sequence[State]) -> None:
        self._keys = {key.pk: key for key in LogKey.objects.all()}
        self._own = _kept(Checkpoint.objects.order_by("size", "pk"))
        self._next = next(self._own, None)
        self._outside = sorted(outside, key=lambda state: state.size)

    def at(self, edge: tree.Frontier) -> Iterator[Fault]:
        """What does not fit the record of this size."""
        while self._next is not None and self._next.size <= edge.size:
            fault = self._fault(self._next, edge)
            if fault:
                yield Fault(edge.size, fault)
            self._next = next(self._own, None)
        while self._outside and self._outside[0].size <= edge.size:
            if self._outside.pop(0).root != edge.root:
                yield Fault(
                    edge.size,
                    "the entries up to here are not those of the signed state that was kept elsewhere",
                )

    def beyond(self, size: int) -> Iterator[Fault]:
        """States of more entries than there are."""
        largest = max([*(one.size for one in self._outside), *(one.size for one in self._rest())], default=0)
        if largest:
            yield Fault(size + 1, f"entries up to {largest} were signed, and are not there")

    def _rest(self) -> Iterator[Checkpoint]:
        while self._next is not None:
            yield self._next
            self._next = next(self._own, None)

    def _fault(self, one: Checkpoint, edge: tree.Frontier) -> str:
        key = self._keys[one.key_id]
        try:
            state = checkpoints.checked(one.note, [VerifierKey.read(key.vkey)])
        except BadNote as bad:
            return f"a checkpoint of {one.size} entries is not what was signed: {bad}"
        if (state.size, state.root) != (one.size, bytes(one.root)) or state.origin != key.origin:
            return f"a checkpoint of {one.size} entries says something else than its note"
        return "" if state.root == edge.root else "the entries up to here are not those that were signed"


def read_outside(note: str, keys: Iterable[str]) -> State:
    """A state that somebody kept, signed by one of these public keys. Raises BadNote."""
    return checkpoints.checked(note, [VerifierKey.read(one) for one in keys])


def _batches() -> Iterator[tuple[Entry, list[Words]]]:
    """Every entry with its words, in order."""
    after = -1
    while True:
        entries = list(Entry.objects.filter(position__gt=after).order_by("position")[:BATCH])
        if not entries:
            return
        words: dict[int, list[Words]] = {}
        for row in Words.objects.filter(position__in=[entry.position for entry in entries]):
            words.setdefault(row.position, []).append(row)
        for entry in entries:
            yield entry, words.get(entry.position, [])
        after = entries[-1].position


def _nodes() -> Iterator[bytes]:
    """The hashes of all nodes, in the order in which entries complete them; None's place is a gap."""
    place = 0
    while True:
        found = list(
            Node.objects.filter(place__gt=place).order_by("place").values_list("place", "hash")[:BATCH]
        )
        if not found:
            return
        for at, data in found:
            place += 1
            yield bytes(data) if at == place else b""
        place = found[-1][0]


def _kept(rows: QuerySet[Checkpoint]) -> Iterator[Checkpoint]:
    """All rows, in batches."""
    start = 0
    while found := list(rows[start : start + BATCH]):
        yield from found
        start += BATCH


def _words_without_entry() -> Iterator[Fault]:
    last = tree.size()
    stray = Words.objects.filter(position__gt=last).order_by("position").first()
    if stray is not None:
        yield Fault(stray.position, "there are words of an entry that is not there")
