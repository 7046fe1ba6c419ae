"""Fresh ballots are sealed: before they are mixed, a copy of the database shows that something was cast, not what.

Sealed with AES-256-GCM under a key made from the quarter's own (RFC 5869), all to one length. So a write-ahead log,
freed storage or an old backup that holds fresh ballots says nothing once the quarter's key is destroyed.
"""

import hmac
import json
import os
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ratings import errors

NONCE_BYTES = 12
LENGTH = 1856
"""Bytes of every ballot before it is sealed, whatever it says: as many as PostgreSQL keeps within a row."""
LONGEST_WORDS, WORDS_BYTES = 300, 1000
"""What words may take of it: characters, and bytes as they are written."""


class NotOurs(ValueError):
    """It was sealed with another key, or altered since."""


def seal(key: bytes, said: Mapping[str, Any], *, place: str) -> bytes:
    """Seal what a ballot says; it opens only with the key, at the place for which it was sealed."""
    written = _written(said).ljust(LENGTH)
    if len(written) > LENGTH:
        raise ValueError("A ballot is longer than all ballots are made.")
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(key).encrypt(nonce, written, place.encode())


def unseal(key: bytes, sealed: bytes, *, place: str) -> dict[str, Any]:
    """What the ballot says. Raises NotOurs."""
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        written = _cipher(key).decrypt(nonce, rest, place.encode())
    except InvalidTag:
        raise NotOurs from None
    found: dict[str, Any] = json.loads(written)
    return found


def check_fits(words: str) -> None:
    """Raise WordsTooLong for more words than every ballot has room for."""
    if len(words) > LONGEST_WORDS or len(_written(words)) > WORDS_BYTES:
        raise errors.WordsTooLong(field="words", most=LONGEST_WORDS)


def check_value(key: bytes) -> str:
    """By what a quarter recognises its key: nothing about the key can be learnt from it."""
    return _derived(key, b"recognised").hex()


def _written(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(_derived(key, b"sealed ballot"))


def _derived(key: bytes, purpose: bytes) -> bytes:
    """Another key from a key: one round of HKDF-Expand; the key is random already, so nothing needs extracting."""
    return hmac.digest(key, purpose + b"\x01", "sha256")
