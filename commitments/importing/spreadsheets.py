"""A set of CSVs as one file in the record format, each part with its place, so that faults are named where they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from commitments.importing.columns import SHEETS
from commitments.importing.pointers import pointer
from commitments.importing.reading import Place, Problem
from commitments.importing.saying import FORMAT
from commitments.importing.tables import Row, Table, read_table

Item = dict[str, Any]
# Rows that belong to a row of another sheet: the sheet above, the column that names it, the list they stand in.
WITHIN = {"findings": ("themes", "theme", "findings"), "notes": ("commitments", "commitment", "notes")}


@dataclass
class Sheets:
    """What the spreadsheets say together, where each thing stands in them, of which `kinds`, and what is wrong."""

    data: Item
    places: dict[str, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    is_whole: bool = True
    kinds: frozenset[str] = frozenset()

    def located(self, problems: Iterable[Problem]) -> list[Problem]:
        """The same problems with their places in the spreadsheets, in the order of their lines."""
        return sorted((self._located(one) for one in problems), key=_by_place)

    def _located(self, problem: Problem) -> Problem:
        if problem.place is not None:
            return problem
        above, inside = problem.pointer, ""
        while above and above not in self.places:
            above, _, part = above.rpartition("/")
            inside = f"{part}/{inside}" if inside else part
        place = self.places.get(above)
        if place is None:
            return problem
        column = _column(place.columns, inside)
        return Problem(problem.pointer, _of_cells(problem.words, column), place, column)


def _by_place(problem: Problem) -> tuple[str, int, int]:
    if problem.place is None:
        return "", 0, 0
    columns = list(problem.place.columns.values())
    column = columns.index(problem.column) if problem.column in columns else -1
    return problem.place.file, problem.place.line, column


def _column(columns: Mapping[str, str], inside: str) -> str:
    while inside and inside not in columns:
        inside = inside.rpartition("/")[0]
    return columns.get(inside, "")


# What a cell says differently from a JSON.
_WORDS = {
    " or null": " or leave it empty",
    "write null for": "leave all three empty for",
    "(null if unknown)": "(empty if unknown; or 31/03/2024, day first)",
    "such as 2026-11-23": "such as 2026-11-23 or 23/11/2026 (day first)",
    "one like 2026-11-23": "one like 2026-11-23 or 23/11/2026, day first",
}


_MISFIT = "does not fit here"
_VALUE = (
    "It is not what `value_is` says. That is text, number, yes/no, list (with ;), json, unknown or nothing, "
    "and the value is such a one."
)
_SEVERAL = ("recommendations", "owners", "areas")


def _of_cells(words: str, column: str) -> str:
    if column == "value" and _MISFIT in words:
        return _VALUE
    if column in _SEVERAL and "," in words.rpartition('"')[0]:
        words += " Between several stands a semicolon (;)."
    for said, meant in _WORDS.items():
        words = words.replace(said, meant)
    return words


def read_sheets(files: Mapping[str, bytes]) -> Sheets:
    """What these CSVs (by their names) say together."""
    tables = [read_table(name, content) for name, content in sorted(files.items())]
    found = Sheets({**FORMAT, **{sheet.name: [] for sheet in SHEETS if _is_part(sheet.name)}})
    found.problems = [problem for table in tables for problem in table.problems]
    found.is_whole = all(table.is_whole for table in tables)
    by_kind: dict[str, Table] = {}
    for table in tables:
        if table.sheet and by_kind.setdefault(table.sheet.name, table) is not table:
            table.refuse(f"It is of the same kind as {by_kind[table.sheet.name].file}; put both into one.")
            found.problems.append(table.problems[-1])
            found.is_whole = False
    found.kinds = frozenset(by_kind)
    for sheet in SHEETS:
        if sheet.name in by_kind:
            _add(found, by_kind[sheet.name])
    return found


def _is_part(name: str) -> bool:
    return name not in ("assembly", "facts", *WITHIN)


def _add(found: Sheets, table: Table) -> None:
    if table.sheet is None:
        return
    for row in table.rows:
        item = table.sheet.item(row.cells)
        where = Place(
            table.file, row.line, row.number, table.sheet.places() | _value_place(table.sheet.valued)
        )
        if table.sheet.name == "assembly":
            _add_assembly(found, table, row, item, where)
        elif table.sheet.name == "facts":
            _add_fact(found, table, row, item, where)
        elif table.sheet.name in WITHIN:
            _add_within(found, table, row, item, where)
        else:
            part = found.data[table.sheet.name]
            found.places[pointer(table.sheet.name, len(part))] = where
            part.append(item)


def _value_place(valued: bool) -> dict[str, str]:
    return {"value": "value"} if valued else {}


def _add_assembly(found: Sheets, table: Table, row: Row, item: Item, where: Place) -> None:
    if "assembly" in found.data:
        table.fault(
            "There is one assembly in a set of files; give each a set of its own.", row.line, row.number
        )
        found.problems.append(table.problems[-1])
        return
    found.data["assembly"] = item
    found.places["/assembly"] = where


def _add_fact(found: Sheets, table: Table, row: Row, item: Item, where: Place) -> None:
    if "/assembly" not in found.places:
        words = "Facts are published with their assembly, and assembly.csv is not among the files; add it."
        table.fault(words, row.line, row.number)
        found.problems.append(table.problems[-1])
        return
    facts = found.data["assembly"]["facts"]
    found.places[pointer("assembly", "facts", len(facts))] = where
    facts.append(item)


def _add_within(found: Sheets, table: Table, row: Row, item: Item, where: Place) -> None:
    above, column, name = WITHIN[table.sheet.name if table.sheet else ""]
    key = item.pop(column)
    index = next((place for place, one in enumerate(found.data[above]) if one["slug"] == key), None)
    if index is None:
        words = f"There is no {column} “{key}” in {above}.csv; what belongs to it is published with it, so add its row."
        table.fault(words, row.line, row.number, column)
        found.problems.append(table.problems[-1])
        return
    inner = found.data[above][index].setdefault(name, [])
    found.places[pointer(above, index, name, len(inner))] = where
    inner.append(item)
