"""Spreadsheets with anything in their cells: taken, or refused in words, and never half."""

import csv
import io
import random
from pathlib import Path

import pytest

from commitments import importing
from commitments.errors import NotTheConvenor
from record.models import Entry
from tests import make

pytestmark = pytest.mark.django_db
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "spreadsheets"
NASTY = [
    "",
    " ",
    "=1+1",
    "2026-02-30",
    "99999999999999999999",
    "1e400",
    "-1",
    "²",
    "a;b;;",
    "(lead)",
    "organisation:",
    "x" * 301,
]
NASTY += [
    "2;2",
    "E09000002",
    "police",
    "null",
    "'",
    '"',
    "\u202e",
    "9999-12-31",
    "3",
    "text",
    "json",
    "[[]]",
    "{}",
    "yes/no",
]


@pytest.mark.parametrize("seed", range(20))
def test_whatever_stands_in_the_cells_is_taken_or_refused_in_words(seed: int) -> None:
    chance = random.Random(seed)
    files = {name: content for name, content in importing.gathered(EXAMPLES).items() if name.endswith(".csv")}
    for _ in range(chance.randint(1, 4)):
        name = chance.choice(sorted(files))
        rows = list(csv.reader(io.StringIO(files[name].decode("utf-8-sig"), newline="")))
        if len(rows) > 1:
            row = chance.choice(rows[1:])
            row[chance.randrange(len(row))] = chance.choice(NASTY)
        buffer = io.StringIO(newline="")
        csv.writer(buffer).writerows(rows)
        files[name] = buffer.getvalue().encode()
    convenor, refused = make.convenor("anytown-2025"), None
    try:
        importing.import_files(files, today=make.TODAY, by=convenor, reason="Read again")
    except (importing.FileRefused, NotTheConvenor) as refusal:
        refused = refusal
    assert (refused is None) == Entry.objects.exists()
    assert refused is None or refused.detail.endswith(".")
