"""`make crash`: 200 kills of an appending process on each database, and 25 immediate stops of PostgreSQL.

python -m tests.crash [--kills 200] [--stops 25] [--only sqlite|postgres]
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import postgres

DURABLE = ("max_connections=50",)
"""As a real server is set: every commit reaches the disk before it is acknowledged."""
ROUNDS = (
    "import sys, django; django.setup(); from tests.crash import rounds; sys.exit(rounds.main(*sys.argv[1:]))"
)


def main() -> int:
    """Each database in a process of its own; 1 where anything was lost."""
    given = _arguments()
    names = [given.only] if given.only else ["sqlite", "postgres"]
    return max([_on(name, given.kills, given.stops if name == "postgres" else 0) for name in names])


def _on(name: str, kills: int, stops: int) -> int:
    folder = Path(tempfile.mkdtemp(prefix="said-and-done-crash-"))
    folder.chmod(0o755)  # root starts PostgreSQL as somebody who must find the way
    try:
        address = postgres.kept(folder / "postgres", DURABLE) if name == "postgres" else ""
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "ENVIRONMENT": "development",
            "SECRET_KEY": "only-for-tests-" * 4,
            "DATA_DIR": str(folder / "data"),
            "DATABASE_POOL": "0",
            "DATABASE_URL": address or f"sqlite:///{folder / 'crash.sqlite3'}",
        }
        words = [sys.executable, "-c", ROUNDS, str(folder / "postgres"), str(kills), str(stops)]
        return subprocess.call(words, env=environment)
    except postgres.UnavailableError as reason:
        sys.stdout.write(f"{name}: skipped, because {reason}\n")
        return 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--stops", type=int, default=25)
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
