"""Invented life: told once by the actions, with every state there is, and marked as what it is."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet

from commitments import standing
from commitments.actions import tick
from commitments.choices import (
    ChallengeState,
    Finding,
    Outcome,
    Precision,
    RecommendationState,
    RequestState,
    Standing,
)
from commitments.demonstration import stage
from commitments.lifecycle import challenge_state
from commitments.models import (
    Asked,
    Challenge,
    Commitment,
    Correction,
    DueDateChange,
    Evidence,
    Lineage,
    Milestone,
    Neighbourhood,
    Owner,
    Priority,
    ProgressUpdate,
    Recommendation,
    Response,
    Verification,
)
from commitments.preparing import prepare
from record import clock
from record.models import Entry, Head, Words

pytestmark = pytest.mark.django_db
MARKED = (
    Asked,
    Challenge,
    Correction,
    DueDateChange,
    Milestone,
    Neighbourhood,
    Priority,
    ProgressUpdate,
    Response,
    Verification,
)


@pytest.fixture(scope="module", autouse=True)
def story(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[str]]:
    """The demonstration, told once for this module and taken back after it; what was said while preparing it."""
    said: list[str] = []
    with django_db_blocker.unblock(), transaction.atomic():
        prepare(demo=True, say=said.append)
        yield said
        transaction.set_rollback(True)


def shown() -> dict[str, Standing]:
    """What the record shows of each commitment today."""
    today = clock.today()
    return {
        one.reference: standing.standing(standing.facts_of(one), today) for one in Commitment.objects.all()
    }


def types() -> set[str]:
    """What has happened."""
    return set(Entry.objects.values_list("type", flat=True))


def test_there_is_a_commitment_in_every_standing() -> None:
    assert set(shown().values()) == set(Standing)


def test_there_is_a_challenge_in_every_state_with_every_outcome() -> None:
    today = clock.today()
    states = {challenge_state(one.state, one.reply_due_on, today) for one in Challenge.objects.all()}
    assert states == set(ChallengeState)
    assert set(Challenge.objects.exclude(outcome=None).values_list("outcome", flat=True)) == set(Outcome)
    assert set(Verification.objects.values_list("finding", flat=True)) == set(Finding)


def test_recommendations_are_in_every_state_and_answered_in_time_late_again_and_never() -> None:
    rows: QuerySet[Any] = Recommendation.objects.with_state(clock.today())
    states = {one.state for one in rows}
    assert states == set(RecommendationState)
    assert set(Response.objects.values_list("stance", flat=True)) == {
        "accepted",
        "partly_accepted",
        "rejected",
    }
    assert Response.objects.filter(late_by_days__gt=0).exists()
    assert Response.objects.filter(late_by_days=None).exists()
    assert Response.objects.filter(recommendation__number=8).count() == 2


def test_dates_of_every_precision_slip_in_every_way() -> None:
    invented = Commitment.objects.filter(invented=True)
    assert set(invented.values_list("due_precision", flat=True)) == {*Precision, ""}
    assert set(DueDateChange.objects.values_list("state", flat=True)) == set(RequestState)
    assert set(Correction.objects.values_list("state", flat=True)) == set(RequestState)
    assert invented.filter(due_changes__gt=0).exists()
    assert Milestone.objects.exclude(done_on=None).exists()
    assert Milestone.objects.filter(done_on=None, due_on__lt=clock.today()).exists()
    assert Challenge.objects.filter(late_by_days__gt=0).exists()


def test_promises_pass_on_in_every_way() -> None:
    assert set(Lineage.objects.values_list("kind", flat=True)) == {"superseded", "split", "merged"}
    assert {"commitment.handed_over", "commitment.corrected", "update.corrected"} <= types()
    assert {"commitment.hand_over_offered", "commitment.hand_over_refused", "team.reorganised"} <= types()
    assert Owner.objects.filter(team__organisation__kind="council", lead=True).exists()
    assert Owner.objects.filter(team__isnull=False, accepted_on=None, ended_on=None).exists()
    assert Evidence.objects.exists()


def test_priorities_were_seen_edited_gone_and_back_and_some_are_answered_by_nobody() -> None:
    assert {
        "neighbourhood.published",
        "neighbourhood.placed",
        "priority.published",
        "priority.changed",
        "priority.withdrawn",
        "priority.returned",
        "priority.tied",
        "priority.untied",
    } <= types()
    current: QuerySet[Any] = Priority.objects.current().with_committed()
    assert {one.committed for one in current} == {True, False}
    assert Priority.objects.exclude(gone_on=None).exists()
    assert {one.placed_by for one in Neighbourhood.objects.all()} == {"code", "convenor"}
    assert not Neighbourhood.objects.exclude(force="demonstration").exists()


def test_the_clock_has_written_what_was_missed_dated_the_day_it_happened() -> None:
    assert {
        "commitment.overdue",
        "commitment.very_late",
        "commitment.silent",
        "recommendation.no_response",
        "milestone.overdue",
        "challenge.unanswered",
    } <= types()
    assert tick(clock.today()) == 0
    late = Entry.objects.get(type="recommendation.no_response", root="recommendation:WF24-R04")
    asked = Asked.objects.get(recommendation__reference="WF24-R04")
    assert (late.occurred_on - asked.due_on).days == 1


def test_every_invented_thing_says_so() -> None:
    assert not [model for model in MARKED if model.objects.filter(invented=False).exists()]
    assert Commitment.objects.filter(invented=True).count() >= 20
    for entry in Entry.objects.order_by("position"):
        body = json.loads(bytes(entry.body))
        real = entry.actor == "convenor:waltham-forest-2024" and entry.position <= 50
        assert body.get("invented", False) is not real


def test_the_words_of_every_invented_entry_carry_the_mark() -> None:
    invented = Entry.objects.filter(position__gt=50)
    texts: dict[int, list[str]] = {}
    for row in Words.objects.filter(position__in=invented.values("position")):
        texts.setdefault(row.position, []).append(row.text or "")
    assert texts
    assert [position for position, words in texts.items() if "nvented" not in "".join(words)] == []
    titles = Commitment.objects.filter(invented=True).values_list("title", flat=True)
    assert [title for title in titles if not title.endswith("(invented)")] == []
    assert [one for one in Response.objects.all() if not one.body.startswith(stage.MARK)] == []


def test_the_real_record_is_there_and_is_not_touched_by_it() -> None:
    five = Commitment.objects.filter(invented=False)
    assert [one.reference for one in five] == [f"WF24-C00{number}" for number in range(1, 6)]
    assert {one.version for one in five} == {1}
    assert {(one.stage, one.accepted_on, one.status) for one in five} == {("entered", None, None)}
    assert Recommendation.objects.filter(invented=False).count() == 10


def test_it_is_told_over_a_year_and_a_half_that_ends_today() -> None:
    first, last = Entry.objects.order_by("position").first(), Entry.objects.order_by("position").last()
    assert first
    assert last
    assert (clock.today() - first.occurred_on).days == 548
    assert last.at <= clock.now()
    times = list(Entry.objects.order_by("position").values_list("at", flat=True))
    assert times == sorted(times)


def test_a_second_start_changes_nothing_and_shows_no_password(story: list[str]) -> None:
    assert len(story) == 1
    assert "council-team@example.org" in story[0]
    before = Head.objects.get().position
    again: list[str] = []
    prepare(demo=True, say=again.append)
    assert again == []
    assert Head.objects.get().position == before
