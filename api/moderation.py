"""Moderation: what waits for the convenor, oldest first, and reports of words that should not be shown."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Value
from rest_framework import serializers

from accounts import roles
from api.http import filters, inputs
from api.http.paging import by
from api.http.views import Machine, PrivateList, Shape, found
from api.http.writing import Done, Posts
from commitments import marks, permissions
from commitments.choices import ChallengeState, HidingGround
from commitments.models import Challenge
from ratings import actions, errors
from ratings.models import RatingWords, Report, WordsStage
from record.entries import shown_words
from record.models import Entry

KINDS = ("words", "challenge", "report")
LONGEST_REASON = 2000
Wanted = list[UUID]


class MarkOut(serializers.Serializer[Any]):
    """What in a text may lead to a person. A help and no filter: read the text, for much is not marked."""

    kind = serializers.ChoiceField(list(marks.KINDS.items()))
    start = serializers.IntegerField(help_text="The first character, counted from 0.")
    end = serializers.IntegerField(help_text="The character after the last.")


class MarkedTextOut(serializers.Serializer[Any]):
    """A text with its marks."""

    name = serializers.CharField()
    text = serializers.CharField()
    marks = MarkOut(many=True)


class WaitingOut(serializers.Serializer[Any]):
    """Something that waits for the convenor. Who wrote or reported it is not said, nor any score."""

    kind = serializers.ChoiceField(
        [
            ("words", "words that came with a rating"),
            ("challenge", "a proposed challenge"),
            ("report", "a report of words that are shown"),
        ]
    )
    id = serializers.UUIDField()
    assembly = serializers.CharField(allow_null=True)
    subject = serializers.CharField(help_text="What the words are about; of a report, whose words they are.")
    period = serializers.CharField(allow_null=True, help_text="The quarter of the rating.")
    entry = serializers.IntegerField(
        allow_null=True, help_text="Of a report: the entry whose words they are."
    )
    texts = MarkedTextOut(many=True)
    reason = serializers.CharField(allow_null=True, help_text="Why it was reported.")
    since = serializers.DateField(
        help_text="Of words: since when they can be looked at; it is not the day on which they were written."
    )
    waits_days = serializers.IntegerField()
    verbs = serializers.ListField(child=serializers.URLField(), help_text="What you can POST to.")


class WaitingFilters(filters.StrictFilterSet):
    """Which of what waits."""

    assembly = filters.Slugs("place", label="Only of these assemblies.")
    kind = filters.Choices("kind", choices=KINDS, label="Only of these kinds.")


class WordsRefusalIn(inputs.StrictSerializer):
    """On which ground; its author can read it."""

    ground = serializers.ChoiceField(HidingGround.choices)


class HidingOfReportedIn(WordsRefusalIn):
    """On which ground, which is public; the note is the convenor's own, and is never published."""

    note = inputs.Prose(required=False, allow_blank=True, max_length=LONGEST_REASON)


class ReportIn(inputs.StrictSerializer):
    """Which words should not be shown, by the position of their entry in `events/`, and why."""

    entry = inputs.StrictInteger(min_value=1, max_value=2**53)
    reason = inputs.Prose(max_length=LONGEST_REASON)


class ReportOut(serializers.Serializer[Any]):
    """That the convenor will look at them. Nobody is told who reported."""

    entry = serializers.IntegerField()
    reported_on = serializers.DateField()


@dataclass(frozen=True)
class _Together:
    """Rows of several tables with the same columns, as one list: filtered each, ordered and cut together."""

    parts: tuple[QuerySet[Any, Shape], ...]
    order: tuple[str, ...] = ()

    def filter(self, *args: Any, **kwargs: Any) -> "_Together":
        """What `QuerySet.filter` does, of each."""
        return _Together(tuple(part.filter(*args, **kwargs) for part in self.parts), self.order)

    def order_by(self, *columns: str) -> "_Together":
        """The order of all."""
        return _Together(tuple(part.order_by(*columns) for part in self.parts), columns)

    def __getitem__(self, cut: slice) -> list[Shape]:
        rows = [row for part in self.parts for row in part[: cut.stop]]
        for column in reversed(self.order):
            rows.sort(key=itemgetter(column.removeprefix("-")), reverse=column.startswith("-"))
        return rows[cut]


