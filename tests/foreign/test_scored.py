"""Promises that somebody scored pass through whole: a score is that source's word, and never a status."""

from collections import Counter

import pytest

from commitments.models import Commitment
from tests.contract import CheckingClient
from tests.foreign import scored
from tests.foreign.holding import V1, check_whole, entered, paged
from tests.foreign.shaping import Item, unescaped
from tests.foreign.sources import MADE_UP, documents, of_others

pytestmark = pytest.mark.django_db
ACCOUNTED = {*scored.OWN_FIELDS, *scored.STATE, *scored.NOTES, *scored.LEFT_OUT}


def check_scored(api: CheckingClient, rows: list[Item]) -> dict[str, int]:
    """Bring scored promises in, and count what came by the source's own status."""
    file = scored.record_of(rows)
    report = entered(file)
    check_whole(api, file)
    assert len(report.added) == 1 + len(rows) + len(file["organisations"])
    kept = list(Commitment.objects.order_by("number"))
    assert [one.body for one in kept] == [unescaped(row["text"]) for row in rows]
    assert [one.reported_state for one in kept] == [scored.reported(row) for row in rows]
    assert {(one.status, one.accepted_on, one.due_on, one.update_due_on) for one in kept} == {(None,) * 4}
    assert {one["standing"] for one in paged(api, f"{V1}/commitments/?page_size=100")} == {"no_word"}
    notes = [note for one in kept for note in one.notes]
    assert len(notes) == sum(row.get(name) not in (None, "") for row in rows for name in scored.NOTES)
    assert {note["kind"] for note in notes} == {"source"}
    issued = [one.entered_from[0]["date"] for one in kept if one.entered_from]
    assert issued == [row["date_issued"] for row in rows]
    return Counter(one.reported_state.split(";")[0] for one in kept)


def test_351_scored_promises_pass_through_and_those_deleted_there_stay_readable(api: CheckingClient) -> None:
    rows = documents(of_others("buildcanada/canada_promises_2024.jsonl"))
    assert check_scored(api, rows) == {"status active": 332, "status deleted": 19}
    scores = Counter(row.get("progress_score") for row in rows)
    for score, count in scores.items():
        words = f"progress_score {score}"
        found = [one for one in Commitment.objects.all() if words in one.reported_state.split("; ")]
        assert len(found) == (count if score is not None else 0)
    assert scores[1] == 314
    assert {name for row in rows for name in row} <= ACCOUNTED


def test_made_up_scores_pass_through_the_same_way(api: CheckingClient) -> None:
    rows = documents(MADE_UP / "scored.jsonl")
    assert check_scored(api, rows) == {"status active": 2, "status deleted": 1}
    assert {name for row in rows for name in row} <= ACCOUNTED
    clock = Commitment.objects.get(title="Town clock")
    assert clock.body == "Repair the clock – all four faces of it."
    assert clock.reported_state == "status active; progress_score 10"


def test_every_field_of_a_scored_promise_is_kept_once_or_left_out_for_a_reason() -> None:
    groups = [scored.OWN_FIELDS, set(scored.STATE), set(scored.NOTES), set(scored.LEFT_OUT)]
    assert sum(len(group) for group in groups) == len(ACCOUNTED)
    assert all(scored.LEFT_OUT.values())
