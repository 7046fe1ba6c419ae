"""Round after round: write, crash, look."""

import os
import random
import signal
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from tests import postgres
from tests.crash import appending, checking
from tests.crash.__main__ import DURABLE


def main(folder: str, kills: str, stops: str) -> int:
    """So many kills, then so many stops of the PostgreSQL in `folder`; raises where anything was lost."""
    by = checking.prepare()
    acknowledged: dict[int, str] = {}
    for number in range(int(kills) + int(stops)):
        with appending.appending(by, f"{number:x}") as child:
            child.wait_for_first()
            appending.pause(random.uniform(0, 0.2))
            if number < int(kills):
                child.kill()
            else:
                _stop_at_once(Path(folder))
                child.end()
                appending.use_port(urlsplit(postgres.kept(Path(folder), DURABLE)).port or 0)
        acknowledged |= child.acknowledged
        checking.check(acknowledged)
    appending.say(
        f"{connection.vendor}: {kills} kills and {stops} immediate stops; {len(acknowledged)} acknowledged entries of "
        f"{checking.size()}, none lost, no gap, no fork."
    )
    return 0


def _stop_at_once(folder: Path) -> None:
    """What `pg_ctl stop -m immediate` does: the server ends without writing anything more."""
    number = int((folder / "data" / "postmaster.pid").read_text().split()[0])
    os.kill(number, signal.SIGQUIT)
    while _runs(number):
        appending.pause(0.02)


def _runs(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
