"""The launchers of the tests, tried: counting, a server that comes and goes, closed sockets."""

import importlib.util
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests import postgres, sockets, suite

REPORT = """<testsuites><testsuite tests="7" failures="1" errors="1" skipped="2"/>
<testsuite tests="3" failures="0" errors="0" skipped="0"/></testsuites>"""


def test_reports_are_counted_whole(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert suite.counted(report) == {"passed": 6, "failed": 2, "skipped": 2}


def test_a_failure_that_no_report_shows_counts_as_one(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    assert suite.outcome(1, report) == {"failed": 1}
    assert suite.outcome(suite.SKIPPED, report) == {"skipped": 1}
    report.write_text('<testsuites><testsuite tests="1" failures="0" errors="0" skipped="0"/></testsuites>')
    assert suite.outcome(2, report)["failed"] == 1
    assert suite.outcome(0, report)["failed"] == 0


def test_sockets_to_other_machines_are_closed() -> None:
    with pytest.raises(sockets.OutsideError), socket.socket() as probe:
        probe.connect(("192.0.2.1", 80))
    with pytest.raises(sockets.OutsideError):
        socket.create_connection(("example.org", 80), timeout=1)


def test_sockets_of_this_machine_are_open() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_a_named_postgresql_is_used_and_none_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://a:b@127.0.0.1/c")
    assert postgres.url() == "postgres://a:b@127.0.0.1/c"


def test_no_postgresql_anywhere_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(Path, "glob", lambda *_: iter(()))
    with pytest.raises(postgres.UnavailableError, match="no PostgreSQL was found"):
        postgres._binaries()


def test_a_postgresql_started_for_a_process_ends_with_it_even_when_it_is_killed() -> None:
    program = "from tests import postgres; print(postgres.url(), flush=True); input()"
    command = [sys.executable, "-c", f"import os; os.environ.pop('DATABASE_URL', None); {program}"]
    with subprocess.Popen(
        command, cwd=suite.HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout
        address = child.stdout.readline().strip()
        with psycopg.connect(address) as connection:
            assert connection.execute(
                "SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'"
            ).fetchone()
        child.kill()
    assert _gone(address)


def _gone(address: str) -> bool:
    for _ in range(100):
        try:
            psycopg.connect(address, connect_timeout=1).close()
        except psycopg.OperationalError:
            return True
    return False
