"""Holds: what is held back while a case is live, since when, on which ground. Each is public as a fact, for ever."""

from typing import Any

from django.db.models import Case, QuerySet, Value, When
from django.db.models.fields import CharField
from rest_framework import serializers

from api.events import SUBJECT
from api.http import filters, inputs
from api.http.paging import by
from api.http.views import Machine, PublicDetail, PublicList, Shape, found
from api.http.writing import Done, Posts
from commitments import actions
from commitments.choices import HoldGround, WithholdingKind
from commitments.models import Withholding
from commitments.models.withheld import LONGEST_SUBJECT
from commitments.subjects import path_to
from commitments.withholding.offices import named
from record.keyset import By

IN_FORCE, LIFTED = "in_force", "lifted"
STANDINGS = [(IN_FORCE, "in force"), (LIFTED, "lifted")]
COLUMNS = (
    "id",
    "version",
    "position",
    "assembly__slug",
    "subject",
    "root",
    "ground",
    "office",
    "standing",
    "placed_on",
    "lifted_on",
    "invented",
    "published_at",
    "updated_at",
)


class HoldOut(serializers.Serializer[Any]):
    """A hold. It hides the words of its subject and of all that belongs to it, and judges nothing."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    position = serializers.IntegerField()
    assembly = serializers.CharField(allow_null=True)
    subject = serializers.CharField(help_text="What is held, as events name it: `commitment:WF24-C012`.")
    subject_url = serializers.URLField()
    ground = serializers.ChoiceField(HoldGround.choices)
    by = serializers.CharField(help_text="An office, never a person.")
    standing = serializers.ChoiceField(STANDINGS)
    placed_on = serializers.DateField()
    lifted_on = serializers.DateField(allow_null=True)
    invented = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class HoldIn(inputs.StrictSerializer):
    """What to hold, and on which ground; there is no text, since a hold says nothing of the case."""

    subject = inputs.Line(max_length=LONGEST_SUBJECT, help_text="As events name it: `commitment:WF24-C012`.")
    ground = serializers.ChoiceField(HoldGround.choices)


class HoldFilters(filters.StrictFilterSet):
    """Which holds."""

    assembly = filters.Slugs("assembly__slug", label="Of these assemblies.")
    subject = filters.Several("subject", one=SUBJECT, label="Of exactly these things.")
    root = filters.Several("root", one=SUBJECT, label="Of these things, or of what belongs to them.")
    ground = filters.Choices("ground", choices=HoldGround.values, label="On these grounds.")
    standing = filters.Choices("standing", choices=[IN_FORCE, LIFTED], label="In force, or lifted.")
    placed_before = filters.Day("placed_on", lookup_expr="lt", label="Placed before this day.")
    placed_after = filters.Day("placed_on", lookup_expr="gt", label="Placed after this day.")
    updated_since = filters.UpdatedSince()


def rows() -> QuerySet[Any]:
    """Every hold, those that were lifted too; what is hidden for what it says is no hold."""
    held = Withholding.objects.filter(kind=WithholdingKind.HELD).annotate(
        standing=Case(
            When(lifted_on=None, then=Value(IN_FORCE)), default=Value(LIFTED), output_field=CharField()
        )
    )
    found: QuerySet[Any] = held.values(*COLUMNS)
    return found


def shape(row: Shape, base: str) -> Shape:
    """The JSON of a row from `rows`; nobody is named in it."""
    return {
        "id": row["id"],
        "url": f"{base}/api/v1/holds/{row['id']}/",
        "position": row["position"],
        "assembly": row["assembly__slug"],
        "subject": row["subject"],
        "subject_url": base + path_to(row["subject"], row["root"], row["position"]),
        "ground": row["ground"],
        "by": row["office"],
        "standing": row["standing"],
        "placed_on": row["placed_on"],
        "lifted_on": row["lifted_on"],
        "invented": row["invented"],
        "published_at": row["published_at"],
        "updated_at": row["updated_at"],
    }


class Holds(Posts, PublicList):
    """All holds ever, newest first."""

    output, filterset = HoldOut, HoldFilters
    ordering = by(
        "-position",
        position="position",
        placed_on="placed_on",
        lifted_on=By("lifted_on", nullable=True),
        updated_at="updated_at",
    )
    scope = "withholding:write"
    post_input, post_output = HoldIn, HoldOut

    def rows(self) -> QuerySet[Any]:
        """All of them."""
        return rows()

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return [shape(row, self.base) for row in rows]

    def on_post(self, data: dict[str, Any]) -> Done:
        """Hold back the words of a thing and of all that belongs to it, as the convenor of its assembly."""
        thing = named(data["subject"])
        return _answered(self, actions.place_hold(thing, by=self.by, today=self.today, ground=data["ground"]))


class OneHold(PublicDetail):
    """One hold."""

    output = HoldOut

    def row(self) -> Shape:
        """By its id."""
        row: Shape = found(rows(), pk=self.kwargs["id"])
        return row

    def shape(self, row: Shape) -> Shape:
        """As in the list."""
        return shape(row, self.base)


class HoldLifting(Posts, Machine):
    """End a hold."""

    scope = "withholding:write"
    post_output, post_status, post_if_match = HoldOut, 200, "optional"

    @property
    def hold(self) -> Withholding:
        """The hold. Raises Missing."""
        row: Withholding = found(Withholding.objects.filter(kind=WithholdingKind.HELD), pk=self.kwargs["id"])
        return row

    def target(self) -> Any:
        """The hold itself."""
        return self.hold

    def on_post(self, data: dict[str, Any]) -> Done:
        """Show again, as it was, what was held back."""
        return _answered(self, actions.lift_hold(self.hold, by=self.by, today=self.today))


def _answered(view: Machine, hold: Withholding) -> Done:
    row = rows().get(pk=hold.pk)
    return Done(shape(row, view.base), row=row)
