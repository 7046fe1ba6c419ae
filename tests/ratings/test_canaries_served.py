"""The same canaries against the server as production starts it, with every log turned on and all its files read."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from tests.ratings import errand
from tests.ratings.errand import Rater

SECONDS = 60
MADE = """
import django, json
django.setup()
from accounts import actions as accounts
from accounts.models import User
from ratings import actions
from tests import make
from tests.ratings import errand
assembly = make.assembly(prefix="AT25")
asked = make.recommendation(assembly, theme=make.theme(assembly, "presence"))
make.commitment(assembly, recommendations=[asked])
_, codes = actions.issue_codes(assembly, by=make.convenor(), number=errand.RATERS)
users = [User.objects.create_user(errand.address_of(number)) for number in range(errand.RATERS)]
keys = [[accounts.issue_key(user, scopes=[scope])[1] for scope in ("all", "account:read")] for user in users]
print(json.dumps([[number, *keys[number], codes[number]] for number in range(errand.RATERS)]))
"""


@dataclass
class Service:
    """A server of its own, and where its data and its words lie."""

    port: int
    folder: Path
    raters: list[Rater]

    @property
    def database(self) -> Path:
        """The file of the database."""
        return self.folder / "data" / "said-and-done.sqlite3"

    @property
    def keys(self) -> Path:
        """The folder of the keys."""
        return self.folder / "data" / "ballot-keys"

    def said(self) -> str:
        """All that it wrote to either stream, and every mail."""
        files = [self.folder / "server.log", *(self.folder / "data" / "mail").glob("*")]
        return "".join(file.read_text(encoding="utf-8", errors="replace") for file in files if file.exists())

    def copied(self) -> bytes:
        """The database as somebody copies it, its log and freed pages included."""
        files = (self.database, self.database.with_name(f"{self.database.name}-wal"))
        return b"".join(file.read_bytes() for file in files if file.exists())

    def ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        """As the proxy before it would."""
        sent = {**headers, "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def environment(folder: Path) -> dict[str, str]:
    """As in production, and told to log all there is."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "VIRTUAL_ENV") if name in os.environ}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ENVIRONMENT": "production",
        "DATA_DIR": str(folder / "data"),
        "SQLITE_IN_PRODUCTION": "true",
        "SECRET_KEY": "kept-from-canaries-" * 4,
        "PUBLIC_URL": "https://record.example.org",
        "ALLOWED_HOSTS": "127.0.0.1",
        "PROXIES": "1",
        "LOG_LEVEL": "DEBUG",
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """Started as run.py starts it, but for the levels of its logs, and stopped by its number."""
    base, own = Path(settings.BASE_DIR), environment(tmp_path)
    (tmp_path / "data").mkdir(mode=0o700)

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command], cwd=base, env=own, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("manage.py", "migrate", "-v", "0")
    run("manage.py", "collectstatic", "--no-input", "-v", "0")
    raters = [Rater(*row) for row in json.loads(run("-c", MADE).splitlines()[-1])]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
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
    command += [
        "--workers",
        "1",
        "--blocking-threads",
        "4",
        "--no-ws",
        "--log-level",
        "debug",
        "--access-log",
    ]
    with (tmp_path / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "config.wsgi:application"], cwd=base, env=own, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        service = Service(port, tmp_path, raters)
        _wait(service, process)
        yield service
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(service: Service, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            service.ask("GET", "/health/", None, {})
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"It did not start: {service.said()[-2000:]}")


def test_no_canary_sings_in_anything_that_a_real_server_writes(service: Service) -> None:
    theme = "assemblies/anytown-2025/themes/presence/rating/"
    statuses = errand.run(service.ask, service.raters, "AT25-C001", theme)
    statuses += _while_keys_are_open_to_others(service, theme)
    statuses += _while_a_table_is_gone(service, theme)
    assert {200, 204, 400, 401, 403, 405, 415, 429, 503} <= set(statuses)
    said = service.said()
    assert said.count("/rating/") > 100
    assert "OperationalError" in said
    canaries = set().union(*(rater.canaries for rater in service.raters))
    assert [one for one in canaries if one.lower() in said.lower()] == []
    # In the database an address belongs to its account; codes, words and wrong scores are nowhere, not even freed.
    copied = service.copied()
    assert [one for one in canaries if "@" not in one and one.encode() in copied] == []


def _while_keys_are_open_to_others(service: Service, theme: str) -> list[int]:
    service.keys.chmod(0o755)
    try:
        return errand.run(service.ask, service.raters[:1], "AT25-C001", theme)
    finally:
        service.keys.chmod(0o700)


def _while_a_table_is_gone(service: Service, theme: str) -> list[int]:
    with sqlite3.connect(service.database) as connection:
        connection.execute("ALTER TABLE ratings_freshballot RENAME TO ratings_gone")
    connection.close()
    try:
        return errand.run(service.ask, service.raters[1:2], "AT25-C001", theme)
    finally:
        with sqlite3.connect(service.database) as connection:
            connection.execute("ALTER TABLE ratings_gone RENAME TO ratings_freshballot")
        connection.close()
