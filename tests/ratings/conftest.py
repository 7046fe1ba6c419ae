"""What tests of ratings have around them: keys of their own, and something to rate."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def keys(settings: Settings, tmp_path: Path) -> Path:
    """The folder in which the keys of ballots lie."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "ballot-keys"
