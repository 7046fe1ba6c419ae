"""Whether a file is in the format, in words: every fault against the JSON Schema, and with it what it names in vain."""

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from commitments.importing import references
from commitments.importing.pointers import item_of, order, pointer
from commitments.importing.reading import Problem

SCHEMA = Path(__file__).resolve().parent.parent / "record.schema.json"
SEEN = "\n\r\t"


def problems(data: Any) -> list[Problem]:
    """All that must be mended before the file can be imported, in its order; empty when nothing must.

    What is in the format is held against the rest of the file and the record, even where other parts are not.
    """
    wrong = list(dict.fromkeys([*map(_in_words, _validator().iter_errors(data)), *_unseen(data)]))
    faulty = {problem.pointer for problem in wrong}
    more = [*references.problems(data, faulty), *_corrected(data, faulty)] if is_laid_out(data) else []
    return sorted([*wrong, *more], key=lambda problem: order(problem.pointer))


def is_laid_out(data: Any) -> bool:
    """Whether the file has its parts, so that each can be looked at alone."""
    if not isinstance(data, dict) or not isinstance(data.get("assembly"), dict):
        return False
    parts = [data.get(part, [] if part in references.OPTIONAL else None) for part in references.PARTS]
    return all(isinstance(part, list) and all(isinstance(item, dict) for item in part) for part in parts)


def _unseen(value: Any, *place: Any) -> Iterator[Problem]:
    """Texts with signs that nobody sees, and that no feed or page can carry."""
    if isinstance(value, str):
        found = next((sign for sign in value if unicodedata.category(sign) == "Cc" and sign not in SEEN), "")
        if found:
            before = value.partition(found)[0][-20:]
            words = (
                f"It holds a control character (U+{ord(found):04X}) after “{before}”; type these words anew."
            )
            yield Problem(pointer(*place), words)
    elif isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for name, one in parts:
            yield from _unseen(one, *place, name)


def _corrected(data: Any, faulty: set[str]) -> Iterator[Problem]:
    """What a correction begins or ends with, and no such thing can say."""
    broken = {item_of(one) for one in faulty}
    for index, row in enumerate(data.get("corrections", [])):
        place = pointer("corrections", index)
        if place not in broken and row["field"] in references.CORRECTABLE[row["kind"]]:
            for side in ("old", "new"):
                yield from _value_faults(row["kind"], row["field"], row[side], f"{place}/{side}")


def _value_faults(kind: str, name: str, text: str, place: str) -> Iterator[Problem]:
    if name == "owners":
        return
    inner = "clocks/properties/" if kind == "assembly" else ""
    value = (
        int(text) if kind == "assembly" and text.isdecimal() else text or None if name == "ended_on" else text
    )
    rule = {"$ref": f"#/$defs/{kind}/properties/{inner}{name}"}
    for error in _validator().evolve(schema=rule).iter_errors(value):
        yield Problem(place, _in_words(error).words)


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


# --- Against the schema -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Fault:
    """What stands in the file, what the broken rule expects, and the part of the schema that says so."""

    value: Any
    expected: Any
    schema: Any


def _in_words(error: ValidationError) -> Problem:
    inner = [one for one in error.context if one.validator != "type"]
    if inner:
        return _in_words(inner[0])
    kinds = [one.validator_value for one in error.context]
    fault = _Fault(error.instance, kinds or error.validator_value, error.schema)
    return Problem(pointer(*error.absolute_path), _WORDS[str(error.validator)](fault))


def _missing(fault: _Fault) -> str:
    names = [name for name in fault.expected if name not in fault.value]
    return f"{_listed(names)} missing; add {_it(names)} (docs/record-format.md says what is written for unknown)."


def _unknown(fault: _Fault) -> str:
    known = fault.schema["properties"]
    names = [name for name in fault.value if name not in known]
    return f"{_listed(names)} not of this format; take {_it(names)} out. It knows {', '.join(known)}."


def _formed(fault: _Fault) -> str:
    return f"{_shown(fault.value)} is not {fault.schema['description']}."


def _kind(fault: _Fault) -> str:
    given = [fault.expected] if isinstance(fault.expected, str) else fault.expected
    kinds = [kind for one in given for kind in ([one] if isinstance(one, str) else one)]
    return f"{_shown(fault.value)} does not fit here; write {' or '.join(map(_NAMES.__getitem__, kinds))}."


_NAMES = {
    "array": "a list",
    "object": "an object",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}
_WORDS: Mapping[str, Callable[[_Fault], str]] = {
    "required": _missing,
    "additionalProperties": _unknown,
    "pattern": _formed,
    "type": _kind,
    "anyOf": _kind,
    "const": lambda fault: f"{_shown(fault.value)} must be {_shown(fault.expected)}.",
    "enum": lambda fault: f"{_shown(fault.value)} must be one of {', '.join(fault.expected)}.",
    "format": lambda fault: f"{_shown(fault.value)} is no day of the calendar; write one like 2026-11-23.",
    "minLength": lambda fault: "It is empty; write the words, or leave the thing out.",
    "maxLength": lambda fault: f"It is longer than {fault.expected} characters; shorten it.",
    "minItems": lambda fault: "It is empty; name at least one.",
    "minProperties": lambda fault: "It is empty; name a team or an organisation.",
    "uniqueItems": lambda fault: "It names something twice; once is enough.",
    "minimum": lambda fault: f"{fault.value} is less than {fault.expected}.",
    "maximum": lambda fault: f"{fault.value} is more than {fault.expected}.",
}


def _listed(names: list[str]) -> str:
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"{quoted} {'is' if len(names) == 1 else 'are'}"


def _it(names: list[str]) -> str:
    return "it" if len(names) == 1 else "them"


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"