class Moderation(PrivateList):
    """What waits for you as convenor, oldest first: words, proposed challenges, reports. Owners never see it."""

    output, filterset = WaitingOut, WaitingFilters
    ordering = by("since", tie="id", since="since")
    read_scope = "moderation:read"

    def rows(self) -> Any:
        """In the assemblies of which this person is the independent convenor."""
        mine = [one for one in roles.convened(self.by) if self._is_mine(one)]
        if not mine:
            permissions.check_any_convenor(self.by)
        words = RatingWords.objects.filter(stage=WordsStage.WAITING, period__assembly__slug__in=mine)
        proposed = Challenge.objects.filter(
            state=ChallengeState.PROPOSED,
            claim=F("commitment__claim"),
            commitment__assembly__slug__in=mine,
        )
        reports = Report.objects.filter(decided_on=None, assembly__in=[*mine, ""])
        return _Together(
            (
                _columns(words, "words", since="waits_since", place="period__assembly__slug"),
                _columns(proposed, "challenge", since="proposed_on", place="commitment__assembly__slug"),
                _columns(reports, "report", since="reported_on", place="assembly"),
            )
        )

    def _is_mine(self, assembly: str) -> bool:
        return permissions.is_allowed(permissions.check_convenor, self.by, assembly)

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page, in a constant number of queries."""
        shown = {
            kind: read([row["id"] for row in rows if row["kind"] == kind]) for kind, read in _READ.items()
        }
        return [
            {
                "kind": row["kind"],
                "id": row["id"],
                "assembly": row["place"] or None,
                **shown[row["kind"]][row["id"]],
                "since": row["since"],
                "waits_days": (self.today - row["since"]).days,
                "verbs": [f"{self.base}/api/v1/{path}/" for path in _verbs(row)],
            }
            for row in rows
            if row["id"] in shown[row["kind"]]
        ]


def _columns(rows: QuerySet[Any], kind: str, *, since: str, place: str) -> QuerySet[Any, Shape]:
    named: QuerySet[Any] = rows.annotate(kind=Value(kind), since=F(since), place=F(place))
    columns: QuerySet[Any, Shape] = named.values("id", "kind", "since", "place")
    return columns


def _verbs(row: Shape) -> list[str]:
    if row["kind"] == "challenge":
        return [f"challenges/{row['id']}/{verb}" for verb in ("admit", "refusal")]
    verbs = {"words": ("publish", "refuse"), "report": ("dismiss", "hide")}[row["kind"]]
    return [f"moderation/{row['kind'].rstrip('s')}s/{row['id']}/{verb}" for verb in verbs]


def _marked(texts: Iterable[tuple[str, str | None]]) -> list[Shape]:
    return [
        {
            "name": name,
            "text": text,
            "marks": [
                {"kind": mark.kind, "start": mark.start, "end": mark.end} for mark in marks.marked(text)
            ],
        }
        for name, text in texts
        if text
    ]


def _words(wanted: Wanted) -> dict[UUID, Shape]:
    rows = RatingWords.objects.filter(pk__in=wanted, stage=WordsStage.WAITING).select_related("period")
    return {
        row.pk: {
            "subject": row.subject,
            "period": row.period.name,
            "entry": None,
            "texts": _marked([("text", row.text)]),
            "reason": None,
        }
        for row in rows
    }


def _challenges(wanted: Wanted) -> dict[UUID, Shape]:
    rows = Challenge.objects.filter(pk__in=wanted).select_related("commitment")
    return {
        row.pk: {
            "subject": row.commitment.record_subject,
            "period": None,
            "entry": None,
            "texts": _marked([("reason", row.reason)]),
            "reason": None,
        }
        for row in rows
    }


def _reports(wanted: Wanted) -> dict[UUID, Shape]:
    rows = list(Report.objects.filter(pk__in=wanted))
    positions = [row.entry for row in rows]
    subjects = dict(Entry.objects.filter(position__in=positions).values_list("position", "subject"))
    words = shown_words(positions)
    return {
        row.pk: {
            "subject": subjects[row.entry],
            "period": None,
            "entry": row.entry,
            "texts": _marked(words[row.entry].items()),
            "reason": row.reason,
        }
        for row in rows
    }


_READ: dict[str, Callable[[Wanted], dict[UUID, Shape]]] = {
    "words": _words,
    "challenge": _challenges,
    "report": _reports,
}


class _Decision(Posts, Machine):
    """A decision of the convenor; the answer is empty, so that nothing of the words is kept with it."""

    scope = "moderation:write"

    @property
    def words(self) -> RatingWords:
        """Words that the convenor may have seen. Raises Missing."""
        hidden = (WordsStage.SEALED, WordsStage.DROPPED)
        rows = RatingWords.objects.exclude(stage__in=hidden).select_related("period__assembly")
        row: RatingWords = found(rows, pk=self.kwargs["id"])
        return row

    @property
    def report(self) -> Report:
        """The report. Raises Missing."""
        row: Report = found(Report.objects.all(), pk=self.kwargs["id"])
        return row


class WordsPublication(_Decision):
    """Publish words."""

    def on_post(self, data: dict[str, Any]) -> Done:
        """Let everybody read words that came with a rating."""
        actions.publish_words(self.words, by=self.by, today=self.today)
        return Done()


class WordsRefusal(_Decision):
    """Refuse words."""

    post_input = WordsRefusalIn

    def on_post(self, data: dict[str, Any]) -> Done:
        """Do not publish words that came with a rating; their author can read on which ground."""
        actions.refuse_words(self.words, by=self.by, today=self.today, **data)
        return Done()


class ReportDismissal(_Decision):
    """Dismiss a report."""

    def on_post(self, data: dict[str, Any]) -> Done:
        """Leave the words as they are; the reporter's reason is erased."""
        actions.dismiss_report(self.report, by=self.by, today=self.today)
        return Done()


class ReportHiding(_Decision):
    """Hide what was reported."""

    post_input = HidingOfReportedIn

    def on_post(self, data: dict[str, Any]) -> Done:
        """Hide the reported words on every route; all reports of them are decided, and the ground is public."""
        actions.hide_reported(self.report, by=self.by, today=self.today, **data)
        return Done()


class Reports(Posts, Machine):
    """Report words."""

    scope = "reports:write"
    post_input, post_output = ReportIn, ReportOut

    def on_post(self, data: dict[str, Any]) -> Done:
        """Ask the convenor to look at words that are shown, once; nobody is told who asked."""
        entry = Entry.objects.filter(position=data["entry"]).first()
        if entry is None:
            raise errors.NothingShown(field="entry")
        made = actions.report(entry, by=self.by, today=self.today, reason=data["reason"])
        return Done({"entry": made.entry, "reported_on": made.reported_on})
