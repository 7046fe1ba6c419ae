"""What a message says: sentences made of facts alone, of what may be shown at this moment, and no theme by name."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from commitments.choices import WithholdingKind
from commitments.models import Commitment, Withholding
from commitments.sentences import names_in, sentence
from commitments.subjects import path_to
from notifications.models import Message
from record.entries import body_of
from record.models import Entry, Words, WordsState

SHOWN = 50
"""So many events stand in one mail; the rest are on the page behind its link."""
THEMES = {
    "theme.published": "A theme of an assembly is published",
    "theme.corrected": "What is said of a theme of an assembly is corrected",
}
WITHHELD = ("hold.", "words.")
"""What says that something is withheld is told though it is withheld."""


SPOKEN = frozenset({"assembly", "commitment", "recommendation"})
_Saying = Callable[[Any], Any]


@dataclass(frozen=True)
class Line:
    """One event: what it says, when it happened, and where the API has it."""

    position: int
    text: str
    on: date
    path: str
    invented: bool


def entries_of(message: Message) -> QuerySet[Entry]:
    """What the message tells, as far as it may be shown now."""
    return showable(
        Entry.objects.filter(position__in=message.deliveries.filter(position__gt=0).values("position"))
    )


def showable(told: QuerySet[Entry]) -> QuerySet[Entry]:
    """Those of them that may be shown now, in their order: nothing that is held, nor whose words are gone."""
    gone = Words.objects.filter(
        position=OuterRef("position"), state__in=(WordsState.HIDDEN, WordsState.REDACTED)
    )
    held = Withholding.objects.filter(
        Q(subject=OuterRef("subject")) | Q(subject=OuterRef("root")),
        kind=WithholdingKind.HELD,
        lifted_on=None,
    )
    saying_so = Q(*((("type__startswith", one)) for one in WITHHELD), _connector=Q.OR)
    return told.filter(saying_so | ~Exists(gone) & ~Exists(held)).order_by("position")


def lines(entries: Iterable[Entry], *, with_names: bool = False) -> list[Line]:
    """These events as sentences, in three queries however many they are; themes by name only where it is said so."""
    bodies = [(entry, body_of(entry)) for entry in entries]
    names = names_in([(entry.actor, body["facts"]) for entry, body in bodies])
    made_up = _invented({entry.root for entry, _ in bodies})
    said_as = _as_it_is if with_names else _nameless
    return [
        _line(entry, body, names, said_as, invented=bool(body.get("invented")) or entry.root in made_up)
        for entry, body in bodies
    ]


def _invented(stories: set[str]) -> set[str]:
    """Which of these are promises that were invented: what happens to them later is no more real than they are."""
    named = [story.partition(":")[2] for story in stories if story.startswith("commitment:")]
    found = Commitment.objects.filter(reference__in=named, invented=True).values_list("reference", flat=True)
    return {f"commitment:{reference}" for reference in found}


def _line(
    entry: Entry, body: Mapping[str, Any], names: Mapping[str, str], said_as: _Saying, *, invented: bool
) -> Line:
    facts = {name: _spoken(said_as(value)) for name, value in body["facts"].items()}
    subject, root = said_as(entry.subject), said_as(entry.root)
    said = THEMES.get(entry.type) if said_as is _nameless else None
    said = said or sentence(entry.type, entry.actor, subject, root, facts, names)
    return Line(
        position=entry.position,
        text=f"{said}.",
        on=entry.occurred_on,
        path=path_to(entry.subject, entry.root, entry.position),
        invented=invented,
    )


def _nameless(value: Any) -> Any:
    """A theme's name says what somebody cares for; it stands behind the link alone."""
    return "theme:a theme" if isinstance(value, str) and value.startswith("theme:") else value


def _spoken(value: Any) -> Any:
    """What a fact names, as people say it: `commitment:WF24-C012` is a mark of ours."""
    kind, _, key = value.partition(":") if isinstance(value, str) else ("", "", "")
    if kind == "theme":
        return key if key == "a theme" else f"the theme {key}"
    return key if kind in SPOKEN else value


def _as_it_is(value: Any) -> Any:
    return value
