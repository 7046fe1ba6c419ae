"""A copy of the database, without the key: words lead to no ballot, no account and no hour."""

import logging
from pathlib import Path

import pytest

from accounts.models import User
from commitments.models import Commitment
from ratings import actions, tokens
from ratings.models import Ballot, FreshBallot, RatingWords, WordsStage
from ratings.subjects import Said
from tests import make
from tests.make import TODAY, days
from tests.ratings import dumps
from tests.ratings.dumps import PLACE, asked, ordered

VOTERS, BATCHES = 400, 8
KEY = "5a" * 32
TABLE = "ratings_ratingwords"


@pytest.fixture
def known_key(keys: Path) -> bytes:
    """Always the same, so that chance cannot let the attacker guess well on some day."""
    keys.mkdir(mode=0o700)
    file = keys / "anytown-2025.2026-Q2.key"
    file.touch(mode=0o600)
    file.write_text(KEY)
    return bytes.fromhex(KEY)


@pytest.fixture
def commitment(committed_db: None) -> Commitment:
    return make.commitment()


def people(number: int) -> list[User]:
    there = User.objects.count()
    return User.objects.bulk_create(
        User(email=f"voter{there + one}@example.org", password="!", confirmed_at=make.noon(TODAY))
        for one in range(number)
    )


def word(voter: User) -> str:
    return f"canary-{voter.email.partition('@')[0]}-end"


def speak(subject: Commitment, voter: User, text: str = "", score: int = 3) -> None:
    actions.cast(subject, by=voter, today=TODAY, said=Said(score, words=text or word(voter)))


def test_no_order_of_words_is_the_order_of_ballots_or_of_voters(
    commitment: Commitment, known_key: bytes
) -> None:
    voters = people(VOTERS)
    for batch in range(BATCHES):
        for voter in voters[batch::BATCHES]:
            speak(commitment, voter, score=voter.pk % 5 + 1)
        actions.mix_ballots(TODAY)
        actions.sweep()
    actions.cut_figures(TODAY)
    actions.bring_words(TODAY)
    subject = commitment.record_subject
    assert RatingWords.objects.filter(stage=WordsStage.WAITING).count() == VOTERS
    names = {tokens.token(known_key, tokens.BALLOT, subject, voter): word(voter) for voter in voters}
    in_time = [word(voter) for batch in range(BATCHES) for voter in voters[batch::BATCHES]]
    guesses = [[word(voter) for voter in voters], in_time, in_time[::-1]]
    guesses += [
        [names[token] for token in ordered("token", "ratings_ballot", order)] for order in ("token", PLACE)
    ]
    for order in ("token", PLACE):
        said = ordered("text", TABLE, order)
        for guess in guesses:
            assert sum(one == other for one, other in zip(said, guess, strict=True)) <= VOTERS / 100
    assert len(asked(f"SELECT DISTINCT waits_since FROM {TABLE}")) == 1  # noqa: S608


def test_words_stand_beside_no_ballot_not_even_before_they_are_mixed(
    commitment: Commitment, known_key: bytes
) -> None:
    voters = people(12)
    for voter in voters:
        speak(commitment, voter)
    dump = dumps.whole()
    assert b"canary-" not in dump
    assert commitment.record_subject.encode() not in b"".join(
        bytes(one) for one in FreshBallot.objects.values_list("sealed", flat=True)
    )
    actions.mix_ballots(TODAY)
    actions.sweep()
    assert b"canary-" not in dumps.whole()
    actions.cut_figures(TODAY)
    actions.bring_words(TODAY)
    tokens_of = [set(model.objects.values_list("token", flat=True)) for model in (Ballot, RatingWords)]
    assert all(len(found) == 12 for found in tokens_of)
    assert tokens_of[0].isdisjoint(tokens_of[1])
    columns = {field.name for field in RatingWords._meta.concrete_fields}
    assert not columns & {"score", "stratum", "dont_know", "author", "user", "created_at", *_communities()}


def _communities() -> set[str]:
    return {field.name for field in Ballot._meta.concrete_fields} - {
        "token", "period", "subject", "invented",
    }  # fmt: skip


def test_sealed_again_words_are_not_known_by_what_they_were_sealed_as(
    commitment: Commitment, known_key: bytes
) -> None:
    for voter in people(12):
        speak(commitment, voter)
    before = {bytes(one) for one in FreshBallot.objects.values_list("sealed", flat=True)}
    places = set(FreshBallot.objects.values_list("token", flat=True))
    actions.mix_ballots(TODAY)
    after = list(RatingWords.objects.filter(stage=WordsStage.SEALED).values_list("token", "sealed"))
    assert len(after) == 12
    assert before.isdisjoint(bytes(sealed or b"") for _, sealed in after)
    assert places.isdisjoint(token for token, _ in after)
    assert len({len(bytes(sealed or b"")) for _, sealed in after}) == 1


def test_words_of_few_who_rated_stay_sealed_and_go_with_the_key(
    commitment: Commitment, known_key: bytes
) -> None:
    for voter in people(9):
        speak(commitment, voter)
    other = make.commitment(commitment.assembly)
    for voter in people(12):
        speak(other, voter, "shown.")
    actions.cut_figures(TODAY)
    actions.bring_words(TODAY)
    assert not RatingWords.objects.filter(
        subject=commitment.record_subject, stage=WordsStage.WAITING
    ).exists()
    assert b"canary-" not in dumps.whole()
    actions.destroy_keys(days(90))
    assert not RatingWords.objects.filter(subject=commitment.record_subject).exists()


def test_no_log_holds_a_word(
    commitment: Commitment, known_key: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        voters = people(12)
        for voter in voters:
            speak(commitment, voter)
        actions.cut_figures(TODAY)
        actions.bring_words(TODAY)
        actions.publish_words(RatingWords.objects.filter(stage="waiting")[0], by=make.convenor(), today=TODAY)
        actions.take_back_words(commitment, by=voters[0], today=TODAY)
    said = [record for record in caplog.records if record.name != "django.db.backends"]
    assert "canary-" not in " ".join(record.getMessage() for record in said)
