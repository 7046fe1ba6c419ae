"""From a postcode to an area, where the operator loaded the table of the Office for National Statistics.

The table is a file of our own beside the database, not in it: what somebody looks up is then in no statement that a
database may log, and in no copy of it. It holds nothing but postcodes and the codes of areas in the record.
"""

import csv
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.conf import settings

from commitments.choices import AreaKind
from commitments.models import Area
from record.refusals import Invalid

NAME = "postcodes.sqlite3"
POSTCODE = re.compile(r"(?P<outward>[A-Z]{1,2}[0-9][A-Z0-9]?)(?P<inward>[0-9][A-Z]{2})")
CHUNK = 5000
LONGEST = 12
"""Characters that somebody may type for a postcode, spaces included."""
HEADERS = {
    "postcode": re.compile(r"pcds|pcd8|pcd7|pcd2|pcd|postcode"),
    "ward": re.compile(r"osward|ward|wd[0-9]{2}cd|wd_?cd"),
    "borough": re.compile(r"oslaua|laua|lad[0-9]{2}cd|lad_?cd"),
}
"""How ONSPD and NSPL have named their columns over the years."""


class HeaderMissing(Invalid):
    """The file has no column of such a name."""

    code = "header_missing"
    sentence = (
        "The file has no column for the {what}: none of its headers is called as ONSPD or NSPL call it. "
        "Say which with --{what} NAME. Its headers: {headers}."
    )


class NothingFits(Invalid):
    """No row of the file names an area of the record."""

    code = "nothing_fits"
    sentence = (
        "No postcode of this file lies in an area of the record, and the table that was there stays as it was. "
        "Codes change with boundaries: take the file whose wards are of the years that `areas/` shows."
    )


@dataclass(frozen=True)
class Loaded:
    """What a file brought."""

    read: int
    kept: int
    empty: list[str]
    """Wards of the record to which no postcode belongs: their codes may be of other boundaries."""


def normal(text: str) -> str | None:
    """A postcode as the table has it, in capitals and without a space; None for what is none."""
    bare = re.sub(r"\s+", "", text[: 4 * LONGEST]).upper()
    return bare if POSTCODE.fullmatch(bare) else None


def is_loaded() -> bool:
    """Whether there is a table to look in."""
    return _file().exists()


def area_of(postcode: str) -> str | None:
    """The code of the area in which a normal postcode lies, by the table; None where it is not there."""
    if not is_loaded():
        return None
    with closing(sqlite3.connect(f"{_file().as_uri()}?mode=ro", uri=True)) as table:
        row = table.execute("SELECT area FROM postcodes WHERE postcode = ?", [postcode]).fetchone()
    return row[0] if row else None


def load(file: Path, named: Mapping[str, str]) -> Loaded:
    """Read a table of ONS row by row and put ours in the place of the old one. `named` are columns called otherwise.

    Raises HeaderMissing and NothingFits, and leaves the old table then.
    """
    kinds = dict(Area.objects.values_list("code", "kind"))
    fresh = _file().with_name(f"{NAME}.{os.getpid()}.loading")
    fresh.unlink(missing_ok=True)
    counted = {"read": 0}
    try:
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            _write(fresh, _rows(csv.DictReader(lines), named, kinds, counted))
        kept, used = _counted(fresh)
        if not kept:
            raise NothingFits
        fresh.replace(_file())
    finally:
        fresh.unlink(missing_ok=True)
    wards = {code for code, kind in kinds.items() if kind == AreaKind.WARD}
    return Loaded(counted["read"], kept, sorted(wards - used))


def _rows(
    table: "csv.DictReader[str]", named: Mapping[str, str], kinds: Mapping[str, str], counted: dict[str, int]
) -> Iterator[tuple[str, str]]:
    """Postcodes that lie in an area of the record: its ward, or else its borough."""
    headers = list(table.fieldnames or ())
    postcode, ward = (_column(headers, what, named) for what in ("postcode", "ward"))
    borough = _column(headers, "borough", named, is_needed=False)
    for row in table:
        counted["read"] += 1
        code, normalised = row[ward] or "", normal(row[postcode] or "")
        found = code if code in kinds else (row.get(borough) or "")
        if normalised and found in kinds:
            yield normalised, found


def _column(headers: list[str], what: str, named: Mapping[str, str], *, is_needed: bool = True) -> str:
    """The header of a column, as it was named or as ONS names it."""
    wanted = named.get(what)
    for header in headers:
        if header == wanted or (not wanted and HEADERS[what].fullmatch(header.strip().lower())):
            return header
    if is_needed or wanted:
        raise HeaderMissing(what=what, headers=", ".join(headers[:60]) or "none")
    return ""


def _write(fresh: Path, rows: Iterator[tuple[str, str]]) -> None:
    with closing(sqlite3.connect(fresh)) as table:
        table.execute("CREATE TABLE postcodes (postcode TEXT PRIMARY KEY, area TEXT NOT NULL) WITHOUT ROWID")
        for chunk in _chunks(rows):
            table.executemany("INSERT OR REPLACE INTO postcodes VALUES (?, ?)", chunk)
        table.commit()


def _chunks(rows: Iterator[tuple[str, str]]) -> Iterable[list[tuple[str, str]]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _counted(fresh: Path) -> tuple[int, set[str]]:
    with closing(sqlite3.connect(fresh)) as table:
        rows = table.execute("SELECT area, count(*) FROM postcodes GROUP BY area").fetchall()
    return sum(number for _, number in rows), {area for area, _ in rows}


def _file() -> Path:
    return Path(settings.DATA_DIR) / NAME
