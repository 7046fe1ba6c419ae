"""A few crashes in every run of the tests; `make crash` does hundreds."""

import os
import subprocess
import sys

import pytest


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize(("database", "kills", "stops"), [("sqlite", 5, 0), ("postgres", 3, 2)])
def test_nothing_that_was_acknowledged_is_lost_in_a_crash(database: str, kills: int, stops: int) -> None:
    words = ["--only", database, "--kills", str(kills), "--stops", str(stops), "--worker-kills", "0"]
    said = crashed(words)
    assert "none lost, no gap, no fork" in said or "skipped" in said


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_nothing_is_lost_when_workers_are_killed_while_they_deliver(database: str) -> None:
    words = ["--only", database, "--kills", "0", "--stops", "0"]
    said = crashed([*words, "--worker-kills", "4", "--deliveries", "80", "--people", "8"])
    assert "80 deliveries, none lost" in said or "skipped" in said


def crashed(words: list[str]) -> str:
    """What `make crash` says with these options."""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "TEST_DATA_DIR")
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash", *words],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
