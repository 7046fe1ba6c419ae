"""The signed record as files, for another web server: who wants to check or copy it does not need ours to be up."""

import os
from pathlib import Path

from record import checkpoints, tiles
from record.models import Checkpoint
from record.notes import BadNote
from record.tiles import Tile

READABLE = 0o644
OPENED = 0o755


class WrongFolder(RuntimeError):
    """The folder holds another log's files."""


def publish(folder: Path, checkpoint: Checkpoint) -> int:
    """Bring the files below `folder` to this checkpoint; how many were written.

    They lie as C2SP tlog-tiles has them, each put in its place whole, the checkpoint last. What is full is written
    once; of what still grows, the former states go when it is full. Raises WrongFolder.
    """
    _make(folder)
    written = 0
    for tile in tiles.of_size(checkpoint.size, _published(folder, checkpoint)):
        written += _lay(folder / "tile" / tile.address, tiles.content(tile))
        if tile.is_full:
            _drop_partial(folder, tile)
    written += _lay(
        folder / "vkey", "".join(f"{one}\n" for one in checkpoints.vkeys()).encode(), changes=True
    )
    return written + _lay(folder / "checkpoint", checkpoint.cosigned.encode(), changes=True)


def _published(folder: Path, checkpoint: Checkpoint) -> int:
    """The size that is there already."""
    try:
        text = (folder / "checkpoint").read_text("utf-8").partition("\n\n")[0]
        found = checkpoints.read(text + "\n")
    except FileNotFoundError:
        return 0
    except (BadNote, UnicodeDecodeError):
        raise WrongFolder(f"{folder / 'checkpoint'} is no checkpoint; name an empty folder.") from None
    if found.origin != checkpoint.key.origin or found.size > checkpoint.size:
        raise WrongFolder(
            f"{folder} holds {found.size} entries of {found.origin}, which is not what was signed here; "
            "move it away, or name an empty folder."
        )
    return found.size


def _lay(file: Path, content: bytes, *, changes: bool = False) -> int:
    """Put a file in its place whole, unless it is there; how many were written."""
    if file.exists():
        if file.read_bytes() == content:
            return 0
        if not changes:
            raise WrongFolder(f"{file} holds something else than was signed here; name an empty folder.")
    _make(file.parent)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.chmod(READABLE)
    beside.replace(file)
    return 1


def _make(folder: Path) -> None:
    """Make a folder that others may look into, whatever the mask of this process."""
    if not folder.exists():
        _make(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(OPENED)


def _drop_partial(folder: Path, tile: Tile) -> None:
    """Drop the states that a tile had before it was full."""
    partial = folder / "tile" / f"{tile.address}.p"
    if partial.is_dir():
        for file in partial.iterdir():
            file.unlink()
        partial.rmdir()
