"""Owners in one line: `beat-team (lead); organisation:council`."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

LEAD = re.compile(r"\s*\(lead\)\s*$", re.IGNORECASE)
BODY = "organisation:"


def written(owners: Sequence[Mapping[str, Any]]) -> str:
    """Owners in one line."""
    return "; ".join(
        (one["team"] if "team" in one else BODY + one["organisation"])
        + (" (lead)" if one.get("lead") else "")
        for one in owners
    )


def parsed(text: str) -> list[dict[str, Any]]:
    """Owners from one line; what is no name stays as it was written, for the check to say so."""
    return [_owner(part.strip()) for part in text.split(";") if part.strip()]


def _owner(part: str) -> dict[str, Any]:
    name = LEAD.sub("", part)
    of_body = name.lower().startswith(BODY)
    owner: dict[str, Any] = {"organisation": name[len(BODY) :].strip()} if of_body else {"team": name}
    return owner | ({"lead": True} if LEAD.search(part) else {})


def owners_of_correction(text: str) -> list[dict[str, Any]]:
    """Owners as the text of a correction names them: team slugs with commas, the lead first."""
    slugs = [slug.strip() for slug in text.split(",") if slug.strip()]
    return [{"team": slug} | ({"lead": True} if place == 0 else {}) for place, slug in enumerate(slugs)]
