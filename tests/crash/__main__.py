"""`make crash`: processes are killed on each database, and PostgreSQL is stopped at once; nothing may be lost.

200 kills of an appending process and 25 stops; then 200 kills of workers during 10,000 deliveries to a mail server and
to receivers of webhooks that fail.
python -m tests.crash [--kills 200] [--stops 25] [--worker-kills 200] [--deliveries 10000] [--only sqlite|postgres]
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import postgres

DURABLE = ("max_connections=50",)
"""As a real server is set: every commit reaches the disk before it is acknowledged."""
BUSY = ("max_connections=150",)
"""Workers that were killed leave connections behind until the server has seen it."""
RUN = "import sys, django; django.setup(); from tests.crash import {0}; sys.exit({0}.main(*sys.argv[1:]))"


def main() -> int:
    """Each database in a process of its own; 1 where anything was lost."""
    given = _arguments()
    names = [given.only] if given.only else ["sqlite", "postgres"]
    ended = []
    for name in names:
        stops = given.stops if name == "postgres" else 0
        if given.kills or stops:
            ended.append(_on(name, "rounds", DURABLE, [str(given.kills), str(stops)]))
        if given.worker_kills:
            ended.append(
                _on(
                    name,
                    "deliveries",
                    BUSY,
                    [str(given.worker_kills), str(given.deliveries), str(given.people)],
                )
            )
    return max(ended, default=0)


def _on(name: str, what: str, server: tuple[str, ...], numbers: list[str]) -> int:
    folder = Path(tempfile.mkdtemp(prefix="said-and-done-crash-"))
    folder.chmod(0o755)  # root starts PostgreSQL as somebody who must find the way
    port = str(_free_port())
    try:
        address = postgres.kept(folder / "postgres", server) if name == "postgres" else ""
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "ENVIRONMENT": "development",
            "ENGINE": "off",
            "SECRET_KEY": "only-for-tests-" * 4,
            "DATA_DIR": str(folder / "data"),
            "DATABASE_POOL": "0",
            "DATABASE_URL": address or f"sqlite:///{folder / 'crash.sqlite3'}",
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "WEBHOOKS_TO_THIS_MACHINE": "true",
        }
        given = {"rounds": [str(folder / "postgres")], "deliveries": [str(folder), port]}[what]
        words = [sys.executable, "-c", RUN.format(what), *given, *numbers]
        return subprocess.call(words, env=environment)
    except postgres.UnavailableError as reason:
        sys.stdout.write(f"{name}: skipped, because {reason}\n")
        return 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--stops", type=int, default=25)
    parser.add_argument("--worker-kills", type=int, default=200)
    parser.add_argument("--deliveries", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=125, help="how many follow, and how many are called")
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
