"""Seven attacks by somebody who has the database, without its triggers, and the signing key: each is found, twice."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from django.core.management import call_command
from django.db import connection

from commitments.models import Commitment
from record import checkpoints, clock, signing, tree
from record.guarded import opened
from record.models import Entry, Head
from record.proofs import EMPTY
from tests import make
from tests.make import TODAY, days, noon
from tests.record.watched import Watched

pytestmark = pytest.mark.django_db

Body = dict[str, Any]
INSERT = """
    INSERT INTO record_entry (position, type, at, occurred_on, actor, subject, root, assembly, body)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"""
COLUMNS = ("position", "type", "at", "occurred_on", "actor", "subject", "root", "assembly")


class Thief:
    """Somebody who writes to the tables as they like, and signs with the stolen key."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self._lift_triggers()

    def sql(self, statement: str, *values: Any) -> list[Any]:
        """Past everything that guards a model."""
        with connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def bodies(self) -> list[Body]:
        """The entries as they are."""
        return [
            json.loads(bytes(body))
            for body in Entry.objects.order_by("position").values_list("body", flat=True)
        ]

    def rewrite(self, bodies: list[Body]) -> None:
        """Put these in the place of all entries, numbered from 1, with a tree that fits, and sign that."""
        self.sql("DELETE FROM record_entry")
        for position, body in enumerate(bodies, 1):
            body["position"] = position
            self.sql(INSERT, *(body[name] for name in COLUMNS), rfc8785.dumps(body))
        self.sql("UPDATE record_head SET position = %s", len(bodies))
        self.sign_anew(len(bodies))

    def sign_anew(self, size: int) -> None:
        """Make the tree, forget what was signed, and sign with the stolen key."""
        self.sql("DELETE FROM record_node")
        self.sql("DELETE FROM record_checkpoint")
        with opened():
            tree.complete(size)
        signer = signing.signer()
        signer.note(checkpoints.State(signer.noted().origin, 0, EMPTY))
        self.watched.files = self.watched.files.with_name("forged")
        self.watched.sign()

    def _lift_triggers(self) -> None:
        if connection.vendor == "postgresql":
            self.sql("SET LOCAL session_replication_role = replica")
            return
        for (name,) in self.sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'record%%'"
        ):
            self.sql(f"DROP TRIGGER {name}")


def edit(thief: Thief) -> None:
    """Say that another team did it."""
    bodies = thief.bodies()
    bodies[-3]["actor"] = "team:somebody-else"
    thief.rewrite(bodies)


def delete(thief: Thief) -> None:
    """Take an entry away and close the gap."""
    bodies = thief.bodies()
    del bodies[-3]
    thief.rewrite(bodies)


def insert_in_the_past(thief: Thief) -> None:
    """Put an entry between others, with a time that fits there."""
    bodies = thief.bodies()
    bodies.insert(-3, {**bodies[-3], "subject": "update:00000000-0000-4000-8000-000000000000"})
    thief.rewrite(bodies)


def re_order(thief: Thief) -> None:
    """Let two entries change places, and their times with them."""
    bodies = thief.bodies()
    bodies[-2], bodies[-3] = bodies[-3], bodies[-2]
    bodies[-2]["at"], bodies[-3]["at"] = bodies[-3]["at"], bodies[-2]["at"]
    thief.rewrite(bodies)


def truncate(thief: Thief) -> None:
    """Drop the last entries."""
    thief.rewrite(thief.bodies()[:-2])


def back_date(thief: Thief) -> None:
    """Say that it happened before the deadline."""
    bodies = thief.bodies()
    bodies[-1]["occurred_on"] = date(2026, 5, 1).isoformat()
    thief.rewrite(bodies)


def swap_the_shown_words(thief: Thief) -> None:
    """Leave the entries alone, and show other words beside them."""
    thief.sql(
        "UPDATE record_words SET text = %s WHERE text LIKE %s",
        "Four officers walk the street.",
        "Two officers%",
    )


def swap_the_shown_title(thief: Thief) -> None:
    """Leave the whole record alone, and show a promise otherwise than it was made."""
    thief.sql("UPDATE commitments_commitment SET title = %s", "Walk the high street now and then")


Attack = Callable[[Thief], None]
ATTACKS: list[Attack] = [
    edit,
    delete,
    insert_in_the_past,
    re_order,
    truncate,
    back_date,
    swap_the_shown_words,
    swap_the_shown_title,
]


@pytest.fixture(autouse=True)
def _on_the_first_day() -> Iterator[None]:
    with clock.at(noon(TODAY)):
        yield


@pytest.fixture
def watched(tmp_path: Path, settings: Any) -> Watched:
    """A record with a story, signed, and looked at once from outside."""
    settings.RECORD_KEY_FILE = ""  # put back afterwards
    commitment: Commitment = make.commitment()
    for number in range(4):
        make.update(commitment, today=days(number), body=f"Two officers walk the street, week {number}.")
    found = Watched(tmp_path)
    found.sign()
    assert found.look()[0] == 0
    return found


@pytest.mark.parametrize("attack", ATTACKS)
def test_who_watches_finds_each_attack_alone(attack: Attack, watched: Watched) -> None:
    attack(Thief(watched))
    code, words = watched.look()
    assert code == 1, words
    shout = "ROLLED BACK" if attack in (delete, truncate) else "FORK"
    shouts: dict[Attack, str] = {swap_the_shown_words: "other words", swap_the_shown_title: "CHANGED"}
    shout = shouts.get(attack, shout)
    assert shout in words


@pytest.mark.parametrize("attack", ATTACKS)
def test_check_record_finds_each_attack_with_one_checkpoint_from_outside(
    attack: Attack, watched: Watched, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes((watched.copy / "checkpoint").read_bytes())
    words = ["check_record", "--key", watched.vkey, "--checkpoint", str(outside)]
    call_command(*words)
    attack(Thief(watched))
    with pytest.raises(SystemExit) as ended:
        call_command(*words)
    assert ended.value.code == 1


@pytest.mark.parametrize("attack", ATTACKS)
def test_after_an_attack_the_copy_outside_is_as_it_was(attack: Attack, watched: Watched) -> None:
    def kept() -> dict[str, bytes]:
        files = [
            file for file in watched.copy.rglob("*") if file.is_file() and "checkpoints" not in file.parts
        ]
        return {file.name: file.read_bytes() for file in files if file.name not in ("shouts", "reached")}

    before = kept()
    attack(Thief(watched))
    watched.look()
    assert kept() == before


def test_the_thief_can_sign_and_only_outsiders_can_tell(watched: Watched) -> None:
    thief = Thief(watched)
    size = Head.objects.get().position
    edit(thief)
    fresh = watched.copy.with_name("fresh")
    fresh.mkdir()
    watched.copy = fresh
    code, words = watched.look()
    assert (code, f"{size} entries hold" in words) == (0, True), words
