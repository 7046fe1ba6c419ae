"""Ratings: one's own, which nobody else sees, and the figures that were published."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from api import breakdowns
from api.casting_limits import LimitedCasting
from api.http import filters, inputs
from api.http.answers import json_answer
from api.http.paging import by
from api.http.views import PrivateDetail, PublicList, Shape
from api.http.writing import Deletes, Done, Puts
from commitments.choices import HidingGround
from commitments.models import Commitment, Theme
from ratings import actions, booths, choices, disclosure, figures, periods, sealing, statistics
from ratings.actions.words import OwnWords
from ratings.booths import Booth
from ratings.models import Figure
from ratings.subjects import Said
from record import values

SUBJECT = values.Pattern(r"(commitment|theme):[A-Za-z0-9/_-]+", "A subject such as commitment:WF24-C012")
PERIOD = values.Pattern(r"[0-9]{4}-Q[1-4]", "A quarter such as 2026-Q4")
METHOD = f"{statistics.MEAN_METHOD}; {disclosure.RULES}"


class OwnRatingOut(serializers.Serializer[Any]):
    """Your own rating in the present quarter. Only you see it; figures are published in groups of ten and more."""

    subject = serializers.CharField()
    period = serializers.CharField()
    score = serializers.IntegerField(allow_null=True, min_value=1, max_value=5)
    dont_know = serializers.BooleanField()
    communities = serializers.DictField(child=serializers.CharField())
    words = serializers.CharField(allow_null=True)
    words_state = serializers.ChoiceField(
        [
            ("waiting", "until enough people have rated, then until the convenor has read them"),
            ("published", "read by everyone"),
            ("refused", "not published by the convenor"),
            ("hidden", "hidden by the convenor, or held while a case is live"),
        ],
        allow_null=True,
    )
    words_ground = serializers.ChoiceField(
        HidingGround.choices, allow_null=True, help_text="Why they were refused."
    )
    words_shown = serializers.CharField(
        allow_null=True,
        help_text="Which words of yours everyone reads now: changed ones stay until ballots are mixed, ten or more at "
        "once, since a change at your hour could be seen. To take them away at once, DELETE `…/rating/words/`.",
    )
    changeable_until = serializers.DateField(help_text="The last day of the quarter.")


@extend_schema_field({"type": "boolean", "const": True})
class Consent(inputs.StrictBoolean):
    """A yes; without it an answer is not taken."""

    def to_internal_value(self, data: Any) -> bool:
        """Only a yes is one."""
        if super().to_internal_value(data) is not True:
            raise serializers.ValidationError("Without consent leave the answer out.", "consent_missing")
        return True


class CommunitiesIn(inputs.StrictSerializer):
    """Answers on community, each optional, each with its own consent; `prefer_not_to_say` is an answer too."""

    def get_fields(self) -> dict[str, Any]:
        """A question each."""
        return {question: ANSWERS[question](required=False) for question in choices.COMMUNITIES}


def _answer_to(question: str) -> type[inputs.StrictSerializer]:
    """The form of an answer to a question, and that it may be used for its purpose."""
    members = {
        "answer": serializers.ChoiceField(choices.answers(question)),
        "consent": Consent(help_text=choices.PURPOSE),
        "__doc__": "An answer on community, and that it may be used for its purpose; without consent it is not taken.",
        "__module__": __name__,
    }
    return type(f"{question.title().replace('_', '')}In", (inputs.StrictSerializer,), members)


ANSWERS = {question: _answer_to(question) for question in choices.COMMUNITIES}


class RatingIn(inputs.StrictSerializer):
    """How far you agree that this has been done and you can see it where you live: 1 (not at all) to 5 (wholly)."""

    score = inputs.StrictInteger(required=False, allow_null=True, min_value=1, max_value=5)
    dont_know = inputs.StrictBoolean(required=False, help_text="True with no score.")
    words = inputs.Prose(
        required=False,
        allow_null=True,
        allow_blank=True,
        max_length=sealing.LONGEST_WORDS,
        help_text="Shown without your score, once ten people have rated and the convenor has read them. Left out, "
        "those that you sent before are taken back. Name nobody.",
    )


class ThemeRatingIn(RatingIn):
    """The same of a theme as a whole; answers on community are asked here alone."""

    communities = CommunitiesIn(required=False)


class OwnRating(LimitedCasting, Puts, Deletes, PrivateDetail):
    """One's own rating: read, cast or changed, taken back. Nothing of it is logged."""

    output = put_output = OwnRatingOut
    scope, read_scope = "ratings:write", "ratings:read"
    put_if_match = delete_if_match = ""
    one_action = True

    def subject(self) -> str:
        """What is rated, as the record names it."""
        raise NotImplementedError

    @cached_property
    def booth(self) -> Booth:
        """Where the person rates it. Raises Missing."""
        return booths.enter(self.subject(), by=self.by, today=self.today)

    def row(self) -> Said:
        """What one said. Raises NothingRated."""
        return actions.own(self.booth, by=self.by, today=self.today)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Read it."""
        self.check_readable()
        self.check_parameters()
        return json_answer(self.shape(self.row()))

    def shape(self, row: Said, words: OwnWords | None = None) -> Shape:
        """With its quarter, and where one's words are."""
        words = words or actions.own_words(self.booth, by=self.by, today=self.today)
        return {
            "subject": self.booth.record_subject,
            "period": self.booth.period,
            "score": row.score,
            "dont_know": row.dont_know,
            "communities": dict(row.communities),
            "words": words.said or None,
            "words_state": words.state,
            "words_ground": words.ground,
            "words_shown": words.shown,
            "changeable_until": periods.last_day(self.booth.period),
        }

    def on_put(self, data: dict[str, Any]) -> Done:
        """Cast it, or change it."""
        said = {question: one["answer"] for question, one in data.get("communities", {}).items()}
        row = Said(data.get("score"), data.get("dont_know", False), said, data.get("words") or "")
        has_words = actions.cast(self.booth, by=self.by, today=self.today, said=row)
        return Done(self.shape(row, None if has_words else actions.words_with(row)))

    def on_delete(self) -> None:
        """Take it back."""
        actions.withdraw(self.booth, by=self.by, today=self.today)


