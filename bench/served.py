"""The peers, each behind the same server with as many processes and threads, and how much memory they take."""

import os
import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.load import Request, WrongAnswer, once
from bench.store import FOLDER, HERE, environment

SECONDS_TO_START = 60
OURS, KEPT, STOCK, FLOOR = "ours", "ours, kept", "stock", "floor"
APPLICATIONS = {
    OURS: ("bench.anew:application", "bench.settings_ours", {"BENCH_ANEW": "1"}),
    KEPT: ("config.wsgi:application", "bench.settings_ours", {}),
    STOCK: ("config.wsgi:application", "bench.settings_stock", {}),
    FLOOR: ("bench.floor:application", "", {}),
}
ALIVE = {
    OURS: "/health/live/",
    KEPT: "/health/live/",
    STOCK: "/api/v1/events/",
    FLOOR: "/kept/api/v1/commitments/",
}


@dataclass(frozen=True)
class Staff:
    """How many serve."""

    workers: int = 1
    threads: int = 4


class Server:
    """One peer on one database."""

    def __init__(self, peer: str, address: str, questions: Path, staff: Staff) -> None:
        application, settings, more = APPLICATIONS[peer]
        self.peer, self.port = peer, _free_port()
        self._pids: list[int] = []
        self._log = (FOLDER / f"{peer.replace(', ', '-')}.log").open("wb")
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
                *("--port", str(self.port), "--workers", str(staff.workers)),
                *("--blocking-threads", str(staff.threads), "--no-ws", "--log-level", "error", application),
            ],
            cwd=HERE,
            env={
                **environment(address),
                **more,
                "DJANGO_SETTINGS_MODULE": settings,
                "BENCH_QUESTIONS": str(questions),
                "PORT": str(self.port),
            },
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def wait(self) -> None:
        """Until it answers. Raises WrongAnswer, with what it said, where it does not."""
        until = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                once(self.port, Request(ALIVE[self.peer]))
            except (OSError, WrongAnswer) as error:
                if self._process.poll() is not None or time.monotonic() > until:
                    self.stop()
                    words = Path(self._log.name).read_text(errors="replace")[-2000:]
                    raise WrongAnswer(f"{self.peer} does not answer: {error}\n{words}") from error
                time.sleep(0.1)
            else:
                return

    def memory(self) -> int:
        """Bytes that its workers take on average: their proportional share where the system says, else all resident."""
        workers = [_memory(pid) for pid in self._workers()]
        return sum(workers) // len(workers) if workers else 0

    def processor(self) -> float:
        """Seconds that its workers have computed so far."""
        return sum(_processor(pid) for pid in self._workers())

    def _workers(self) -> list[int]:
        self._pids = self._pids or _children(self._process.pid)
        return self._pids

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(pid: int) -> list[int]:
    """The worker processes: every child but Python's tracker of resources."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            words = (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == pid and b"resource_tracker" not in words:
            found.append(int(stat.parent.name))
    return found


def _processor(pid: int) -> float:
    try:
        fields = (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> int:
    for file, name in (("smaps_rollup", "Pss"), ("status", "VmRSS")):
        try:
            text = (Path("/proc") / str(pid) / file).read_text()
        except OSError:
            continue
        if found := re.search(rf"^{name}:\s+(\d+) kB", text, flags=re.M):
            return int(found[1]) * 1024
    return 0
