"""Signed notes: a text with signatures under it, each by a named key (C2SP signed-note, v1, Ed25519).

Two kinds of signature are known: a log's own, and a witness's, which says when it looked (C2SP tlog-cosignature).
"""

import hashlib
import unicodedata
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOG, WITNESS = 1, 4
"""Kinds of signature: Ed25519 over the text; Ed25519 over a time and the text."""
KEY_BYTES = 32
ID_BYTES = 4
TIME_BYTES = 8
DASH = "\u2014 "
PREFIX = "PRIVATE+KEY"
LONGEST = 64 * 1024
MOST_SIGNATURES = 100


class BadNote(ValueError):
    """A note, a key or a signature is not what it should be; the words say how."""


@dataclass(frozen=True)
class VerifierKey:
    """A public key as it is handed to others: `name+id+base64`, where the id is a short hash of all the rest."""

    name: str
    kind: int
    public: bytes

    @classmethod
    def read(cls, text: str) -> "VerifierKey":
        """From `name+id+base64`. Raises BadNote."""
        name, number, encoded = _three(text, "verifier key")
        data = unpacked(encoded)
        if len(data) != 1 + KEY_BYTES or data[0] not in (LOG, WITNESS):
            raise BadNote(f"The verifier key of {name} is of a kind that is not known here.")
        found = cls(_checked(name), data[0], data[1:])
        if found.id.hex() != number:
            raise BadNote(f"The verifier key of {name} is mistyped: its parts do not fit each other.")
        return found

    @property
    def id(self) -> bytes:
        """Four bytes by which a signature names its key."""
        named = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(named).digest()[:ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{packed(bytes([self.kind]) + self.public)}"

    def check(self, text: str, signature: bytes) -> datetime | None:
        """Raise BadNote unless it signed `text`; when it did, where its kind of signature says so."""
        at = None
        said = text.encode()
        if self.kind == WITNESS:
            seconds, signature = int.from_bytes(signature[:TIME_BYTES], "big"), signature[TIME_BYTES:]
            said = f"cosignature/v1\ntime {seconds}\n".encode() + said
            at = _moment(seconds)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, said)
        except (InvalidSignature, ValueError):
            raise BadNote(f"The signature of {self.name} is false.") from None
        return at


@dataclass(frozen=True)
class SigningKey:
    """A secret key, in the form that other tools of the kind keep them too: `PRIVATE+KEY+name+id+base64`."""

    name: str
    secret: bytes

    @classmethod
    def made(cls, name: str) -> "SigningKey":
        """A new one."""
        return cls(_checked(name), Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def read(cls, text: str) -> "SigningKey":
        """From its text. Raises BadNote, whose words do not repeat it."""
        if not text.startswith(f"{PREFIX}+"):
            raise BadNote(f"A signing key begins with {PREFIX}+.")
        name, number, encoded = _three(text.removeprefix(f"{PREFIX}+"), "signing key")
        data = unpacked(encoded)
        if len(data) != 1 + KEY_BYTES or data[0] != LOG:
            raise BadNote(f"The signing key of {name} is of a kind that is not known here.")
        found = cls(_checked(name), data[1:])
        if found.verifier.id.hex() != number:
            raise BadNote(f"The signing key of {name} is mistyped: its parts do not fit each other.")
        return found

    def written(self) -> str:
        """Its text, which only its owner may read."""
        return f"{PREFIX}+{self.name}+{self.verifier.id.hex()}+{packed(bytes([LOG]) + self.secret)}"

    def __repr__(self) -> str:
        return f"SigningKey({self.name})"

    @property
    def verifier(self) -> VerifierKey:
        """What others check its signatures with."""
        return VerifierKey(self.name, LOG, self._private().public_key().public_bytes_raw())

    def signature(self, text: str) -> str:
        """The line that signs `text`."""
        return line(self.name, self.verifier.id + self._private().sign(text.encode()))

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.secret)


def line(name: str, signature: bytes) -> str:
    """A signature as a line; `signature` begins with the key's id."""
    return f"{DASH}{name} {packed(signature)}\n"


def signed(text: str, keys: Iterable[SigningKey]) -> str:
    """`text`, which ends in a newline, as a note that each of `keys` signed."""
    return text + "\n" + "".join(key.signature(text) for key in keys)


def parts(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text, and the signatures as (name, bytes that begin with the key's id). Raises BadNote."""
    _check_characters(note)
    text, blank, lines = note.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise BadNote("A note is a text, an empty line and lines of signatures.")
    listed = lines[:-1].split("\n")
    if len(listed) > MOST_SIGNATURES:
        raise BadNote(f"A note has at most {MOST_SIGNATURES} signatures here.")
    return text + "\n", [_signature(one) for one in listed]


def read(note: str, keys: Sequence[VerifierKey]) -> tuple[str, Mapping[VerifierKey, datetime | None]]:
    """The text, and which of `keys` signed it (witnesses with their time). Raises BadNote.

    Signatures of other keys are not looked at. A false one of these keys spoils the note; none of them does too.
    """
    text, signatures = parts(note)
    found: dict[VerifierKey, datetime | None] = {}
    for name, signature in signatures:
        for key in keys:
            if (key.name, key.id) == (name, signature[:ID_BYTES]):
                found[key] = key.check(text, signature[ID_BYTES:])
    if not found:
        raise BadNote("No key that is known here has signed this.")
    return text, found


def _signature(text: str) -> tuple[str, bytes]:
    name, space, encoded = text.removeprefix(DASH).partition(" ")
    if not text.startswith(DASH) or not space:
        raise BadNote("A line of a signature is a dash, a name and base64.")
    data = unpacked(encoded)
    if len(data) <= ID_BYTES:
        raise BadNote(f"The signature of {name} is too short.")
    return _checked(name), data


def _check_characters(note: str) -> None:
    if len(note) > LONGEST:
        raise BadNote(f"A note is at most {LONGEST} characters long here.")
    if any(one < " " and one != "\n" for one in note):
        raise BadNote("A note holds no control characters.")


def _checked(name: str) -> str:
    if not name or "+" in name or any(unicodedata.category(one)[0] in "CZ" for one in name):
        raise BadNote("The name of a key is not empty, and holds no spaces and no plus.")
    return name


def _three(text: str, what: str) -> tuple[str, str, str]:
    found = text.split("+", 2)
    if len(found) != 3:
        raise BadNote(f"A {what} is a name, an id and base64, with a plus between them.")
    return found[0], found[1], found[2]


def packed(data: bytes) -> str:
    """Bytes as base64."""
    return b64encode(data).decode()


def unpacked(text: str) -> bytes:
    """Base64 as bytes, strictly: what would be written otherwise is refused. Raises BadNote."""
    try:
        data = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        raise BadNote("That is not base64.") from None
    if packed(data) != text:
        raise BadNote("That is not base64 as it is written.")
    return data


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise BadNote("A signature says a time that there is not.") from None
