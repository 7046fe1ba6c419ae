"""How fast the service answers on this machine: `make bench`. Compare runs of one machine with one another only."""

import asyncio
import os
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
DATA = HERE / "var" / "bench"
SECONDS = 3.0
CLIENTS = 16
SECONDS_TO_START = 60
ASSEMBLY = "waltham-forest-2024"
ADDRESSES = {
    "alive": "/health/",
    "commitments, 50 a page": "/api/v1/commitments/?page_size=50",
    "late commitments of an assembly": f"/api/v1/commitments/?assembly={ASSEMBLY}&overdue=true",
    "recommendations": f"/api/v1/recommendations/?assembly={ASSEMBLY}",
    "one recommendation": "/api/v1/recommendations/WF24-R05/",
    "text search": "/api/v1/commitments/?q=youth",
    "the change feed": "/api/v1/events/?after=0",
    "areas": "/api/v1/areas/",
}


@dataclass
class Result:
    """What one address gave: times in seconds, and how many answers were not what was hoped for."""

    times: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    def line(self, name: str, seconds: float) -> str:
        """One line of the table."""
        ordered = sorted(self.times) or [0.0]
        middle, late = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
        answers = " ".join(f"{status}×{count}" for status, count in sorted(self.statuses.items()))
        return f"{name:34}{len(self.times) / seconds:9.0f}/s{middle * 1000:9.1f} ms{late * 1000:9.1f} ms   {answers}"


async def measured(
    port: int, path: str, *, tag: str = "", seconds: float = SECONDS, clients: int = CLIENTS
) -> Result:
    """Ask for `path` over and over on `clients` connections; with `tag`, on condition that it changed."""
    result = Result()
    until = time.perf_counter() + seconds
    await asyncio.gather(*(_ask(port, path, tag, until, result) for _ in range(clients)))
    return result


async def _ask(port: int, path: str, tag: str, until: float, result: Result) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    condition = f"If-None-Match: {tag}\r\n" if tag else ""
    request = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n{condition}\r\n".encode()
    )
    while time.perf_counter() < until:
        started = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        await _read_body(reader, head)
        status = int(head.split(b" ", 2)[1])
        result.times.append(time.perf_counter() - started)
        result.statuses[status] = result.statuses.get(status, 0) + 1
    writer.close()


async def _read_body(reader: asyncio.StreamReader, head: bytes) -> None:
    if length := re.search(rb"\r\ncontent-length: (\d+)", head, re.IGNORECASE):
        await reader.readexactly(int(length[1]))
    elif b"transfer-encoding: chunked" in head.lower():
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()


def tag_of(port: int, path: str) -> str:
    """The ETag of `path`; empty where it has none."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return str(answer.headers.get("ETag") or "")
    except urllib.error.HTTPError:
        return ""


async def measure_all(port: int) -> None:
    """Print the table."""
    say(
        f"{CLIENTS} connections, {SECONDS:.0f} s each. Answers a second; times that half, and 95 %, were within.\n"
    )
    for name, path in ADDRESSES.items():
        await measured(port, path, seconds=0.3)
        say((await measured(port, path)).line(name, SECONDS))
    listed = ADDRESSES["commitments, 50 a page"]
    if tag := tag_of(port, listed):
        say((await measured(port, listed, tag=tag)).line("the same list, unchanged (304)", SECONDS))


def say(words: str) -> None:
    """Print at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> int:
    """Serve the demonstration from a folder of its own, measure, stop."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {
        **os.environ,
        "DATA_DIR": str(DATA),
        "PORT": str(port),
        "LOG_LEVEL": "ERROR",
        "THROTTLE_ANONYMOUS": "100000000/min",
        "THROTTLE_KEY": "100000000/min",
    }
    server = subprocess.Popen(
        [sys.executable, "run.py", "demo"], cwd=HERE, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        if not up(port, server):
            return 1
        asyncio.run(measure_all(port))
    finally:
        server.terminate()
        server.wait(timeout=30)
    return 0


def up(port: int, server: "subprocess.Popen[bytes]") -> bool:
    """Whether the service came up."""
    until = time.monotonic() + SECONDS_TO_START * 5
    while server.poll() is None and time.monotonic() < until:
        try:
            tag_of(port, "/health/")
        except OSError:
            time.sleep(0.2)
        else:
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
