"""A dump of the database, without the key: who attacks it links no ballot to its voter, whatever they order it by."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import connection

from accounts import actions as accounts
from accounts.models import Key, User
from commitments.models import Assembly, Commitment
from ratings import actions, errors, keystore, sealing, tokens
from ratings.models import Ballot, Belonging, FreshBallot, SpentCode
from ratings.subjects import Said
from record import clock
from record.models import Entry
from tests import make
from tests.make import TODAY, days
from tests.ratings import dumps
from tests.ratings.dumps import ON_POSTGRES, PLACE, asked, ordered

VOTERS, BATCHES, LOCALS = 400, 8, 120
PERIOD = "anytown-2025/2026-Q2"
# Always the same key, so that chance cannot let the attacker guess well on some day.
KEY = "5a" * 32
AFTER = date(2026, 7, 31)
BY_CHANCE = 9
"""Who pairs 400 people with 400 ballots blindly gets one right on average, and more than nine once in ten million
tries. The best of dozens of orders and both directions may be that good by chance; on average they may not."""


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


def seen(voter: User, at: int) -> None:
    """What an account shows of its use: when it signed in, and when its key was used last."""
    moment = make.noon(TODAY) + timedelta(seconds=at)
    User.objects.filter(pk=voter.pk).update(last_login=moment)
    with clock.at(moment):
        key, _ = accounts.issue_key(voter, scopes=["all"])
    asked_for = (
        f"UPDATE accounts_key SET last_used_at = '{moment:%Y-%m-%d %H:%M:%S}' WHERE user_id = {voter.pk}"  # noqa: S608
    )
    with connection.cursor() as cursor:
        cursor.execute(asked_for)
    assert key.prefix


def cast_and_mixed(commitment: Commitment, voters: list[User]) -> list[User]:
    """Every voter casts, some as locals, in eight batches on as many days; the order in which they came."""
    in_time = Random(7).sample(voters, len(voters))
    _, codes = actions.issue_codes(commitment.assembly, by=make.convenor(), number=LOCALS)
    for voter, code in zip(in_time[::3], codes, strict=False):
        actions.redeem(commitment.assembly, by=voter, code=code)
    size = len(in_time) // BATCHES
    for batch in range(BATCHES):
        for place, voter in enumerate(in_time[batch * size : (batch + 1) * size], start=batch * size):
            seen(voter, place)
            actions.cast(commitment, by=voter, today=TODAY, said=Said(voter.pk % 5 + 1))
        actions.mix_ballots(TODAY)
        actions.sweep()
        actions.mix_redemptions()
    return in_time


def orders_of_people() -> dict[str, list[int]]:
    """All orders in which accounts lie or were active, as a dump shows them."""
    voters = "email LIKE 'voter%'"
    theirs = f"user_id IN (SELECT id FROM accounts_user WHERE {voters})"  # noqa: S608
    looked_at = [
        *(("id", "accounts_user", order, voters) for order in ("id", "email", "last_login", PLACE)),
        *(("user_id", "accounts_key", order, theirs) for order in ("last_used_at", "created_at", PLACE)),
        *(("user_id", "ratings_belonging", order, theirs) for order in ("id", PLACE)),
    ]
    if ON_POSTGRES:
        for table, key, among in (("accounts_user", "id", voters), ("accounts_key", "user_id", theirs)):
            looked_at.append((key, table, "xmin::text::bigint, ctid", among))
    return {
        f"{table} by {order}": ordered(key, table, order, among) for key, table, order, among in looked_at
    }


def orders_of_ballots(table: str, name: str, dump: bytes) -> dict[str, list[str]]:
    """All orders in which a dump, or the storage itself, holds the rows of a table."""
    places = [name, PLACE, *(["xmin::text::bigint, ctid", "xmin::text::bigint DESC"] if ON_POSTGRES else [])]
    found = {place: ordered(name, table, place) for place in places}
    found["first place in the copy"] = dumps.places(dump, found[name], last=False)
    found["last place in the copy"] = dumps.places(dump, found[name], last=True)
    if ON_POSTGRES:
        found["pg_dump"] = [row[0] for row in dumps.copied(dump, table)]
    return found


def right(guess: list[int], held: list[str], truth: dict[str, int]) -> int:
    """How many an attacker gets right who pairs people and rows in these orders, forwards or backwards."""
    pairs = (zip(guess, order, strict=False) for order in (held, held[::-1]))
    return max(sum(truth[mark] == person for person, mark in pair) for pair in pairs)


def test_no_order_of_a_dump_leads_from_a_ballot_to_its_voter(
    commitment: Commitment, known_key: bytes
) -> None:
    voters = people(VOTERS)
    in_time = cast_and_mixed(commitment, voters)
    dump = dumps.whole()
    subject = commitment.record_subject
    truth = {tokens.token(known_key, tokens.BALLOT, subject, voter): voter.pk for voter in voters}
    by_person, by_ballot = orders_of_people(), orders_of_ballots("ratings_ballot", "token", dump)
    # The attack can be won: the use of keys does tell who came when.
    assert (
        right(
            by_person["accounts_key by last_used_at"],
            [str(one.pk) for one in in_time],
            {str(v.pk): v.pk for v in voters},
        )
        == VOTERS
    )
    found = {}
    for name, held in by_ballot.items():
        assert sorted(held) == sorted(truth), name
        for order, guess in by_person.items():
            found[name, order] = right(guess, held, truth)
    assert sum(found.values()) / len(found) <= VOTERS / 100, found
    assert max(found.values()) <= BY_CHANCE, found
    # In a raw file the address that lies nearest to a ballot would be a guess too.
    nearest = sum(_nearest(dump, mark) == f"voter{pk}" for mark, pk in truth.items())
    assert nearest <= VOTERS / 100


def _nearest(dump: bytes, mark: str) -> str:
    place = dump.find(mark.encode())
    before = dump.rfind(b"voter", 0, place)
    return dump[before : before + 12].partition(b"@")[0].decode(errors="replace")


def test_ballots_used_codes_and_locals_share_their_transactions_with_nobody(
    commitment: Commitment, known_key: bytes
) -> None:
    voters = people(40)
    _, codes = actions.issue_codes(commitment.assembly, by=make.convenor(), number=40)
    for voter, code in zip(voters, codes, strict=True):
        actions.redeem(commitment.assembly, by=voter, code=code)
        actions.cast(commitment, by=voter, today=TODAY, said=Said(3))
    actions.mix_ballots(TODAY)
    for voter in voters[:10]:
        actions.cast(commitment, by=voter, today=TODAY, said=Said(5))
    actions.mix_ballots(TODAY)
    actions.mix_redemptions()
    mixed = {"ratings_ballot": "token", "ratings_spentcode": "mark", "ratings_belonging": "user_id"}
    if not ON_POSTGRES:
        for table, key in mixed.items():
            rows = ordered(key, table, "rowid")
            assert rows == sorted(rows), table
        return
    numbers = {
        table: Counter(ordered("xmin::text", table, "1"))
        for (table,) in asked("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    }
    for table in mixed:
        assert min(numbers[table].values()) >= 10
    spent, locals_ = numbers["ratings_spentcode"], numbers["ratings_belonging"]
    for other, found in numbers.items():
        assert (
            not set(numbers["ratings_ballot"]) & set(found)
            or other == "ratings_ballot"
            or (other in {"ratings_changed", "ratings_daycount"})
        ), other
    assert min((spent & locals_).values(), default=10) >= 10


def test_no_number_counts_ballots_and_no_column_tells_a_time(
    commitment: Commitment, known_key: bytes
) -> None:
    if ON_POSTGRES:
        counted = {name for (name,) in asked("SELECT sequencename FROM pg_sequences")}
        assert not {name for name in counted if "ballot" in name or "spentcode" in name}
    else:
        counted = {name for (name,) in asked("SELECT name FROM sqlite_sequence")}
        assert not counted & {"ratings_ballot", "ratings_freshballot", "ratings_spentcode"}
    for model in (Ballot, FreshBallot, SpentCode, Belonging):
        kinds = {field.get_internal_type() for field in model._meta.concrete_fields}
        assert not kinds & {"DateField", "DateTimeField", "TimeField", "GenericIPAddressField"}, model


def test_before_they_are_mixed_a_dump_shows_that_something_was_cast_and_not_what(
    commitment: Commitment, known_key: bytes
) -> None:
    voters = people(9)
    for voter in voters:
        actions.cast(commitment, by=voter, today=TODAY, said=Said(1))
    assert actions.mix_ballots(TODAY) == 0
    dump = dumps.whole()
    subject = commitment.record_subject
    assert not Ballot.objects.exists()
    for voter in voters:
        assert tokens.token(known_key, tokens.BALLOT, subject, voter).encode() not in dump
        assert tokens.token(known_key, tokens.FRESH, subject, voter).encode() in dump
    sealed = [bytes(row) for row in FreshBallot.objects.values_list("sealed", flat=True)]
    assert len({len(row) for row in sealed}) == 1
    assert len(set(sealed)) == len(sealed)
    assert not any(subject.encode() in row or b"score" in row for row in sealed)
    held = FreshBallot.objects.values_list("token", "sealed")
    for place, row in held:
        with pytest.raises(sealing.NotOurs):
            sealing.unseal(bytes(32), bytes(row), place=place)


def test_an_old_dump_of_fresh_ballots_leads_to_no_ballot_of_today(
    commitment: Commitment, known_key: bytes
) -> None:
    for voter in people(12):
        actions.cast(commitment, by=voter, today=TODAY, said=Said(3))
    old = set(FreshBallot.objects.values_list("token", flat=True))
    actions.mix_ballots(TODAY)
    assert len(old) == Ballot.objects.count() == 12
    assert old.isdisjoint(Ballot.objects.values_list("token", flat=True))


def test_a_sealed_ballot_is_no_longer_one_when_it_is_put_in_anothers_place(
    commitment: Commitment, known_key: bytes
) -> None:
    one, other = people(2)
    for voter, score in ((one, 1), (other, 5)):
        actions.cast(commitment, by=voter, today=TODAY, said=Said(score))
    place = tokens.token(known_key, tokens.FRESH, commitment.record_subject, one)
    moved = FreshBallot.objects.exclude(pk=place).get()
    with pytest.raises(sealing.NotOurs):
        sealing.unseal(known_key, bytes(moved.sealed), place=place)


def test_after_the_key_is_destroyed_nobody_links_and_nobody_edits(
    commitment: Commitment, known_key: bytes
) -> None:
    voters = people(12)
    for voter in voters:
        actions.cast(commitment, by=voter, today=TODAY, said=Said(3))
    actions.mix_ballots(TODAY)
    for voter in voters[:3]:
        actions.cast(commitment, by=voter, today=TODAY, said=Said(1))
    assert keystore.name_of("anytown-2025", "2026-Q2") == PERIOD
    assert actions.destroy_keys(AFTER) == 1
    dump = dumps.whole()
    assert known_key not in dump
    assert KEY.encode() not in dump
    held = set(Ballot.objects.values_list("token", flat=True))
    subject = commitment.record_subject
    # Whoever has all addresses and tries other keys, the record's own numbers among them, finds none.
    for guess in (bytes(32), keystore.store().make("somewhere/2026-Q2"), *_public_numbers()):
        for label in (tokens.BALLOT, tokens.FRESH, tokens.WORDS):
            assert held.isdisjoint(tokens.token(guess, label, subject, voter) for voter in voters)
    before = sorted(Ballot.objects.values_list())
    with pytest.raises(errors.PeriodClosed):
        actions.cast(commitment, by=voters[0], today=TODAY, said=Said(5))
    for verb in (actions.own, actions.withdraw):
        with pytest.raises(errors.NothingRated):
            verb(commitment, by=voters[0], today=TODAY)
    assert sorted(Ballot.objects.values_list()) == before
    assert not FreshBallot.objects.exists()


def _public_numbers() -> list[bytes]:
    """Numbers that the database does hold, as keys to try."""
    checks = [check for (check,) in asked("SELECT key_check FROM ratings_ratingperiod")]
    return [bytes.fromhex(check) for check in checks if check]


def test_no_entry_of_the_record_names_a_ballot_or_its_voter(commitment: Commitment, known_key: bytes) -> None:
    voters = people(12)
    for voter in voters:
        actions.cast(commitment, by=voter, today=TODAY, said=Said(3))
    actions.cut_figures(TODAY)
    actions.destroy_keys(AFTER)
    told = json.dumps([bytes(entry.body).decode() for entry in Entry.objects.all()])
    assert "figures.cut" in told
    for voter in voters:
        assert voter.email not in told
        assert tokens.token(known_key, tokens.BALLOT, commitment.record_subject, voter) not in told


def test_erasing_an_account_takes_what_it_redeemed_and_leaves_its_ballots_to_nobody(
    commitment: Commitment, known_key: bytes
) -> None:
    voters = people(10)
    _, codes = actions.issue_codes(commitment.assembly, by=make.convenor(), number=10)
    for voter, code in zip(voters, codes, strict=True):
        actions.redeem(commitment.assembly, by=voter, code=code)
        actions.cast(commitment, by=voter, today=TODAY, said=Said(3))
    actions.mix_ballots(TODAY)
    gone, again = voters[0], make.person("somebody-else")
    actions.erase_person(gone)
    assert not Belonging.objects.filter(user=gone).exists()
    assert Ballot.objects.count() == 10
    gone.refresh_from_db()
    assert tokens.token(known_key, tokens.BALLOT, commitment.record_subject, gone) not in set(
        Ballot.objects.values_list("token", flat=True)
    )
    # Whoever comes back by the same mailbox finds the one ballot that they had.
    User.objects.filter(pk=again.pk).update(email="voter0@example.org")
    again.refresh_from_db()
    assert actions.own(commitment, by=again, today=TODAY).score == 3


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


def test_a_key_is_gone_from_the_thirty_first_day_after_its_quarter_however_late_the_job_runs(
    commitment: Commitment, known_key: bytes, keys: Path
) -> None:
    [voter] = people(1)
    actions.cast(commitment, by=voter, today=TODAY, said=Said(3))
    for day in (date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 30)):
        assert actions.destroy_keys(day) == 0
        assert (keys / "anytown-2025.2026-Q2.key").exists()
    assert actions.destroy_keys(days(400, AFTER)) == 1
    assert not (keys / "anytown-2025.2026-Q2.key").exists()
    entry = Entry.objects.get(type="key.destroyed")
    assert (entry.subject, entry.actor) == ("period:anytown-2025/2026-Q2", "clock")
    # A clock that goes back, or a second run, opens nothing again.
    for day in (TODAY, AFTER, days(400, AFTER)):
        assert actions.destroy_keys(day) == 0
    assert Entry.objects.filter(type="key.destroyed").count() == 1


def test_keys_of_one_assembly_and_quarter_open_no_other(commitment: Commitment, known_key: bytes) -> None:
    elsewhere: Assembly = make.assembly("elsewhere-2025")
    other = make.commitment(elsewhere)
    [voter] = people(1)
    actions.cast(commitment, by=voter, today=TODAY, said=Said(3))
    actions.cast(other, by=voter, today=TODAY, said=Said(4))
    actions.cast(commitment, by=voter, today=days(40), said=Said(5))
    opened = 0
    for place, row in FreshBallot.objects.values_list("token", "sealed"):
        try:
            sealing.unseal(known_key, bytes(row), place=place)
            opened += 1
        except sealing.NotOurs:
            pass
    assert (FreshBallot.objects.count(), opened) == (3, 1)
    assert Key.objects.count() == 0
