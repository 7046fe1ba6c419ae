"""Casting: one person one voice, changed and taken back while the quarter runs; no ballot leads to a person."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from accounts import actions as accounts
from accounts.models import Role, User
from commitments import actions as domain
from commitments.errors import AddressNotConfirmed
from commitments.errors import Replaced as PromiseReplaced
from commitments.models import Commitment, Theme
from commitments.promises import Ownership, Promise
from ratings import actions, choices, errors
from ratings.models import Ballot, FreshBallot
from ratings.subjects import Rated, Said
from record.refusals import Refusal
from tests import make
from tests.make import TODAY, days
from tests.recording import refused, telling

pytestmark = pytest.mark.django_db
NEXT_QUARTER = date(2026, 7, 1)


@pytest.fixture
def commitment() -> Commitment:
    assembly = make.assembly()
    theme = make.theme(assembly, "presence")
    asked = make.recommendation(assembly, theme=theme)
    return make.commitment(assembly, recommendations=[asked])


@pytest.fixture
def theme(commitment: Commitment) -> Theme:
    return Theme.objects.select_related("assembly").get(slug="presence")


@pytest.fixture
def resident() -> User:
    return make.person()


def rate(subject: Rated, by: User, score: int | None = 4, today: date = TODAY, **more: object) -> bool:
    said = Said(score, dont_know=score is None, **more)  # type: ignore[arg-type]
    return actions.cast(subject, by=by, today=today, said=said)


def test_a_rating_is_cast_and_read_back_and_no_entry_tells_of_it(
    commitment: Commitment, resident: User
) -> None:
    with telling() as entries:
        rate(commitment, resident, 2)
    assert entries == []
    assert actions.own(commitment, by=resident, today=TODAY) == Said(2)


def test_the_last_word_counts_and_stays_one_ballot(commitment: Commitment, resident: User) -> None:
    for score in (1, 5, None, 3):
        rate(commitment, resident, score)
    assert FreshBallot.objects.count() == 1
    assert actions.own(commitment, by=resident, today=TODAY).score == 3


def test_a_rating_can_be_taken_back_and_cast_again(commitment: Commitment, resident: User) -> None:
    rate(commitment, resident)
    actions.withdraw(commitment, by=resident, today=TODAY)
    with refused(errors.NothingRated):
        actions.own(commitment, by=resident, today=TODAY)
    with refused(errors.NothingRated):
        actions.withdraw(commitment, by=resident, today=TODAY)
    rate(commitment, resident, 1)
    assert actions.own(commitment, by=resident, today=TODAY).score == 1


def test_each_quarter_and_each_subject_is_rated_anew(
    commitment: Commitment, theme: Theme, resident: User
) -> None:
    rate(commitment, resident, 1)
    rate(theme, resident, 2)
    rate(commitment, resident, 5, today=NEXT_QUARTER)
    assert FreshBallot.objects.count() == 3
    assert [actions.own(one, by=resident, today=TODAY).score for one in (commitment, theme)] == [1, 2]
    with refused(errors.NothingRated):
        actions.own(theme, by=resident, today=NEXT_QUARTER)


def test_the_spellings_of_one_mailbox_are_one_voice(commitment: Commitment) -> None:
    spellings = ["ann.other@gmail.com", "AnnOther+police@googlemail.com", "a.n.n.o.t.h.e.r@gmail.com"]
    for score, address in enumerate(spellings, start=1):
        rate(commitment, User.objects.create_user(address), score)
    assert FreshBallot.objects.count() == 1
    assert actions.own(commitment, by=User.objects.get(email=spellings[0]), today=TODAY).score == 3


def test_a_ballot_holds_nothing_that_leads_to_its_voter(commitment: Commitment) -> None:
    for voter in [make.person() for _ in range(10)]:
        rate(commitment, voter)
    fresh = FreshBallot.objects.values()
    assert {frozenset(row) for row in fresh} == {frozenset({"token", "period_id", "sealed"})}
    tokens = {row["token"] for row in fresh}
    assert actions.mix_ballots(TODAY) == 10
    columns = {
        "token",
        "period_id",
        "subject",
        "score",
        "dont_know",
        "stratum",
        "invented",
        *choices.COMMUNITIES,
    }
    assert {frozenset(row) for row in Ballot.objects.values()} == {frozenset(columns)}
    assert tokens.isdisjoint(Ballot.objects.values_list("token", flat=True))


def test_the_keys_are_files_that_only_their_owner_reads(
    commitment: Commitment, resident: User, keys: Path
) -> None:
    rate(commitment, resident)
    [file] = keys.iterdir()
    assert file.name == "anytown-2025.2026-Q2.key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert keys.stat().st_mode & 0o777 == 0o700


def test_asking_for_ones_rating_makes_no_key(commitment: Commitment, resident: User, keys: Path) -> None:
    with refused(errors.NothingRated):
        actions.own(commitment, by=resident, today=TODAY)
    assert not keys.exists()


def test_who_belongs_to_an_owner_does_not_rate_it_nor_its_theme(commitment: Commitment, theme: Theme) -> None:
    lead = commitment.owners.get().team
    assert lead is not None
    for one in (make.member(lead), make.responder(lead.organisation)):
        for subject in (commitment, theme):
            with refused(errors.OwnersDoNotRate):
                rate(subject, one)


@pytest.mark.parametrize("role", [Role.CONVENOR, Role.PANEL])
def test_who_judges_in_the_assembly_does_not_rate_in_it(commitment: Commitment, role: str) -> None:
    judge = make.person()
    accounts.grant_role(judge, role, assembly="anytown-2025")
    with refused(errors.JudgesDoNotRate):
        rate(commitment, judge)


def test_an_address_is_confirmed_before_it_rates(commitment: Commitment, resident: User) -> None:
    resident.confirmed_at = None
    resident.save()
    with refused(AddressNotConfirmed):
        rate(commitment, resident)


@pytest.mark.parametrize("said", [Said(), Said(0), Said(6), Said(3, dont_know=True)])
def test_a_rating_is_one_score_or_that_one_does_not_know(
    commitment: Commitment, resident: User, said: Said
) -> None:
    with refused(errors.ScoreMissing, "score"):
        actions.cast(commitment, by=resident, today=TODAY, said=said)


def test_answers_on_community_go_with_themes_alone(
    commitment: Commitment, theme: Theme, resident: User
) -> None:
    answers = {"age_band": "25_34", "religion": choices.UNSAID}
    rate(theme, resident, communities=answers)
    assert actions.own(theme, by=resident, today=TODAY).communities == answers
    with refused(errors.CommunitiesOnThemesOnly):
        rate(commitment, resident, communities=answers)


@pytest.mark.parametrize(
    ("answers", "refusal"),
    [
        ({"age_band": "26"}, errors.UnknownAnswer),
        ({"shoe_size": "9"}, errors.UnknownAnswer),
        ({"age_band": "under_16", "orientation": "straight"}, errors.NotAskedUnder16),
        ({"gender_identity": "different", "age_band": "under_16"}, errors.NotAskedUnder16),
    ],
)
def test_an_answer_that_is_not_asked_for_is_refused(
    theme: Theme, resident: User, answers: dict[str, str], refusal: type[Refusal]
) -> None:
    with refused(refusal):
        rate(theme, resident, communities=answers)


def test_a_promise_that_was_replaced_is_not_rated(commitment: Commitment, resident: User) -> None:
    lead = commitment.owners.get().team
    assert lead is not None
    part = Promise(title="One street", owners=[Ownership(team=lead, lead=True)])
    domain.split(
        commitment, by=make.responder(lead.organisation), today=days(1), parts=[part, part], reason="Two"
    )
    commitment.refresh_from_db()
    with refused(PromiseReplaced):
        rate(commitment, resident, today=days(2))


def test_a_mixed_ballot_is_still_its_voters_to_change(commitment: Commitment) -> None:
    voters = [make.person() for _ in range(12)]
    for voter in voters:
        rate(commitment, voter, 2)
    assert actions.mix_ballots(TODAY) == 12
    assert (Ballot.objects.count(), FreshBallot.objects.count()) == (12, 0)
    assert actions.own(commitment, by=voters[0], today=TODAY).score == 2
    rate(commitment, voters[0], 5)
    actions.withdraw(commitment, by=voters[1], today=TODAY)
    for voter in voters[2:]:
        rate(commitment, voter, 3)
    assert actions.mix_ballots(TODAY) == 12
    assert Counter(Ballot.objects.values_list("score", flat=True)) == {3: 10, 5: 1}


def test_fewer_than_ten_fresh_ballots_wait_while_their_quarter_runs(commitment: Commitment) -> None:
    for voter in [make.person() for _ in range(9)]:
        rate(commitment, voter)
    assert actions.mix_ballots(TODAY) == 0
    assert FreshBallot.objects.count() == 9
