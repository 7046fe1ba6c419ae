"""What every mapping into the record format does alike: short titles, stable names, bodies, an assembly."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.text import slugify

LONGEST_TITLE, LONGEST_SLUG = 300, 80
Item = dict[str, Any]


def titled(text: str) -> tuple[str, str]:
    """A title of up to 300 characters, and the whole text as the body where the title cannot hold it."""
    if len(text) <= LONGEST_TITLE and "\n" not in text:
        return text, ""
    line = text.split("\n", maxsplit=1)[0]
    if len(line) > LONGEST_TITLE - 1:
        line = line[: LONGEST_TITLE - 1].rsplit(" ", maxsplit=1)[0]
    return f"{line}…", text


def spaced(text: str) -> str:
    """The text with plain single spaces: what spreadsheets put in between is no part of a name."""
    return " ".join(text.replace("\xa0", " ").split())


def several(text: str, separator: str = ";") -> list[str]:
    """The names in one cell, each once."""
    return list(dict.fromkeys(name for part in text.split(separator) if (name := spaced(part))))


class Bodies:
    """Slugs for names, up to 80 characters: spellings that differ in case, spaces or marks alone are one body.

    Other spellings stay bodies of their own: who is meant is not ours to guess.
    """

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self._slugs: dict[str, str] = {}

    def slug(self, name: str) -> str:
        """The slug of a name, the same each time."""
        key = slugify(name)
        if key not in self._slugs:
            self._slugs[key] = self._free(key)
            self.names[self._slugs[key]] = name
        return self._slugs[key]

    def organisations(self) -> list[Item]:
        """All that were named, in the order in which they were."""
        return [
            {"slug": slug, "name": name, "kind": "other", "area": None} for slug, name in self.names.items()
        ]

    def _free(self, key: str) -> str:
        short = key if len(key) <= LONGEST_SLUG else key[: LONGEST_SLUG - 3].rsplit("-", maxsplit=1)[0]
        found, number = short, 2
        while found in self.names:
            found, number = f"{short}-{number}", number + 1
        return found


def owners(bodies: Bodies, lead: str | None, others: Iterable[str]) -> list[Item]:
    """The bodies that own a promise, each once, the lead first; nobody leads where the source does not say who."""
    found = dict.fromkeys(bodies.slug(name) for name in ([lead] if lead else []) + list(others))
    first = bodies.slug(lead) if lead else None
    return [{"organisation": slug, **({"lead": True} if slug == first else {})} for slug in found]


def note(about: str, text: str, value: Any = None, kind: str = "source") -> Item:
    """Something else that a source says; with the kind `reading`, how we read it."""
    return {"kind": kind, "about": about, "value": value, "text": text}


def source(url: str, reliability: str, date: str | None = None, said: str = "") -> Item:
    """Where something stands."""
    return {"url": url, "date": date, "reliability": reliability, **({"note": said} if said else {})}


def commitment(slug: str, text: str, sources: Sequence[Item], **more: Any) -> Item:
    """One promise: its text whole, and unknown where nothing more is said."""
    title, body = titled(text)
    unknown: Item = {"recommendations": [], "owners": [], "due": None, "reported_state": "", "areas": []}
    said = {"title": title, "body": body, "notes": [], "sources": list(sources)}
    return {"slug": slugify(slug.replace("_", "-")), **unknown, **said, **more}


def record(
    assembly: Mapping[str, Any], bodies: Bodies, commitments: Sequence[Item], **more: Sequence[Item]
) -> Item:
    """A file in the record format."""
    unknown: Item = {"question": "", "area": None, "held": {"text": "", "from": "", "to": ""}, "facts": []}
    lists: Item = {"areas": [], "teams": [], "themes": [], "recommendations": []}
    return {
        "format": "said-and-done/record",
        "version": 1,
        "assembly": {**unknown, **assembly},
        "organisations": bodies.organisations(),
        "commitments": list(commitments),
        **lists,
        **more,
    }


def unescaped(text: str) -> str:
    r"""Text in which somebody's export left `\u2019` and its like as six characters."""
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
