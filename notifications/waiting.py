"""A week's list for the convenor of an assembly: what is late, silent or unanswered, and what waits for a decision."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet

from commitments.choices import ChallengeState, RedactionState, RequestState
from commitments.models import Asked, Challenge, Commitment, Correction, DueDateChange, Redaction
from commitments.models.commitments import is_overdue, is_silent
from commitments.sentences import day
from notifications import offices
from notifications.duties import RUNNING
from notifications.wording import Item, ago, plain, told
from ratings.models import RatingWords, Report, SettingAside, WordsStage

SHOWN = 20
"""So many of each pile stand in the mail."""


class Pile(NamedTuple):
    """Things of one sort: the first of them, and how many more there are."""

    name: str
    items: list[Item]
    more: int = 0


def piles(assembly: str, today: date) -> tuple[list[Pile], list[Pile]]:
    """What others owe, and what waits for the convenor; piles with nothing in them are left out."""
    owed = [_late(assembly, today), _silent(assembly, today), _no_response(assembly, today)]
    owed += [_no_reply(assembly, today), _nobody(assembly)]
    mine = [_dates(assembly, today), _corrections(assembly, today), _proposed(assembly, today)]
    mine += [_words(assembly, today), _reports(assembly, today), _redactions(assembly, today)]
    mine += [_set_aside(assembly, today)]
    return [one for one in owed if one.items], [one for one in mine if one.items]


def _late(assembly: str, today: date) -> Pile:
    rows = Commitment.objects.filter(RUNNING, is_overdue(today), assembly__slug=assembly)
    return _promises("Late", rows.order_by("due_on", "pk"), "due_on", "late by {ago}, due by {on}", today)


def _silent(assembly: str, today: date) -> Pile:
    rows = Commitment.objects.filter(is_silent(today), assembly__slug=assembly).order_by(
        "update_due_on", "pk"
    )
    return _promises("Silent", rows, "update_due_on", "no update for {ago} after {on}", today)


def _promises(name: str, rows: "QuerySet[Commitment]", column: str, said: str, today: date) -> Pile:
    def item(reference: str, title: str, held: date | None, on: date) -> Item:
        when = said.format(ago=ago(on, today), on=day(on.isoformat()))
        return told(f"{_named(reference, title, held)}: {when}", f"commitment:{reference}")

    found = rows.values_list("reference", "title", "held_on", column)
    return _pile(name, rows.count(), (item(*row) for row in found[:SHOWN]))


def _named(reference: str, title: str, held: date | None) -> str:
    return reference if held or not title else f"{reference}, “{plain(title)}”"


def _no_response(assembly: str, today: date) -> Pile:
    def item(name: str, body: str, on: date) -> Item:
        due = f"{day(on.isoformat())}, {ago(on, today)} ago"
        return told(f"{name}: {plain(body)} was to answer by {due}", f"recommendation:{name}")

    rows = Asked.objects.filter(recommendation__assembly__slug=assembly, answered_on=None, due_on__lt=today)
    found = rows.order_by("due_on", "pk").values_list(
        "recommendation__reference", "organisation__name", "due_on"
    )
    return _pile("Recommendations without an answer", rows.count(), (item(*row) for row in found[:SHOWN]))


def _no_reply(assembly: str, today: date) -> Pile:
    rows = Challenge.objects.filter(
        commitment__assembly__slug=assembly, state=ChallengeState.OPEN, reply_due_on__lt=today
    )
    found = rows.order_by("reply_due_on", "pk").values_list("commitment__reference", "reply_due_on")
    return _pile("Challenges without a reply", rows.count(), _dated(found[:SHOWN], "a reply was due by {on}"))


def _nobody(assembly: str) -> Pile:
    there = offices.without_people(assembly)
    named = offices.names(there)
    return _pile("Nobody reads what we write to", len(there), (Item(named[one]) for one in there[:SHOWN]))


def _dates(assembly: str, today: date) -> Pile:
    rows = DueDateChange.objects.filter(commitment__assembly__slug=assembly, state=RequestState.REQUESTED)
    found = rows.order_by("requested_on", "pk").values_list("commitment__reference", "requested_on")
    return _pile("Due dates to decide", rows.count(), _dated(found[:SHOWN], "asked on {on}"))


def _corrections(assembly: str, today: date) -> Pile:
    rows = Correction.objects.filter(commitment__assembly__slug=assembly, state=RequestState.REQUESTED)
    found = rows.order_by("requested_on", "pk").values_list("commitment__reference", "requested_on")
    return _pile("Corrections to decide", rows.count(), _dated(found[:SHOWN], "asked on {on}"))


def _proposed(assembly: str, today: date) -> Pile:
    rows = Challenge.objects.filter(commitment__assembly__slug=assembly, state=ChallengeState.PROPOSED)
    found = rows.order_by("proposed_on", "pk").values_list("commitment__reference", "proposed_on")
    return _pile(
        "Challenges whose words are to be read", rows.count(), _dated(found[:SHOWN], "proposed on {on}")
    )


def _words(assembly: str, today: date) -> Pile:
    rows = RatingWords.objects.filter(period__assembly__slug=assembly, stage=WordsStage.WAITING)
    return _counted("Words of residents to be read", rows.order_by("waits_since"), "waits_since")


def _reports(assembly: str, today: date) -> Pile:
    rows = Report.objects.filter(assembly=assembly, decided_on=None)
    return _counted("Reports of words that should not be shown", rows.order_by("reported_on"), "reported_on")


def _redactions(assembly: str, today: date) -> Pile:
    rows = Redaction.objects.filter(assembly__slug=assembly, state=RedactionState.ASKED)
    return _counted("Erasures that wait for a second person", rows.order_by("asked_on"), "asked_on")


def _set_aside(assembly: str, today: date) -> Pile:
    rows = SettingAside.objects.filter(period__assembly__slug=assembly, state=RequestState.REQUESTED)
    return _counted("Quarters that wait for a second person", rows.order_by("requested_on"), "requested_on")


def _counted(name: str, rows: "QuerySet[Any]", column: str) -> Pile:
    """How many and since when, and nothing of what they say."""
    number, oldest = rows.count(), rows.values_list(column, flat=True).first()
    since = f", the oldest since {day(oldest.isoformat())}" if oldest else ""
    return Pile(name, [Item(f"{number}{since}")] if number else [])


def _dated(rows: Iterable[tuple[str, date | None]], said: str) -> Iterable[Item]:
    return (told(f"{name}: {said.format(on=day(str(on)))}", f"commitment:{name}") for name, on in rows)


def _pile(name: str, number: int, items: Iterable[Item]) -> Pile:
    shown = list(items)
    return Pile(name, shown, number - len(shown))
