"""A record restored from an older backup gets its lost entries back from a copy, and from no forged one."""

import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import Organisation
from record import checkpoints, files, ledger, notes, recovery, signing, tree
from record.event_types import EventType
from record.models import Entry
from record.notes import SigningKey
from record.recovery import NotRecovered
from record.signing import Signer
from tests import make
from tests.make import TODAY
from tests.record.test_check_record import tamper

pytestmark = pytest.mark.django_db

TRIED = EventType("test.tried", frozenset({"n"}), frozenset())


@ledger.action
def tell(*numbers: Any) -> None:
    """Record as many entries."""
    for number in numbers:
        body = Organisation.objects.get(slug="told")
        ledger.append(TRIED, body, actor="operator", today=TODAY, facts={"n": number})


@pytest.fixture
def signer(tmp_path: Path, settings: Any) -> Signer:
    """A signer with files of its own, over a signed record of 300 entries, of which somebody has a copy."""
    settings.RECORD_KEY_FILE = str(tmp_path / "signer" / "key")
    make.organisation("told")
    tell(*range(299))
    found = signing.signer()
    checkpoint = signing.sign(found)
    assert checkpoint is not None
    files.publish(tmp_path / "copy", checkpoint)
    return found


def restore(size: int) -> None:
    """What a database restored from an older backup looks like."""
    tamper("DELETE FROM record_entry WHERE position > %s", [size])
    tamper("DELETE FROM record_node WHERE place > %s", [tree.count_of(size)])
    tamper("DELETE FROM record_checkpoint")
    tamper("UPDATE record_head SET position = %s", [size])


@pytest.mark.parametrize("size", [0, 1, 256, 299])
def test_lost_entries_come_back_word_for_word_and_are_signed_again(
    signer: Signer, tmp_path: Path, size: int
) -> None:
    before, root = list(Entry.objects.order_by("position").values_list()), tree.root(300)
    restore(size)
    said = StringIO()
    call_command("recover_record", str(tmp_path / "copy"), stdout=said)
    assert f"{300 - size} entries are back" in said.getvalue()
    after = list(Entry.objects.order_by("position").values_list())
    assert [(*row[:-1], bytes(row[-1])) for row in after] == [(*row[:-1], bytes(row[-1])) for row in before]
    checkpoint = signing.sign(signer)
    assert checkpoint is not None
    assert (checkpoint.size, bytes(checkpoint.root)) == (300, root)
    tell("goes on")
    assert tree.size() == 301


def refused(signer: Signer, copy: Path, words: str) -> None:
    """The copy is refused with these words, and nothing came of it."""
    before = tree.size()
    with pytest.raises(NotRecovered, match=words), transaction.atomic():
        recovery.recover(signer, copy)
    assert tree.size() == before


def test_a_copy_that_lacks_something_or_was_changed_is_refused(signer: Signer, tmp_path: Path) -> None:
    restore(100)
    copy = tmp_path / "copy"
    bundle = copy / "tile" / "entries" / "000"
    kept = bundle.read_bytes()
    bundle.write_bytes(kept.replace(b'"n":150', b'"n":151'))
    refused(signer, copy, "others than those here, or than were signed")
    bundle.write_bytes(kept[:-1])
    refused(signer, copy, "ends within an entry")
    bundle.unlink()
    refused(signer, copy, "cannot be used")
    (copy / "checkpoint").write_text("spoilt")
    refused(signer, copy, "checkpoint cannot be used")
    shutil.rmtree(copy)
    with pytest.raises(CommandError, match="checkpoint cannot be used"):
        call_command("recover_record", str(copy))


def test_a_copy_that_somebody_else_signed_is_refused(signer: Signer, tmp_path: Path) -> None:
    restore(100)
    note = notes.signed(signer.noted().text, [SigningKey.made(signer.noted().origin)])
    (tmp_path / "copy" / "checkpoint").write_text(note, "utf-8")
    refused(signer, tmp_path / "copy", "checkpoint cannot be used")


def test_a_copy_older_than_what_was_signed_last_is_refused(signer: Signer, tmp_path: Path) -> None:
    tell("later")
    signing.sign(signer)
    restore(100)
    refused(signer, tmp_path / "copy", "find a newer one")


def test_a_record_that_went_on_otherwise_is_not_overwritten(signer: Signer, tmp_path: Path) -> None:
    restore(100)
    tell("another", "history")
    refused(signer, tmp_path / "copy", "others than those here")
    assert checkpoints.latest() is None


def test_where_nothing_is_lost_nothing_is_put_back(signer: Signer, tmp_path: Path) -> None:
    refused(signer, tmp_path / "copy", "nothing is lost")
