"""Where clean files are kept: beside the database, outside of what any web server gives out, for this user alone."""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings

FOLDER = "evidence"
HALF_WRITTEN = ".new-"
GRACE = 24 * 60 * 60.0
"""Seconds after which a file that no row names is one that nobody is about to name."""


def folder() -> Path:
    """Below the data folder."""
    return Path(settings.DATA_DIR) / FOLDER


def path_of(sha256: str, key: UUID) -> Path:
    """Where one file is: by the hash of its bytes, and the row that it belongs to, so that each goes by itself."""
    return folder() / sha256[:2] / f"{sha256}-{key}"


def put(content: bytes, key: UUID) -> str:
    """Keep a file, whole or not at all; its hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    place = path_of(sha256, key)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder().chmod(0o700)
    handle, name = tempfile.mkstemp(prefix=HALF_WRITTEN, dir=place.parent)  # for this user alone (0600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(place)
    return sha256


def read(sha256: str, key: UUID) -> bytes | None:
    """The bytes; None where they are not here, or are not those whose hash was kept."""
    try:
        content = path_of(sha256, key).read_bytes()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def remove(files: Iterable[tuple[str, UUID]]) -> None:
    """Delete files; those that are gone already are no trouble."""
    for sha256, key in files:
        path_of(sha256, key).unlink(missing_ok=True)


def stray(known: frozenset[str], now: float | None = None) -> Iterator[Path]:
    """Files older than a day that none of the names in `known` means: of writes that never came to an end."""
    oldest = (time.time() if now is None else now) - GRACE
    for file in folder().glob("*/*"):
        try:
            is_old = file.stat().st_mtime < oldest
        except FileNotFoundError:
            continue
        if is_old and file.name not in known:
            yield file
