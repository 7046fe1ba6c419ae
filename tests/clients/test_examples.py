"""The programs of docs/examples, run as their readers run them, against the served API."""

import csv
import io
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from commitments import actions
from commitments.models import Commitment, DueDateChange, Theme
from commitments.promises import Due
from ratings.subjects import Rated
from record import clock
from record.guarded import opened
from record.ledger import revise
from tests import make
from tests.api.published import Counts, publish, set_aside
from tests.api.scene import on
from tests.clients.conftest import Served

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "examples"
NAMES = ("slipped_dates.py", "mirror.py", "pull_to_spreadsheet.py", "check_gaps.py")
MOST_LINES = 80


def ran(name: str, *arguments: object, status: int = 0) -> str:
    """What a program prints: on its error output where it ends badly."""
    command = [sys.executable, "-I", str(FOLDER / name), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stderr if status else done.stdout


@pytest.mark.parametrize("name", NAMES)
def test_a_program_is_short_and_says_how_it_is_run(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert len(text.splitlines()) < MOST_LINES
    assert f"python3 {name} http://127.0.0.1:8000" in text
    assert name in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_week_has_dates_that_were_put_off_and_dates_that_were_missed(service: Served) -> None:
    world = service.world
    change = DueDateChange.objects.get(pk=world.names["change"])
    actions.approve_due_date(change, by=make.convenor(), today=make.TODAY)
    text = ran("slipped_dates.py", service.base, "--until", make.TODAY)
    assert f"({world.names['waiting']}), from 2026-09-30 to {make.days(300)}, decided on 2026-06-01" in text
    assert "Missed" not in text
    assert "No date slipped" in ran("slipped_dates.py", service.base, "--until", make.days(20))


def test_a_missed_date_is_told_in_the_week_of_its_day(service: Served) -> None:
    due, begun = Due(make.days(-3), "day"), make.days(-90)
    with clock.at(make.noon(begun)):
        title = "Light <every> path & stair"
        made = make.commitment(service.world.assembly, title=title, due=due, today=begun)
    text = ran("slipped_dates.py", service.base, "--until", make.TODAY)
    assert f"Missed: {title} ({made.reference}), was due on 2026-05-29; first promised for 2026-05-29" in text
    page = ran("slipped_dates.py", service.base, "--until", make.TODAY, "--html")
    assert "Light &lt;every&gt; path &amp; stair</a>" in page
    assert made.reference not in ran("slipped_dates.py", service.base, "--until", make.days(-10))


def test_a_mirror_has_every_event_and_goes_on_where_it_stopped(service: Served, tmp_path: Path) -> None:
    copy = tmp_path / "record.sqlite3"
    assert "events; " in ran("mirror.py", service.base, copy)
    before = _positions(copy)
    assert before == list(range(1, len(before) + 1))
    assert ran("mirror.py", service.base, copy) == f"0 new events; {len(before)} in all.\n"
    make.update(make.commitment(service.world.assembly, lead=service.world.lead))
    assert ran("mirror.py", service.base, copy) == f"2 new events; {len(before) + 2} in all.\n"
    assert _positions(copy) == list(range(1, len(before) + 3))


def test_a_mirror_notices_that_the_record_shrank_or_was_rewritten(service: Served, tmp_path: Path) -> None:
    copy = tmp_path / "record.sqlite3"
    ran("mirror.py", service.base, copy)
    last = len(_positions(copy))
    with sqlite3.connect(copy) as mirror:
        told = json.loads(mirror.execute("SELECT told FROM event WHERE position = ?", (last,)).fetchone()[0])
        told["body"]["actor"] = "somebody else"
        mirror.execute("UPDATE event SET told = ? WHERE position = ?", (json.dumps(told), last))
        mirror.execute("DELETE FROM kept")
    assert f"event {last} is not what it was" in ran("mirror.py", service.base, copy, status=1)
    with sqlite3.connect(copy) as mirror:
        mirror.execute("INSERT INTO event VALUES (?, 't', 's', '{\"body\": {}}')", (last + 1,))
    assert "The record has shrunk" in ran("mirror.py", service.base, copy, status=1)
    assert len(_positions(copy)) == last + 1


def test_a_table_is_fetched_only_when_something_has_changed(service: Served, tmp_path: Path) -> None:
    target = tmp_path / "promises.csv"
    asked = ("pull_to_spreadsheet.py", service.base, "commitments", target, "assembly=anytown-2025")
    assert ran(*asked) == f"{target} is new.\n"
    assert ran(*asked) == f"{target} is as it was.\n"
    table = target.read_bytes()
    assert table.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert {row["assembly"] for row in rows} == {"anytown-2025"}
    make.update(make.commitment(service.world.assembly, lead=service.world.lead))
    assert ran(*asked) == f"{target} is new.\n"
    assert len(target.read_bytes()) > len(table)
    assert "There is no such parameter here" in ran(*asked[:3], tmp_path / "x.csv", "colour=red", status=1)


def test_every_gap_is_worked_out_again_from_the_tables(
    service: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme = Theme.objects.select_related("assembly").first()
    assert theme is not None
    asked = [make.recommendation(service.world.assembly, theme=theme)]
    said = [make.commitment(service.world.assembly, recommendations=asked) for _ in range(4)]
    make.update(said[0])
    make.update(said[1], status="not_started")
    make.claim(said[2])
    rated: dict[Rated, Counts] = {one: (7, 4, 3, place, 2) for place, one in enumerate(said)}
    publish(monkeypatch, {**rated, theme: (9, 4, 1, 0, 2)}, make.days(7))
    assert ran("check_gaps.py", service.base) == "4 gaps, 0 differences.\n"
    with on(make.days(8)):
        set_aside("2026-Q2", make.days(8), said[1])
        assert ran("check_gaps.py", service.base) == "3 gaps, 0 differences.\n"


def test_a_gap_that_does_not_follow_from_the_figures_is_found(
    service: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make.commitment(service.world.assembly)
    make.update(made)
    publish(monkeypatch, {made: (7, 4, 3, 0, 2)}, make.days(7))
    with opened():
        Commitment.objects.filter(pk=made.pk).update(residents_mean=49)
        revise()
    command = [sys.executable, "-I", str(FOLDER / "check_gaps.py"), service.base]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    assert f"commitment:{made.reference}: mean differs" in done.stdout
    assert done.stdout.endswith("1 gaps, 2 differences.\n")


def _positions(copy: Path) -> list[int]:
    with sqlite3.connect(copy) as mirror:
        return [row[0] for row in mirror.execute("SELECT position FROM event ORDER BY position")]
