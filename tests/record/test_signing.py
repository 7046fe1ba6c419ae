"""The signer: it signs what follows from what it signed before, and says how to mend whatever does not."""

import stat
from io import StringIO
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.models import Organisation
from record import checkpoints, files, ledger, notes, signing, tiles, tree
from record.event_types import EventType
from record.files import WrongFolder
from record.models import Checkpoint, Entry
from record.notes import BadNote, SigningKey
from record.proofs import leaf_hash
from record.signing import NotSigned, Signer
from record.tiles import Tile
from tests import make
from tests.make import TODAY

pytestmark = pytest.mark.django_db

TRIED = EventType("test.tried", frozenset({"n"}), frozenset())
ORIGIN = "example.org/api/v1/record"
LIFT = {
    "sqlite": [f"DROP TRIGGER record_{name}" for name in ("entry_no_delete", "node_no_delete")],
    "postgresql": [
        "ALTER TABLE record_entry DISABLE TRIGGER ALL",
        "ALTER TABLE record_node DISABLE TRIGGER ALL",
    ],
}


@ledger.action
def tell(*numbers: Any) -> None:
    """Record as many entries."""
    for number in numbers:
        body = Organisation.objects.get(slug="told")
        ledger.append(TRIED, body, actor="operator", today=TODAY, facts={"n": number})


@pytest.fixture
def signer(tmp_path: Path, settings: Any) -> Signer:
    """A signer with files of its own, over a record of five entries."""
    settings.RECORD_ORIGIN = ORIGIN
    settings.RECORD_KEY_FILE = str(tmp_path / "signer" / "key")
    make.organisation("told")
    tell(1, 2, 3, 4)
    return signing.signer()


