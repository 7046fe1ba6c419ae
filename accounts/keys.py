"""API keys: how they look, what they may be allowed to do, and finding the one that was shown."""

import hashlib
import secrets
from datetime import datetime, timedelta

from accounts.models import Key
from record import clock
from record.guarded import opened

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
    "challenges:write": "Propose, support, admit, answer, resolve and withdraw challenges.",
    "moderation:read": "Read what waits for one's decision as convenor.",
    "moderation:write": "Publish and refuse words, dismiss reports, hide words and show them again.",
    "reports:write": "Report words that should not be shown.",
    "ratings:read": "Read one's own ratings.",
    "ratings:write": "Rate, change and take back one's own ratings, and redeem a local code.",
    "codes:write": "Issue, count and withdraw an assembly's local codes.",
    "withholding:read": "Read which redactions are asked for, as a convenor.",
    "withholding:write": "Place and lift holds, ask for redactions and decide them.",
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
    key = Key.objects.select_related("user").filter(digest=digest(token)).first()
    now = clock.now()
    if key is None or not key.is_valid(now):
        return None
    _note_use(key, now)
    return key


def _note_use(key: Key, now: datetime) -> None:
    if key.last_used_at and now - key.last_used_at < USE_IS_NOTED_EVERY:
        return
    with opened():
        Key.objects.filter(pk=key.pk).update(last_used_at=now)
