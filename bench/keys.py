"""The keys of the bench's people: anybody can work them out, so they open nothing but a bench database."""

import base64
import hashlib

from accounts import keys


def token(team: int) -> str:
    """The key of the member of this team."""
    body = base64.urlsafe_b64encode(hashlib.sha256(f"bench key {team}".encode()).digest()).decode()
    return f"{keys.MARK}_{team:08x}_{body.rstrip('=')}"


def digest(text: str) -> str:
    """What the database keeps of it."""
    return keys.digest(text)
