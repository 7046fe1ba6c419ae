"""What offices are told of dates, as sentences; staff may read titles, as far as they are shown to everybody."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from commitments.sentences import clean, day
from commitments.subjects import path_to
from notifications.duties import Duty
from notifications.models import ReminderKind as Kind


class Item(NamedTuple):
    """One thing said, where it can be read, and what is read there."""

    text: str
    link: str = ""
    name: str = ""
    invented: bool = False


def told(text: str, story: str, *, invented: bool = False) -> Item:
    """Something about a promise or a recommendation, with the way there."""
    return Item(text, page(story), story.partition(":")[2], invented)


def item(duty: Duty, today: date) -> Item:
    """What is owed and by when, counted from today, however long the reminder was under way."""
    return told(_SENTENCES[duty.kind](duty, today), duty.story)


def page(story: str) -> str:
    """Where a promise or a recommendation is read: its page, else the API's answer."""
    kind, _, key = story.partition(":")
    try:
        path = reverse(kind, args=[key])
    except NoReverseMatch:
        path = path_to(story, story, 0)
    return f"{settings.PUBLIC_URL}{path}"


def named(duty: Duty) -> str:
    """Its reference, and its title where it is shown."""
    reference = duty.story.partition(":")[2]
    return f"{reference} (“{plain(duty.title)}”)" if duty.title else reference


def plain(text: str) -> str:
    """What somebody typed, in one line, without marks that turn what follows."""
    return " ".join(clean(text).split())


def ahead(on: date, today: date) -> str:
    """How far a date is away, and the date."""
    days = (on - today).days
    if days <= 0:
        return f"today, {day(on.isoformat())}"
    return f"{'tomorrow' if days == 1 else f'in {days} days'}, on {day(on.isoformat())}"


def ago(on: date, today: date) -> str:
    """How long a date is over."""
    days = (today - on).days
    return f"{days} day{'' if days == 1 else 's'}"


def _is_due(what: str) -> Callable[[Duty, date], str]:
    return lambda duty, today: f"{what.format(named(duty))} is due {ahead(duty.on, today)}."


def _late(duty: Duty, today: date) -> str:
    return f"{named(duty)} is late by {ago(duty.on, today)}: it was due by {day(duty.on.isoformat())}."


def _silent(duty: Duty, today: date) -> str:
    due = day(duty.on.isoformat())
    return f"Nothing is heard of {named(duty)}: an update was due by {due}, {ago(duty.on, today)} ago."


def _unanswered(duty: Duty, today: date) -> str:
    due = day(duty.on.isoformat())
    return f"A challenge of {named(duty)} has no reply: it was due by {due}, {ago(duty.on, today)} ago."


_SENTENCES: dict[str, Callable[[Duty, date], str]] = {
    Kind.UPDATE_DUE: _is_due("An update of {}"),
    Kind.DUE: _is_due("{}"),
    Kind.STEP_DUE: lambda duty, today: (
        f"A step of {duty.story.partition(':')[2]}{f' (“{plain(duty.title)}”)' if duty.title else ''} "
        f"is due {ahead(duty.on, today)}."
    ),
    Kind.REPLY_DUE: _is_due("A reply to a challenge of {}"),
    Kind.RESPONSE_DUE: _is_due("An answer to the recommendation {}"),
    Kind.STILL_LATE: _late,
    Kind.STILL_SILENT: _silent,
    Kind.STILL_UNANSWERED: _unanswered,
}
