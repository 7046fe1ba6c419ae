"""A file as it comes: bytes that must be JSON, and the words for what is wrong with it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from record.refusals import Invalid, NotNow

# What JSON can escape, but neither UTF-8 (half of a surrogate pair) nor PostgreSQL (NUL) can hold.
_UNKEEPABLE = re.compile(r"[\ud800-\udfff]|\\u0000")


@dataclass(frozen=True)
class Place:
    """Where in a spreadsheet: the line of the file, the row as a spreadsheet counts, and the columns of the fields."""

    file: str
    line: int
    row: int
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)


@dataclass(frozen=True)
class Problem:
    """One thing to mend: where (a JSON pointer, RFC 6901; in a spreadsheet its place too) and what would mend it."""

    pointer: str
    words: str
    place: Place | None = None
    column: str = ""

    def __str__(self) -> str:
        return f"{self._where()}: {self.words}"

    def _where(self) -> str:
        if self.place is None:
            return self.pointer or "the file"
        if not self.place.line:
            return self.place.file
        row = f" (row {self.place.row})" if self.place.row != self.place.line else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.place.file} line {self.place.line}{row}{column}"


class FileRefused(Invalid):
    """The file is not in the format, or says something impossible; nothing of it was written."""

    code = "file_refused"
    sentence = (
        "The file is refused as a whole, and nothing of it was written; mend this and try again:\n{list}"
    )

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(list="\n".join(f"  {problem}" for problem in self.problems))


class NobodyConvenes(NotNow):
    """What is entered from elsewhere is entered by a convenor, and there is none."""

    code = "nobody_convenes"
    sentence = (
        "Nobody convenes {assembly} yet, and only a convenor enters from a source. The operator can name one: "
        "manage.py grant_role EMAIL convenor --assembly {assembly}"
    )


def read(path: Path) -> Any:
    """The JSON in the file at `path`. Raises FileRefused where there is none."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileRefused([Problem("", f"It cannot be read ({error.strerror}); check the path.")]) from error
    return read_json(content)


def read_json(content: bytes) -> Any:
    """The JSON in these bytes. Raises FileRefused where there is none."""
    try:
        data = json.loads(content.decode("utf-8"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise FileRefused([Problem("", "It is not UTF-8; save it as UTF-8.")]) from error
    except RecursionError as error:
        raise FileRefused(
            [Problem("", "It is nested too deeply; this format goes six levels down.")]
        ) from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise FileRefused([Problem("", f"It is not JSON: {error.msg} at {where}.")]) from error
    except ValueError as error:  # what else Python refuses: numbers of more than 4300 digits
        raise FileRefused([Problem("", "It holds a number that is far too long; shorten it.")]) from error
    if _UNKEEPABLE.search(json.dumps(data, ensure_ascii=False)):
        raise FileRefused(
            [Problem("", "It holds half a character or a NUL; write the whole text without them.")]
        )
    return data


def _no_number(name: str) -> Any:
    raise FileRefused([Problem("", f"{name} is not JSON; write the number, or null for unknown.")])
