"""An unsafe production start is refused, with a sentence for each problem."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from config import production, secret

HERE = Path(__file__).resolve().parents[2]
SAFE = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "said.example.org",
    "PUBLIC_URL": "https://said.example.org",
    "DATABASE_URL": "postgres://someone:else@127.0.0.1:5432/said",
}


def start(tmp_path: Path, **environment: str | None) -> "subprocess.CompletedProcess[str]":
    """Ask for one setting the way a server would: a process of its own, nothing inherited but the path."""
    chosen: dict[str, str | None] = {**SAFE, "DATA_DIR": str(tmp_path), **environment}
    given = {"PATH": os.environ["PATH"]} | {
        name: value for name, value in chosen.items() if value is not None
    }
    command = [sys.executable, "manage.py", "diffsettings"]
    return subprocess.run(command, cwd=HERE, env=given, capture_output=True, text=True, check=False)


def test_a_safe_production_start_is_allowed_and_locks_the_doors(tmp_path: Path) -> None:
    result = start(tmp_path)
    assert result.returncode == 0, result.stderr
    for line in (
        "SIMULATION_ALLOWED = False",
        "SESSION_COOKIE_SECURE = True",
        "CSRF_COOKIE_SECURE = True",
        "SESSION_COOKIE_NAME = '__Host-sessionid'",
        "CSRF_COOKIE_NAME = '__Host-csrftoken'",
        "SECURE_SSL_REDIRECT = True",
        "SECURE_HSTS_SECONDS = 31536000",
    ):
        assert line in result.stdout


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too easy"),
        ({"SECRET_KEY": "a" * 80}, "SECRET_KEY is too easy"),
        ({"DEBUG": "true"}, "DEBUG is on"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS is not set"),
        ({"ALLOWED_HOSTS": "said.example.org,*"}, 'ALLOWED_HOSTS has "*"'),
        ({"PUBLIC_URL": None}, "PUBLIC_URL is not"),
        ({"PUBLIC_URL": "http://said.example.org"}, "PUBLIC_URL is not"),
        ({"DATABASE_URL": None}, "DATABASE_URL is not PostgreSQL"),
        ({"DATA_DIR": None}, "DATA_DIR is not set"),
        ({"WEB_WORKERS": "2"}, "CACHE_URL is not set"),
        ({"ENVIRONMENT": "prod"}, 'ENVIRONMENT is "prod"'),
        ({"DATABASE_URL": "mysql://a:b@c/d"}, "DATABASE_URL must begin"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL must begin"),
        ({"PROXIES": "one"}, 'PROXIES is "one"'),
    ],
)
def test_an_unsafe_production_start_is_refused_in_words(
    tmp_path: Path, environment: dict[str, str | None], words: str
) -> None:
    result = start(tmp_path, **environment)
    assert result.returncode != 0
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_all_problems_are_said_at_once(tmp_path: Path) -> None:
    result = start(
        tmp_path, SECRET_KEY=None, ALLOWED_HOSTS=None, PUBLIC_URL=None, DATABASE_URL=None, DEBUG="1"
    )
    assert result.stderr.count("\n  - ") == 5


def test_sqlite_may_be_chosen_for_production_on_purpose(tmp_path: Path) -> None:
    result = start(tmp_path, DATABASE_URL=None, SQLITE_IN_PRODUCTION="true")
    assert result.returncode == 0, result.stderr


def test_development_has_nothing_to_refuse(tmp_path: Path) -> None:
    assert start(tmp_path, **dict.fromkeys(SAFE)).returncode == 0


def test_a_development_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    key = secret.kept_in(folder)
    secret._make(folder / secret.NAME)
    assert secret.kept_in(folder) == key
    assert len(key) >= production.SHORTEST_SECRET
    assert (folder / secret.NAME).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == [secret.NAME]


def test_a_database_that_is_away_is_a_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "migrate"]
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "postgres://a:b@127.0.0.1:1/c",
    }
    result = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith("The database cannot be reached; DATABASE_URL")
    assert "Traceback" not in result.stderr
