"""The demonstration, prepared once and really served, for tests that open its pages as people do."""

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import urllib3

from record import clock
from tests import migrated

HERE = Path(__file__).resolve().parents[2]
KEPT = HERE / "var" / "test"
ROOMS = ("record", "accounts", "commitments", "ratings", "notifications")
TELLING = (
    "actions",
    "data",
    "demonstration",
    "events",
    "importing",
    "ledger",
    "migrations",
    "models",
    "preparing",
)
"""Modules and folders of the rooms that what is in the story depends on."""
STEPS = (
    ("migrate", "--verbosity", "0"),
    ("prepare", "--demo"),
    ("invent_ratings",),
    ("sign_record", "--verbosity", "0"),
)
SECONDS_TO_SERVE = 180
OK = 200
LIMITS = ("THROTTLE_ANONYMOUS", "THROTTLE_KEY", "RATINGS_PER_ACCOUNT", "RATINGS_PER_NETWORK")


@dataclass(frozen=True)
class Site:
    """Where the demonstration is served (without a slash at the end), and its data folder."""

    base: str
    folder: Path

    @property
    def mails(self) -> Path:
        """Where its mails lie."""
        return self.folder / "mail"

    def manage(self, *words: str) -> None:
        """One management command on its data."""
        manage(self.folder, *words)


@contextmanager
def served(folder: Path, *commands: tuple[str, ...]) -> Iterator[Site]:
    """Serve a copy of the demonstration from `folder`, at a port of this machine, by the server that we ship.

    `commands` are done on its data first.
    """
    shutil.copytree(prepared(), folder, dirs_exist_ok=True)
    for command in commands:
        manage(folder, *command)
    port = _free_port()
    starting = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    starting += ["--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
    site = Site(f"http://127.0.0.1:{port}", folder)
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            [*starting, "config.wsgi:application"],
            cwd=HERE,
            env=_environment(folder, port),
            stdout=log,
            stderr=log,
        )
        try:
            _wait(server, site)
            yield site
        finally:
            server.terminate()
            server.wait(timeout=20)


def prepared() -> Path:
    """A data folder with the demonstration in it, made anew when the code that tells its story has changed."""
    KEPT.mkdir(parents=True, exist_ok=True)
    whole = KEPT / f"demonstration-{_told_by()}"
    with (KEPT / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            for older in KEPT.glob("demonstration-*"):
                shutil.rmtree(older)
            draft = KEPT / "demonstration-draft"
            shutil.rmtree(draft, ignore_errors=True)
            _prepare(draft)
            draft.rename(whole)
    return whole


def _prepare(folder: Path) -> None:
    folder.mkdir()
    if migrated.kept().exists():
        shutil.copyfile(migrated.kept(), folder / "said-and-done.sqlite3")
    for step in STEPS:
        manage(folder, *step)


def _told_by() -> str:
    """What stands for the day and for all code that the story is made by."""
    found = hashlib.sha256(f"{clock.today()}".encode())
    for room in ROOMS:
        for file in sorted(path for path in (HERE / room).rglob("*") if path.suffix in (".py", ".json")):
            if not {*file.with_suffix("").relative_to(HERE).parts}.isdisjoint(TELLING):
                found.update(file.read_bytes())
    return found.hexdigest()[:16]


def manage(folder: Path, *words: str) -> None:
    """One management command on the data in `folder`; what it says when it fails is raised."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=HERE,
        env=_environment(folder, 8000),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def _environment(folder: Path, port: int) -> dict[str, str]:
    left_out = {"DATABASE_URL", "EMAIL_URL", "CACHE_URL", "PUBLIC_URL", "ALLOWED_HOSTS", "PROXIES", "DEBUG"}
    return {name: value for name, value in os.environ.items() if name not in left_out} | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ENVIRONMENT": "development",
        "DATA_DIR": str(folder),
        "SECRET_KEY": "only-for-tests-" * 4,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        # The record is signed before the port is known, and keeps its name.
        "RECORD_ORIGIN": "127.0.0.1/api/v1/record",
        **dict.fromkeys(LIMITS, "1000000/hour"),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], site: Site) -> None:
    """Return when it answers. Raises AssertionError with its log when it does not."""
    deadline = time.monotonic() + SECONDS_TO_SERVE
    while server.poll() is None and time.monotonic() < deadline:
        with suppress(urllib3.exceptions.HTTPError):
            if urllib3.request("GET", f"{site.base}/api/v1/", timeout=5, retries=False).status == OK:
                return
        time.sleep(0.05)
    raise AssertionError((site.folder / "server.log").read_text())
