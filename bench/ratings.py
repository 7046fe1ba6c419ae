"""Ratings: casting beside a stock API, with few ballots and with many; reading a figure; a whole cut with its audit.

`python -m bench --ratings`. Two copies of one data set, one with a thousand ballots and one with a million.
"""

import argparse
import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import rounds
from bench.load import Request
from bench.report import judged, ratios, spread
from bench.rounds import Case
from bench.served import OURS, STOCK, Server, Staff
from bench.store import FOLDER, DataSet, Store, run, say

FEW, MANY = 1_000, 1_000_000
CAST, FIGURE = "casting", "reading a figure"
COMMITMENTS = 2_000
UNLIMITED = {"RATINGS_PER_ACCOUNT": "1000000000/day", "RATINGS_PER_NETWORK": "1000000000/day"}


@dataclass
class Ratings:
    """The cases, and what the jobs took in seconds."""

    many: int = MANY
    cases: list[Case] = field(default_factory=list)
    jobs: list[dict[str, Any]] = field(default_factory=list)

    def lines(self) -> list[str]:
        """A table of what was asked, one of the jobs, and what was promised."""
        few, many, stock = (
            self._case(CAST, peer) for peer in (f"ours, {FEW:,}", f"ours, {self.many:,}", STOCK)
        )
        small, large = (self._case(FIGURE, f"ours, {number:,}") for number in (FEW, self.many))
        lines = ["", "Ratings:", "", "| work | peer | a second | p50 ms | p99 ms | CPU ms | against stock |"]
        lines.append("|---|---|--:|--:|--:|--:|--:|")
        for case in self.cases:
            beside = spread(case, stock) if case.work == CAST else ""
            lines.append(
                f"| {case.work} | {case.peer} | {case.rate:,.0f} | {case.within(0.5):.2f} | {case.within(0.99):.2f}"
                f" | {case.processor:.2f} | {beside} |"
            )
        lines += ["", "| job | ballots | seconds | |", "|---|--:|--:|---|"]
        lines += [
            f"| {job['job']} | {job['ballots']:,} | {job['seconds']:.1f} | {job['did']} |"
            for job in self.jobs
        ]
        lines += ["", "| must be shown | | measured | |", "|---|--:|--:|---|"]
        lines.append(
            judged(f"a cast at {self.many:,} ratings costs, against {FEW:,}", ratios(few, many), at_most=1.2)
        )
        lines.append(judged("casting, against stock's insert", ratios(many, stock), at_least=2.5))
        lines.append(judged(f"reading a figure, {FEW:,} to {self.many:,}", ratios(small, large), at_most=1.2))
        return lines

    def _case(self, work: str, peer: str) -> Case:
        return next(one for one in self.cases if (one.work, one.peer) == (work, peer))


def measured(store: Store, options: argparse.Namespace) -> Ratings:
    """Measure all of it on one kind of database."""
    found = Ratings(options.ballots)
    os.environ.update(UNLIMITED)
    numbers = (FEW, options.ballots)
    files = {number: _made(store, number, found) for number in numbers}
    servers: list[Server] = []
    staff = Staff(options.workers, options.threads)
    try:
        for number in numbers:
            address, file = files[number]
            ours = Server(OURS, address, file, staff)
            stock = Server(STOCK, address, file, staff) if number != FEW else None
            servers += [server for server in (ours, stock) if server]
            found.cases += _cases(json.loads(file.read_text()), ours, stock, f"ours, {number:,}")
        for server in servers:
            server.wait()
        rounds.run(found.cases, options.rounds, options.seconds, options.connections)
    finally:
        for server in servers:
            server.stop()
    return found


def _made(store: Store, number: int, found: Ratings) -> tuple[str, Path]:
    """A copy with so many ballots, cut once; what the jobs took is written down."""
    layout = "few" if number == FEW else "many"
    say(f"Making {number:,} ballots …")
    address = store.copy(DataSet(COMMITMENTS, "even"), layout)
    file = FOLDER / "run" / f"ratings-{layout}.json"
    run(address, "-m", "bench.door", "ratings_data", address, str(number), str(file))
    jobs = FOLDER / "run" / f"ratings-jobs-{layout}.json"
    started = time.monotonic()
    run(address, "-m", "bench.door", "ratings_jobs", str(jobs))
    say(f"  its jobs ran for {time.monotonic() - started:.0f} s")
    found.jobs += json.loads(jobs.read_text())
    return address, file


def _cases(questions: dict[str, Any], ours: Server, stock: Server | None, name: str) -> list[Case]:
    casts = [
        Request(one["ours"]["path"], one["ours"]["body"], one["token"], method="PUT")
        for one in questions["casts"]
    ]
    reads = [Request(f"/api/v1/ratings/?subject={subject}&by=all") for subject in questions["subjects"][:200]]
    found = [Case(FIGURE, name, ours, reads), Case(CAST, name, ours, casts)]
    if stock:
        inserts = [
            Request(one["stock"]["path"], one["stock"]["body"], one["token"]) for one in questions["casts"]
        ]
        found.append(Case(CAST, STOCK, stock, inserts, status=b"201"))
    return found
