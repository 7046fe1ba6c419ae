"""Priorities of neighbourhood teams: as data.police.uk showed them, in every wording, and what answers them."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from rest_framework import serializers

from api.answering import Answers, answers_to
from api.http import filters, inputs
from api.http.paging import by
from api.http.views import Machine, PublicDetail, PublicList, Shape, found
from api.http.writing import Deletes, Done, Posts
from api.named import named
from api.neighbourhoods import SeenAtOut, name_of_area
from api.parts import AreaNameOut, recorded
from commitments import actions
from commitments.models import Assembly, Commitment, CommitmentArea, Priority, PriorityWording, Tie
from commitments.narrowing import inside
from commitments.policeuk.finding import saying
from commitments.policeuk.reading import LICENCE
from record.keyset import By

COLUMNS = (
    "pk", "issue", "action", "issue_date", "action_date", "first_seen_on", "last_seen_on", "gone_on", "edits",
    "committed", "position", "version", "invented", "published_at", "updated_at",
    "neighbourhood_id", "neighbourhood__force", "neighbourhood__code", "neighbourhood__name",
    "neighbourhood__source", "neighbourhood__looked_on",
    "neighbourhood__area__code", "neighbourhood__area__name",
)  # fmt: skip


class NeighbourhoodNameOut(serializers.Serializer[Any]):
    """A neighbourhood by name."""

    id = serializers.UUIDField()
    code = serializers.CharField(help_text="Its id at data.police.uk, unique within the force alone.")
    name = serializers.CharField(allow_null=True)


class PriorityOut(serializers.Serializer[Any]):
    """An issue that a neighbourhood team said it works on, in its present wording.

    `committed`: a commitment is tied to it that was neither abandoned nor replaced.
    """

    id = serializers.UUIDField()
    url = serializers.URLField()
    position = serializers.IntegerField()
    force = serializers.CharField(help_text="The force's id at data.police.uk.")
    neighbourhood = NeighbourhoodNameOut()
    area = AreaNameOut(allow_null=True)
    issue = serializers.CharField(allow_null=True)
    action = serializers.CharField(allow_null=True, help_text="What the team says it did about it.")
    issue_date = serializers.DateField(allow_null=True)
    action_date = serializers.DateField(allow_null=True)
    current = serializers.BooleanField(help_text="Whether it was there when the source was last looked at.")
    first_seen_on = serializers.DateField()
    last_seen_on = serializers.DateField()
    gone_on = serializers.DateField(allow_null=True, help_text="The first day on which it was missing.")
    edits = serializers.IntegerField(help_text="How often its wording or dates were changed.")
    committed = serializers.BooleanField()
    commitments = serializers.ListField(child=serializers.CharField())
    replaced_by = serializers.ListField(
        child=serializers.CharField(),
        help_text="What replaced one of these commitments, and does not say yet whether it answers this.",
    )
    seen_at = SeenAtOut()
    invented = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class PriorityWordingOut(serializers.Serializer[Any]):
    """How it read from a day on."""

    seen_on = serializers.DateField()
    position = serializers.IntegerField()
    issue = serializers.CharField(allow_null=True)
    action = serializers.CharField(allow_null=True)
    issue_date = serializers.DateField(allow_null=True)
    action_date = serializers.DateField(allow_null=True)


class CountedOut(serializers.Serializer[Any]):
    """How many there are, and where."""

    count = serializers.IntegerField()
    url = serializers.URLField()


class OfAreaOut(serializers.Serializer[Any]):
    """The priorities of an area, everything inside it included, beside its commitments."""

    current = CountedOut()
    uncommitted = CountedOut(help_text="Those of them that nobody committed to.")
    commitments_without = CountedOut(help_text="Commitments that apply there and answer no priority.")


class PriorityDetailOut(PriorityOut):
    """A priority with every wording that was seen, the first included."""

    wordings = PriorityWordingOut(many=True)


class TieIn(inputs.StrictSerializer):
    """The commitment that answers it."""

    commitment = inputs.Line(max_length=24)


class PriorityFilters(filters.StrictFilterSet):
    """Which priorities."""

    area = filters.AreaCodes(method="by_area", label="In these areas, everything inside them included.")
    assembly = filters.Slugs(method="by_assembly", label="In the area of one of these assemblies.")
    force = filters.Slugs("neighbourhood__force", label="Of these forces, by their ids at data.police.uk.")
    neighbourhood = filters.Several(
        "neighbourhood__code", label="Of the neighbourhoods with these ids; several forces may have one."
    )
    commitment = filters.References(method="by_commitment", label="That these commitments answer.")
    committed = filters.TrueFalse(
        "committed", label="Whether a commitment answers it that was neither abandoned nor replaced."
    )
    current = filters.TrueFalse(method="by_current", label="Whether it was there at the last look.")
    updated_since = filters.UpdatedSince()
    q = filters.Text(method="by_words", label="Says all of these words, or their stems.")

    def by_area(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Or inside one."""
        return rows.filter(neighbourhood__area__in=inside(value))

    def by_assembly(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """By where the assemblies sit."""
        areas = Assembly.objects.filter(slug__in=value, area__isnull=False).values_list(
            "area__code", flat=True
        )
        return rows.filter(neighbourhood__area__in=inside(list(areas)))

    def by_commitment(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Any of them."""
        tied = Tie.objects.filter(priority=OuterRef("pk"), commitment__reference__in=value)
        return rows.filter(Exists(tied))

    def by_current(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """There, or gone."""
        return rows.filter(gone_on__isnull=value)

    def by_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """In their present wording."""
        return saying(rows, value)


def rows_of() -> QuerySet[Any]:
    """Every priority as a dictionary of its columns."""
    rows: QuerySet[Any] = Priority.objects.with_committed().values(*COLUMNS)
    return rows


def shapes(rows: list[Any], base: str) -> list[Shape]:
    """The JSON of these rows, in one query more, or a few where a tied commitment was replaced."""
    answers = answers_to([row["pk"] for row in rows])
    return [_shape(row, base, answers[row["pk"]]) for row in rows]


def detail(key: Any, base: str) -> tuple[Any, Shape]:
    """One row, and its JSON with every wording. Raises Missing."""
    row = found(rows_of(), pk=key)
    wordings = PriorityWording.objects.filter(priority=key).order_by("position")
    [shape] = shapes([row], base)
    return row, {**shape, "wordings": [_wording(one) for one in wordings]}


def of_area(code: str, base: str) -> Shape:
    """How many priorities in an area nobody committed to, how many commitments answer none, and where each list is."""
    current = Priority.objects.current().filter(neighbourhood__area__in=inside([code])).with_committed()
    counts = current.aggregate(all=Count("pk"), open=Count("pk", filter=Q(committed=False)))
    placed = CommitmentArea.objects.filter(commitment=OuterRef("pk"), area__in=inside([code]))
    tied = Tie.objects.filter(commitment=OuterRef("pk"))
    without = Commitment.objects.filter(Exists(placed), ~Exists(tied)).count()
    v1 = f"{base}/api/v1"
    here = f"{v1}/priorities/?area={code}&current=true"
    return {
        "current": {"count": counts["all"], "url": here},
        "uncommitted": {"count": counts["open"], "url": f"{here}&committed=false"},
        "commitments_without": {"count": without, "url": f"{v1}/commitments/?area={code}&priority=none"},
    }


def _shape(row: Any, base: str, answers: Answers) -> Shape:
    return {
        "id": row["pk"],
        "url": f"{base}/api/v1/priorities/{row['pk']}/",
        "force": row["neighbourhood__force"],
        "neighbourhood": {
            "id": row["neighbourhood_id"],
            "code": row["neighbourhood__code"],
            "name": row["neighbourhood__name"] or None,
        },
        "area": name_of_area(row, "neighbourhood__"),
        "issue": row["issue"] or None,
        "action": row["action"] or None,
        "issue_date": row["issue_date"],
        "action_date": row["action_date"],
        "current": row["gone_on"] is None,
        "first_seen_on": row["first_seen_on"],
        "last_seen_on": row["last_seen_on"] or row["neighbourhood__looked_on"],
        "gone_on": row["gone_on"],
        "edits": row["edits"],
        "committed": row["committed"],
        "commitments": answers.tied,
        "replaced_by": answers.replaced_by,
        "seen_at": {"url": f"{row['neighbourhood__source']}/priorities", "licence": LICENCE},
        **recorded(row),
    }


def _wording(one: PriorityWording) -> Shape:
    return {
        "seen_on": one.seen_on,
        "position": one.position,
        "issue": one.issue or None,
        "action": one.action or None,
        "issue_date": one.issue_date,
        "action_date": one.action_date,
    }


class Priorities(PublicList):
    """Priorities of all neighbourhoods that were looked at, those that are gone included."""

    output, filterset = PriorityOut, PriorityFilters
    ordering = by(
        "position",
        position="position",
        issue_date=By("issue_date", nullable=True),
        published_at="published_at",
        updated_at="updated_at",
    )

    def rows(self) -> QuerySet[Any]:
        """All of them."""
        return rows_of()

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return shapes(rows, self.base)


class OnePriority(PublicDetail):
    """One priority, with every wording that was seen."""

    output = PriorityDetailOut

    def row(self) -> Any:
        """By its id here, with its JSON."""
        row, shape = detail(self.kwargs["id"], self.base)
        return {**row, "shape": shape}

    def shape(self, row: Any) -> Shape:
        """With its wordings."""
        shape: Shape = row["shape"]
        return shape


class Ties(Posts, Machine):
    """The commitments that answer a priority."""

    scope = "commitments:write"
    post_input, post_output = TieIn, PriorityDetailOut

    def on_post(self, data: dict[str, Any]) -> Done:
        """Say that a commitment answers it: as a responder of a body that owns the commitment, or as its convenor."""
        priority = found(Priority.objects.all(), pk=self.kwargs["id"])
        commitment = named(Commitment.objects.all(), "reference", data["commitment"], "commitment")
        actions.tie(priority, by=self.by, today=self.today, commitment=commitment)
        row, shape = detail(priority.pk, self.base)
        return Done(shape, row=row)


class OneTie(Deletes, Machine):
    """One commitment that answers a priority. If-Match names the version of the priority."""

    scope = "commitments:write"

    def target(self) -> Any:
        """The priority, locked after the commitment, as the verbs lock them."""
        found(Commitment.objects.select_for_update(of=("self",)), pk=self._tie().commitment_id)
        return found(Priority.objects.select_for_update(), pk=self.kwargs["id"])

    def on_delete(self) -> None:
        """Take back that the commitment answers it; the record keeps that it was said."""
        tie = self._tie()
        actions.untie(tie.priority, by=self.by, today=self.today, commitment=tie.commitment)

    def _tie(self) -> Any:
        ties = Tie.objects.select_related("priority", "commitment")
        return found(ties, priority=self.kwargs["id"], commitment__reference=self.kwargs["reference"])
