"""Everything in the record is derived anew: a whole one passes, and whatever is changed is found where it begins."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from commitments.models import Commitment, ProgressUpdate
from record import checking, checkpoints, notes, projections, tree
from record.checkpoints import State
from record.models import Entry, Words
from record.notes import SigningKey
from tests import signed
from tests.api.scene import Scene
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    """Some life, signed."""
    found = Scene(CheckingClient())
    signed.now()
    return found


def tamper(statement: str, values: Any = ()) -> None:
    """What somebody with the whole database in their hands does: triggers are no lock for them."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement, values)
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute(statement, values)
        for _, sql in triggers:
            cursor.execute(sql)


def found() -> list[str]:
    """What is wrong."""
    return [str(fault) for fault in checking.faults()]


def test_a_whole_record_passes(scene: Scene) -> None:
    assert found() == []
    said = StringIO()
    call_command("check_record", stdout=said)
    assert said.getvalue() == "The record is whole.\n"


def test_an_empty_record_passes() -> None:
    assert found() == []


def test_a_record_in_many_batches_passes(scene: Scene, monkeypatch: Any) -> None:
    monkeypatch.setattr(checking, "BATCH", 3)
    monkeypatch.setattr(projections, "BATCH", 2)
    assert found() == []


def changed_body(position: int) -> bytes:
    """The body of an entry, with another actor."""
    body = bytes(Entry.objects.get(position=position).body)
    return body.replace(b'"actor":"', b'"actor":"x')


def test_a_changed_entry_is_named_with_all_that_it_breaks(scene: Scene) -> None:
    tamper("UPDATE record_entry SET body = %s WHERE position = 2", [changed_body(2)])
    faults = found()
    assert faults[0] == "position 2: its column actor says something else than its body"
    assert any("node 1 of the tree" in fault for fault in faults)
    assert any("not those that were signed" in fault for fault in faults)


def test_what_is_wrong_ends_the_command_with_a_failure(scene: Scene) -> None:
    tamper("UPDATE record_entry SET body = %s WHERE position = 2", [changed_body(2)])
    errors = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check_record", stderr=errors)
    assert ended.value.code == 1
    assert errors.getvalue().startswith("position 2: ")
    assert "things are wrong" in errors.getvalue()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE record_entry SET type = 'x' WHERE position = 3", "position 3: its column type"),
        ("UPDATE record_entry SET occurred_on = '2020-01-01' WHERE position = 3", "position 3: its column occurred_on"),
        ("DELETE FROM record_entry WHERE position = 3", "position 3: there is no entry here; the next is 4"),
        ("UPDATE record_node SET place = place + 1000 WHERE place = 1", "position 2: node 1 of the tree"),
        ("INSERT INTO record_node (place, hash) VALUES (100000, '')", "nodes over entries that are not there"),
        ("UPDATE record_head SET position = position + 5", "the head says"),
        ("UPDATE record_head SET at = '2001-01-01 00:00:00+00:00'", "the head is dated before"),
        ("UPDATE record_checkpoint SET size = 1", "says something else than its note"),
        ("UPDATE record_checkpoint SET note = 'x'", "is not what was signed"),
        ("UPDATE record_words SET text = 'other' WHERE position = {said}", "are not those whose hash its body holds"),
        ("DELETE FROM record_words WHERE position = {said}", "are not those that its body names"),
        ("UPDATE record_words SET position = 1000000 WHERE position = {said}", "words of an entry that is not there"),
        ("UPDATE commitments_commitment SET title = 'Swapped'", "title of commitment:"),
        ("UPDATE commitments_commitment SET updated_at = '2001-01-01 00:00:00+00:00'", "is dated otherwise"),
        ("UPDATE commitments_commitment SET position = 1000000", "no entry published it"),
        ("UPDATE accounts_team SET invented = {true}", "whether it is invented"),
    ],
)  # fmt: skip
def test_each_thing_that_is_changed_is_found(scene: Scene, statement: str, words: str) -> None:
    said = Words.objects.order_by("position").values_list("position", flat=True)[0]
    tamper(statement.format(said=said, true="true" if connection.vendor == "postgresql" else "1"))
    assert any(words in fault for fault in found()), found()


