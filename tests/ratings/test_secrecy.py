"""A dump of the database, without the key: who attacks it links no ballot to its voter, whatever they order it by."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from commitments.models import Commitment
from ratings import actions, keystore, tokens
from ratings.models import Ballot, FreshBallot
from ratings.subjects import Said
from tests import make
from tests.make import TODAY

VOTERS, BATCHES = 400, 8
PERIOD = "anytown-2025/2026-Q2"
# Always the same key, so that chance cannot let the attacker guess well on some day.
KEY = "5a" * 32


@pytest.fixture
def known_key(keys: Path) -> bytes:
    keys.mkdir(mode=0o700)
    file = keys / "anytown-2025.2026-Q2.key"
    file.touch(mode=0o600)
    file.write_text(KEY)
    return bytes.fromhex(KEY)


@pytest.fixture
def commitment(committed_db: None) -> Commitment:
    return make.commitment()


def people(number: int) -> list[User]:
    """Accounts in the order in which they were made; nobody needs a password here."""
    User.objects.bulk_create(
        User(email=f"voter{one}@example.org", password="!", confirmed_at=make.noon(TODAY))
        for one in range(number)
    )
    return list(User.objects.filter(email__startswith="voter").order_by("pk"))


def dumped(columns: str, order: str) -> list[tuple[Any, ...]]:
    """What a dump shows, ordered as an attacker would."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM ratings_ballot ORDER BY {order}")  # noqa: S608
        return list(cursor.fetchall())


def orders() -> list[str]:
    """All that a database remembers of when a row came."""
    if connection.vendor == "postgresql":
        return ["token", "ctid", "xmin::text::bigint, ctid"]
    return ["token", "rowid"]


def test_no_order_of_ballots_is_the_order_of_their_voters(commitment: Commitment, known_key: bytes) -> None:
    voters = people(VOTERS)
    for batch in range(BATCHES):
        for voter in voters[batch::BATCHES]:
            actions.cast(commitment, by=voter, today=TODAY, said=Said(voter.pk % 5 + 1))
        actions.mix_ballots(TODAY)
        actions.sweep()
    in_time = [voter for batch in range(BATCHES) for voter in voters[batch::BATCHES]]
    subject = commitment.record_subject
    for order in orders():
        ballots = [token for (token,) in dumped("token", order)]
        assert len(ballots) == VOTERS
        for guess in (voters, in_time, in_time[::-1]):
            right = sum(
                token == tokens.token(known_key, tokens.BALLOT, subject, voter)
                for token, voter in zip(ballots, guess, strict=True)
            )
            assert right <= VOTERS / 100


def test_at_least_ten_ballots_share_a_transaction(commitment: Commitment, known_key: bytes) -> None:
    voters = people(40)
    for voter in voters:
        actions.cast(commitment, by=voter, today=TODAY, said=Said(3))
    actions.mix_ballots(TODAY)
    for voter in voters[:10]:
        actions.cast(commitment, by=voter, today=TODAY, said=Said(5))
    actions.mix_ballots(TODAY)
    if connection.vendor == "postgresql":
        shared = Counter(number for (number,) in dumped("xmin::text", "token"))
        assert min(shared.values()) >= 10
    else:
        assert [number for (number,) in dumped("rowid", "token")] == list(range(1, 41))


def test_without_the_key_no_hash_of_an_address_is_a_ballot(commitment: Commitment, known_key: bytes) -> None:
    voters = people(12)
    for voter in voters:
        actions.cast(commitment, by=voter, today=TODAY, said=Said(3))
    actions.mix_ballots(TODAY)
    held = {token for (token,) in dumped("token", "token")}
    name = keystore.name_of("anytown-2025", "2026-Q2")
    assert name == PERIOD
    keystore.store().destroy(name)
    fresh = keystore.store().make(name)
    assert fresh != known_key
    guesses = {tokens.token(fresh, tokens.BALLOT, commitment.record_subject, voter) for voter in voters}
    assert guesses.isdisjoint(held)


def test_forty_voters_who_all_try_sixteen_times_at_once_have_forty_ballots(
    commitment: Commitment, known_key: bytes
) -> None:
    voters = people(40)

    def try_it(voter: User, score: int) -> None:
        try:
            actions.cast(commitment, by=voter, today=TODAY, said=Said(score % 5 + 1))
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        for done in [pool.submit(try_it, voter, score) for score in range(16) for voter in voters]:
            done.result()
    assert FreshBallot.objects.count() == 40
    actions.mix_ballots(TODAY)
    assert Ballot.objects.count() == 40
