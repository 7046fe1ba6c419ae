"""`make bench`: builds what it needs, holds the answers against one another, measures, and says what was promised."""

import argparse
import sys
import time
from pathlib import Path

from bench import growth, notifications, ratings, record, report, rounds
from bench.agreement import Disagreement
from bench.load import WrongAnswer
from bench.served import FLOOR, KEPT, OURS, STOCK, Server, Staff
from bench.store import FOLDER, POSTGRES, SQLITE, DataSet, Store, open_store, run, say
from tests.postgres import UnavailableError


def asked(address: str, name: str) -> Path:
    """A file of questions that suit the database at this address."""
    file = FOLDER / "run" / f"questions-{name}.json"
    run(address, "-m", "bench.door", "questions", str(file))
    return file


def compare(store: Store, options: argparse.Namespace) -> report.Report:
    """The service beside its peers, on a copy of one data set."""
    data = DataSet(options.commitments, "even")
    address = store.copy(data)
    file = asked(address, data.name)
    staff = Staff(options.workers, options.threads)
    servers: dict[str, Server] = {}
    try:
        for peer in (OURS, KEPT, STOCK, FLOOR):
            servers[peer] = Server(peer, address, file, staff)
        for server in servers.values():
            server.wait()
        made = rounds.cases(rounds.questions_in(file), servers, options.only)
        say(f"{rounds.compare(made)} questions were answered alike by all peers.")
        rounds.run(made, options.rounds, options.seconds, options.connections)
        memory = {peer: server.memory() for peer, server in servers.items()}
    finally:
        for server in servers.values():
            server.stop()
    return report.Report(made, memory)


def main() -> int:
    """Run what was asked for."""
    options = arguments()
    FOLDER.mkdir(parents=True, exist_ok=True)
    databases = (POSTGRES, SQLITE) if options.database == "both" else (options.database,)
    for database in databases:
        started = time.monotonic()
        if options.record or options.notifications:  # on a server of their own making
            if database == POSTGRES:
                by_themselves(options, started)
            continue
        store = open_store(database)
        if options.prepare:
            growth.prepare(store, options)
            continue
        if options.ratings:
            options.commitments = ratings.COMMITMENTS
            page = [report.heading(database, options), *ratings.measured(store, options).lines()]
            finish(f"ratings-{database}", page, started, options)
            continue
        page = [report.heading(database, options)]
        if not options.only_growth:
            page += compare(store, options).lines(database)
        if options.growth or options.only_growth:
            page += growth.measured(store, options, asked).lines()
        finish(database, page, started, options)
    return 0


def by_themselves(options: argparse.Namespace, started: float) -> None:
    """The record, or notifications: with data of their own, and no peers."""
    mark, lines = (
        ("record", record.page(record.ENTRIES, record.WRITERS, record.SECONDS))
        if options.record
        else ("notifications", notifications.page())
    )
    finish(f"{mark}-{POSTGRES}", [f"{report.machine()}.\n", *lines], started, options)


def finish(mark: str, page: list[str], started: float, options: argparse.Namespace) -> None:
    """Print the tables, and put them between their marks where that was asked."""
    text = "\n".join(page)
    say(f"\n{text}\n\n{time.monotonic() - started:.0f} s in all.")
    if options.write:
        report.write(mark, text)


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--commitments", type=int, default=20_000, help="how many (default 20000)")
    parser.add_argument("--database", choices=[POSTGRES, SQLITE, "both"], default=POSTGRES)
    parser.add_argument(
        "--growth", action="store_true", help="also measure from 2,000 to 200,000 commitments"
    )
    parser.add_argument("--only-growth", action="store_true", help="measure growth alone")
    parser.add_argument(
        "--ratings", action="store_true", help="measure ratings alone: casting, reading, a cut"
    )
    parser.add_argument(
        "--record", action="store_true", help="measure the record alone: appends and proofs, on PostgreSQL"
    )
    parser.add_argument(
        "--notifications", action="store_true", help="measure fan-out and sending alone, on PostgreSQL"
    )
    parser.add_argument(
        "--ballots", type=int, default=ratings.MANY, help="how many are many (default 1000000)"
    )
    parser.add_argument("--prepare", action="store_true", help="only make the data sets that are missing")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[2_000, 20_000, 200_000], help="sizes for growth"
    )
    parser.add_argument("--layouts", nargs="+", default=["even", "large"], choices=["even", "large"])
    parser.add_argument("--seconds", type=float, default=1.0, help="for each work of each peer in each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--only", default="", help="only works whose name holds this")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (WrongAnswer, Disagreement, UnavailableError) as reason:
        sys.exit(f"Nothing was measured: {reason}")
