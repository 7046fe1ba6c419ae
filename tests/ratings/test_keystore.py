"""Where keys are: files that nobody else reads, or a program of the operator's, whatever it answers."""

import os
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from commitments.models import Commitment
from ratings import actions, errors, keystore, sealing
from ratings.keystore import Files, KeysUnavailable
from ratings.models import FreshBallot, RatingPeriod
from ratings.subjects import Said
from record.models import Entry
from tests import make
from tests.make import TODAY, days

NAME = "anytown-2025/2026-Q2"
FILE = "anytown-2025.2026-Q2.key"
NEXT = days(60)
LATE = days(61)

# What an operator might write: a folder of files, kept by another program.
VAULT = """
import os, pathlib, secrets, sys
verb, name = sys.argv[1:]
place = pathlib.Path(__file__).parent / name.replace("/", "_")
if verb == "make" and not place.exists():
    place.write_text(secrets.token_hex(32))
if verb == "destroy":
    place.unlink(missing_ok=True)
elif place.exists():
    print(place.read_text())
"""
WRONG = {
    "too short": "print('abcd')",
    "no digits": "print('z' * 64)",
    "two lines": "print('a' * 64 + chr(10) + 'b' * 64)",
    "a failing exit": "import sys; print('a' * 64); sys.exit(3)",
    "no text": "import sys; sys.stdout.buffer.write(bytes([255, 254, 0]))",
    "nothing in time": "import time; time.sleep(30)",
}


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "ballot-keys")


def program(folder: Path, text: str, settings: Settings) -> None:
    """Have a real program keep the keys."""
    path = folder / "vault.py"
    path.write_text(text)
    settings.BALLOT_KEYS_COMMAND = f"{sys.executable} {path}"


def test_a_key_is_made_once_and_read_back(files: Files) -> None:
    assert files.get(NAME) is None
    key = files.make(NAME)
    assert (len(key), files.make(NAME), files.get(NAME)) == (32, key, key)
    assert files.make("anytown-2025/2026-Q3") != key


def test_of_many_who_make_it_at_once_all_get_the_same(files: Files) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(files.make, [NAME] * 32))) == 1
    assert [path.name for path in files.folder.iterdir()] == [FILE]


def test_files_and_folder_are_their_owners_alone(files: Files) -> None:
    before = os.umask(0)
    try:
        files.make(NAME)
    finally:
        os.umask(before)
    assert stat.S_IMODE(files.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((files.folder / FILE).stat().st_mode) == 0o600


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o601])
def test_a_key_that_others_could_read_is_refused_with_words(files: Files, mode: int) -> None:
    files.make(NAME)
    (files.folder / FILE).chmod(mode)
    for ask in (files.get, files.make):
        with pytest.raises(KeysUnavailable, match="chmod 600"):
            ask(NAME)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_folder_that_others_could_open_is_refused_with_words(files: Files) -> None:
    files.make(NAME)
    files.folder.chmod(0o755)
    with pytest.raises(KeysUnavailable, match="chmod 700"):
        files.get(NAME)


@pytest.mark.parametrize("written", ["", "5a" * 31, "5a" * 33, "zz" * 32])
def test_a_torn_key_is_not_taken_for_none(files: Files, written: str) -> None:
    files.make(NAME)
    (files.folder / FILE).write_text(written)
    with pytest.raises(KeysUnavailable, match="64 hexadecimal digits"):
        files.make(NAME)


def test_a_destroyed_key_is_overwritten_before_it_goes(files: Files) -> None:
    key = files.make(NAME)
    twin = files.folder / "twin"
    os.link(files.folder / FILE, twin)
    files.destroy(NAME)
    assert files.get(NAME) is None
    assert bytes.fromhex(twin.read_text()) != key
    files.destroy(NAME)


def test_a_program_keeps_keys_as_files_do(tmp_path: Path, settings: Settings) -> None:
    program(tmp_path, VAULT, settings)
    store = keystore.store()
    assert store.get(NAME) is None
    key = store.make(NAME)
    assert (len(key), store.make(NAME), store.get(NAME)) == (32, key, key)
    store.destroy(NAME)
    assert store.get(NAME) is None