class CommitmentRating(OwnRating):
    """Your own rating of a commitment in the present quarter."""

    put_input = RatingIn

    def subject(self) -> str:
        """The commitment."""
        return f"{Commitment.record_kind}:{self.kwargs['reference']}"


class ThemeRating(OwnRating):
    """Your own rating of a theme as a whole in the present quarter."""

    put_input = ThemeRatingIn

    def subject(self) -> str:
        """The theme."""
        return f"{Theme.record_kind}:{self.kwargs['slug']}/{self.kwargs['theme']}"


class FigureOut(serializers.Serializer[Any]):
    """A figure as it was published. Self-selected opinion: it speaks for those who rated, and for nobody else."""

    subject = serializers.CharField()
    assembly = serializers.CharField()
    period = serializers.CharField()
    by = serializers.ChoiceField(breakdowns.VIEWS)
    group = serializers.CharField(allow_null=True, help_text="Which one of the breakdown; null of all.")
    slot = serializers.DateField(help_text="The week in which it was published.")
    latest = serializers.BooleanField(help_text="Whether no later one has taken its place.")
    n = serializers.IntegerField(allow_null=True, help_text="Raters, rounded to 5.")
    dont_know = serializers.IntegerField(
        allow_null=True, help_text="Beside them, rounded to 5; null under 10."
    )
    mean = serializers.FloatField(allow_null=True, help_text="Of 1 to 5; 1.2 and 4.8 stand for all beyond.")
    low = serializers.FloatField(allow_null=True, help_text="The 95 % interval begins here.")
    high = serializers.FloatField(allow_null=True, help_text="It ends here.")
    shares = serializers.ListField(
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="Of 1 to 5, in steps of 5 %; from 200 raters.",
    )
    withheld = serializers.ChoiceField([("few", "few or none")], allow_null=True)
    set_aside = serializers.BooleanField(
        help_text="Two people decided that its quarter does not count; it stays to be read."
    )
    set_aside_reason = serializers.CharField(allow_null=True)
    method = serializers.CharField()
    position = serializers.IntegerField()
    invented = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class FigureFilters(filters.StrictFilterSet):
    """Which figures."""

    subject = filters.Several("subject", one=SUBJECT, label="Of these commitments and themes.")
    assembly = filters.Slugs("period__assembly__slug", label="Of these assemblies.")
    period = filters.Several("period__name", one=PERIOD, label="Of these quarters.")
    by = filters.Parameter(
        value=breakdowns.OneBreakdown((breakdowns.PERIOD, *breakdowns.VIEWS)),
        method="by_breakdown",
        label="One view: `all` who rated; `period`, the same with one figure a quarter; `stratum`; or one question on "
        "communities, which is published of themes only. Two at a time are not to be had.",
    )
    latest = filters.TrueFalse("latest", label="Only those that stand, or only those that do not.")
    set_aside = filters.TrueFalse("set_aside", label="Only what is set aside, or only what counts.")
    updated_since = filters.Moment(
        "updated_at", lookup_expr="gte", label="Published, or set aside, or counting again since then."
    )

    @classmethod
    def check(cls, data: QueryDict, also: frozenset[str] = filters.PAGING) -> dict[str, Any]:
        """Read every value; communities of commitments are refused with the reason."""
        found = super().check(data, also)
        breakdowns.check_subjects(found.get("by", ""), found.get("subject", []))
        return found

    def by_breakdown(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """One view of the list."""
        if value == breakdowns.PERIOD:
            return rows.filter(by=breakdowns.ALL, latest=True)
        return rows.filter(by=value)


class Ratings(PublicList):
    """The figures of residents' ratings as they were published, newest first; single ratings are nowhere to be had."""

    output, filterset = FigureOut, FigureFilters
    ordering = by("-position", tie="pk", position="position", published_at="cut_at")

    def rows(self) -> QuerySet[Any]:
        """All of them."""
        rows: QuerySet[Any] = Figure.objects.select_related("period__assembly")
        return rows

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        reasons = figures.reasons_aside(rows)
        return [{**_shape(row), "set_aside_reason": reasons.get(row.pk)} for row in rows]


def _shape(row: Figure) -> Shape:
    return {
        "subject": row.subject,
        "assembly": row.period.assembly.slug,
        "period": row.period.name,
        "by": row.by,
        "group": row.group or None,
        "slot": row.slot,
        "latest": row.latest,
        "n": row.n,
        "dont_know": row.dont_know,
        **{name: _number(getattr(row, name)) for name in ("mean", "low", "high")},
        "shares": row.shares,
        "withheld": "few" if row.n is None else None,
        "set_aside": row.set_aside,
        "set_aside_reason": None,
        "method": METHOD,
        "position": row.position,
        "invented": row.invented,
        "published_at": row.cut_at,
        "updated_at": row.updated_at,
    }


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
