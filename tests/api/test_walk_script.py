"""docs/walk.sh, with curl alone, against a service as it is started; and nothing is lost when it stops."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

HERE = Path(__file__).resolve().parents[2]
PAGE, SCRIPT = HERE / "docs" / "walk.md", HERE / "docs" / "walk.sh"
PEOPLE = ("convenor", "responder", "team", "panel", *(f"resident{number}" for number in range(1, 7)))
SECONDS_TO_START = 60
NEEDED = [name for name in ("bash", "curl") if shutil.which(name) is None]


def test_the_page_and_the_script_hold_the_same_commands() -> None:
    blocks = re.findall(r"^```bash\n(.*?)^```$", PAGE.read_text(), flags=re.M | re.S)
    assert len(blocks) > 10
    assert SCRIPT.read_text().partition("set -eu\n\n")[2] == "\n".join(blocks)


def test_the_script_can_be_run_as_it_is() -> None:
    assert os.access(SCRIPT, os.X_OK)


class Service:
    """The service with a data folder of its own, at a port of this machine that is free."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "DATA_DIR": str(folder / "data"),
            "PORT": str(self.port),
        }

    def manage(self, *arguments: str) -> str:
        """What a management command prints."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=HERE, env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Serve, as run.py does, until the block ends."""
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--workers", "1", "--blocking-threads", "4", "--no-ws"]
        with subprocess.Popen(
            [*command, "--log-level", "warning", "config.wsgi:application"], cwd=HERE, env=self.environment
        ) as process:
            try:
                self._wait()
                yield
            finally:
                process.terminate()

    def _wait(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            try:
                self.read("/health/")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError("The service did not start.")

    def read(self, path: str) -> bytes:
        """The body at this address."""
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(self.base + path, timeout=20) as answer:
            return bytes(answer.read())

    def walk(self, keys: dict[str, str]) -> "subprocess.CompletedProcess[str]":
        """Run the script."""
        environment = {**self.environment, "BASE": self.base, **keys}
        return subprocess.run(
            ["bash", str(SCRIPT)],  # noqa: S607
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@pytest.mark.skipif(not settings.ON_SQLITE, reason="the service that it starts has its own database")
@pytest.mark.skipif(bool(NEEDED), reason=f"needs {', '.join(NEEDED)}")
def test_the_walk_goes_twice_with_curl_and_a_restart_loses_nothing(tmp_path: Path) -> None:
    service = Service(tmp_path)
    (tmp_path / "data").mkdir()
    service.manage("migrate", "--verbosity", "0")
    service.manage("prepare")
    keys = {name.upper(): service.manage("issue_key", f"{name}@example.org") for name in PEOPLE}
    with service.running():
        for _ in range(2):
            walked = service.walk(keys)
            assert walked.returncode == 0, walked.stdout[-1500:] + walked.stderr[-500:]
            assert "standing: contested" in walked.stdout
        told = service.read("/api/v1/events/?after=0&page_size=100")
        commitments = service.read("/api/v1/commitments/")
    with service.running():
        assert service.read("/api/v1/events/?after=0&page_size=100") == told
        assert service.read("/api/v1/commitments/") == commitments
        assert service.walk(keys).returncode == 0
