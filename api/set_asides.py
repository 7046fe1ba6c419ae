"""Quarters of ratings that are set aside: flags for convenors, and what two of them decide, for everyone to read."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers

from accounts import roles
from api.due_dates import ApprovalIn, RefusalIn
from api.http import filters, inputs
from api.http.paging import by
from api.http.views import Machine, PrivateList, PublicDetail, PublicList, Shape, found
from api.http.writing import Done, Posts
from api.named import named
from api.ratings import PERIOD, SUBJECT
from commitments import permissions
from commitments.choices import RequestState
from commitments.models import Commitment, Theme
from ratings import actions
from ratings.choices import PeriodChange
from ratings.models import Flag, RatingPeriod, SettingAside
from ratings.subjects import Rated

STATES = (RequestState.REQUESTED, RequestState.APPROVED, RequestState.REFUSED)
SCOPE = "approvals:write"
COLUMNS = (
    "id",
    "version",
    "position",
    "period__assembly__slug",
    "period__name",
    "subject",
    "change",
    "flag__rule",
    "flag__day",
    "flag__hour",
    "flag__chance",
    "reason",
    "state",
    "requested_by",
    "requested_on",
    "decided_by_office",
    "decided_on",
    "decision_reason",
    "invented",
    "published_at",
    "updated_at",
)


class FlagOut(serializers.Serializer[Any]):
    """Something rare that a detector saw. It changes nothing: people look, and ask for a decision of two."""

    id = serializers.UUIDField()
    assembly = serializers.CharField()
    subject = serializers.CharField(allow_null=True, help_text="Null of a whole assembly.")
    period = serializers.CharField()
    rule = serializers.CharField(help_text="By which rule (docs/ratings-rules.md).")
    day = serializers.DateField(
        help_text="Of a crowd its day; of changed answers the day on which they were mixed in."
    )
    hour = serializers.DateTimeField(allow_null=True, help_text="When the hour of a crowd began.")
    about = serializers.IntegerField(help_text="How many people or ratings, rounded to 5.")
    chance = serializers.FloatField(help_text="Chance alone brings it more rarely than this.")
    found_on = serializers.DateField()
    set_asides = serializers.ListField(
        child=serializers.UUIDField(), help_text="What was asked because of it."
    )
    invented = serializers.BooleanField()


class SetAsideOut(serializers.Serializer[Any]):
    """That a quarter of ratings be set aside, or count again: asked by one convenor, decided by another."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    position = serializers.IntegerField()
    assembly = serializers.CharField()
    subject = serializers.CharField(allow_null=True, help_text="Null of the whole assembly.")
    period = serializers.CharField()
    change = serializers.ChoiceField(PeriodChange.choices)
    rule = serializers.CharField(
        allow_null=True, help_text="Which rule flagged it; null of what is to count again."
    )
    day = serializers.DateField(allow_null=True)
    hour = serializers.DateTimeField(allow_null=True)
    chance = serializers.FloatField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField([(state.value, state.label) for state in STATES])
    requested_by = serializers.CharField(help_text="An office, never a person.")
    requested_on = serializers.DateField()
    decided_by = serializers.CharField(allow_null=True, help_text="An office; another person than who asked.")
    decided_on = serializers.DateField(allow_null=True)
    decision_reason = serializers.CharField(allow_null=True)
    invented = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class SetAsideIn(inputs.StrictSerializer):
    """Which flag, and why its quarter should be set aside."""

    flag = serializers.UUIDField()
    subject = inputs.Line(
        max_length=160,
        required=False,
        help_text="One commitment or theme (`commitment:WF24-C012`), where the flag is on a whole assembly.",
    )
    reason = inputs.Prose()


class RestoreIn(inputs.StrictSerializer):
    """Why it should count again."""

    reason = inputs.Prose()


class FlagFilters(filters.StrictFilterSet):
    """Which flags."""

    assembly = filters.Slugs("period__assembly__slug", label="Of these assemblies.")
    period = filters.Several("period__name", one=PERIOD, label="Of these quarters.")
    subject = filters.Several("subject", one=SUBJECT, label="On these commitments and themes.")


class SetAsideFilters(FlagFilters):
    """Which requests and decisions."""

    state = filters.Choices("state", choices=[state.value for state in STATES], label="Only in these states.")
    change = filters.Choices("change", choices=PeriodChange.values, label="Only these changes.")
    updated_since = filters.UpdatedSince()


