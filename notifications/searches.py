"""Saved searches: lists of the API, followed. What they find is known upstairs, and is named in the settings."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

from notifications.models import Follower, SavedSearch
from notifications.topics import Read, Topics

Found = Callable[[SavedSearch, list[int]], Iterable[int]]
"""Which entries at these positions tell of what a search shows now."""


def finder() -> Found:
    """Who knows lists (`NOTIFICATIONS_FIND_WITH`); named in the settings, since this room may not know the next."""
    found: Found = import_string(settings.NOTIFICATIONS_FIND_WITH)
    return found


def matches(entries: Iterable[Read], follower: Follower | None = None) -> dict[int, Topics]:
    """For each entry the searches that it belongs to; only those that somebody follows are asked, or this one."""
    positions = [entry.position for entry in entries]
    found: dict[int, Topics] = {position: set() for position in positions}
    find = finder()
    whose = Q(follows__follower=follower) if follower else Q()
    for search in SavedSearch.objects.filter(whose, follows__confirmed_at__isnull=False).distinct():
        for position in find(search, positions):
            found[position].add(f"search:{search.pk}")
    return found
