"""Notifications: one event to 100,000 followers, and how many mails a second go to a mail server here, on PostgreSQL.

`make bench OPTIONS=--notifications`. Each step is a process of its own, so that its memory is its own.
"""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.load import WrongAnswer
from bench.postgres import Cluster
from bench.store import FOLDER, HERE, environment, migrate

DATABASE = "bench_notifications"
FEW, MANY = 1_000, 100_000
AIM = 1.0
"""Seconds for one event to a hundred thousand."""
SECONDS = 20.0
TO_START = 12
"""Seconds that workers have to come up, before all begin at once."""
MEBIBYTE = 1024 * 1024


def page(seconds: float = SECONDS) -> list[str]:
    """Make followers, measure, and say how it went."""
    cluster = Cluster(FOLDER / "postgres")
    cluster.make(DATABASE)
    address = cluster.address_of(DATABASE)
    migrate(address)
    folder = FOLDER / "run" / "notifications"
    folder.mkdir(parents=True, exist_ok=True)
    with _mail_server(address) as given:
        _door(given, "fill", str(MANY), str(FEW), str(MANY))
        fanned = [_fanned(given, folder, size) for size in (FEW, MANY)]
        sent = [(workers, _sent(given, folder, workers, seconds)) for workers in (1, 4)]
    return [*_fan_lines(fanned), "", *_send_lines(sent, seconds)]


def _fan_lines(fanned: list[dict[str, Any]]) -> list[str]:
    lines = [
        "| one event to | seconds | deliveries a second | peak memory before | and after | composed a second |",
        "|--:|--:|--:|--:|--:|--:|",
        *(_fan_line(one) for one in fanned),
    ]
    met = fanned[-1]["seconds"] <= AIM
    grown = (fanned[-1]["peak"] - fanned[-1]["before"]) / MEBIBYTE
    return [
        *lines, "",
        "| must be shown | | measured | |", "|---|--:|--:|---|",
        f"| one event to {MANY:,} followers | ≤ {AIM:g} s | {fanned[-1]['seconds']:.2f} s | {_word(met)} |",
        f"| memory that it takes | flat | {grown:.1f} MiB more | {_word(grown < 5)} |",
    ]  # fmt: skip


def _fan_line(one: dict[str, Any]) -> str:
    return (
        f"| {one['deliveries']:,} | {one['seconds']:.2f} | {one['deliveries'] / one['seconds']:,.0f} "
        f"| {one['before'] / MEBIBYTE:.0f} MiB | {one['peak'] / MEBIBYTE:.0f} MiB "
        f"| {one['messages'] / one['composing']:,.0f} |"
    )


def _word(met: bool) -> str:
    return "met" if met else "**short**"


def _send_lines(sent: list[tuple[int, float]], seconds: float) -> list[str]:
    return [
        f"| workers, for {seconds:g} s | mails a second |",
        "|--:|--:|",
        *(f"| {workers} | {rate:,.0f} |" for workers, rate in sent),
    ]


def _fanned(given: dict[str, str], folder: Path, size: int) -> dict[str, Any]:
    file = folder / f"fan-{size}"
    _door(given, "fan", str(file), str(size))
    found: dict[str, Any] = json.loads(file.read_text())
    if (found["deliveries"], found["messages"]) != (size, size):
        raise WrongAnswer(f"{size} follow it, and {found} were made.")
    return found


def _sent(given: dict[str, str], folder: Path, workers: int, seconds: float) -> float:
    """Mails a second, of all workers together."""
    begin = str(time.time() + TO_START)
    files = [folder / f"send-{workers}-{number}" for number in range(workers)]
    started = [
        subprocess.Popen(_words("send", str(file), begin, str(seconds)), cwd=HERE, env=given)
        for file in files
    ]
    if any(process.wait() for process in started):
        raise WrongAnswer("A worker stopped; what it says is above.")
    done = [json.loads(file.read_text()) for file in files]
    return float(sum(one["sent"] / one["seconds"] for one in done))


@contextmanager
def _mail_server(address: str) -> Iterator[dict[str, str]]:
    """A mail server on this machine, and the environment in which mails go to it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    given = {**environment(address), "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    words = _words("sink", port)
    with subprocess.Popen(
        words, cwd=HERE, env=given, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as server:
        assert server.stdout is not None  # noqa: S101
        server.stdout.readline()
        yield given
        server.communicate()


def _door(given: dict[str, str], *words: str) -> None:
    if subprocess.call(_words(*words), cwd=HERE, env=given) != 0:
        raise WrongAnswer(f"{words[0]} stopped; what it says is above.")


def _words(*given: str) -> list[str]:
    return [sys.executable, "-m", "bench.door", "notifications_work", *given]
