"""Where the keys of ballots are kept: outside the database, one for each assembly and period.

Out of the box a folder beside the data, a file of mode 0600 for each key; one that others could read is refused.
`BALLOT_KEYS_COMMAND` names a program instead (a vault's, say), called with `get`, `make` or `destroy` and the key's
name; it prints 64 hexadecimal digits.
"""

import os
import secrets
import shlex
import stat
import subprocess
from pathlib import Path
from typing import Protocol

from django.conf import settings

KEY_BYTES = 32
SECONDS = 20
OF_COMMAND = "What BALLOT_KEYS_COMMAND prints"


class KeysUnavailable(RuntimeError):
    """The key store did not do what it was asked; an operator must look at it."""


class KeyStore(Protocol):
    """What keeps keys."""

    def get(self, name: str) -> bytes | None:
        """The key, or None where there is none (any more)."""

    def make(self, name: str) -> bytes:
        """The key, made where there is none; two who ask at once get the same."""

    def destroy(self, name: str) -> None:
        """Forget the key for good; it does not matter whether it was there."""


class Files:
    """A file for each key, in a folder that only its owner opens."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, name: str) -> bytes | None:
        """Read the file. Raises KeysUnavailable where others than its owner could."""
        path = self._path(name)
        try:
            for place in (self.folder, path):
                _check_private(place)
            written = path.read_text("ascii")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise KeysUnavailable(f"{path} cannot be read ({type(error).__name__}).") from None
        return _key(written, str(path))

    def make(self, name: str) -> bytes:
        """Write the file whole and link it to its name, which only the first one can."""
        found = self.get(name)
        if found is not None:
            return found
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.folder / f".{secrets.token_hex(8)}"
        _write_private(draft, secrets.token_hex(KEY_BYTES))
        try:
            os.link(draft, self._path(name))
            _settle(self.folder)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        key = self.get(name)
        if key is None:
            raise KeysUnavailable(f"The key {name} was destroyed while it was made.")
        return key

    def destroy(self, name: str) -> None:
        """Overwrite the file, then remove it."""
        path = self._path(name)
        if path.exists():
            with path.open("r+b") as file:
                file.write(secrets.token_hex(KEY_BYTES).encode())
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            _settle(self.folder)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name.replace('/', '.')}.key"


class Command:
    """A program of the operator's."""

    def __init__(self, command: str) -> None:
        self.command = shlex.split(command)

    def get(self, name: str) -> bytes | None:
        """What it prints; nothing means that there is no such key."""
        printed = self._ask("get", name)
        return _key(printed, OF_COMMAND) if printed else None

    def make(self, name: str) -> bytes:
        """What it prints."""
        return _key(self._ask("make", name), OF_COMMAND)

    def destroy(self, name: str) -> None:
        """Tell it."""
        self._ask("destroy", name)

    def _ask(self, verb: str, name: str) -> str:
        asked = [*self.command, verb, name]
        try:
            done = subprocess.run(asked, capture_output=True, text=True, timeout=SECONDS, check=True)  # noqa: S603
        except (OSError, UnicodeDecodeError, subprocess.SubprocessError) as error:
            raise KeysUnavailable(
                f"BALLOT_KEYS_COMMAND failed at {verb} {name} ({type(error).__name__})."
            ) from None
        return done.stdout.strip()


def store() -> KeyStore:
    """The key store that the settings name."""
    command: str = settings.BALLOT_KEYS_COMMAND
    return Command(command) if command else Files(Path(settings.DATA_DIR) / "ballot-keys")


def name_of(assembly: str, period: str) -> str:
    """What the key of an assembly and a period is called."""
    return f"{assembly}/{period}"


def not_the_key(name: str) -> KeysUnavailable:
    """What to say of a key that is gone before its time, or is not the one that ballots were cast with."""
    return KeysUnavailable(
        f"The key {name} is lost, or is not the one that ballots were cast with. "
        "Put it back from the keys' own backup; a new one would let everybody vote twice."
    )


def _key(written: str, whose: str) -> bytes:
    try:
        key = bytes.fromhex(written)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeysUnavailable(f"{whose} must hold 64 hexadecimal digits, and does not.")
    return key


def _check_private(path: Path) -> None:
    """Refuse what others than the owner may open. Windows has no such modes; there its own rights must do."""
    if os.name != "nt" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        mode = "700" if path.is_dir() else "600"
        raise KeysUnavailable(
            f"{path} is open to others than its owner: find out who read it, then `chmod {mode}` it. "
            "Until then nobody rates."
        )


def _settle(folder: Path) -> None:
    """Have the disk keep which files the folder has."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_private(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
