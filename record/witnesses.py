"""Witnesses: independent services that sign a state of the record once they saw that it grew from the one before.

The record asks them, after it signed (C2SP tlog-witness, add-checkpoint); what they answer is a cosignature with a time
(C2SP tlog-cosignature), checked here and shown under the checkpoint. Whoever was shown another history than the
witnesses were has no checkpoint with their lines.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import urllib3
from django.conf import settings
from django.db import IntegrityError, transaction

from record import checkpoints, clock, notes, tree
from record.guarded import opened
from record.models import Checkpoint, Cosignature
from record.notes import WITNESS, BadNote, VerifierKey

MOST_BYTES = 64 * 1024
SECONDS = 10.0
SIZE = "text/x.tlog.size"
OK, CONFLICT = 200, 409

log = logging.getLogger(__name__)


class NotWitnessed(RuntimeError):
    """A witness did not sign; the words say why."""


class Answer(NamedTuple):
    """What came back: the status, the media type, and at most `MOST_BYTES` + 1 bytes."""

    status: int
    form: str
    body: bytes


Transport = Callable[[str, bytes], Answer]
"""Posts bytes to one address once, follows nothing, and raises OSError where nobody answers in time."""


@dataclass(frozen=True)
class Witness:
    """One that is asked: its key, and the address before `/add-checkpoint`."""

    key: VerifierKey
    address: str


class OverHTTP:
    """The transport of every day."""

    def __init__(self) -> None:
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=SECONDS, read=SECONDS))

    def __call__(self, address: str, body: bytes) -> Answer:
        """Post once."""
        try:
            answer = self._pool.request(
                "POST", address, body=body, retries=False, redirect=False, preload_content=False
            )
            found = answer.read(MOST_BYTES + 1, decode_content=True)
            answer.release_conn()
        except urllib3.exceptions.HTTPError as failed:
            raise ConnectionError(type(failed).__name__) from failed
        return Answer(answer.status, answer.headers.get("Content-Type", "").partition(";")[0], found)


def configured() -> list[Witness]:
    """Those that the settings name. Raises BadNote for a key that is none."""
    if any(len(one) != 2 for one in settings.RECORD_WITNESSES):
        raise BadNote("A witness is named by its key and its address, with a space between them.")
    found = [Witness(VerifierKey.read(vkey), at.rstrip("/")) for vkey, at in settings.RECORD_WITNESSES]
    for one in found:
        if one.key.kind != WITNESS:
            raise BadNote(f"{one.key.name} is the key of a log; a witness's is of another kind.")
    return found


def ask_all(transport: Transport, witnesses: Sequence[Witness] | None = None) -> dict[str, str]:
    """Ask every witness that has not signed the newest state; by name what went wrong, blank where nothing did."""
    latest = checkpoints.latest()
    if latest is None:
        return {}
    outcome = {}
    for witness in configured() if witnesses is None else witnesses:
        try:
            ask(latest, witness, transport)
            outcome[witness.key.name] = ""
        except (NotWitnessed, BadNote, OSError) as trouble:
            log.warning("The witness %s did not sign: %s", witness.key.name, trouble)
            outcome[witness.key.name] = str(trouble)
    return outcome


def ask(checkpoint: Checkpoint, witness: Witness, transport: Transport) -> Cosignature:
    """Have a witness sign a state, unless it has. Raises NotWitnessed, BadNote and OSError."""
    there = Cosignature.objects.filter(checkpoint=checkpoint, vkey=str(witness.key)).first()
    if there is not None:
        return there
    answer = _posted(checkpoint, witness, transport, _last_signed(witness))
    if answer.status == CONFLICT and answer.form == SIZE:
        answer = _posted(checkpoint, witness, transport, _size(answer.body, checkpoint))
    if answer.status != OK or len(answer.body) > MOST_BYTES:
        raise NotWitnessed(f"{witness.address} answered {answer.status}.")
    return _kept(checkpoint, witness, _checked(checkpoint, witness, answer.body))


def signers(signed_states: Sequence[int]) -> dict[int, list[str]]:
    """By the key of a checkpoint, the names of the configured witnesses that signed it. One query at most."""
    found: dict[int, list[str]] = {key: [] for key in signed_states}
    names = {str(one.key): one.key.name for one in configured()}
    rows = Cosignature.objects.filter(checkpoint__in=signed_states, vkey__in=names) if names else ()
    for row in rows:
        found[row.checkpoint_id].append(names[row.vkey])
    return found


def count() -> int:
    """How many signatures of witnesses there are; changes whenever one comes."""
    return Cosignature.objects.count() if settings.RECORD_WITNESSES else 0


def is_enough(names: Sequence[str]) -> bool:
    """Whether as many witnesses signed as the settings ask for; never, where they ask for none."""
    needed: int = settings.RECORD_WITNESSES_NEEDED
    return 0 < needed <= len(names)


def _posted(checkpoint: Checkpoint, witness: Witness, transport: Transport, old: int) -> Answer:
    """Ask once, from the state of `old` entries on."""
    grown = tree.consistency(old, checkpoint.size) if 0 < old < checkpoint.size else []
    lines = [f"old {old}", *(notes.packed(one) for one in grown), "", checkpoint.note]
    return transport(f"{witness.address}/add-checkpoint", "\n".join(lines).encode())


def _last_signed(witness: Witness) -> int:
    """The largest state that it signed, as far as is known here."""
    found = Cosignature.objects.filter(vkey=str(witness.key)).order_by("-checkpoint__size")
    return found.values_list("checkpoint__size", flat=True).first() or 0


def _size(body: bytes, checkpoint: Checkpoint) -> int:
    """What a witness says that it signed last."""
    text = body.decode("ascii", "replace").removesuffix("\n")
    if not text.isdigit() or str(int(text[:20])) != text:
        raise NotWitnessed("It says a size that is no number.")
    if int(text) > checkpoint.size:
        raise NotWitnessed(
            f"It saw {text} entries, and {checkpoint.size} are signed here: was an older copy of the record restored? "
            "manage.py recover_record puts back what others kept."
        )
    return int(text)


def _checked(checkpoint: Checkpoint, witness: Witness, body: bytes) -> str:
    """The line of this witness; lines of others are not looked at."""
    lines = [line for line in body.decode("utf-8", "replace").split("\n") if line]
    for line in lines:
        try:
            notes.read(f"{checkpoint.note}{line}\n", [witness.key])
        except BadNote:
            continue
        if line.startswith(f"{notes.DASH}{witness.key.name} "):
            return line + "\n"
    raise NotWitnessed(
        "None of its lines is a good signature of its key." if lines else "It answered nothing."
    )


def _kept(checkpoint: Checkpoint, witness: Witness, line: str) -> Cosignature:
    named = {"checkpoint": checkpoint, "vkey": str(witness.key)}
    try:
        with transaction.atomic(), opened():
            return Cosignature.objects.create(**named, line=line, at=clock.now())
    except IntegrityError:
        return Cosignature.objects.get(**named)
