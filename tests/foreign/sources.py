"""Where the foreign files lie: others' beside this copy of the project, and made-up ones of the same forms in it."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

OTHERS = Path(__file__).resolve().parents[3] / "shared" / "data"
MADE_UP = Path(__file__).resolve().parent / "made_up"
Row = dict[str, str]


def of_others(name: str) -> Path:
    """A file that others made; without it the test is skipped, for it is theirs and not copied into the project."""
    path = OTHERS / name
    if not path.exists():
        pytest.skip(f"{name}, which is not ours to copy, does not lie beside this copy of the project")
    return path


def table(path: Path) -> list[Row]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def documents(path: Path) -> list[dict[str, Any]]:
    """The JSON documents of a file that holds one a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def document(path: Path) -> Any:
    """The JSON document of a file."""
    return json.loads(path.read_text(encoding="utf-8"))