@pytest.mark.parametrize("fault", WRONG)
def test_a_program_that_answers_wrongly_is_named_and_what_it_printed_is_not(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(keystore, "SECONDS", 2)
    program(tmp_path, WRONG[fault], settings)
    for ask in (keystore.store().get, keystore.store().make):
        with pytest.raises(KeysUnavailable, match="BALLOT_KEYS_COMMAND") as told:
            ask(NAME)
        assert told.value.__cause__ is None
        assert told.value.__suppress_context__ or told.value.__context__ is None
        assert "aaaa" not in str(told.value)


def test_a_program_that_is_not_there_is_named(settings: Settings) -> None:
    settings.BALLOT_KEYS_COMMAND = "/nowhere/vault"
    with pytest.raises(KeysUnavailable, match="FileNotFoundError"):
        keystore.store().get(NAME)


@pytest.fixture
def cast(db: None) -> tuple[Commitment, User]:
    """A promise, and somebody who rated it."""
    commitment, voter = make.commitment(), make.person()
    actions.cast(commitment, by=voter, today=TODAY, said=Said(2))
    return commitment, voter


def test_a_lost_key_is_not_replaced_for_everybody_could_vote_twice(
    cast: tuple[Commitment, User], keys: Path
) -> None:
    commitment, voter = cast
    kept = (keys / FILE).read_text()
    (keys / FILE).unlink()
    with pytest.raises(KeysUnavailable, match="own backup"):
        actions.cast(commitment, by=voter, today=TODAY, said=Said(5))
    assert not (keys / FILE).exists()
    (keys / FILE).touch(mode=0o600)
    (keys / FILE).write_text("77" * 32)
    with pytest.raises(KeysUnavailable, match="not the one"):
        actions.cast(commitment, by=voter, today=TODAY, said=Said(5))
    (keys / FILE).write_text(kept)
    actions.cast(commitment, by=voter, today=TODAY, said=Said(5))
    assert FreshBallot.objects.count() == 1


def test_while_a_key_cannot_be_had_its_ballots_wait_and_others_are_mixed(
    cast: tuple[Commitment, User], keys: Path
) -> None:
    other = make.commitment(make.assembly("elsewhere-2025"))
    for _ in range(10):
        actions.cast(other, by=make.person(), today=TODAY, said=Said(3))
    (keys / FILE).rename(keys / "elsewhere")
    assert actions.mix_ballots(TODAY) == 10
    assert FreshBallot.objects.count() == 1
    (keys / "elsewhere").rename(keys / FILE)
    assert actions.mix_ballots(NEXT) == 1


def test_a_key_that_cannot_be_destroyed_keeps_no_other_from_going_and_is_told(
    cast: tuple[Commitment, User], tmp_path: Path, settings: Settings
) -> None:
    settings.BALLOT_KEYS_COMMAND = ""
    other = make.commitment(make.assembly("elsewhere-2025"))
    actions.cast(other, by=make.person(), today=TODAY, said=Said(3))
    program(tmp_path, f"import sys; sys.exit('anytown' in sys.argv[2])\n{VAULT}", settings)
    with pytest.raises(KeysUnavailable, match="anytown-2025/2026-Q2"):
        actions.destroy_keys(LATE)
    destroyed = RatingPeriod.objects.exclude(key_destroyed_on=None)
    assert [period.assembly.slug for period in destroyed] == ["elsewhere-2025"]
    settings.BALLOT_KEYS_COMMAND = ""
    assert actions.destroy_keys(LATE) == 1
    assert Entry.objects.filter(type="key.destroyed").count() == 2


def test_what_a_quarter_keeps_of_its_key_is_not_the_key(cast: tuple[Commitment, User], keys: Path) -> None:
    key = bytes.fromhex((keys / FILE).read_text())
    kept = RatingPeriod.objects.get().key_check
    assert kept == sealing.check_value(key)
    assert key.hex() not in kept
    place, row = FreshBallot.objects.values_list("token", "sealed").get()
    with pytest.raises(sealing.NotOurs):
        sealing.unseal(bytes.fromhex(kept), bytes(row), place=place)


def test_a_closed_quarter_makes_no_key_again(cast: tuple[Commitment, User], keys: Path) -> None:
    commitment, voter = cast
    actions.destroy_keys(LATE)
    with pytest.raises(errors.PeriodClosed):
        actions.cast(commitment, by=voter, today=TODAY, said=Said(5))
    assert list(keys.iterdir()) == []