class RatingFlags(PrivateList):
    """The flags of the assemblies that you convene, newest first. A flag decides nothing."""

    output, filterset = FlagOut, FlagFilters
    ordering = by("-day", tie="pk", day="day")
    read_scope = SCOPE

    def rows(self) -> QuerySet[Any]:
        """Of one's own assemblies, where one is independent of every owner."""
        permissions.check_any_convenor(self.by)
        mine = [
            one
            for one in roles.convened(self.by)
            if permissions.is_allowed(permissions.check_convenor, self.by, one)
        ]
        rows: QuerySet[Any] = Flag.objects.filter(period__assembly__slug__in=mine)
        return rows.select_related("period__assembly")

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page, with what was asked because of each; one query more."""
        asked: dict[UUID, list[UUID]] = defaultdict(list)
        pairs = SettingAside.objects.filter(flag__in=rows).order_by("position")
        for flag, one in pairs.values_list("flag_id", "pk"):
            asked[flag].append(one)
        return [_flag_shape(row, asked[row.pk]) for row in rows]


def _flag_shape(row: Flag, asked: list[UUID]) -> Shape:
    return {
        "id": row.pk,
        "assembly": row.period.assembly.slug,
        "subject": row.subject or None,
        "period": row.period.name,
        "rule": row.rule,
        "day": row.day,
        "hour": row.hour,
        "about": row.about,
        "chance": row.chance,
        "found_on": row.found_on,
        "set_asides": asked,
        "invented": row.invented,
    }


def shape(row: Shape, base: str) -> Shape:
    """The JSON of a row from `.values(*COLUMNS)`."""
    return {
        "id": row["id"],
        "url": f"{base}/api/v1/set-asides/{row['id']}/",
        "position": row["position"],
        "assembly": row["period__assembly__slug"],
        "subject": row["subject"] or None,
        "period": row["period__name"],
        "change": row["change"],
        **{name: row[f"flag__{name}"] for name in ("rule", "day", "hour", "chance")},
        "reason": row["reason"] or None,
        "state": row["state"],
        "requested_by": row["requested_by"],
        "requested_on": row["requested_on"],
        "decided_by": row["decided_by_office"] or None,
        "decided_on": row["decided_on"],
        "decision_reason": row["decision_reason"] or None,
        "invented": row["invented"],
        "published_at": row["published_at"],
        "updated_at": row["updated_at"],
    }


class SetAsides(Posts, PublicList):
    """Every request to set a quarter of ratings aside or to let it count again, with its decision; newest first."""

    output, filterset = SetAsideOut, SetAsideFilters
    ordering = by("-position", position="position", updated_at="updated_at")
    scope = SCOPE
    post_input, post_output = SetAsideIn, SetAsideOut

    def rows(self) -> QuerySet[Any]:
        """All of them."""
        rows: QuerySet[Any] = SettingAside.objects.values(*COLUMNS)
        return rows

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return [shape(row, self.base) for row in rows]

    def on_post(self, data: dict[str, Any]) -> Done:
        """Ask another convenor to set aside what a detector flagged."""
        flags = Flag.objects.select_related("period__assembly")
        flag: Flag = named(flags, "pk", data["flag"], "flag")
        subject = _subject(flag, data["subject"]) if "subject" in data else None
        one = actions.propose_setting_aside(
            flag, by=self.by, today=self.today, reason=data["reason"], subject=subject
        )
        return answered(one, self.base)


def _subject(flag: Flag, name: str) -> Rated:
    """The commitment or theme of this name. Raises UnknownName."""
    kind, _, key = name.partition(":")
    if kind == "theme":
        slug, _, theme = key.rpartition("/")
        themes = Theme.objects.filter(assembly__slug=slug).select_related("assembly")
        found_theme: Rated = named(themes, "slug", theme, "subject")
        return found_theme
    rows = (
        Commitment.objects.select_related("assembly") if kind == "commitment" else Commitment.objects.none()
    )
    commitment: Rated = named(rows, "reference", key, "subject")
    return commitment


class OneSetAside(PublicDetail):
    """One request with its decision."""

    output = SetAsideOut

    def row(self) -> Any:
        """By its id."""
        return found(SettingAside.objects.values(*COLUMNS), pk=self.kwargs["id"])

    def shape(self, row: Any) -> Shape:
        """It alone."""
        return shape(row, self.base)


class _OfOne(Posts, Machine):
    """A verb on one request."""

    scope = SCOPE
    post_output, post_status, post_if_match = SetAsideOut, 200, "optional"

    @property
    def one(self) -> SettingAside:
        """The request. Raises Missing."""
        rows = SettingAside.objects.select_related("period__assembly", "flag")
        row: SettingAside = found(rows, pk=self.kwargs["id"])
        return row

    def target(self) -> Any:
        """The request, its quarter locked as verbs lock it."""
        RatingPeriod.objects.select_for_update(of=("self",)).get(pk=self.one.period_id)
        return self.one


class SetAsideApproval(_OfOne):
    """Approve what another convenor asked."""

    post_input = ApprovalIn

    def on_post(self, data: dict[str, Any]) -> Done:
        """Agree, as another convenor; what was published stays to be read, and marked."""
        one = actions.approve_setting_aside(self.one, by=self.by, today=self.today, **data)
        return answered(one, self.base)


class SetAsideRefusal(_OfOne):
    """Refuse what another convenor asked."""

    post_input = RefusalIn

    def on_post(self, data: dict[str, Any]) -> Done:
        """Refuse, as another convenor, with a reason that everyone can read."""
        one = actions.refuse_setting_aside(self.one, by=self.by, today=self.today, **data)
        return answered(one, self.base)


class Restoring(_OfOne):
    """Ask that what was set aside count again."""

    post_input, post_status = RestoreIn, 201

    def on_post(self, data: dict[str, Any]) -> Done:
        """Ask another convenor to let it count again; a request of its own."""
        return answered(actions.propose_restoring(self.one, by=self.by, today=self.today, **data), self.base)


def answered(one: SettingAside, base: str) -> Done:
    """What a verb on a request answers."""
    row = SettingAside.objects.values(*COLUMNS).get(pk=one.pk)
    return Done(shape(row, base), row=row)
