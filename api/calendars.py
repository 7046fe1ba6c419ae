"""Dates to keep, as calendars to subscribe to (RFC 5545): due dates with their steps, answers, replies."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from icalendar import Calendar, Event

from api.challenges import Challenges
from api.commitments import Commitments
from api.http import negotiation
from api.http.errors import Problem
from api.http.promises import Promise
from api.http.views import PublicList, Shape
from api.recommendations import Recommendations
from commitments.choices import ChallengeState, Finding, Precision, RequestState, Status
from commitments.models import Asked, Challenge, Commitment, DueDateChange, Milestone, Owner
from commitments.sentences import clean, day

MOST = 2000
ONE_DAY, REFRESH = timedelta(days=1), timedelta(hours=6)
CANCELLED, CONFIRMED = "CANCELLED", "CONFIRMED"
_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_COMMITMENT = (
    "id", "reference", "title", "due_on", "due_precision", "due_text", "first_due_on", "status", "finding", "disputed",
    "accepted_on", "invented", "updated_at", "updated_position",
)  # fmt: skip
_STEP = (
    "id",
    "commitment_id",
    "title",
    "due_on",
    "first_due_on",
    "done_on",
    "invented",
    "updated_at",
    "updated_position",
)
_REPLY = (
    "id", "commitment__reference", "state", "reply_due_on", "answered_on", "outcome", "invented", "updated_at",
    "updated_position",
)  # fmt: skip


class Dates(PublicList):
    """A list's dates as a calendar. Stands before the list among the bases, so that rows and filters are the list's."""

    form = negotiation.CALENDAR
    http_method_names = negotiation.READING
    about: ClassVar[str]

    def events(self, rows: QuerySet[Any]) -> list[Event]:
        """The dates of these rows, in a constant number of queries."""
        raise NotImplementedError

    def page(self) -> HttpResponseBase:
        """All of them: a calendar has no pages."""
        data = self.request.query_params
        found = self.filterset.check(data, frozenset())
        events = self.events(self.filterset(data, self.rows(), today=self.today).apply(found).order_by())
        asked = f"?{data.urlencode()}" if data else ""
        calendar = _calendar(self.about, f"{self.base}{self.request.path}{asked}")
        calendar.subcomponents = sorted(events, key=_order)
        return HttpResponse(
            calendar.to_ical(sorted=False), content_type=f"{negotiation.CALENDAR}; charset=utf-8"
        )

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """GET, and nothing of what the list takes beside it."""
        return {"GET": Promise({"type": "string"}, public=True, filterset=cls.filterset)}


class CommitmentDates(Dates, Commitments):
    """Due dates of commitments and of their steps, as a calendar to subscribe to.

    Each is the whole last day of the promised period. A date that moves keeps its event, which says where it was.
    It takes the filters of the list; where more than 2,000 dates are left it is a 400.
    """

    about = "due dates"

    def events(self, rows: QuerySet[Any]) -> list[Event]:
        """Of each commitment with a date, and of each step. Four queries."""
        dated_steps = Exists(Milestone.objects.filter(commitment=OuterRef("pk")))
        kept = Commitment.objects.filter(Q(due_on__isnull=False) | dated_steps, pk__in=rows.values("pk"))
        found = {row["id"]: row for row in _few(kept.values(*_COMMITMENT))}
        owners, moves = _owners(found), _moves(found)
        dated = [row for row in found.values() if row["due_on"]]
        events = [_due(row, owners[row["id"]], moves[row["id"]], self.base) for row in dated]
        steps = _few(Milestone.objects.filter(commitment__in=found).values(*_STEP), beside=len(dated))
        return events + [_step(step, found[step["commitment_id"]], self.base) for step in steps]


class AnswerDates(Dates, Recommendations):
    """Until when those who were asked should answer recommendations, as a calendar to subscribe to."""

    about = "answers to recommendations"

    def events(self, rows: QuerySet[Any]) -> list[Event]:
        """Of each asking."""
        asked = Asked.objects.filter(recommendation__in=rows.values("pk"))
        columns = ("id", "organisation__name", "recommendation__reference", "due_on", "answered_on", "invented",
                   "updated_at", "updated_position")  # fmt: skip
        return [_answer(row, self.base) for row in _few(asked.values(*columns))]


class ReplyDates(Dates, Challenges):
    """Until when owners should reply to challenges, as a calendar to subscribe to."""

    about = "replies to challenges"

    def events(self, rows: QuerySet[Any]) -> list[Event]:
        """Of each challenge that was opened."""
        opened = Challenge.objects.filter(pk__in=rows.values("pk"), reply_due_on__isnull=False)
        return [_reply(row, self.base) for row in _few(opened.values(*_REPLY))]


def _order(event: Any) -> tuple[date, str]:
    """The earliest first, and always the same order."""
    return event["DTSTART"].dt, str(event["UID"])


def _few(rows: QuerySet[Any], beside: int = 0) -> list[Shape]:
    """The rows, unless they are too many with the dates that stand beside them."""
    room = MOST - beside
    found = list(rows[: room + 1])
    if len(found) > room:
        detail = f"The calendar would hold more than {MOST:,} dates; narrow it by a filter, such as a team or a theme."
        raise Problem(400, "too_many_dates", detail)
    return found


def _owners(keys: Iterable[int]) -> dict[int, list[str]]:
    """The present owners' names of each commitment, the lead first."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Owner.objects.filter(commitment__in=keys, ended_on=None).order_by("-lead", "pk")
    for key, team, body in rows.values_list("commitment_id", "team__name", "organisation__name"):
        found[key].append(team or body)
    return found


