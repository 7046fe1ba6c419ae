"""Each thing that makes a production start unsafe has a sentence of its own."""

import secrets
from typing import Any

import pytest

from config import production

SAFE: dict[str, Any] = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "DEBUG": False,
    "ALLOWED_HOSTS": ["said.example.org"],
    "PUBLIC_URL": "https://said.example.org",
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
    "ON_SQLITE": False,
    "SQLITE_IN_PRODUCTION": False,
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache"}},
    "WEB_WORKERS": 4,
    "WEBHOOKS_TO_THIS_MACHINE": False,
    "ENGINE": "thread",
}
GIVEN = {"DATA_DIR": "kept"}
ON_SQLITE = {"ON_SQLITE": True, "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}}
ALONE = {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {**ON_SQLITE, "SQLITE_IN_PRODUCTION": True},
        {**ALONE, "WEB_WORKERS": 1},
        {"ENVIRONMENT": "development"},
    ],
)
def test_a_safe_start_has_no_problems(change: dict[str, Any]) -> None:
    assert production.problems(SAFE | change, GIVEN) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "x" * 49}, "SECRET_KEY is too easy"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY is too easy"),
        ({"DEBUG": True}, "DEBUG is on"),
        ({"ALLOWED_HOSTS": []}, "ALLOWED_HOSTS is not set"),
        ({"ALLOWED_HOSTS": ["*"]}, 'ALLOWED_HOSTS has "*"'),
        ({"PUBLIC_URL": ""}, "PUBLIC_URL is not"),
        ({"PUBLIC_URL": "https://"}, "PUBLIC_URL is not"),
        ({"PUBLIC_URL": "http://said.example.org"}, "PUBLIC_URL is not"),
        (ON_SQLITE, "DATABASE_URL is not PostgreSQL"),
        (ALONE, "CACHE_URL is not set"),
        ({"WEBHOOKS_TO_THIS_MACHINE": True}, "WEBHOOKS_TO_THIS_MACHINE is on"),
        ({"ENVIRONMENT": "Production"}, 'ENVIRONMENT is "Production"'),
        ({"DATABASES": {"default": {}}}, "DATABASE_URL must begin"),
        ({"ENGINE": "threads"}, 'ENGINE is "threads"'),
    ],
)
def test_an_unsafe_start_has_one_problem_named_by_its_variable(change: dict[str, Any], words: str) -> None:
    (found,) = production.problems(SAFE | change, GIVEN)
    assert found.startswith(words)


def test_a_data_folder_that_nobody_named_is_a_problem() -> None:
    (found,) = production.problems(SAFE, {})
    assert found.startswith("DATA_DIR is not set")


def test_problems_are_read_as_one_list() -> None:
    said = production.words(["One.", "Two."])
    assert said.splitlines()[1:] == ["  - One.", "  - Two."]
