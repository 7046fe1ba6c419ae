"""Signed notes and checkpoints: others' are read as their authors read them, ours as others will."""

from base64 import b64encode
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from record import checkpoints, notes
from record.checkpoints import State
from record.guarded import OutsideAction
from record.models import Checkpoint, LogKey
from record.notes import LOG, WITNESS, BadNote, SigningKey, VerifierKey

PUBLISHED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "vectors" / "notes"
SIZES = {"sumdb-2023-15081221.note": 15_081_221, "sumdb-2026-63096908.note": 63_096_908}
KEY = SigningKey("example.org/record", bytes(range(32)))
STATE = State("example.org/record", 41, bytes(32))


def published(name: str) -> str:
    """A published note; skips where they are not beside this project."""
    if not PUBLISHED.is_dir():
        pytest.skip("the published notes are not beside this project")
    return (PUBLISHED / name).read_text(encoding="utf-8")


def published_keys() -> list[VerifierKey]:
    """The keys of the published notes."""
    return [VerifierKey.read(line) for line in published("vkeys.txt").split("\n") if line]


def flipped(text: str, at: int, bit: int) -> bytes:
    """The bytes of a text but for one bit."""
    changed = bytearray(text.encode())
    changed[at] ^= 1 << bit
    return bytes(changed)


def is_good(note: bytes, keys: list[VerifierKey]) -> bool:
    """Whether one of the keys signed what these bytes are."""
    try:
        notes.read(note.decode(), keys)
    except (BadNote, UnicodeDecodeError):
        return False
    return True


def test_the_example_of_c2sp_holds() -> None:
    text, signers = notes.read(published("c2sp-example.note"), published_keys())
    assert text == "This is an example message.\n"
    assert [key.name for key in signers] == ["example.com/foo"]


@pytest.mark.parametrize("name", SIZES)
def test_a_real_checkpoint_of_the_go_checksum_database_holds(name: str) -> None:
    text, signers = notes.read(published(name), published_keys())
    state = checkpoints.read(text)
    assert (state.origin, state.size) == ("go.sum database tree", SIZES[name])
    assert [key.name for key in signers] == ["sum.golang.org"]
    assert state.text == text


def test_no_bit_of_a_real_checkpoint_may_differ() -> None:
    note, keys = published("sumdb-2026-63096908.note"), published_keys()
    assert is_good(note.encode(), keys)
    assert not any(
        is_good(flipped(note, at, bit), keys) for at in range(len(note.encode())) for bit in range(8)
    )


def test_keys_are_written_as_they_were_read() -> None:
    assert [str(key) for key in published_keys()] == published("vkeys.txt").split()
    secret = SigningKey.made("example.org/record")
    assert SigningKey.read(secret.written()) == secret
    assert VerifierKey.read(str(secret.verifier)) == secret.verifier


def test_a_secret_is_not_shown_by_accident() -> None:
    assert repr(KEY) == "SigningKey(example.org/record)"
    spoilt = KEY.written().replace("record+", "recorD+")
    with pytest.raises(BadNote) as raised:
        SigningKey.read(spoilt)
    assert spoilt.rpartition("+")[2] not in str(raised.value)


def test_what_we_sign_is_read_back() -> None:
    note = notes.signed(STATE.text, [KEY])
    assert note.splitlines()[:4] == ["example.org/record", "41", b64encode(bytes(32)).decode(), ""]
    assert checkpoints.checked(note, [KEY.verifier]) == STATE


def test_no_bit_of_what_we_sign_may_differ() -> None:
    note, keys = notes.signed(STATE.text, [KEY]), [KEY.verifier]
    assert not any(
        is_good(flipped(note, at, bit), keys) for at in range(len(note.encode())) for bit in range(8)
    )


def test_two_keys_may_sign_and_either_is_enough() -> None:
    new = SigningKey.made(KEY.name)
    note = notes.signed(STATE.text, [new, KEY])
    assert checkpoints.checked(note, [KEY.verifier]) == checkpoints.checked(note, [new.verifier]) == STATE


def test_a_false_signature_of_a_known_key_spoils_the_note() -> None:
    other = notes.signed("something else\n", [KEY]).splitlines()[-1]
    note = notes.signed(STATE.text, [SigningKey.made("example.org/other")]) + other + "\n"
    with pytest.raises(BadNote, match="is false"):
        notes.read(note, [KEY.verifier])


