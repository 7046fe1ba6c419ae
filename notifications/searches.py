"""Saved searches: lists of the API, followed. What they find is known upstairs, and is put in here at the start."""

from collections.abc import Callable, Iterable

from notifications.models import SavedSearch
from notifications.topics import Read, Topics

Found = Callable[[SavedSearch, list[int]], Iterable[int]]
"""Which entries at these positions tell of what a search shows now."""
_FINDERS: list[Found] = []


def find_with(finder: Found) -> None:
    """Say who knows lists; called once, when the service starts."""
    _FINDERS[:] = [finder]


def matches(entries: Iterable[Read]) -> dict[int, Topics]:
    """For each entry the searches that it belongs to; only those that somebody follows are asked."""
    positions = [entry.position for entry in entries]
    found: dict[int, Topics] = {position: set() for position in positions}
    for finder in _FINDERS:
        for search in SavedSearch.objects.filter(follows__confirmed_at__isnull=False).distinct():
            for position in finder(search, positions):
                found[position].add(f"search:{search.pk}")
    return found
