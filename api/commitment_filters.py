"""What the list of commitments can be narrowed by."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from api.by_figures import FigureFilters
from api.http import filters, values
from api.parts import inside
from commitments.choices import Standing, Status
from commitments.models import Answering, Assembly, CommitmentArea, Owner, Tie
from commitments.models.commitments import FACTS, standing, standing_needs, truth
from commitments.search import matching

NONE = "none"
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
        """Through any of its recommendations; each is found once."""
        answering = self._of(Answering)
        wanted = Q(Exists(answering.filter(recommendation__theme__slug__in=value)))
        if NONE in value:
            wanted |= ~Q(Exists(answering.filter(recommendation__theme__isnull=False)))
        return rows.filter(wanted)

    def by_area(self, rows: Rows, name: str, value: list[str]) -> Rows:
        """In an area, or in one inside it."""
        return rows.filter(Exists(self._of(CommitmentArea).filter(area__in=inside(value))))

    def by_organisation(self, rows: Rows, name: str, value: list[str]) -> Rows:
        """Present owners only."""
        return rows.filter(Exists(self._of(Owner).filter(ended_on=None, organisation__slug__in=value)))

    def by_team(self, rows: Rows, name: str, value: list[str]) -> Rows:
        """Present owners only."""
        return rows.filter(Exists(self._of(Owner).filter(ended_on=None, team__slug__in=value)))

    def by_recommendation(self, rows: Rows, name: str, value: list[str]) -> Rows:
        """Any of them."""
        return rows.filter(Exists(self._of(Answering).filter(recommendation__reference__in=value)))

    def _of(self, model: Any) -> Rows:
        """What belongs to a row's commitment."""
        rows: Rows = model.objects.filter(commitment=OuterRef(self.commitment_key))
        return rows


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
        """One is found before the list is read, so that an index gives its commitments in their order."""
        named = Assembly.objects.order_by().values("pk")
        if len(value) == 1:
            return rows.filter(assembly=named.filter(slug=value[0])[:1])
        return rows.filter(assembly__in=named.filter(slug__in=value))

    def by_status(self, rows: Rows, name: str, value: list[str]) -> Rows:
        """Null is asked for by name."""
        wanted = Q(status__in=value)
        return rows.filter(wanted | Q(status=None) if NONE in value else wanted)

    def by_priority(self, rows: Rows, name: str, value: list[str]) -> Rows:
        """Tied to any of them, or to none at all."""
        ties = self._of(Tie)
        wanted = Q(Exists(ties.filter(priority__in=[one for one in value if one != NONE])))
        return rows.filter(wanted | ~Q(Exists(ties)) if NONE in value else wanted)

    def by_standing(self, rows: Rows, name: str, value: list[str]) -> Rows:
        """Any of them; each is also said in columns that an index can find."""
        found = Q()
        for one in value:
            found |= standing_needs(Standing(one), self.today)
        known: Rows = rows.alias(standing=standing(self.today))
        return known.filter(found, standing__in=value)

    def by_fact(self, rows: Rows, name: str, value: bool) -> Rows:
        """It holds; or it does not, or is not known to."""
        holds = FACTS[name](self.today)
        return rows.filter(holds) if value else rows.exclude(truth(holds))

    def by_words(self, rows: Rows, name: str, value: str) -> Rows:
        """Ranked."""
        return matching(rows, value)
