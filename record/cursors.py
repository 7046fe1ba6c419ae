"""The opaque, signed mark of a place in an ordered list."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings

SEAL_BYTES = 9
LONGEST = 2000
"""Enough for a title of 300 characters, four bytes each, as a place."""
_READERS: dict[str, Any] = {
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "u": UUID,
    "n": Decimal,
}


class BadCursor(ValueError):
    """The cursor is not one of ours, or belongs to another list or order."""


@dataclass(frozen=True, slots=True)
class Place:
    """Just after (or, going back, just before) the row with these values in its ordering column and tie-break."""

    order: str
    back: bool
    value: Any
    tie: Any

    def written(self) -> str:
        """The cursor as it stands in an address."""
        content = json.dumps(
            [self.order, int(self.back), _tagged(self.value), _tagged(self.tie)],
            separators=(",", ":"),
            ensure_ascii=False,
        ).encode()
        return base64.urlsafe_b64encode(_seal(content) + content).decode().rstrip("=")


def read(text: str, order: str) -> Place:
    """The place that a cursor marks. Raises BadCursor where it was tampered with or was made for another order."""
    try:
        raw = base64.urlsafe_b64decode(text[:LONGEST] + "=" * (-len(text) % 4))
        seal, content = raw[:SEAL_BYTES], raw[SEAL_BYTES:]
        if not hmac.compare_digest(seal, _seal(content)):
            raise BadCursor
        made_for, back, value, tie = json.loads(content)
    except ValueError as exc:
        raise BadCursor from exc
    if made_for != order:
        raise BadCursor
    return Place(order, bool(back), _untagged(value), _untagged(tie))


@cache
def _sealing_key(secret: str) -> bytes:
    return hashlib.sha256(b"api.http.cursors" + secret.encode()).digest()


def _seal(content: bytes) -> bytes:
    return hashlib.blake2b(content, key=_sealing_key(settings.SECRET_KEY), digest_size=SEAL_BYTES).digest()


def _tagged(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, UUID):
        return {"u": str(value)}
    if isinstance(value, Decimal):
        return {"n": str(value)}
    return value


def _untagged(value: Any) -> Any:
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        return _READERS[kind](text)
    return value
