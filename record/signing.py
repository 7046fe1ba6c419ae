"""The signer: it signs what follows from what it signed before, and nothing else.

It believes no table: from the entries themselves it makes the root anew, on top of the state that it noted in a file of
its own. So it may be another process, of another user, with nothing but reading rights on the record, and whoever holds
the database cannot make it sign a second history.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from record import checkpoints, files, notes, tree
from record.checkpoints import State
from record.models import Checkpoint
from record.notes import BadNote, SigningKey
from record.proofs import EMPTY

if sys.platform == "win32":
    fcntl = None
else:
    import fcntl

ONLY_OURS = 0o077
MEND = """Nothing was signed, and nothing should be recorded until this is mended: others may keep what is not here.
  - If the database was restored from an older backup: put the lost entries back from somebody's copy, which is checked
    against what was signed: manage.py recover_record COPY
  - If nobody has a copy: say openly that a new log begins, under a new name: manage.py begin_log NAME
docs/operating.md, "The signed record", explains both."""


class NotSigned(RuntimeError):
    """The signer refuses; the words say what to do."""


@dataclass(frozen=True)
class Signer:
    """The files of a signer: its keys, and beside them what it signed last."""

    keys_file: Path

    @property
    def guard_file(self) -> Path:
        """Where it notes what it signs, before anybody else sees it."""
        return self.keys_file.with_name(f"{self.keys_file.name}.signed")

    @property
    def exists(self) -> bool:
        """Whether this process can see its keys."""
        return os.access(self.keys_file, os.R_OK)

    def read_keys(self) -> list[SigningKey]:
        """The keys, the present one first; all of one name. Raises NotSigned."""
        _check_private(self.keys_file)
        try:
            found = [SigningKey.read(one) for one in self.keys_file.read_text("utf-8").split("\n") if one]
        except BadNote as bad:
            raise NotSigned(f"{self.keys_file} holds no keys: {bad}") from None
        if len({key.name for key in found}) != 1:
            raise NotSigned(
                f"{self.keys_file} must hold keys of one name, each on a line, the present one first."
            )
        return found

    def begin(self, origin: str) -> None:
        """Make the first key of a log, and note that nothing was signed yet."""
        self.keys_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.note(State(origin, 0, EMPTY))
        _write(self.keys_file, SigningKey.made(origin).written() + "\n")

    def noted(self) -> State:
        """What it signed last. Raises NotSigned where that is not known."""
        try:
            return checkpoints.read(self.guard_file.read_text("utf-8"))
        except FileNotFoundError:
            raise NotSigned(
                f"{self.guard_file} is missing, which says what was signed last, so that nothing else is signed. "
                "Put it back; or, if it is lost, give the newest checkpoint that anybody has: "
                "manage.py sign_record --newest FILE"
            ) from None
        except BadNote as bad:
            raise NotSigned(f"{self.guard_file} is spoilt: {bad}") from None

    def note(self, state: State) -> None:
        """Note what is about to be signed, so that it outlives a fall of the machine."""
        _write(self.guard_file, state.text)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until no other signer is at work with these files."""
        self.keys_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.keys_file.with_name(f"{self.keys_file.name}.lock").open("a") as file:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX)
            yield


def signer() -> Signer:
    """The signer that the settings name."""
    return Signer(Path(settings.RECORD_KEY_FILE))


def sign(by: Signer) -> Checkpoint | None:
    """Sign the record as it is and publish that; None while it is empty. Raises NotSigned.

    Where there is no key yet, the first one is made, unless something was signed already: then the key is elsewhere.
    """
    with by.alone():
        if not by.keys_file.exists():
            _check_unsigned(by)
            by.begin(settings.RECORD_ORIGIN)
        keys, before = by.read_keys(), by.noted()
        _check_own(keys, before)
        state = following(before)
        if not state.size:
            return None
        _make_durable()
        if state != before:
            by.note(state)
        return checkpoints.publish(state, notes.signed(state.text, keys), keys[0].verifier)


def sign_and_publish(by: Signer) -> Checkpoint | None:
    """Sign, and bring the files to that, if there is a folder for them. Raises NotSigned and files.WrongFolder."""
    checkpoint = sign(by)
    if checkpoint is not None and settings.RECORD_FILES:
        files.publish(Path(settings.RECORD_FILES), checkpoint)
    return checkpoint


