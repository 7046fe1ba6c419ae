"""Which words somebody means: by the page that they stand on, their entry in the record, or as events name a thing."""

import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from commitments.withholding import offices
from portal.private import Fault, said
from record.guarded import Recorded
from record.refusals import Refusal

LONGEST = 300
SUBJECT = re.compile(r"[a-z_]{3,20}:[A-Za-z0-9][A-Za-z0-9/-]{0,120}")
ENTRIES = re.compile(r"#?\d{1,12}(\s*,\s*#?\d{1,12}){0,49}")
MOST_ENTRIES = 50
PAGES = {
    "commitment": ("commitment", "reference"),
    "commitment_history": ("commitment", "reference"),
    "recommendation": ("recommendation", "reference"),
    "challenge": ("challenge", "key"),
    "assembly": ("assembly", "slug"),
    "team": ("team", "slug"),
    "organisation": ("organisation", "slug"),
    "area": ("area", "code"),
}
"""Pages of one thing: as events name it, and by which part of the address it is known."""


class Pointed(NamedTuple):
    """A thing of the record, or some entries about it alone."""

    thing: Recorded
    entries: list[int]


@dataclass(frozen=True)
class Pointer:
    """What was typed to say which words are meant."""

    typed: str

    def read(self, field: str) -> Pointed | Fault:
        """The thing, or what to mend."""
        text = self.typed.strip()
        if not text or len(text) > LONGEST:
            return Fault(
                field, _("Say whose words: the address of their page here, or the number of their entry.")
            )
        try:
            return self._found(text) or Fault(
                field,
                _(
                    "This names nothing here. Copy the address of the page, or the number of the entry in the record."
                ),
            )
        except Refusal as no:
            return Fault(field, said(no))

    def _found(self, text: str) -> Pointed | None:
        if ENTRIES.fullmatch(text):
            return _entries([int(one.strip(" #")) for one in text.split(",")])
        if SUBJECT.fullmatch(text):
            return Pointed(offices.named(text), [])
        return _page(_path(text))


def page_of(subject: str) -> str:
    """The public page of what a subject names; blank where it has none of its own."""
    kind, _colon, key = subject.partition(":")
    if kind == "theme":
        assembly, _slash, theme = key.partition("/")
        return reverse("theme", args=[assembly, theme])
    for name, (of, _part) in PAGES.items():
        if of == kind:
            return reverse(name, args=[key])
    return ""


def _entries(positions: list[int]) -> Pointed:
    subject = offices.subject_of_entries(positions)
    return Pointed(offices.named(subject), positions)


def _path(text: str) -> str:
    try:
        return unquote(urlsplit(text).path)
    except ValueError:
        return ""


def _page(path: str) -> Pointed | None:
    try:
        match = resolve(path)
    except Resolver404:
        return None
    if match.url_name == "entry":
        return _entries([match.kwargs["position"]])
    if match.url_name == "theme":
        return Pointed(offices.named(f"theme:{match.kwargs['slug']}/{match.kwargs['theme']}"), [])
    named = PAGES.get(match.url_name or "")
    return Pointed(offices.named(f"{named[0]}:{match.kwargs[named[1]]}"), []) if named else None
