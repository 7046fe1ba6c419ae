"""What is nested in a question reads as it would alone, on both databases."""

from typing import Any

import pytest
from django.db.models import OuterRef, QuerySet

from commitments.models import Commitment, Owner, ProgressUpdate
from record.nested import Nested
from record.prepared import Among, Prepared
from tests import make

pytestmark = pytest.mark.django_db
COLUMNS = ("id", "is_claim", "body", "published_at", "position", "team__slug", "team_status")


def updates() -> QuerySet[Any]:
    """Of the outer commitment, newest first."""
    return ProgressUpdate.objects.filter(commitment=OuterRef("pk")).order_by("-position")


def test_rows_come_in_their_order_with_values_of_every_kind() -> None:
    made = make.commitment(due=make.DUE, **make.MEASURABLE)
    make.update(made, body='100 %s of "it", \\ and the rest: ✓')
    make.claim(made)
    [row] = Prepared(lambda: Commitment.objects.values(listed=Nested(updates(), *COLUMNS))).rows()
    told = ProgressUpdate.objects.order_by("-position").values_list(*COLUMNS)
    assert row["listed"] == [list(one) for one in told]
    assert len(row["listed"]) == 2


def test_each_row_has_its_own_and_some_have_none() -> None:
    assembly = make.assembly()
    made = [make.commitment(assembly) for _ in range(3)]
    make.update(made[1], body="Walked.")
    question = Prepared(
        lambda: (
            Commitment.objects.filter(Among("pk", "keys"))
            .order_by("pk")
            .values("pk", said=Nested(updates()[:1], "body"), led=Nested(_owners(), "lead", "ended_on"))
        )
    )
    found = question.rows(keys=[one.pk for one in made])
    assert [row["said"] for row in found] == [[], [["Walked."]], []]
    assert [row["led"] for row in found] == [[[True, None]]] * 3


def _owners() -> QuerySet[Any]:
    return Owner.objects.filter(commitment=OuterRef("pk"))
