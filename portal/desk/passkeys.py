"""Passkeys as forms carry them: what the browser is asked goes out with the page, what it answers comes back."""

import json
from typing import Any

ANSWER = "passkey"
LONGEST = 20_000


def asked(options: dict[str, Any]) -> str:
    """What a browser is asked, for the page."""
    return json.dumps(options)


def answered(text: str) -> dict[str, Any]:
    """What a browser answered; empty where no browser wrote this."""
    if len(text) > LONGEST:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
