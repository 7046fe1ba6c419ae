"""What an entry of the record says of the evidence for an update: titles, links, and files with their kind and size."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from commitments.evidence.kinds import EXTENSIONS

TITLES, ADDRESSES = "evidence_titles", "evidence_urls"
WORDS = (TITLES, ADDRESSES)


@dataclass(frozen=True)
class Told:
    """One piece of evidence. Of a file `kind` is as `JPEG` and `size` in bytes, and `url` a path of this site."""

    title: str
    url: str
    kind: str = ""
    size: int = 0


def path_to(key: object) -> str:
    """Where the bytes of a file are."""
    return f"/api/v1/evidence/{key}/file/"


def kind_of(media_type: str | None) -> str:
    """What people call it."""
    return EXTENSIONS.get(media_type or "", "").upper()


def told(facts: Mapping[str, Any], words: Mapping[str, str | None]) -> list[Told]:
    """The evidence that an entry tells of; none where its words are not shown."""
    if not words.get(TITLES):
        return []
    named = facts.get("evidence") or []
    rows = zip_longest(_lines(words, TITLES), _lines(words, ADDRESSES), named, fillvalue=None)
    return [_told(title or "", url or "", fact or {}) for title, url, fact in rows if title or url]


def _lines(words: Mapping[str, str | None], name: str) -> list[str]:
    text = words.get(name)
    return text.split("\n") if text else []


def _told(title: str, url: str, fact: Mapping[str, Any]) -> Told:
    file = fact.get("file")
    if not file:
        return Told(title, url)
    return Told(title, path_to(file["id"]), kind_of(file["media_type"]), file["bytes"])
