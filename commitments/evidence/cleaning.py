"""A file made clean: looked at, scanned where a scanner is set, and opened by a bounded child alone."""

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from django.conf import settings

from commitments import errors
from commitments.evidence import kinds, scanning
from commitments.evidence.faults import SENTENCES, Fault

CHILD = Path(__file__).with_name("child.py")
REFUSED = 3
PARTS = 50_000
AT_ONCE = BoundedSemaphore(2)
"""So many files are opened at a time in a process: each may need much memory."""
PATIENCE = 20.0
"""Seconds for which a file waits for its turn."""
SPARE = 10
"""Seconds by the clock beyond those of the processor."""


@dataclass(frozen=True)
class Clean:
    """A file as it is kept: made by us from what was sent, and told by the hash of its bytes."""

    content: bytes
    media_type: str
    width: int | None = None
    height: int | None = None
    pages: int | None = None

    @property
    def sha256(self) -> str:
        """The hash by which it is known."""
        return hashlib.sha256(self.content).hexdigest()


def clean(data: bytes, field: str = "file") -> Clean:
    """What is kept of a file that somebody sent. Raises EvidenceRefused, which points at `field`.

    Takes up to some seconds: never to be called within a transaction.
    """
    try:
        return _cleaned(data)
    except Fault as fault:
        raise errors.EvidenceRefused(sentence_of(fault.code), field=field, fault=fault.code) from None


def sentence_of(code: str) -> str:
    """What is said of a fault, with this instance's limits."""
    return SENTENCES[code].format(
        megabytes=f"{settings.EVIDENCE_LARGEST / 1_000_000:g}",
        megapixels=f"{settings.EVIDENCE_PIXELS / 1_000_000:g}",
        pages=settings.EVIDENCE_PAGES,
    )


def _cleaned(data: bytes) -> Clean:
    if len(data) > settings.EVIDENCE_LARGEST:
        raise Fault("too_large")
    kind = kinds.media_type(data)
    if not AT_ONCE.acquire(timeout=PATIENCE):
        raise Fault("busy")
    try:
        scanning.check(data)
        content, facts = _opened(data, kind)
    finally:
        AT_ONCE.release()
    return Clean(content, kind, **facts)


def _opened(data: bytes, kind: str) -> tuple[bytes, dict[str, int]]:
    """The clean bytes from the child, which may die of the file."""
    seconds = settings.EVIDENCE_SECONDS
    limits = (seconds, settings.EVIDENCE_PIXELS, settings.EVIDENCE_PAGES, PARTS, settings.EVIDENCE_LARGEST)
    command = [sys.executable, "-I", "-B", str(CHILD), kind, *map(str, limits)]
    try:
        child = subprocess.run(
            command, input=data, capture_output=True, timeout=seconds + SPARE, cwd="/", env={}, check=False
        )
    except subprocess.TimeoutExpired:
        raise Fault("too_much") from None
    if child.returncode == REFUSED and child.stdout.decode() in SENTENCES:
        raise Fault(child.stdout.decode())
    if child.returncode < 0:
        raise Fault("too_much")
    if child.returncode:
        raise Fault("broken")
    facts, _, content = child.stdout.partition(b"\n")
    return content, json.loads(facts)
