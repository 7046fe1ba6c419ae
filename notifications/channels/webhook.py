"""Webhooks as Standard Webhooks 1.0 has them: thin signed bodies out, and what an answer means."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from standardwebhooks import Webhook

from notifications.channels import Later, Never, Outcome, Sent

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=7),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=24),
)
"""Ten tries in three days."""
LONGEST_WAIT = timedelta(hours=24)
"""However long a receiver asks us to stay away."""
GONE = "gone"
USER_AGENT = "said-and-done-webhooks/1"


@dataclass(frozen=True)
class Request:
    """What goes out once."""

    address: str
    body: bytes
    headers: dict[str, str]


def signed(
    address: str, message_id: str, payload: dict[str, Any], secrets: Sequence[str], now: datetime
) -> Request:
    """The request, signed with every secret that is still good, so that receivers can change theirs in between."""
    body = json.dumps(payload, separators=(",", ":"), ensure_ascii=False)
    signatures = [Webhook(secret).sign(message_id, now, body) for secret in secrets]
    headers = {
        "content-type": "application/json",
        "user-agent": USER_AGENT,
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return Request(address, body.encode(), headers)


def outcome(status: int, retry_after: str, now: datetime) -> Outcome:
    """What an answer means: 2xx is taken, 410 is for ever, all else is tried again; nothing is followed."""
    if 200 <= status < 300:
        return Sent()
    if status == 410:
        return Never(GONE)
    why = "redirect" if 300 <= status < 400 else f"status_{status}"
    return Later(why, _asked_to_wait(retry_after, now))


def _asked_to_wait(said: str, now: datetime) -> timedelta | None:
    """What `Retry-After` asks, in seconds or as a date, within bounds."""
    said = said.strip()
    if said.isascii() and said.isdigit():
        return min(timedelta(seconds=int(said[:7])), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(said)
        return min(max(until - now, timedelta()), LONGEST_WAIT)
    except (TypeError, ValueError):
        return None
