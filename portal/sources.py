"""Where a fact was read: the source's address, its day, and how good it is."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from portal import wording


class Source(NamedTuple):
    """One published source."""

    url: str
    host: str
    date: str | None
    reliability: Any


def sources(given: Iterable[dict[str, Any]] | None) -> list[Source]:
    """The sources of something, each address once."""
    found: dict[str, Source] = {}
    for one in given or ():
        url = one.get("url") or ""
        words = wording.RELIABILITY.get(one.get("reliability") or "", "")
        if url.startswith(("https://", "http://")):
            found.setdefault(url, Source(url, urlsplit(url).hostname or url, one.get("date"), words))
    return list(found.values())
