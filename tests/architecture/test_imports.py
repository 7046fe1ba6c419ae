"""The doors between the rooms: shut, and each tried once from the wrong side."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2]
ROOMS = ("accounts", "api", "bench", "commitments", "config", "notifications", "portal", "ratings", "record")

# The contract, the file that breaks it, and the line that does.
BREACHES = [
    ("The rooms", "record/clock.py", "from accounts import models"),
    ("The rooms", "accounts/roles.py", "import commitments.models"),
    ("The rooms", "commitments/errors/who.py", "import ratings.apps"),
    ("The rooms", "portal/urls.py", "import api.urls"),
    ("The rooms", "api/urls.py", "import portal.urls"),
    ("The rooms", "api/urls.py", "import config.urls"),
    ("The rooms", "config/urls.py", "import bench.words"),
    ("Inside the domain", "commitments/models/__init__.py", "import commitments.permissions"),
    ("Inside the domain", "commitments/permissions.py", "import commitments.deadlines"),
    ("Inside the domain", "commitments/deadlines.py", "import commitments.actions"),
    ("Inside the domain", "commitments/events.py", "import commitments.errors"),
    ("HTTP for machines", "commitments/permissions.py", "import rest_framework.views"),
    ("HTTP for machines", "portal/urls.py", "import django_filters"),
    ("HTTP for machines", "config/urls.py", "from drf_spectacular import views"),
    ("Only actions", "api/urls.py", "from record import ledger"),
    ("Only actions", "commitments/permissions.py", "from record.ledger import append"),
    ("Only actions", "accounts/keys.py", "import record.ledger"),
    ("Three clients alone", "notifications/calling.py", "import urllib3"),
    ("Three clients alone", "commitments/policeuk/reading.py", "import urllib3"),
    ("Three clients alone", "api/urls.py", "from urllib3 import PoolManager"),
]


def linted(folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "tests.imports", str(folder)],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The packages in a folder where they may be broken."""
    for room in ROOMS:
        shutil.copytree(HERE / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(HERE / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_is_kept() -> None:
    result = linted(HERE)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("contract", "file", "line"), BREACHES)
def test_an_import_through_a_wrong_door_breaks_its_contract(
    copied: Path, contract: str, file: str, line: str
) -> None:
    broken = copied / file
    broken.write_text(f"{broken.read_text()}\n{line}\n")
    result = linted(copied)
    assert result.returncode == 1, result.stdout
    assert f"{contract}" in result.stdout.partition("Broken contracts")[2]


def test_every_room_is_under_contract() -> None:
    packages = {path.parent.name for path in HERE.glob("*/__init__.py")} - {"tests"}
    assert packages == set(ROOMS)