def following(before: State) -> State:
    """The present state, made from the entries on top of `before`. Raises NotSigned where it does not follow."""
    size = tree.size()
    if size < before.size:
        raise NotSigned(f"The record has {size} entries, and {before.size} were signed before.\n{MEND}")
    try:
        edge = tree.frontier(before.size)
        if edge.root != before.root:
            raise NotSigned(f"The first {before.size} entries are not those that were signed before.\n{MEND}")
        for _, body in tree.bodies_between(before.size, size):
            edge.add(body)
        if edge.root != tree.root(size):
            raise NotSigned("The tree does not fit its entries: manage.py check_record says where.")
    except tree.IncompleteTree as incomplete:
        raise NotSigned(f"{incomplete} manage.py check_record says more.") from None
    return State(before.origin, size, edge.root)


def check(by: Signer) -> None:
    """Raise NotSigned where the record does not follow from what was signed; nothing is signed."""
    if by.exists:
        keys, before = by.read_keys(), by.noted()
        _check_own(keys, before)
        following(before)


def adopt(by: Signer, newest: str) -> State:
    """Take the newest checkpoint that anybody has for what was signed last. Raises NotSigned."""
    with by.alone():
        keys = [key.verifier for key in by.read_keys()]
        try:
            state = checkpoints.checked(newest, keys)
        except BadNote as bad:
            raise NotSigned(f"That is no checkpoint of this log: {bad}") from None
        if by.guard_file.exists() and by.noted().size > state.size:
            raise NotSigned(f"{by.guard_file} says that more was signed than this checkpoint does.")
        if checkpoints.is_beyond(state, keys):
            raise NotSigned(
                "More was signed with these keys than this checkpoint says: the database shows it."
            )
        by.note(state)
        return state


def rotate(by: Signer) -> SigningKey:
    """Put a new key before the old ones; all sign until somebody takes the old ones out of the file."""
    with by.alone():
        keys = by.read_keys()
        new = SigningKey.made(keys[0].name)
        _write(by.keys_file, "".join(f"{key.written()}\n" for key in (new, *keys)))
        return new


def begin_log(by: Signer, origin: str) -> State:
    """Begin a new log under a new name, and lay the old log's files aside. Raises NotSigned."""
    with by.alone():
        if origin in _names(by):
            raise NotSigned(f"{origin} was a log's name: who trusts it must not be given another history.")
        try:
            SigningKey.made(origin)
        except BadNote as bad:
            raise NotSigned(str(bad)) from None
        for file in (by.keys_file, by.guard_file):
            if file.exists():
                file.rename(_aside(file))
        by.begin(origin)
        return by.noted()


def _names(by: Signer) -> set[str]:
    """What logs were called here."""
    known = {notes.VerifierKey.read(one).name for one in checkpoints.vkeys()}
    return known | ({by.noted().origin} if by.guard_file.exists() else set())


def _aside(file: Path) -> Path:
    """A name beside it that nothing has."""
    number = 1
    while file.with_name(f"{file.name}.old-{number}").exists():
        number += 1
    return file.with_name(f"{file.name}.old-{number}")


def _check_unsigned(by: Signer) -> None:
    if checkpoints.vkeys() or (by.guard_file.exists() and by.noted().size):
        raise NotSigned(
            f"The record was signed before, and its key is not at {by.keys_file} (RECORD_KEY_FILE). Put it there with "
            f"the file beside it, {by.guard_file.name}; or, if it is lost, begin a new log: manage.py begin_log NAME"
        )


def _check_own(keys: list[SigningKey], before: State) -> None:
    if keys[0].name != before.origin:
        raise NotSigned(
            f"The keys are of {keys[0].name}, and what was signed before is {before.origin}: the keys and the file "
            "beside them are not of one log. Put back the two that belong together."
        )


def _check_private(file: Path) -> None:
    if os.name != "nt" and file.stat().st_mode & ONLY_OURS:
        raise NotSigned(f"Others than its owner could read {file}: chmod 600 {file}")


def _write(file: Path, text: str) -> None:
    """Write whole or not at all, and let it outlive a fall of the machine."""
    beside = file.with_name(f"{file.name}.new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(file)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Let the names in a folder outlive a fall of the machine."""
    if os.name == "nt":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _make_durable() -> None:
    """On SQLite a commit may still be in the machine's memory; nothing is signed that a fall could take back."""
    if connection.vendor != "sqlite":
        return
    log = Path(f"{connection.settings_dict['NAME']}-wal")
    if log.exists():
        with log.open("rb") as opened:
            os.fsync(opened.fileno())
