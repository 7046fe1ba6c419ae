"""The bytes of a CSV as rows: what Excel and LibreOffice really write, and words for what cannot be read."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from commitments.importing.cells import SPOILT
from commitments.importing.columns import BY_NAME, SHEETS, Sheet
from commitments.importing.reading import Place, Problem

DELIMITERS = ",;\t"
SAVE_AS = (
    "save it as CSV in UTF-8 (Excel: “CSV UTF-8 (Comma delimited)”; LibreOffice: Text CSV, Unicode (UTF-8))"
)

SPOILT_CELL = (
    "The spreadsheet wrote {cell}, since it could not show or compute this cell: widen the column, or type an "
    "apostrophe (') before a text that begins with =, +, - or @."
)


@dataclass(frozen=True)
class Row:
    """A row that says something: its line in the file, its number as a spreadsheet counts, its cells by column."""

    line: int
    number: int
    cells: Mapping[str, str]


@dataclass
class Table:
    """A CSV of one kind, and what is wrong with it as a whole or in single rows."""

    file: str
    sheet: Sheet | None = None
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    is_whole: bool = True

    def refuse(self, words: str, line: int = 0, number: int = 0, column: str = "") -> None:
        """Note what is wrong with the file as a whole, which cannot be read further."""
        self.is_whole = False
        self.fault(words, line, number, column)

    def fault(self, words: str, line: int = 0, number: int = 0, column: str = "") -> None:
        """Note what is wrong at a place."""
        self.problems.append(Problem("", words, Place(self.file, line, number or line), column))


def read_table(file: str, content: bytes) -> Table:
    """The rows of a CSV; its kind is told by its name, or by its columns."""
    table = Table(file)
    text = _decoded(table, content)
    lines = list(_lines(table, text)) if text is not None else []
    if not table.is_whole:
        return table
    if not lines:
        table.refuse("It is empty; write the names of the columns into the first row.")
        return table
    header = [name.strip().lower() for name in lines[0][2]]
    table.sheet = _sheet(file, header)
    if table.sheet is None:
        kinds = ", ".join(f"{sheet.name}.csv" for sheet in SHEETS)
        table.refuse(f"Its name and its columns are of no kind that is known; name it as one of {kinds}.")
        return table
    _check_header(table, table.sheet, header, lines[0][0])
    for line, number, cells in lines[1:]:
        _take(table, header, line, number, cells)
    return table


def _decoded(table: Table, content: bytes) -> str | None:
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        table.refuse(f"It is a workbook and no CSV; {SAVE_AS}.")
        return None
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        table.refuse(f"From here it is not UTF-8 (Excel's plain “CSV” is Windows-1252); {SAVE_AS}.", line)
        return None
    if "\0" in text:
        table.refuse(
            f"It holds a NUL, which no text has; {SAVE_AS}.", text[: text.index("\0")].count("\n") + 1
        )
        return None
    return text


def _lines(table: Table, text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Each row that is not blank: its line, its number, its cells."""
    skipped = 0
    if text[:4].lower() == "sep=":
        text, skipped = text.partition("\n")[2], 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    before = number = 0
    try:
        for cells in reader:
            number += 1
            if any(cell.strip() for cell in cells):
                yield before + 1 + skipped, number + skipped, cells
            before = reader.line_num
    except csv.Error as error:
        words = f"The row that begins here cannot be read ({error}); look for a quotation mark that is not closed."
        table.refuse(words, before + 1 + skipped, number + 1 + skipped)


def _delimiter(text: str) -> str:
    """The one that cuts the first row into the most columns that are known."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    known = {name for sheet in SHEETS for name in sheet.names()}
    return max(DELIMITERS, key=lambda one: sum(_bare(name) in known for name in first.split(one)))


def _bare(name: str) -> str:
    return name.strip().strip('"').strip().lower()


def _sheet(file: str, header: Sequence[str]) -> Sheet | None:
    name = PurePath(file).stem.lower()
    by_columns = [sheet for sheet in SHEETS if set(sheet.needed()) <= set(header)]
    named = BY_NAME.get(name) or next((one for one in by_columns if name.startswith(one.name)), None)
    return named or max(by_columns, key=lambda one: len(one.needed()), default=None)


def _check_header(table: Table, sheet: Sheet, header: Sequence[str], line: int) -> None:
    missing = [name for name in sheet.needed() if name not in header]
    if missing:
        words = f"Columns are missing: {', '.join(missing)}; add them, with empty cells for what is unknown."
        table.refuse(words, line)
    for name in dict.fromkeys(header):
        if name and header.count(name) > 1:
            table.refuse("This column stands twice; leave one.", line, column=name)
        elif name and not sheet.is_known(name):
            known = ", ".join(sheet.names())
            table.refuse(
                f"This column is not known in {sheet.name}; take it out. Known are {known}.",
                line,
                column=name,
            )


def _take(table: Table, header: Sequence[str], line: int, number: int, cells: Sequence[str]) -> None:
    said = dict(zip(header, cells, strict=False))
    nameless = [cell for name, cell in zip(header, cells, strict=False) if not name] + list(
        cells[len(header) :]
    )
    if any(cell.strip() for cell in nameless):
        words = (
            "A cell stands beyond the named columns; put text with commas in quotation marks, or empty it."
        )
        table.fault(words, line, number)
    for name, cell in said.items():
        if name and SPOILT.fullmatch(cell.strip()):
            table.fault(SPOILT_CELL.format(cell=cell.strip()), line, number, name)
    table.rows.append(Row(line, number, {name: cell for name, cell in said.items() if name}))
