"""What the list of commitments can be narrowed by, as parameters; the questions are `commitments.narrowing`."""

from typing import Any

from django.db.models import QuerySet

from api.by_figures import FigureFilters
from api.http import filters
from commitments import narrowing
from commitments.choices import Standing, Status
from commitments.narrowing import NONE
from commitments.search import matching
from record import values

PRIORITY = values.Pattern(
    r"(none|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})", "The id of a priority, or `none`,"
)
Rows = QuerySet[Any]


class ThroughCommitment(filters.StrictFilterSet):
    """The filters of what belongs to commitments; `commitment_key` is how a row names its own."""

    commitment_key = "commitment"

    assembly = filters.Slugs("commitment__assembly__slug", label="Only of these assemblies.")
    theme = filters.Slugs(
        method="by_theme", label="Only what answers a recommendation of these themes; `none`: of no theme."
    )
    area = filters.AreaCodes(method="by_area", label="Only in these areas, everything inside them included.")
    organisation = filters.Slugs(method="by_organisation", label="Only owned by a team of these bodies.")
    team = filters.Slugs(method="by_team", label="Only owned by these teams.")
    recommendation = filters.References(
        method="by_recommendation", label="Only what answers these recommendations."
    )

    def by_theme(self, rows: Rows, name: str, value: list[str]) -> Rows:
        """Through any of its recommendations."""
        return narrowing.by_theme(rows, value, self.commitment_key)

    def by_area(self, rows: Rows, name: str, value: list[str]) -> Rows:
        """In an area, or in one inside it."""
        return narrowing.by_area(rows, value, self.commitment_key)

    def by_organisation(self, rows: Rows, name: str, value: list[str]) -> Rows:
        """Present owners only."""
        return narrowing.by_organisation(rows, value, self.commitment_key)

    def by_team(self, rows: Rows, name: str, value: list[str]) -> Rows:
        """Present owners only."""
        return narrowing.by_team(rows, value, self.commitment_key)

    def by_recommendation(self, rows: Rows, name: str, value: list[str]) -> Rows:
        """Any of them."""
        return narrowing.by_recommendation(rows, value, self.commitment_key)


class CommitmentFilters(FigureFilters, ThroughCommitment):
    """The filters of `commitments/`."""

    commitment_key = "pk"

    assembly = filters.Slugs(method="by_assembly", label="Only of these assemblies.")
    status = filters.Choices(
        choices=[*Status.values, NONE],
        method="by_status",
        label="Only where the owner says this; `none`: where no owner has said anything.",
    )
    standing = filters.Choices(
        method="by_standing", choices=Standing.values, label="Only with these standings."
    )
    due_before = filters.Day("due_on", lookup_expr="lt", label="Only due before this day.")
    due_after = filters.Day("due_on", lookup_expr="gt", label="Only due after this day.")
    overdue = filters.TrueFalse(
        method="by_fact", label="Past the due date with no standing claim, whatever the standing."
    )
    silent = filters.TrueFalse(
        method="by_fact", label="The rhythm of updates was missed, whatever the standing."
    )
    contested = filters.TrueFalse(
        method="by_fact", label="The present claim is disputed or was found wanting."
    )
    measurable = filters.TrueFalse(
        method="by_fact", label="With measure, target, due date and source of proof."
    )
    priority = filters.Several(
        one=PRIORITY,
        method="by_priority",
        label="Only what answers one of these priorities, by id; `none`: what answers no priority.",
    )
    updated_since = filters.UpdatedSince()
    q = filters.Text(
        method="by_words", label="Only what says all these words; ranked unless another order is asked for."
    )

    def by_assembly(self, rows: Rows, name: str, value: list[str]) -> Rows:
        """Any of them."""
        return narrowing.by_assembly(rows, value)

    def by_status(self, rows: Rows, name: str, value: list[str]) -> Rows:
        """Null is asked for by name."""
        return narrowing.by_status(rows, value)

    def by_priority(self, rows: Rows, name: str, value: list[str]) -> Rows:
        """Tied to any of them, or to none at all."""
        return narrowing.by_priority(rows, value)

    def by_standing(self, rows: Rows, name: str, value: list[str]) -> Rows:
        """Any of them."""
        return narrowing.by_standing(rows, value, self.today)

    def by_fact(self, rows: Rows, name: str, value: bool) -> Rows:
        """It holds; or it does not, or is not known to."""
        return narrowing.by_fact(rows, name, value, self.today)

    def by_words(self, rows: Rows, name: str, value: str) -> Rows:
        """Ranked."""
        return matching(rows, value)
