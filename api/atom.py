"""Entries of the record as an Atom feed (RFC 4287), with the words that may be shown and no others."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape, format_html

from commitments.evidence import telling
from commitments.sentences import clean, day, names_in, office, sentence
from commitments.subjects import path_to
from record.clock import LONDON
from record.entries import body_of, shown_words
from record.models import Entry, Words, WordsState

LANGUAGE = "en-GB"
NAME = "Said & Done"
WHEN_NOTHING_HAPPENED = datetime(2024, 1, 1, tzinfo=UTC)
CHECKPOINT = "https://c2sp.org/tlog-checkpoint"
"""The namespace of what C2SP calls so."""
INVENTED = "Invented: part of a demonstration, not of anybody's record."
# A feed is read without the thing beside it, so its first title is given with every step of its story.
TITLED = ("commitment.published", "commitment.entered", "recommendation.published")
LABELS = {
    "title": "",
    "body": "",
    "old": "Before",
    "new": "Now",
    "due_text": "Due, in the owner's words",
    "proof": "Where it can be seen",
    "text": "Due, in the owner's words",
    "reported_state": "What the source says of its state",
    "source_notes": "Of the sources",
}
_WEB = re.compile(r"https?://[^\s<>\"\\^`{|}]+", re.IGNORECASE)


@dataclass(frozen=True)
class Heading:
    """What a feed says of itself: its title, its own address, the list's, and that of what came before."""

    title: str
    address: str
    alternate: str
    earlier: str | None = None
    checkpoint: str = ""
    """The record's newest signed state, so that whoever keeps the feed can show later what the record said."""


class _Atom(Atom1Feed):
    """Django's Atom, with the words as HTML content and the links that Django has no place for."""

    def latest_post_date(self) -> datetime:
        """When the newest entry was recorded: the same at each reading, in an empty feed too."""
        return max((item["updateddate"] for item in self.items), default=WHEN_NOTHING_HAPPENED)

    def add_root_elements(self, handler: Any) -> None:
        """And, where there was more before, where to read it (RFC 5005)."""
        super().add_root_elements(handler)
        if self.feed["earlier"]:
            handler.addQuickElement("link", "", {"rel": "next", "href": self.feed["earlier"]})
        if self.feed["checkpoint"]:
            handler.addQuickElement("checkpoint", self.feed["checkpoint"], {"xmlns": CHECKPOINT})

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """And the words, and the event itself."""
        super().add_item_elements(handler, item)
        event = {"rel": "related", "href": item["event"], "type": "application/json"}
        handler.addQuickElement("link", "", event)
        if item["content"]:
            handler.addQuickElement("content", item["content"], {"type": "html"})


def written(entries: Sequence[Entry], heading: Heading, base: str) -> bytes:
    """The feed of these entries, newest first. At most five queries, however many they are."""
    feed = _Atom(
        title=clean(heading.title),
        link=heading.alternate,
        description="",
        language=LANGUAGE,
        author_name=NAME,
        feed_url=heading.address,
        feed_guid=_tag("2024-01-01", urlsplit(heading.alternate)._replace(scheme="", netloc="").geturl()),
        earlier=heading.earlier,
        checkpoint=heading.checkpoint,
    )
    told = [(entry, body_of(entry)) for entry in entries]
    names = names_in([(entry.actor, body["facts"]) for entry, body in told])
    words, titles = shown_words([entry.position for entry in entries]), _titles(entries)
    for entry, body in told:
        item = _item(entry, body, names, base)
        paragraphs = _paragraphs(entry, body, words[entry.position], titles.get(entry.root, ""), base)
        feed.add_item(**item, content=clean("".join(paragraphs)))
    text = io.StringIO()
    feed.write(text, "utf-8")
    return text.getvalue().encode()


def _item(entry: Entry, body: dict[str, Any], names: dict[str, str], base: str) -> dict[str, Any]:
    said = sentence(entry.type, entry.actor, entry.subject, entry.root, body["facts"], names)
    invented = bool(body.get("invented"))
    return {
        "title": f"Invented: {said}" if invented else said,
        "description": None,
        "link": base + path_to(entry.subject, entry.root, entry.position),
        "unique_id": _tag(f"{entry.at:%Y-%m-%d}", f"event/{entry.position}"),
        "updateddate": entry.at,
        "author_name": office(entry.actor, names),
        "categories": [entry.type, *(["invented"] if invented else [])],
        "event": f"{base}/api/v1/events/{entry.position}/",
    }


def _tag(since: str, what: str) -> str:
    """A name for ever (RFC 4151): of the place's own host, by whatever name the feed was asked for."""
    return f"tag:{urlsplit(settings.PUBLIC_URL).hostname or 'localhost'},{since}:{what.lstrip('/')}"


def _titles(entries: Iterable[Entry]) -> dict[str, str]:
    """By subject, the title under which the story of each entry was first published, where it may be shown."""
    first = Entry.objects.filter(subject__in={entry.root for entry in entries}, type__in=TITLED)
    subjects = dict(first.values_list("position", "subject"))
    shown = Words.objects.filter(position__in=subjects, name="title", state=WordsState.PUBLISHED)
    return {subjects[position]: text or "" for position, text in shown.values_list("position", "text")}


def _paragraphs(
    entry: Entry, body: dict[str, Any], words: dict[str, str | None], title: str, base: str
) -> Iterable[str]:
    if body.get("invented"):
        yield format_html("<p><em>{}</em></p>", INVENTED)
    if title and entry.type not in TITLED:
        yield format_html("<p>{}: “{}”</p>", entry.root.partition(":")[2], title)
    for name, text in words.items():
        if name not in telling.WORDS:
            yield _said(LABELS.get(name, name.replace("_", " ").capitalize()), text)
    yield _evidence(telling.told(body["facts"], words), base)
    if entry.occurred_on != entry.at.astimezone(LONDON).date():
        yield format_html("<p>It happened on {}.</p>", day(entry.occurred_on.isoformat()))


def _said(label: str, text: str | None) -> str:
    if text is None:
        return format_html("<p><em>{}These words are not shown.</em></p>", f"{label}: " if label else "")
    lines = re.sub(r"\n+", "<br>", str(escape(text.strip())).replace("\r", ""))
    return f"<p>{escape(label)}: {lines}</p>" if label else f"<p>{lines}</p>"


def _evidence(pieces: list[telling.Told], base: str) -> str:
    """What shows that it is so; a link, but only where it leads to the web, and a file with its kind and size."""
    links = [
        format_html(
            '<li><a href="{}" rel="nofollow noopener">{}</a>{}</li>', address, one.title or address, size
        )
        if _WEB.fullmatch(address)
        else format_html("<li>{}</li>", f"{one.title} {address}".strip())
        for one in pieces
        for address, size in [_place(one, base)]
    ]
    return f"<p>Evidence:</p><ul>{''.join(links)}</ul>" if links else ""


def _place(one: telling.Told, base: str) -> tuple[str, str]:
    if not one.kind:
        return one.url, ""
    return base + one.url, f" ({one.kind}, {filesizeformat(one.size)})"