def _moves(keys: Iterable[int]) -> dict[int, list[str]]:
    """Of each commitment, how its date moved, the first move first."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = DueDateChange.objects.filter(commitment__in=keys, state=RequestState.APPROVED).order_by(
        "decided_on", "position"
    )
    for key, old, new, on in rows.values_list("commitment_id", "old_on", "on", "decided_on"):
        found[key].append(f"Moved from {_on(old)} to {_on(new)}, on {_on(on)}.")
    return found


def _due(row: Shape, owners: list[str], moves: list[str], base: str) -> Event:
    precision = Precision(row["due_precision"])
    is_day = precision == Precision.DAY
    said = [
        f"Promised {precision.label}{'' if is_day else ', whose last day this is'}.",
        f"In the owner's words: “{row['due_text']}”" if row["due_text"] else "",
        f"First promised for {_on(row['first_due_on'])}." if row["first_due_on"] != row["due_on"] else "",
        *moves,
        f"Owned by {', '.join(owners)}." if owners else "No owner is known.",
        _status(row),
    ]
    return _event(
        row,
        f"{row['reference']}-due",
        on=row["due_on"],
        summary=f"{_mark(row)}{row['reference']}: {row['title']}",
        said=said,
        url=f"{base}/api/v1/commitments/{row['reference']}/",
        category="Due date",
        status=CANCELLED if row["status"] == Status.SUPERSEDED else CONFIRMED,
    )


def _mark(row: Shape) -> str:
    """How the date of a commitment that does not simply run is marked; only `verified` counts as delivered."""
    if row["status"] != Status.COMPLETED:
        return {Status.SUPERSEDED: "Superseded: ", Status.ABANDONED: "Abandoned: "}.get(row["status"], "")
    if row["disputed"] or row["finding"] not in (None, Finding.VERIFIED):
        return "Contested: "
    return "Verified: " if row["finding"] else "Claimed complete: "


def _status(row: Shape) -> str:
    if row["accepted_on"] is None:
        return "Entered by the convenor from a source; no owner has accepted it here."
    if row["status"] is None:
        return "No owner has said anything yet."
    found = f" The panel found: {Finding(row['finding']).label}." if row["finding"] else ""
    return f"The owner says: {Status(row['status']).label}.{found}"


def _step(step: Shape, commitment: Shape, base: str) -> Event:
    gone = commitment["status"] == Status.SUPERSEDED and step["done_on"] is None
    mark = "Done: " if step["done_on"] else _mark(commitment) if gone else ""
    latest = max(step, commitment, key=lambda row: row["updated_position"])
    return _event(
        {**step, "updated_at": latest["updated_at"], "updated_position": latest["updated_position"]},
        str(step["id"]),
        on=step["due_on"],
        summary=f"{mark}{commitment['reference']}, a step: {step['title']}",
        said=[
            f"A step of {commitment['reference']}: {commitment['title']}",
            f"First planned for {_on(step['first_due_on'])}."
            if step["first_due_on"] != step["due_on"]
            else "",
            f"Done on {_on(step['done_on'])}, as the owner says." if step["done_on"] else "",
        ],
        url=f"{base}/api/v1/commitments/{commitment['reference']}/milestones/",
        category="Step",
        status=CANCELLED if gone else CONFIRMED,
    )


def _answer(row: Shape, base: str) -> Event:
    reference, body = row["recommendation__reference"], row["organisation__name"]
    return _event(
        row,
        str(row["id"]),
        on=row["due_on"],
        summary=f"{'Answered' if row['answered_on'] else 'Answer due'}: {body} on {reference}",
        said=[f"Answered on {_on(row['answered_on'])}." if row["answered_on"] else "No answer yet."],
        url=f"{base}/api/v1/recommendations/{reference}/",
        category="Answer",
    )


def _reply(row: Shape, base: str) -> Event:
    settled = row["state"] == ChallengeState.RESOLVED
    mark = (
        f"Resolved, {row['outcome'].replace('_', ' ')}"
        if settled
        else "Replied"
        if row["answered_on"]
        else "Reply due"
    )
    return _event(
        row,
        str(row["id"]),
        on=row["reply_due_on"],
        summary=f"{mark}: a challenge of {row['commitment__reference']}",
        said=[f"Replied on {_on(row['answered_on'])}." if row["answered_on"] else "No reply yet."],
        url=f"{base}/api/v1/challenges/{row['id']}/",
        category="Reply",
    )


def _event(
    row: Shape,
    name: str,
    *,
    on: date,
    summary: str,
    said: list[str],
    url: str,
    category: str,
    status: str = CONFIRMED,
) -> Event:
    """A whole day. What a program compares comes from the record alone, so that the same edition has the same bytes."""
    changed: datetime = row["updated_at"].replace(microsecond=0)
    event = Event()
    event.add("uid", f"{name}@{_host()}")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", row["updated_position"])
    event.add("dtstart", on)
    event.add("dtend", on + ONE_DAY)
    event.add("summary", _text(f"Invented: {summary}" if row["invented"] else summary))
    event.add("description", _text("\n".join(line for line in said if line)))
    event.add("url", url)
    event.add("categories", [category, *(["Invented"] if row["invented"] else [])])
    event.add("status", status)
    event.add("transp", "TRANSPARENT")
    return event


def _calendar(about: str, source: str) -> Calendar:
    name = f"Said & Done: {about}"
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//Said & Done//{about}//EN")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("source", source, parameters={"VALUE": "URI"})
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    return calendar


def _host() -> str:
    """The place's own name, by whatever name it was asked: a date keeps its identity."""
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


def _on(value: date | None) -> str:
    return day(value.isoformat()) if value else "no date"


def _text(text: str) -> str:
    """As one value of a line: only newlines break it, and nothing in it is a control character."""
    return clean(_BREAKS.sub("\n", text)).replace("\x7f", "\ufffd")