def test_an_entry_that_is_not_canonical_or_no_json_is_found(scene: Scene) -> None:
    body = bytes(Entry.objects.get(position=2).body)
    tamper("UPDATE record_entry SET body = %s WHERE position = 2", [body.replace(b":", b": ", 1)])
    assert "position 2: its body is not in the canonical form of RFC 8785" in found()
    for spoilt in (b"{", b"[]x", b"7", b"\xff"):
        tamper("UPDATE record_entry SET body = %s WHERE position = 2", [spoilt])
        assert "position 2: its body is no JSON that the record could have written" in found()


def test_erased_words_do_not_count_as_wrong(scene: Scene) -> None:
    position = Words.objects.order_by("position").values_list("position", flat=True)[0]
    erased = "UPDATE record_words SET text = NULL, salt = NULL, state = 'redacted' WHERE position = %s"
    tamper(erased, [position])
    assert not any("words of" in fault for fault in found())


def rebuilt() -> None:
    """A tree made anew over whatever the entries are now, as a thorough forger would."""
    edge = tree.Frontier()
    tamper("DELETE FROM record_node")
    for _, body in tree.bodies_between(0, tree.size()):
        for one, data in edge.add(body):
            tamper("INSERT INTO record_node (place, hash) VALUES (%s, %s)", [tree.place_of(one), data])


def test_a_record_forged_throughout_and_signed_again_is_found_by_one_checkpoint_outside(
    scene: Scene, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    outside = checkpoints.latest()
    assert outside is not None
    kept.write_text(outside.note, encoding="utf-8")
    body = rfc8785.dumps({**json.loads(bytes(Entry.objects.get(position=2).body)), "actor": "forged"})
    tamper("UPDATE record_entry SET body = %s, actor = 'forged' WHERE position = 2", [body])
    tamper("DELETE FROM record_checkpoint")
    rebuilt()
    signed.now()
    assert found() == []
    errors = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_record", "--checkpoint", str(kept), stderr=errors)
    assert "signed state that was kept elsewhere" in errors.getvalue()


def test_a_record_cut_short_is_found_by_one_checkpoint_outside(scene: Scene, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    state = State(signed.KEY.name, tree.size() + 7, bytes(32))
    kept.write_text(notes.signed(state.text, [signed.KEY]), encoding="utf-8")
    errors = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_record", "--checkpoint", str(kept), stderr=errors)
    assert f"entries up to {state.size} were signed, and are not there" in errors.getvalue()


def test_a_checkpoint_that_nobody_of_ours_signed_is_not_believed(scene: Scene, tmp_path: Path) -> None:
    kept, other = tmp_path / "kept", SigningKey.made(signed.KEY.name)
    kept.write_text(notes.signed(State(other.name, 1, bytes(32)).text, [other]), encoding="utf-8")
    with pytest.raises(CommandError, match="cannot be used"):
        call_command("check_record", "--checkpoint", str(kept))


def test_a_body_swapped_in_a_table_is_found(scene: Scene) -> None:
    commitment = Commitment.objects.exclude(title="").order_by("pk")[0]
    update = ProgressUpdate.objects.order_by("pk").first()
    assert commitment.title
    tamper(
        "UPDATE commitments_commitment SET body = 'We never promised that.' WHERE id = %s", [commitment.pk]
    )
    assert any(f"body of commitment:{commitment.reference}" in fault for fault in found())
    if update is not None:
        tamper("UPDATE commitments_progressupdate SET body = 'All is done.'")
        assert any("body of update:" in fault for fault in found())


def test_the_beginning_of_words_is_not_moved_into_their_salt(scene: Scene) -> None:
    words = Words.objects.exclude(text=None).order_by("position")[0]
    salt, text = bytes(words.salt or b""), (words.text or "").encode()
    assert len(text) > 4
    values = [salt + text[:4], text[4:].decode(), words.pk]
    tamper("UPDATE record_words SET salt = %s, text = %s WHERE id = %s", values)
    fault = f"position {words.position}: the words of {words.name} are not those whose hash its body holds"
    assert fault in found()
