"""API keys: how they look, what they may be allowed to do, and finding the one that was shown."""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import CharField, DateTimeField, QuerySet

from accounts.models import Key, User
from record import clock
from record.guarded import opened
from record.prepared import Blank, Change, Prepared, Row

SCOPES = {
    "all": "Everything that the owner of the key may do.",
    "assemblies:write": "Publish and correct assemblies, themes and areas; place neighbourhoods.",
    "accounts:write": "Publish and correct organisations and teams.",
    "recommendations:write": "Enter recommendations, ask organisations, correct wordings.",
    "responses:write": "Answer recommendations.",
    "commitments:write": "Publish, accept, correct, hand over, split, merge and replace commitments; set milestones; "
    "tie them to priorities.",
    "updates:write": "Post and correct progress updates, and ask for later dates.",
    "approvals:write": "Approve or refuse date changes and corrections; read flags on ratings, and set quarters aside.",
    "verifications:write": "Record the panel's findings.",
    "challenges:write": "Propose, support, admit, refuse, answer, resolve and withdraw challenges.",
    "moderation:read": "Read what waits for one's decision as convenor.",
    "moderation:write": "Publish and refuse words, dismiss reports, hide words and show them again.",
    "reports:write": "Report words that should not be shown.",
    "ratings:read": "Read one's own ratings.",
    "ratings:write": "Rate, change and take back one's own ratings, and redeem a local code.",
    "codes:write": "Issue, count and withdraw an assembly's local codes.",
    "withholding:read": "Read which redactions are asked for, as a convenor.",
    "withholding:write": "Place and lift holds, ask for redactions and decide them.",
    "webhooks:read": "Read one's own webhooks and what was sent to them.",
    "webhooks:write": "Add, change, test and remove one's own webhooks.",
    "account:read": "Read one's own account.",
    "account:write": "Issue and revoke one's own keys, erase one's own account.",
}
"""Every scope, and what it opens. Reading what is public needs no key."""

MARK = "sd"
USE_IS_NOTED_EVERY = timedelta(minutes=1)


def new_token() -> tuple[str, str]:
    """A fresh token, and its prefix that may be shown: `sd_` + 8 characters + `_` + 256 random bits."""
    prefix = f"{MARK}_{secrets.token_hex(4)}"
    return f"{prefix}_{secrets.token_urlsafe(32)}", prefix


def digest(token: str) -> str:
    """What is stored of a token. A plain hash will do: 256 random bits cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


def find(token: str) -> Key | None:
    """The valid key of an open account that this token belongs to; notes its use, at most once a minute."""
    if not token.startswith(f"{MARK}_"):
        return None
    key, now = _with(digest(token)), clock.now()
    if key is None or not key.is_valid(now):
        return None
    _note_use(key, now)
    return key


def _with(digest: str) -> Key | None:
    """The key and its owner."""
    row = _SHOWN.row(digest=digest)
    if row is None:
        return None
    key: Key = _made(Key, row)
    key.user = _made(User, row, _OWNER)
    return key


def _made(model: Any, row: Row, before: str = "") -> Any:
    names = _columns(model)
    return model.from_db(DEFAULT_DB_ALIAS, names, [row[before + name] for name in names])


@cache
def _columns(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _all_of_one() -> QuerySet[Any]:
    theirs = (_OWNER + name for name in _columns(User))
    rows: QuerySet[Any] = _of_digest().values(*_columns(Key), *theirs)
    return rows


def _of_digest() -> QuerySet[Key]:
    digest: Any = Blank("digest", CharField())
    return Key.objects.filter(digest=digest).order_by()


_OWNER = "user__"
_SHOWN = Prepared(_all_of_one)
"""Asked with every key that is shown, so compiled once."""
_USED = Change(_of_digest, last_used_at=Blank("now", DateTimeField()))


def _note_use(key: Key, now: datetime) -> None:
    if key.last_used_at and now - key.last_used_at < USE_IS_NOTED_EVERY:
        return
    with opened():
        _USED.write(digest=key.digest, now=now)
