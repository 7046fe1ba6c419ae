"""Figures are cut once a week, through the gate, as entries of the record; and keys go thirty days after a quarter."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from accounts.models import User
from commitments.models import Commitment, Theme
from ratings import actions, errors
from ratings.models import Ballot, Figure, FreshBallot, RatingPeriod
from ratings.subjects import Said
from tests import make
from tests.make import TODAY, days
from tests.recording import one, refused, telling, told

pytestmark = pytest.mark.django_db

NEXT_MONDAY = date(2026, 6, 8)
FIVES_AND_TWOS = (2, 2, 5, 2, 2, 2, 5, 2, 2, 2, 2, 2)


@pytest.fixture
def commitment() -> Commitment:
    return make.commitment()


def vote(subject: Commitment, *scores: int | None, today: date = TODAY) -> list[User]:
    """One person for each score."""
    voters = [make.person() for _ in scores]
    for voter, score in zip(voters, scores, strict=True):
        actions.cast(subject, by=voter, today=today, said=Said(score, dont_know=score is None))
    return voters


def the_figure() -> Figure:
    return Figure.objects.get(by="all", latest=True)


def test_a_cut_publishes_a_figure_and_records_it(commitment: Commitment) -> None:
    vote(commitment, *FIVES_AND_TWOS, None)
    with telling() as entries:
        assert actions.cut_figures(TODAY) == 1
    found = the_figure()
    assert (found.n, found.mean, found.low, found.high) == (
        10,
        Decimal("2.5"),
        Decimal("1.9"),
        Decimal("3.2"),
    )
    shown = {
        "n": 10,
        "dont_know": None,
        "mean": 2.5,
        "low": 1.9,
        "high": 3.2,
        "shares": None,
        "withheld": None,
    }
    told(
        one(entries),
        "figures.cut",
        subject=commitment.record_subject,
        actor="clock",
        facts={
            "assembly": "anytown-2025",
            "period": "2026-Q2",
            "method": "mean/dirichlet-1-5/1; release/4",
            "figures": [{"by": "all", "group": None, **shown}],
        },
    )


def test_a_cut_breaks_nobodys_edit(commitment: Commitment) -> None:
    vote(commitment, *FIVES_AND_TWOS)
    commitment.refresh_from_db()
    version = commitment.version
    actions.cut_figures(TODAY)
    commitment.refresh_from_db()
    assert commitment.version == version


def test_under_ten_ratings_nothing_is_published_and_nothing_recorded(commitment: Commitment) -> None:
    vote(commitment, *FIVES_AND_TWOS[:9], None, None)
    with telling() as entries:
        assert actions.cut_figures(TODAY) == 0
    assert entries == []
    assert not Figure.objects.exists()


def test_again_in_the_same_week_nothing_happens(commitment: Commitment) -> None:
    vote(commitment, *FIVES_AND_TWOS)
    actions.cut_figures(TODAY)
    vote(commitment, *[1] * 20)
    with telling() as entries:
        assert [actions.cut_figures(day) for day in (TODAY, days(1), days(6))] == [0, 0, 0]
    assert entries == []
    assert actions.cut_figures(NEXT_MONDAY) == 1
    assert the_figure().n == 30
    assert list(Figure.objects.order_by("slot").values_list("n", "latest")) == [(10, False), (30, True)]


def test_nine_new_ratings_change_no_figure(commitment: Commitment) -> None:
    vote(commitment, *FIVES_AND_TWOS)
    actions.cut_figures(TODAY)
    vote(commitment, *[1] * 9)
    vote(commitment, *[1] * 5, today=date(2026, 7, 1))
    assert actions.cut_figures(NEXT_MONDAY) == 0
    assert the_figure().n == 10


def test_one_who_votes_ten_times_is_one_change(commitment: Commitment) -> None:
    vote(commitment, *FIVES_AND_TWOS)
    actions.cut_figures(TODAY)
    [busy, *_] = vote(commitment, *[3] * 9)
    for score in (1, 2, 3, 4, 5) * 2:
        actions.cast(commitment, by=busy, today=TODAY, said=Said(score))
    vote(commitment, 1, today=date(2026, 7, 1))
    assert actions.cut_figures(NEXT_MONDAY) == 0


def test_casting_the_same_again_is_no_change(commitment: Commitment) -> None:
    voters = vote(commitment, *FIVES_AND_TWOS)
    actions.cut_figures(TODAY)
    for voter, score in zip(voters, FIVES_AND_TWOS, strict=True):
        actions.cast(commitment, by=voter, today=TODAY, said=Said(score))
    assert actions.cut_figures(NEXT_MONDAY) == 0


def test_local_and_other_residents_are_shown_apart_once_nothing_follows_from_it(
    commitment: Commitment,
) -> None:
    assembly = commitment.assembly
    voters = vote(commitment, *[2] * 44)
    _, codes = actions.issue_codes(assembly, by=make.convenor(), number=20)
    for voter, code in zip(voters, codes, strict=False):
        actions.redeem(assembly, by=voter, code=code)
        actions.cast(commitment, by=voter, today=TODAY, said=Said(4))
    actions.cut_figures(TODAY)
    shown = {(row.by, row.group): row.n for row in Figure.objects.filter(latest=True)}
    assert shown == {("all", ""): 45, ("stratum", "other"): 25}


def rated_theme(answers: dict[str, int], question: str) -> Theme:
    """A theme with so many ratings for each answer to a question."""
    assembly = make.assembly()
    theme = make.theme(assembly, "presence")
    for answer, number in answers.items():
        for voter in [make.person() for _ in range(number)]:
            said = Said(2, communities={question: answer} if answer else {})
            actions.cast(theme, by=voter, today=TODAY, said=said)
    return theme


def shown(by: str) -> dict[str, int | None]:
    return dict(Figure.objects.filter(latest=True, by=by).values_list("group", "n"))


def test_communities_are_shown_for_themes_where_enough_of_each_answered() -> None:
    rated_theme({"asian": 20, "black": 15, "white": 25, "prefer_not_to_say": 12, "": 12}, "ethnic_group")
    actions.cut_figures(TODAY)
    assert shown("all") == {"": 85}
    assert shown("ethnic_group") == {"asian": 20, "black": 15, "white": 25}
    assert shown("religion") == {}


def test_a_community_of_a_few_is_hidden_and_cannot_be_worked_out() -> None:
    rated_theme({"disabled": 4, "not_disabled": 36}, "disability")
    actions.cut_figures(TODAY)
    assert shown("all") == {"": 40}
    assert shown("disability") == {}


def test_a_quarter_is_cut_for_two_weeks_after_it_ends(commitment: Commitment) -> None:
    vote(commitment, *FIVES_AND_TWOS, today=date(2026, 6, 30))
    assert actions.cut_figures(date(2026, 7, 20)) == 0
    assert RatingPeriod.objects.get().last_slot is None
    assert actions.cut_figures(date(2026, 7, 13)) == 1


def test_a_quarter_is_not_cut_before_it_begins(commitment: Commitment) -> None:
    vote(commitment, *FIVES_AND_TWOS, today=date(2026, 7, 1))
    assert actions.cut_figures(TODAY) == 0
    assert actions.cut_figures(date(2026, 7, 1)) == 1


def test_thirty_days_after_a_quarter_its_key_is_gone_and_that_is_recorded(
    commitment: Commitment, keys: Path
) -> None:
    [voter, *_] = vote(commitment, *FIVES_AND_TWOS)
    actions.cut_figures(TODAY)
    assert actions.destroy_keys(date(2026, 7, 30)) == 0
    assert len(list(keys.iterdir())) == 1
    with telling() as entries:
        assert actions.destroy_keys(date(2026, 7, 31)) == 1
    assert list(keys.iterdir()) == []
    assert one(entries).type == "key.destroyed"
    assert actions.destroy_keys(date(2026, 8, 1)) == 0
    with refused(errors.PeriodClosed):
        actions.cast(commitment, by=voter, today=TODAY, said=Said(5))
    assert Ballot.objects.count() == 12
    assert not FreshBallot.objects.exists()
