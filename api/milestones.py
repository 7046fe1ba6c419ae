"""Milestones: the dated steps of a commitment."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from api import held
from api.held import HeldOut
from api.http import inputs
from api.http.paging import by
from api.http.views import PublicList, Shape, found
from api.http.writing import Done, Posts
from api.of_commitments import OfCommitment, locked_part, one
from commitments import actions, deadlines
from commitments.models import Milestone
from commitments.models.commitments import CLOSED
from commitments.standing import Facts, has_standing_claim
from record.keyset import By

COLUMNS = (
    "id",
    "version",
    "position",
    "commitment__reference",
    "commitment__status",
    "commitment__refuted_on",
    "commitment__accepted_on",
    "title",
    "due_on",
    "first_due_on",
    "done_on",
    *held.COLUMNS,
    "invented",
    "published_at",
    "updated_at",
)

NOT_SHOWN = ("version", *held.COLUMNS)


class MilestoneOut(serializers.Serializer[Any]):
    """A dated step; when it is due and when it was done are two things."""

    id = serializers.UUIDField()
    position = serializers.IntegerField()
    commitment = serializers.CharField()
    title = serializers.CharField()
    due_on = serializers.DateField()
    first_due_on = serializers.DateField()
    done_on = serializers.DateField(allow_null=True)
    overdue = serializers.BooleanField()
    days_late = serializers.IntegerField(allow_null=True)
    held = HeldOut(allow_null=True)
    invented = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class MilestoneIn(inputs.StrictSerializer):
    """A step and its day."""

    title = inputs.Line(max_length=300)
    due_on = serializers.DateField()


class MilestoneDoneIn(inputs.StrictSerializer):
    """On which day it was done; today unless said."""

    done_on = serializers.DateField(required=False)


def shapes(rows: list[Shape], today: date) -> list[Shape]:
    """The JSON of rows from `.values(*COLUMNS)`."""
    return [_shape(row, today) for row in rows]


def _shape(row: Shape, today: date) -> Shape:
    overdue = row["done_on"] is None and _counts(row) and deadlines.is_missed(row["due_on"], today)
    is_known = overdue or row["done_on"] is not None or row["due_on"] >= today
    late = deadlines.days_late(row["due_on"], today, row["done_on"]) if is_known else None
    own = {name: row[name] for name in COLUMNS if "__" not in name and name not in NOT_SHOWN}
    commitment = row["commitment__reference"]
    said = {"overdue": overdue, "days_late": late, "held": held.held(row)}
    return {**own, "commitment": commitment, **said}


def _counts(row: Shape) -> bool:
    """Whether the steps of its commitment are still expected."""
    status, refuted = row["commitment__status"], row["commitment__refuted_on"] is not None
    settled = status in CLOSED or has_standing_claim(Facts(status=status, refuted=refuted))
    return row["commitment__accepted_on"] is not None and not settled


class Milestones(OfCommitment, Posts, PublicList):
    """The steps of one commitment, the earliest first."""

    output = MilestoneOut
    ordering = by("due", due="due_on", done=By("done_on", nullable=True), position="position")
    scope = "commitments:write"
    post_input, post_output = MilestoneIn, MilestoneOut

    def rows(self) -> QuerySet[Any]:
        """Of this commitment only."""
        rows: QuerySet[Any] = Milestone.objects.filter(commitment=self.commitment).values(*COLUMNS)
        return rows

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return shapes(rows, self.today)

    def on_post(self, data: dict[str, Any]) -> Done:
        """Add a step to one's own commitment."""
        made = actions.add_milestone(self.commitment, by=self.by, today=self.today, **data)
        return answered(made, self.today)


class MilestoneDone(OfCommitment, Posts):
    """Say that a step is done."""

    scope = "commitments:write"
    post_input, post_output, post_status = MilestoneDoneIn, MilestoneOut, 200

    def target(self) -> Any:
        """The step, its commitment locked."""
        return locked_part(self.commitment.milestones.all(), pk=self.kwargs["id"])

    def on_post(self, data: dict[str, Any]) -> Done:
        """Say that a step of one's own commitment is done."""
        step = found(self.commitment.milestones.all(), pk=self.kwargs["id"])
        done = actions.finish_milestone(step, by=self.by, today=self.today, **data)
        return answered(done, self.today)


def answered(milestone: Milestone, today: date) -> Done:
    """The answer after a write."""
    row = Milestone.objects.values(*COLUMNS).get(pk=milestone.pk)
    return Done(one(shapes([row], today)), row=row)
