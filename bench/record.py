"""The record itself: append, proof and entries a second, on PostgreSQL at 100,000 entries with eight writers.

`make bench OPTIONS=--record`; `python -m bench.record` with other sizes.
Each writer is a process of its own that publishes bodies by the usual verb; proofs are
asked of the whole service, from the first middleware to the last.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path
from random import Random

from bench.load import WrongAnswer
from bench.postgres import Cluster
from bench.store import FOLDER, HERE, environment, migrate, run, say
from tests.postgres import UnavailableError

DATABASE = "bench_record"
APPEND_MS, PROOF_MS, A_SECOND = 10, 50, 300
"""What is aimed at: the 99th of a hundred appends, the 99th of a hundred proofs, entries a second."""
PROOFS = 2000
ENTRIES, WRITERS, SECONDS = 100_000, 8, 20.0
TO_START = 20
"""Seconds that the writers have to come up, before all begin at once."""


def within(times: list[float], share: float) -> float:
    """The time within which this share of them was done, in milliseconds."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def measured(address: str, writers: int, seconds: float) -> list[str]:
    """The lines of a table: what was done, how often a second, and how long the middle and the slowest took."""
    folder = FOLDER / "run" / "record"
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"writer-{number}" for number in range(writers)]
    begin = time.time() + TO_START
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.door", "record_work", "write", str(file), str(begin), str(seconds)],
            cwd=HERE,
            env=environment(address),
        )
        for file in files
    ]
    if any(process.wait() for process in started):
        raise WrongAnswer("A writer stopped; what it says is above.")
    appended = [time for file in files for time in numbers(file)]
    run(
        address,
        "-m",
        "bench.door",
        "record_work",
        "prove",
        str(folder / "proofs"),
        str(PROOFS),
        str(Random(1).random()),
    )
    proved = numbers(folder / "proofs")
    rate = len(appended) / seconds
    return [
        row("append, the whole verb", rate, appended, f"≤ {APPEND_MS} ms", within(appended, 0.99) <= APPEND_MS),
        row("entries a second", rate, appended, f"≥ {A_SECOND}", rate >= A_SECOND),
        row("proof, the whole answer", 1 / (sum(proved) / len(proved)), proved, f"≤ {PROOF_MS} ms",
            within(proved, 0.99) <= PROOF_MS),
    ]  # fmt: skip


def row(name: str, rate: float, times: list[float], aim: str, met: bool) -> str:
    """A line of the table."""
    middle, slow = within(times, 0.5), within(times, 0.99)
    return f"| {name} | {rate:,.0f} | {middle:.2f} | {slow:.2f} | {aim} | {'met' if met else '**short**'} |"


def numbers(file: Path) -> list[float]:
    """The seconds that a file holds, a line each."""
    return [float(line) for line in file.read_text().split()]


def page(entries: int, writers: int, seconds: float) -> list[str]:
    """Make the record, measure, and say how it went."""
    cluster = Cluster(FOLDER / "postgres")
    cluster.make(DATABASE)
    address = cluster.address_of(DATABASE)
    migrate(address)
    run(address, "-m", "bench.door", "record_work", "fill", str(entries))
    lines = measured(address, writers, seconds)
    run(address, "-m", "bench.door", "record_work", "check")
    return [
        f"The record: {entries:,} entries on PostgreSQL, {writers} writers for {seconds:g} s.",
        "",
        "| work | a second | p50 ms | p99 ms | aim | |",
        "|---|--:|--:|--:|--:|---|",
        *lines,
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=ENTRIES)
    parser.add_argument("--writers", type=int, default=WRITERS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    options = parser.parse_args()
    try:
        for line in page(options.entries, options.writers, options.seconds):
            say(line)
    except (UnavailableError, WrongAnswer) as reason:
        sys.exit(f"Nothing was measured: {reason}")