def restore(size: int) -> None:
    """What a database restored from an older backup looks like: the last entries are gone as if they had never been."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in LIFT[connection.vendor]:
            cursor.execute(statement)
        cursor.execute("DELETE FROM record_entry WHERE position > %s", [size])
        cursor.execute("DELETE FROM record_node WHERE place > %s", [tree.count_of(size)])
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER record_head_no_return")
        else:
            cursor.execute("ALTER TABLE record_head DISABLE TRIGGER ALL")
        cursor.execute("UPDATE record_head SET position = %s", [size])


def test_the_first_signing_makes_a_key_that_nobody_else_can_read(signer: Signer) -> None:
    checkpoint = signing.sign(signer)
    assert checkpoint is not None
    for file in (signer.keys_file, signer.guard_file):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    [key] = signer.read_keys()
    assert key.name == ORIGIN
    assert checkpoint.key.vkey == str(key.verifier)
    state = checkpoints.checked(checkpoint.note, [key.verifier])
    assert (state.size, state.root) == (5, tree.root(5))
    assert signer.noted() == state


def test_an_empty_record_is_not_signed(tmp_path: Path) -> None:
    assert signing.sign(Signer(tmp_path / "key")) is None
    assert not Checkpoint.objects.exists()


def test_what_is_signed_again_without_change_stays_one_checkpoint(signer: Signer) -> None:
    assert signing.sign(signer) == signing.sign(signer)
    tell(5)
    later = signing.sign(signer)
    assert later is not None
    assert list(Checkpoint.objects.values_list("size", flat=True)) == [5, 6]


def test_what_is_to_be_signed_is_noted_before_anybody_sees_it(signer: Signer, monkeypatch: Any) -> None:
    signing.sign(signer)
    tell(5, 6)

    def killed(*args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as falling:
        falling.setattr(checkpoints, "publish", killed)
        with pytest.raises(KeyboardInterrupt):
            signing.sign(signer)
    assert signer.noted().size == 7
    assert Checkpoint.objects.count() == 1
    after = signing.sign(signer)
    assert after is not None
    assert after.size == 7


def test_a_key_that_others_could_read_is_refused(signer: Signer) -> None:
    signing.sign(signer)
    signer.keys_file.chmod(0o640)
    with pytest.raises(NotSigned, match="chmod 600"):
        signing.sign(signer)


def test_a_database_restored_from_an_older_backup_is_refused_in_words(signer: Signer) -> None:
    signing.sign(signer)
    restore(3)
    with pytest.raises(NotSigned, match="has 3 entries, and 5 were signed") as raised:
        signing.sign(signer)
    for words in ("recover_record", "begin_log", "older backup", "nothing should be recorded"):
        assert words in str(raised.value)
    assert checkpoints.latest() == Checkpoint.objects.get()


def test_another_history_of_the_same_length_or_longer_is_refused(signer: Signer) -> None:
    signing.sign(signer)
    restore(3)
    tell("other", "entries")
    with pytest.raises(NotSigned, match="not those that were signed"):
        signing.sign(signer)
    tell("and more")
    with pytest.raises(NotSigned, match="not those that were signed"):
        signing.sign(signer)


def test_a_tree_that_does_not_fit_its_entries_is_not_signed(signer: Signer) -> None:
    signing.sign(signer)
    tell(5, 6, 7)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER record_node_no_update")
        else:
            cursor.execute("ALTER TABLE record_node DISABLE TRIGGER ALL")
        cursor.execute("UPDATE record_node SET hash = %s WHERE place = 7", [bytes(32)])
    with pytest.raises(NotSigned, match="check_record says where"):
        signing.sign(signer)


def test_without_the_note_of_what_was_signed_nothing_is(signer: Signer, tmp_path: Path) -> None:
    checkpoint = signing.sign(signer)
    assert checkpoint is not None
    signer.guard_file.unlink()
    with pytest.raises(NotSigned, match="--newest FILE"):
        signing.sign(signer)
    newest = tmp_path / "newest"
    newest.write_text(checkpoint.note, encoding="utf-8")
    call_command("sign_record", "--newest", str(newest), stdout=StringIO())
    assert signer.noted().size == 5


def test_only_a_checkpoint_of_this_log_takes_the_place_of_the_note(signer: Signer) -> None:
    signing.sign(signer)
    other = SigningKey.made(ORIGIN)
    note = notes.signed(signer.noted().text, [other])
    with pytest.raises(NotSigned, match="no checkpoint of this log"):
        signing.adopt(signer, note)
    older = Checkpoint.objects.get().note
    tell(5)
    signing.sign(signer)
    with pytest.raises(NotSigned, match="more was signed"):
        signing.adopt(signer, older)


def test_an_older_checkpoint_does_not_take_the_place_of_a_note_that_was_lost(signer: Signer) -> None:
    older = signing.sign(signer)
    tell(5)
    newest = signing.sign(signer)
    assert older is not None
    assert newest is not None
    signer.guard_file.unlink()
    with pytest.raises(NotSigned, match="More was signed"):
        signing.adopt(signer, older.note)
    assert signing.adopt(signer, newest.note).size == 6


def test_the_key_of_another_log_signs_nothing_here(signer: Signer) -> None:
    signing.sign(signer)
    other = SigningKey.made("staging.example.org/api/v1/record")
    signer.keys_file.write_text(other.written() + "\n", encoding="utf-8")
    tell(5)
    for do in (signing.sign, signing.check):
        with pytest.raises(NotSigned, match="not of one log"):
            do(signer)
    assert [one.size for one in Checkpoint.objects.all()] == [5]


def test_a_spoilt_note_or_key_is_refused(signer: Signer) -> None:
    signing.sign(signer)
    kept = signer.guard_file.read_text()
    signer.guard_file.write_text("spoilt")
    with pytest.raises(NotSigned, match="spoilt"):
        signing.sign(signer)
    signer.guard_file.write_text(kept)
    for text in ("spoilt", "", f"{SigningKey.made('a').written()}\n{SigningKey.made('b').written()}\n"):
        signer.keys_file.write_text(text)
        with pytest.raises(NotSigned, match=r"holds no keys|of one name"):
            signing.sign(signer)


def test_no_second_key_is_made_where_the_record_was_signed_before(signer: Signer) -> None:
    signing.sign(signer)
    signer.keys_file.unlink()
    with pytest.raises(NotSigned, match="RECORD_KEY_FILE"):
        signing.sign(signer)


def test_a_new_key_signs_beside_the_old_one_until_that_is_taken_away(signer: Signer) -> None:
    signing.sign(signer)
    [old] = signer.read_keys()
    said = StringIO()
    call_command("rotate_record_key", stdout=said)
    new = signer.read_keys()[0]
    assert str(new.verifier) in said.getvalue()
    checkpoint = signing.sign(signer)
    assert checkpoint is not None
    assert checkpoints.checked(checkpoint.note, [old.verifier]) == checkpoints.checked(
        checkpoint.note, [new.verifier]
    )
    assert checkpoints.vkeys() == [str(new.verifier), str(old.verifier)]
    signer.keys_file.write_text(f"{new.written()}\n")
    tell(5)
    alone = signing.sign(signer)
    assert alone is not None
    with pytest.raises(BadNote):
        checkpoints.checked(alone.note, [old.verifier])


def test_a_new_log_is_begun_only_knowingly_and_under_a_new_name(signer: Signer) -> None:
    signing.sign(signer)
    restore(3)
    with pytest.raises(CommandError, match="--knowingly"):
        call_command("begin_log", "example.org/2027")
    with pytest.raises(CommandError, match="was a log's name"):
        call_command("begin_log", ORIGIN, "--knowingly")
    with pytest.raises(CommandError, match="no spaces"):
        call_command("begin_log", "a b", "--knowingly")
    call_command("begin_log", "example.org/2027", "--knowingly", stdout=StringIO())
    checkpoint = signing.sign(signer)
    assert checkpoint is not None
    assert (checkpoint.key.origin, checkpoint.size) == ("example.org/2027", 3)
    assert checkpoints.latest() == checkpoint
    assert sorted(file.name for file in signer.keys_file.parent.iterdir()) == [
        "key",
        "key.lock",
        "key.old-1",
        "key.signed",
        "key.signed.old-1",
    ]
    assert len(checkpoints.vkeys()) == 2


def test_it_can_be_asked_whether_the_record_follows_without_signing(signer: Signer) -> None:
    call_command("sign_record", "--check")
    assert not signer.exists
    signing.sign(signer)
    call_command("sign_record", "--check")
    restore(2)
    with pytest.raises(CommandError, match="recover_record"):
        call_command("sign_record", "--check")


def test_two_signers_wait_for_each_other(signer: Signer) -> None:
    entered = Event()

    def second() -> None:
        with signer.alone():
            entered.set()

    other = Thread(target=second)
    with signer.alone():
        other.start()
        assert not entered.wait(0.2)
    other.join(10)
    assert entered.is_set()


def test_the_command_signs_and_says_so(signer: Signer) -> None:
    said = StringIO()
    call_command("sign_record", stdout=said)
    assert said.getvalue() == "5 entries are signed.\n"


def test_the_files_are_what_others_copy(signer: Signer, tmp_path: Path, settings: Any) -> None:
    settings.RECORD_FILES = str(tmp_path / "public")
    folder = tmp_path / "public"
    tell(*range(250))
    call_command("sign_record", stdout=StringIO())
    assert files_in(folder) == [
        "checkpoint", "tile/0/000.p/255", "tile/entries/000.p/255", "vkey"
    ]  # fmt: skip
    tell(1, 2)
    call_command("sign_record", stdout=StringIO())
    assert files_in(folder) == [
        "checkpoint",
        "tile/0/000",
        "tile/0/001.p/1",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/1",
        "vkey",
    ]
    latest = checkpoints.latest()
    assert latest is not None
    assert (folder / "checkpoint").read_text("utf-8") == latest.note
    bodies = [bytes(body) for body in Entry.objects.order_by("position").values_list("body", flat=True)]
    kept = (folder / "tile/entries/000").read_bytes() + (folder / "tile/entries/001.p/1").read_bytes()
    assert tiles.unbundled(kept) == bodies
    assert tiles.hashes((folder / "tile/0/000").read_bytes()) == [leaf_hash(one) for one in bodies[:256]]
    assert (folder / "tile/1/000.p/1").read_bytes() == tree.root(256)
    assert stat.S_IMODE((folder / "tile/0/000").stat().st_mode) == 0o644


def files_in(folder: Path) -> list[str]:
    """The names of all files below a folder."""
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_files_are_written_once_and_another_logs_folder_is_left_alone(signer: Signer, tmp_path: Path) -> None:
    folder = tmp_path / "public"
    with pytest.raises(CommandError, match="sign_record comes first"):
        call_command("publish_record", str(folder))
    checkpoint = signing.sign(signer)
    assert checkpoint is not None
    said = StringIO()
    call_command("publish_record", str(folder), stdout=said)
    call_command("publish_record", str(folder), stdout=said)
    assert said.getvalue() == "5 entries; 4 files written.\n5 entries; 0 files written.\n"
    (folder / "checkpoint").write_text(checkpoint.note.replace("\n5\n", "\n9\n"), "utf-8")
    with pytest.raises(WrongFolder, match="holds 9 entries"):
        files.publish(folder, checkpoint)
    (folder / "checkpoint").unlink()
    (folder / "tile/0/000.p/5").write_bytes(b"other")
    with pytest.raises(CommandError, match="something else"):
        call_command("publish_record", str(folder))


@pytest.mark.parametrize(
    ("address", "tile"),
    [
        ("0/000", Tile(0, 0)),
        ("0/000.p/255", Tile(0, 0, 255)),
        ("63/x001/x234/067", Tile(63, 1_234_067)),
        ("entries/x001/000.p/1", Tile(-1, 1000, 1)),
        *(
            (bad, None)
            for bad in (
                "64/000", "00/000", "0/0", "0/0000", "0/x000/001", "0/001/002", "0/000.p/256", "0/000.p/0", "-1/000",
                "0/000.p/01", "0/x001", "0/000/", "entries", "0/٠٠٠", "0/000\n", "entries/000.p/", "0/X001/000"
            )
        ),
    ],
)  # fmt: skip
def test_a_tile_has_one_address(address: str, tile: Tile | None) -> None:
    assert tiles.at(address) == tile
    if tile is not None:
        assert tile.address == address


def test_a_record_of_70000_has_the_tiles_that_the_specification_counts() -> None:
    found = [tile for tile in tiles.of_size(70_000) if not tile.is_bundle]
    full = [tile.level for tile in found if tile.is_full]
    assert (full.count(0), full.count(1), full.count(2)) == (273, 1, 0)
    assert [(tile.level, tile.width) for tile in found if not tile.is_full] == [(0, 112), (1, 17), (2, 1)]
    assert [tile.address for tile in tiles.of_size(256)] == ["entries/000", "0/000", "1/000.p/1"]
    later = set(tiles.of_size(70_000, 69_000))
    assert later == set(tiles.of_size(70_000)) - {tile for tile in tiles.of_size(69_000) if tile.is_full}


@pytest.mark.parametrize("data", [b"\x00", b"\x00\x02a", b"\x00\x01ab"])
def test_a_bundle_that_ends_within_an_entry_is_refused(data: bytes) -> None:
    with pytest.raises(tiles.BadBundle):
        tiles.unbundled(data)
