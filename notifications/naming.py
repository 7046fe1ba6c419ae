"""What is followed, as people call it: for pages behind a signed link, never for mails."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from commitments.withholding.stories import thing_of
from notifications.models import Follow

KINDS = {
    "area": "The area",
    "assembly": "The assembly",
    "commitment": "The commitment",
    "organisation": "",
    "recommendation": "The recommendation",
    "team": "The team",
    "theme": "The theme",
}


def name_of(one: Follow) -> str:
    """The name of one thing that is followed; of a search its address."""
    if one.search:
        return f"What {one.search} finds"
    kind, _, key = one.topic.partition(":")
    thing: Any = thing_of(one.topic)
    name = getattr(thing, "title", "") or getattr(thing, "name", "")
    shown = f"{key}, “{name}”" if kind in {"commitment", "recommendation"} and name else name or key
    return f"{KINDS.get(kind, '')} {shown}".strip()


def names_of(follows: Iterable[Follow]) -> dict[UUID, str]:
    """The names of several; at most a hundred, so each is asked for."""
    return {one.pk: name_of(one) for one in follows}
