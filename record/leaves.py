"""How a leaf writes what is not plain text: times, and the hashes of words."""

import hashlib
from datetime import datetime

SALT_BYTES = 16
"""All salts are as long: of a longer one, the end could be words that are no more shown with the rest."""


def word_hash(salt: bytes, text: str) -> str:
    """The hash by which an entry knows its words: SHA-256 over the salt and the text in UTF-8, in hex."""
    return hashlib.sha256(bytes(salt) + text.encode()).hexdigest()


def stamp(at: datetime) -> str:
    """A time as entries write it: UTC, microseconds, `Z`."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