def test_a_witness_says_when_it_looked() -> None:
    witness = VerifierKey("witness.example", WITNESS, KEY.verifier.public)
    said = f"cosignature/v1\ntime 1700000000\n{STATE.text}"
    signature = KEY._private().sign(said.encode())
    own = notes.line(witness.name, witness.id + (1_700_000_000).to_bytes(8, "big") + signature)
    text, signers = notes.read(notes.signed(STATE.text, [KEY]) + own, [KEY.verifier, witness])
    assert text == STATE.text
    assert str(signers[witness]) == "2023-11-14 22:13:20+00:00"
    assert signers[KEY.verifier] is None


def test_who_signs_another_logs_state_does_not_count() -> None:
    note = notes.signed(State("example.org/other", 1, bytes(32)).text, [KEY])
    with pytest.raises(BadNote, match="another signed it"):
        checkpoints.checked(note, [KEY.verifier])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        "a\n01\nAAAA\n",
        "a\n-1\nAAAA\n",
        "a\n٣\nAAAA\n",
        "a\n1\nAAAA\n",
        f"\n1\n{b64encode(bytes(32)).decode()}\n",
        f"a\n1\n{b64encode(bytes(33)).decode()}\n",
        f"a\n1\n{b64encode(bytes(32)).decode()}",
        f"a\n{10**30}\n{b64encode(bytes(32)).decode()}\n",
        f"a\n1\n{b64encode(bytes(32)).decode()}\n\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        checkpoints.read(text)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\nno dash\n",
        "text\n\n— name\n",
        "text\n\n— name AAAA\n",
        "text\n\n— name A===\n",
        "text\n\n— na+me AAAAAAAA\n",
        "text\n\n—  AAAAAAAA\n",
        "te\txt\n\n— name AAAAAAAA\n",
        "text\n\n— name AAAAAAAA",
        "text\n\n" + "— name AAAAAAAA\n" * 101,
        "x" * 70_000 + "\n\n— name AAAAAAAA\n",
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(BadNote):
        notes.parts(note)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a+b",
        "a+b+c",
        "a b+00000000+AAAA",
        str(KEY.verifier)[:-1],
        str(KEY.verifier).replace("org", "com"),
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        VerifierKey.read(text)


def test_keys_of_other_kinds_are_refused() -> None:
    strange = VerifierKey("example.org", 2, bytes(32))
    with pytest.raises(BadNote, match="not known here"):
        VerifierKey.read(str(strange))
    with pytest.raises(BadNote, match="begins with"):
        SigningKey.read(str(VerifierKey("example.org", LOG, bytes(32))))


@pytest.mark.django_db
def test_a_state_is_published_once_however_often() -> None:
    note = notes.signed(STATE.text, [KEY])
    first = checkpoints.publish(STATE, note, KEY.verifier)
    assert checkpoints.publish(STATE, note, KEY.verifier) == first
    assert Checkpoint.objects.count() == LogKey.objects.count() == 1


@pytest.mark.django_db
def test_the_newest_key_and_the_largest_size_are_the_latest() -> None:
    new = SigningKey.made(KEY.name)
    assert checkpoints.latest() is None
    for key, size in [(KEY, 50), (KEY, 41), (new, 41), (new, 40)]:
        state = State(KEY.name, size, bytes(32))
        checkpoints.publish(state, notes.signed(state.text, [key]), key.verifier)
    latest = checkpoints.latest()
    assert latest is not None
    assert (latest.size, latest.key.vkey) == (41, str(new.verifier))
    assert checkpoints.vkeys() == [str(new.verifier), str(KEY.verifier)]


@pytest.mark.django_db
def test_checkpoints_are_published_in_one_way_alone() -> None:
    with pytest.raises(OutsideAction):
        LogKey.objects.create(vkey="x", origin="x", since=0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record_checkpoint SET note = note",
        "DELETE FROM record_checkpoint",
        "UPDATE record_logkey SET since = 0",
        "DELETE FROM record_logkey",
        "INSERT OR REPLACE INTO record_checkpoint SELECT * FROM record_checkpoint",
        "INSERT OR REPLACE INTO record_logkey SELECT * FROM record_logkey",
        "TRUNCATE record_checkpoint, record_logkey",
    ],
)
def test_the_database_refuses_to_change_or_drop_what_was_signed(statement: str) -> None:
    if "TRUNCATE" in statement and connection.vendor == "sqlite":
        pytest.skip("not a statement of this database")
    if "REPLACE" in statement and connection.vendor != "sqlite":
        pytest.skip("only SQLite knows INSERT OR REPLACE")
    checkpoints.publish(STATE, notes.signed(STATE.text, [KEY]), KEY.verifier)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Checkpoint.objects.count() == 1
