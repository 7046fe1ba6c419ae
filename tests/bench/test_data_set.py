"""The bench's data sets are whole records, and its judgements are right."""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
import rfc8785

from bench import agreement, report
from bench.load import Result
from bench.rounds import Case
from bench.tables import copied
from bench.words import Vocabulary

HERE = Path(__file__).resolve().parents[2]
SHORT = [
    "--commitments",
    "60",
    "--database",
    "sqlite",
    "--seconds",
    "0.02",
    "--rounds",
    "1",
    "--connections",
    "2",
]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, sqlite3.Connection]:
    """What a very short run said, and the data set that it made."""
    folder = tmp_path_factory.mktemp("bench")
    done = subprocess.run(
        [sys.executable, "-m", "bench", *SHORT],
        cwd=HERE,
        env={**os.environ, "BENCH_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [file] = folder.glob("bench_even_60_*.sqlite3")
    return done.stdout, sqlite3.connect(file)


def test_the_bench_runs_and_the_peers_answer_alike(ran: tuple[str, sqlite3.Connection]) -> None:
    said, _ = ran
    assert "answered alike by all peers" in said
    for words in ("| list | ours |", "| theme summary | stock |", "| posting an update | floor |", "MiB"):
        assert words in said


def test_a_data_set_is_a_whole_record(ran: tuple[str, sqlite3.Connection]) -> None:
    _, data = ran
    entries = data.execute("SELECT position, body FROM record_entry ORDER BY position").fetchall()
    assert [position for position, _ in entries] == list(range(1, len(entries) + 1))
    assert data.execute("SELECT position FROM record_head").fetchall() == [(len(entries),)]
    for position, body in entries:
        leaf = json.loads(body)
        assert leaf["position"] == position
        assert rfc8785.dumps(leaf) == body
        words = data.execute("SELECT name, salt, text FROM record_words WHERE position = ?", [position])
        assert {name: hashlib.sha256(salt + text.encode()).hexdigest() for name, salt, text in words} == leaf[
            "words"
        ]
    assert data.execute("PRAGMA foreign_key_check").fetchall() == []
    assert data.execute("SELECT COUNT(*) FROM commitments_progressupdate").fetchone() == (360,)


def test_the_first_difference_between_two_answers_is_told() -> None:
    one = {"next": "a", "results": [{"at": "2026-01-01T12:00:00Z", "url": "http://127.0.0.1:1/x", "n": 1}]}
    other = {"next": "b", "results": [{"at": "2026-01-01T12:00:00+00:00", "url": "/x", "n": 1}]}
    agreement.check("list", {"ours": json.dumps(one).encode(), "floor": json.dumps(other).encode()})
    other["results"] = [{"at": "2026-01-01T12:00:00Z", "url": "/x", "n": 2}]
    with pytest.raises(agreement.Disagreement, match="/0/n: 1 and 2"):
        agreement.check("list", {"ours": json.dumps(one).encode(), "floor": json.dumps(other).encode()})


def case(*rates: int) -> Case:
    made: Case = Case.__new__(Case)
    made.results = [Result([1 / rate] * rate, 1.0) for rate in rates]
    return made


def test_a_promise_is_judged_by_the_median_of_its_rounds() -> None:
    found = report.ratios(case(40, 50, 90), case(10, 10, 10))
    assert report.judged("list", found, at_least=5) == "| list | ≥ 5× | 5.00× (4.00–9.00) | met |"
    assert report.judged("list", found, at_least=5.1).endswith("**short** |")
    assert report.judged("growth", found, at_most=4.9).endswith("**short** |")


def test_tables_are_written_between_their_marks_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- sqlite -->\nold\n<!-- /sqlite -->\nafter")
    report.write("sqlite", r"new \1", page)
    assert page.read_text() == "before\n<!-- sqlite -->\nnew \\1\n<!-- /sqlite -->\nafter"


def test_copied_texts_keep_what_the_form_itself_uses() -> None:
    assert copied("a\tb\\c\nd") == r"a\tb\\c\nd"
    assert (copied(None), copied(b"\x01"), copied(True)) == (r"\N", r"\\x01", "True")


def test_the_words_of_a_language_fall_in_frequency_and_are_the_same_each_time() -> None:
    one, other = (Vocabulary(Random(1)) for _ in range(2))
    text = one.text(20_000)
    assert text == other.text(20_000)
    said = text.split()
    assert said.count(one.words[0]) > said.count(one.words[60]) > said.count(one.words[6000])
