"""ARCHITECTURE.md and the privacy page are true: what they name is there, and what comes later is not."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from accounts.models import User

HERE = Path(__file__).resolve().parents[2]
PAGE = (HERE / "ARCHITECTURE.md").read_text()
PRESENT, _, REST = PAGE.partition("## What comes later")
LATER = REST.partition("\n## ")[0]
ROOMS = ("record", "accounts", "commitments", "ratings", "notifications", "api", "portal", "config")
NAMED = re.compile(r"`((?:[\w.-]+/)*[\w.-]+(?:\.(?:py|md|toml|yaml|sh)|/))`")
MADE_BY_A_START = {"var/", ".venv/"}


def named(text: str) -> set[str]:
    """The files and folders that a text names in code type."""
    return set(NAMED.findall(text)) - MADE_BY_A_START


def test_the_page_names_many_paths_and_each_exists() -> None:
    assert len(named(PRESENT)) > 30
    assert [path for path in sorted(named(PRESENT)) if not (HERE / path).exists()] == []


def test_what_comes_later_is_not_there_yet() -> None:
    assert bool(named(LATER)) != ("there are none" in LATER)
    assert [path for path in sorted(named(LATER)) if (HERE / path).exists()] == []


def test_each_folder_at_the_top_is_named() -> None:
    folders = {f"{path.name}/" for path in HERE.iterdir() if path.is_dir() and path.name[0] not in "._"}
    assert folders - {"var/"} <= named(PRESENT)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_that_is_called_empty_is_empty(room: str) -> None:
    line = next(line for line in PRESENT.splitlines() if line.startswith(f"| `{room}/`"))
    modules = {path.name for path in (HERE / room).rglob("*.py")} - {"__init__.py", "apps.py"}
    assert ("empty room" in line) == (not modules)


def points_to_a_person(model: type[models.Model]) -> bool:
    """Whether a field of the model leads to an account."""
    return any(field.related_model is User for field in model._meta.get_fields() if field.concrete)


OURS = [model for model in apps.get_models() if model.__module__.partition(".")[0] in ROOMS]
ABOUT_PEOPLE = [model for model in OURS if model is User or points_to_a_person(model)]


@pytest.mark.parametrize("model", ABOUT_PEOPLE, ids=lambda model: str(model._meta.label))
def test_each_model_about_people_says_so_and_is_on_the_privacy_page(model: type[models.Model]) -> None:
    assert "About people" in (model.__doc__ or "")
    assert f"`{model._meta.label}`" in (HERE / "docs" / "privacy.md").read_text()


def test_the_privacy_page_names_only_models_that_exist() -> None:
    page = (HERE / "docs" / "privacy.md").read_text()
    labels = {model._meta.label for model in OURS}
    assert set(re.findall(r"`([a-z]+\.[A-Z]\w+)`", page)) <= labels
