"""What the addresses under `commitments/{reference}/` have in common."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from api.http.views import Machine, Shape, found
from commitments.models import Commitment


class OfCommitment(Machine):
    """Something of the commitment that the address names; stands first among the bases, before `Posts`.

    If-Match may name the version of the commitment.
    """

    post_if_match = "optional"

    @cached_property
    def commitment(self) -> Commitment:
        """The commitment. Raises Missing."""
        rows = Commitment.objects.select_related("assembly")
        row: Commitment = found(rows, reference=self.kwargs["reference"])
        return row

    def target(self) -> Any:
        """The commitment, locked."""
        rows = Commitment.objects.select_for_update(of=("self",))
        return found(rows, reference=self.kwargs["reference"])


def locked_part(rows: QuerySet[Any], **named: Any) -> Any:
    """A thing of a commitment, which is locked for it: verbs lock the commitment first, so nobody waits in a ring.

    Raises Missing.
    """
    part = found(rows, **named)
    Commitment.objects.select_for_update(of=("self",)).get(pk=part.commitment_id)
    return found(rows, **named)


def one(shapes: list[Shape]) -> Shape:
    """The only shape of a list of one."""
    [shape] = shapes
    return shape
