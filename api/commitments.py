"""Commitments: the main list, one with all that belongs to it, publishing and accepting."""

from typing import Any

from django.db.models import QuerySet

from api import commitment_details as details
from api.by_figures import BY_GAP, BY_RESIDENTS
from api.commitment_details import CommitmentDetailOut
from api.commitment_filters import CommitmentFilters
from api.commitment_shapes import CommitmentOut, shapes
from api.http import inputs
from api.http.paging import by
from api.http.views import Machine, PublicDetail, PublicList, Shape
from api.http.writing import Done, Posts
from api.named import named
from api.of_commitments import OfCommitment
from api.promise_inputs import SOME_OWNERS, CommitmentIn, TeamOwnerIn, owners_of, promise_of
from api.ranking import ranked
from commitments import actions, errors
from commitments.models import Assembly, Commitment
from record.keyset import By


class AcceptanceIn(inputs.StrictSerializer):
    """The teams that will own it: where the source named none, or in the place of those offered; one of them leads.

    A co-owner whose team no source names says which it is, and names no lead.
    """

    owners = TeamOwnerIn(**SOME_OWNERS, required=False)


class Commitments(Posts, PublicList):
    """All commitments, in the order in which they came into the record."""

    output, filterset = CommitmentOut, CommitmentFilters
    ordering = by(
        "position",
        position="position",
        reference="reference",
        title="title",
        due=By("due_on", nullable=True),
        published_at="published_at",
        updated_at="updated_at",
        rank="rank",
        residents=BY_RESIDENTS,
        gap=BY_GAP,
    )
    scope = "commitments:write"
    post_input, post_output = CommitmentIn, CommitmentDetailOut

    def rows(self) -> QuerySet[Any]:
        """Only keys, and what orders them: what is shown is fetched for one page."""
        data = self.request.query_params
        by = self.ordering.names.get(data.get("ordering", "").removeprefix("-"))
        columns = {"id", "position"} | ({by.column} if by else set())
        return ranked(Commitment.objects.values(*sorted(columns - {"rank"})), data)

    def usual_order(self, found: dict[str, Any]) -> str | None:
        """The best first, where words are asked for."""
        return "-rank" if "q" in found else None

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return shapes(rows, self.base, self.today)

    def on_post(self, data: dict[str, Any]) -> Done:
        """Publish a commitment for the body that leads it; with `source`, enter one as the convenor."""
        assembly = named(Assembly.objects.select_related("area"), "slug", data["assembly"], "assembly")
        said: dict[str, Any] = {"by": self.by, "today": self.today, "promise": promise_of(data)}
        if "source" in data:
            said |= {"source": data["source"], "reported_state": data.get("reported_state", "")}
            return answered(self, actions.enter_commitment(assembly, **said))
        if "reported_state" in data:
            raise errors.SourceMissing(field="source")
        return answered(self, actions.publish_commitment(assembly, **said))


class CommitmentDetail(PublicDetail):
    """One commitment, with its wordings, milestones, last updates, responses, source and lineage."""

    output = CommitmentDetailOut

    def row(self) -> Shape:
        """As a plain row."""
        return details.row_of(self.today, reference=self.kwargs["reference"])

    def shape(self, row: Shape) -> Shape:
        """With all that belongs to it."""
        return details.detail(row, self.base, self.today)


class Acceptance(OfCommitment, Posts):
    """Accept a commitment."""

    scope = "commitments:write"
    post_input, post_output, post_status = AcceptanceIn, CommitmentDetailOut, 200

    def on_post(self, data: dict[str, Any]) -> Done:
        """Say yes to a commitment that was entered from a source or is offered, or as a named co-owner."""
        owners = owners_of(data.get("owners", ()))
        accepted = actions.accept(self.commitment, by=self.by, today=self.today, owners=owners)
        return answered(self, accepted)


def answered(view: Machine, commitment: Commitment) -> Done:
    """The answer after a write: the commitment as it is now."""
    row = details.row_of(view.today, pk=commitment.pk)
    return Done(details.detail(row, view.base, view.today), row=row)
