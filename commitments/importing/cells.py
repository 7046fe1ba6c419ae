"""One cell of a spreadsheet: how a value is written in it, and how it is read back."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")
_GUARD = "'"
_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_MONTH = re.compile(r"([0-9]{1,2})/([0-9]{4})")
# What Excel makes of 2025-09.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = len(_MONTHS)
_SHORT = re.compile(rf"({'|'.join(_MONTHS)})-([0-9]{{2}})", re.IGNORECASE)
_WHOLE = re.compile(r"-?[0-9]+")
# Programs write 2.0 where a column has gaps.
_NO_FRACTION = re.compile(r"\.0+$")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_YES, _NO = ("yes", "true"), ("no", "false")
# What Excel and LibreOffice write where they could not show or compute a cell.
SPOILT = re.compile(r"#(REF|VALUE|DIV/0|NUM|NULL|SPILL|CALC)!|#NAME\?|#N/A|#{3,}|Err:[0-9]{3}")


@dataclass(frozen=True)
class Column:
    """A column: its name, where its value stands in a thing, and how a cell is read and written.

    What cannot be read stays the text it is, so that the check of the format names it.
    """

    name: str
    path: tuple[str, ...]
    read: Callable[[str], Any]
    write: Callable[[Any], str]
    needed: bool = True


def guarded(text: str) -> str:
    """Text as a spreadsheet may safely open it: what looks like a formula gets an apostrophe (OWASP)."""
    return _GUARD + text if _is_to_guard(text) else text


def unguarded(cell: str) -> str:
    """Text without the apostrophe that keeps it from being a formula."""
    return cell[1:] if cell[:1] == _GUARD and _is_to_guard(cell[1:]) else cell


def tidy(text: str) -> str:
    """Text as it is compared: without the blanks around it that nobody sees, its lines parted in one way."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _is_to_guard(text: str) -> bool:
    return text.startswith((*FORMULA, _GUARD)) or SPOILT.fullmatch(text) is not None


def text(name: str, path: str = "") -> Column:
    """Free text, without the blanks around it."""
    return Column(name, _path(path or name), _text, lambda value: guarded(value or ""))


def word(name: str, path: str = "", *, unknown: Any = "", needed: bool = True) -> Column:
    """A short name; blank is `unknown`."""
    return Column(
        name, _path(path or name), lambda cell: _word(cell) or unknown, lambda value: value or "", needed
    )


def choice(name: str, path: str = "", *, unknown: Any = "", needed: bool = True) -> Column:
    """One of a few names, in whatever case: `Partly accepted` is `partly_accepted`."""
    return Column(
        name,
        _path(path or name),
        lambda cell: "_".join(_word(cell).lower().split()) or unknown,
        lambda value: value or "",
        needed,
    )


def whole(name: str, path: str = "", *, unknown: Any = "", needed: bool = True) -> Column:
    """A whole number."""
    return Column(name, _path(path or name), lambda cell: _whole(cell, unknown), _written, needed)


def number(name: str) -> Column:
    """A number with a decimal point; blank is unknown."""
    return Column(name, (name,), lambda cell: _number(_word(cell)), _written)


def day(name: str, path: str = "", *, unknown: Any = None, needed: bool = True) -> Column:
    """A day, a month or a year: 2026-03-31 or 31/03/2026, day first; Mar-26 is March 2026."""
    return Column(
        name, _path(path or name), lambda cell: _day(cell) or unknown, lambda value: value or "", needed
    )


def words(name: str, path: str = "") -> Column:
    """Several names with `;` between them."""
    return Column(name, _path(path or name), _parts, ";".join)


def wholes(name: str, path: str = "") -> Column:
    """Several whole numbers with `;` between them."""
    return Column(
        name,
        _path(path or name),
        lambda cell: [_whole(part, "") for part in _parts(cell)],
        lambda value: ";".join(map(str, value)),
    )


def value_of(kind: str, cell: str) -> Any:
    """A value whose column `value_is` says what it is: text, number, yes/no, list, json or unknown."""
    kind, plain = kind.strip().lower(), _text(cell)
    if kind == "list":
        return _parts(plain)
    if kind == "yes/no":
        return True if plain.lower() in _YES else False if plain.lower() in _NO else {"neither": plain}
    if kind == "number":
        return _number(plain) if _NUMBER.fullmatch(plain) else {"no number": plain}
    if kind == "" and _NUMBER.fullmatch(plain):
        return _number(plain)
    if kind in ("unknown", ""):
        return plain or None
    if kind == "json":
        return _json(plain)
    return plain if kind == "text" else {"unknown kind": kind}


def value_written(value: Any) -> tuple[str, str]:
    """What a value is, and its cell."""
    if value is None:
        return "unknown", ""
    if isinstance(value, bool):
        return "yes/no", "yes" if value else "no"
    if isinstance(value, int | float):
        return "number", json.dumps(value)
    if isinstance(value, str):
        return "text", guarded(value)
    if value and all(part and part == part.strip() and ";" not in part for part in value):
        return "list", guarded("; ".join(value))
    return "json", json.dumps(value, ensure_ascii=False)


def _path(path: str) -> tuple[str, ...]:
    return tuple(path.split("/"))


def _text(cell: str) -> str:
    return unguarded(cell.strip()).strip()


def _word(cell: str) -> str:
    return unguarded(cell.strip())


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _whole(cell: str, unknown: Any) -> Any:
    plain = _word(cell)
    digits = _NO_FRACTION.sub("", plain)
    return int(digits) if _WHOLE.fullmatch(digits) and len(digits) < 10 else plain or unknown


def _number(plain: str) -> Any:
    if not _NUMBER.fullmatch(plain):
        return plain or None
    return int(plain) if _WHOLE.fullmatch(plain) and len(plain) < 16 else float(plain)


def _day(cell: str) -> str:
    plain = _word(cell)
    if (found := _DAY.fullmatch(plain)) and int(found[2]) <= _YEAR:
        return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
    if (found := _MONTH.fullmatch(plain)) and int(found[1]) <= _YEAR:
        return f"{found[2]}-{int(found[1]):02d}"
    if found := _SHORT.fullmatch(plain):
        return f"20{found[2]}-{_MONTHS.index(found[1].lower()) + 1:02d}"
    return plain


def _json(plain: str) -> Any:
    try:
        return json.loads(plain)
    except ValueError:
        return {"no json": plain}


def _written(value: Any) -> str:
    return "" if value is None else json.dumps(value)
