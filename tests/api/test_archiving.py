"""Everything public in one file: what is in it, what never is, and an instance begun anew that shows the same."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from api.archiving import packing, restoring, tables
from commitments import summaries
from record import shown
from record.models import Entry, Head, Words
from record.shelf import SHELF
from tests import make, signed
from tests.api.world import World
from tests.contract import CheckingClient

EXTRA = ("ratings/", "events/", "holds/", "redactions/", "record/checkpoints/")


def crawled(api: CheckingClient) -> dict[str, bytes]:
    """What every public list, and every object that one leads to, shows."""
    SHELF.clear()
    summaries.forget()
    found: dict[str, bytes] = {}
    waiting = [f"/api/v1/{name}/" for name in shown.LISTS] + [f"/api/v1/{name}" for name in EXTRA]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        answer: Any = api.get(path)
        found[path] = answer.content
        assert answer.status_code == 200, (path, answer.content)
        waiting += [one for one in _addresses(answer.json()) if one not in found]
    return found


def _addresses(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            if (
                name in ("url", "next")
                and isinstance(part, str)
                and "/api/v1/" in part
                and "cursor" not in part
                and not part.endswith("/file/")
            ):
                yield "/api/v1/" + part.partition("/api/v1/")[2]
            yield from _addresses(part)
    elif isinstance(value, list):
        for part in value:
            yield from _addresses(part)


def test_every_model_is_archived_by_column_or_says_why_not() -> None:
    models = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert models == {*tables.ARCHIVED, *tables.NOT_ARCHIVED}
    for label, columns in tables.ARCHIVED.items():
        named = columns.split()
        there = [field.name for field in apps.get_model(label)._meta.concrete_fields]
        assert sorted([*named, *tables.LEFT_OUT.get(label, {})]) == sorted(there), label


@pytest.mark.django_db
def test_nothing_about_people_or_waiting_words_is_in_an_archive(tmp_path: Path) -> None:
    world = World()
    signed.now()
    with zipfile.ZipFile(packing.pack(tmp_path)) as archive:
        everything = b"\n".join(archive.read(name) for name in archive.namelist())
    secret = {value for user in User.objects.all() for value in (user.email, user.password) if value}
    hidden = Words.objects.exclude(state="published").exclude(text=None)
    secret |= {text for text in hidden.values_list("text", flat=True) if text}
    assert len(secret) > 10
    shown_elsewhere = set(Words.objects.filter(state="published").values_list("text", flat=True))
    for text in secret - shown_elsewhere:
        assert text.encode() not in everything, text
    for token in world.keys.values():
        assert token.encode() not in everything


@pytest.mark.django_db
def test_an_archive_holds_and_is_the_same_for_the_same_state(tmp_path: Path) -> None:
    World()
    checkpoint = signed.now()
    made = packing.pack(tmp_path)
    again = packing.pack(tmp_path / "again")
    assert (again.name, again.read_bytes()) == (made.name, made.read_bytes())
    # In this world calendar and clock disagree: what it says of June was written today, and its deadlines are past.
    for tool, arguments, code in [("verify.py", ["copy", str(made)], 0), ("unwritten.py", [str(made)], 1)]:
        with zipfile.ZipFile(made) as archive:
            (tmp_path / tool).write_bytes(archive.read(tool))
        words = [sys.executable, str(tmp_path / tool), checkpoint.key.vkey, *arguments]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr


@pytest.mark.django_db
def test_what_is_not_signed_is_not_archived(tmp_path: Path) -> None:
    make.commitment()
    with pytest.raises(packing.NotArchived, match="sign_record"):
        packing.pack(tmp_path)


def test_an_instance_begun_from_an_archive_shows_the_same(
    tmp_path: Path, committed_db: None, api: CheckingClient
) -> None:
    World()
    signed.now()
    before, entries = crawled(api), list(Entry.objects.order_by("position").values_list())
    assert len(before) > 100
    archive = packing.pack(tmp_path)
    _empty()
    assert restoring.restore(archive) == len(entries)
    assert [tuple(map(_plain, row)) for row in Entry.objects.order_by("position").values_list()] == [
        tuple(map(_plain, row)) for row in entries
    ]
    after = crawled(api)
    assert {path for path in before if after.get(path) != before[path]} == set()
    assert set(after) == set(before)
    assert not User.objects.filter(is_active=True).exists()
    again = signed.now()
    assert again.size == len(entries)
    assert packing.pack(tmp_path / "again").read_bytes() == archive.read_bytes()


def test_a_spoilt_archive_is_not_restored_and_nothing_is_left_of_it(
    tmp_path: Path, committed_db: None
) -> None:
    World()
    signed.now()
    made = packing.pack(tmp_path)
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore_archive", str(made))
    _empty()
    for name, old, new in [
        ("words.ndjson", b"Walk the high street", b"Walk the low street!"),
        ("checkpoint", b"/api/v1/record", b"/api/v1/recorx"),
    ]:
        with pytest.raises(CommandError, match="does not hold"):
            call_command("restore_archive", str(_spoilt(made, tmp_path / f"{name}.zip", name, old, new)))
        assert Head.objects.get().position == 0
        assert not User.objects.exists()


def _spoilt(made: Path, into: Path, name: str, old: bytes, new: bytes) -> Path:
    with zipfile.ZipFile(made) as archive, zipfile.ZipFile(into, "w") as spoilt:
        for one in archive.namelist():
            content = archive.read(one)
            assert one != name or old in content
            spoilt.writestr(one, content.replace(old, new) if one == name else content)
    return into


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _empty() -> None:
    """What an instance is that was just migrated."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            call_command("flush", verbosity=0, interactive=False)
            cursor.execute("SET session_replication_role = DEFAULT")
        else:
            triggers = (
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'record%%'"
            )
            locks = cursor.execute(triggers).fetchall()
            for name, _ in locks:
                cursor.execute(f"DROP TRIGGER {name}")
            call_command("flush", verbosity=0, interactive=False)
            for _, sql in locks:
                cursor.execute(sql)
        cursor.execute("INSERT INTO record_head (id, position, revision) VALUES (1, 0, 0)")


def test_the_lines_of_an_archive_are_json(tmp_path: Path) -> None:
    assert packing._lines(iter([{"a": "é"}])) == json.dumps({"a": "é"}, ensure_ascii=False).encode() + b"\n"
