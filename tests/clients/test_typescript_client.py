"""A TypeScript program whose types openapi.yaml gives: checked as strictly as tsc can, then run at the served API.

Node's tools are pinned in `typescript/package-lock.json`, each with the digest of what it must be. They are installed
once, into `var/clients`, and used again until that file changes; the test is skipped where they cannot be had.
"""

import hashlib
import json
import shutil
import subprocess
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.api import matrix
from tests.clients.conftest import Served

pytestmark = pytest.mark.django_db
SOURCES = Path(__file__).with_name("typescript")
CONTRACT = Path(settings.BASE_DIR) / "openapi.yaml"
KEPT = Path(settings.BASE_DIR) / "var" / "clients"
OLDEST_NODE = 20
SECONDS = 600
INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--prefer-offline")


def ran(*command: str, at: Path) -> "subprocess.CompletedProcess[str]":
    """What a command did in a folder."""
    return subprocess.run(command, cwd=at, capture_output=True, text=True, check=False, timeout=SECONDS)


def skip_without_node() -> None:
    """Skip where there is no Node that is new enough."""
    if missing := [name for name in ("node", "npm") if shutil.which(name) is None]:
        pytest.skip(f"needs {' and '.join(missing)}, which this machine has not")
    version = ran("node", "--version", at=SOURCES).stdout
    if int(version.lstrip("v").partition(".")[0]) < OLDEST_NODE:
        pytest.skip(f"needs Node {OLDEST_NODE} or newer; this is {version.strip()}")


@pytest.fixture(scope="module")
def tools() -> Path:
    """Where node_modules is, installed if it was not yet."""
    skip_without_node()
    lock = (SOURCES / "package-lock.json").read_bytes()
    home = KEPT / hashlib.sha256(lock).hexdigest()[:16]
    if home.exists():
        return home
    # Processes that share the work may both install; whoever is first is kept.
    fresh = KEPT / f"installing-{uuid.uuid4().hex}"
    fresh.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SOURCES / name, fresh)
    done = ran("npm", *INSTALL, at=fresh)
    if done.returncode:
        shutil.rmtree(fresh)
        if "EINTEGRITY" in done.stderr:
            pytest.fail(f"What was fetched is not what package-lock.json names: {done.stderr[-1000:]}")
        pytest.skip(f"npm could not fetch what package-lock.json names: {done.stderr[-300:]}")
    try:
        fresh.rename(home)
    except OSError:
        shutil.rmtree(fresh)
    return home


@pytest.fixture(scope="module")
def folder(tools: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program beside the types that openapi.yaml gives, compiled."""
    made = tmp_path_factory.mktemp("typescript")
    for name in ("package.json", "tsconfig.json", "program.ts"):
        shutil.copy(SOURCES / name, made)
    (made / "node_modules").symlink_to(tools / "node_modules")
    types = ran(
        "node", "node_modules/openapi-typescript/bin/cli.js", str(CONTRACT), "--output", "api.ts", at=made
    )
    assert types.returncode == 0, types.stdout + types.stderr
    assert "warn" not in (types.stdout + types.stderr).lower()
    checked = ran("node", "node_modules/typescript/bin/tsc", "--project", ".", at=made)
    assert checked.returncode == 0, checked.stdout
    return made


def test_what_is_installed_is_pinned_and_names_no_registry() -> None:
    packages = json.loads((SOURCES / "package.json").read_text())["devDependencies"]
    assert all(version[0].isdigit() for version in packages.values())
    lock = json.loads((SOURCES / "package-lock.json").read_text())["packages"]
    assert all("integrity" in one and "resolved" not in one for name, one in lock.items() if name)


def test_a_typed_program_reads_writes_and_is_refused(folder: Path, service: Served) -> None:
    world = service.world
    given = {
        "base": service.base,
        "member": world.keys[matrix.LEAD_MEMBER],
        "resident": world.keys[matrix.RESIDENT],
        "assembly": "anytown-2025",
        "commitment": world.names["active"],
        "once": str(uuid.uuid4()),
    }
    done = ran("node", "made/program.js", json.dumps(given), at=folder)
    assert done.returncode == 0, done.stderr
    _check(json.loads(done.stdout), world)


def _check(found: dict[str, Any], world: Any) -> None:
    assert len(set(found["references"])) == len(found["references"]) > 4
    assert world.names["active"] in found["references"]
    assert (found["owners"], found["due"]) == (["north-team", "youth-team"], "2026-09-30")
    assert found["unmodified"] == 304
    assert found["themes"] == ["be-there"]
    assert found["teams"] == 4
    assert found["late"] >= 1
    assert found["challenges"] is True
    assert found["positions"] == list(range(1, len(found["positions"]) + 1))
    assert found["table"] == "reference"
    assert found["posted"] == [201, 201, True]
    assert found["replayed"] == "true"
    assert found["wrong"] == [400, "evidence_missing", "/evidence"]
    assert (found["forbidden"], found["stranger"]) == ("not_an_owner", "not_signed_in")
    assert found["me"] == world.users[matrix.LEAD_MEMBER].email
