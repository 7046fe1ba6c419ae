"""Whether a file is in the format, in words: first against the JSON Schema, then that what it names exists."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from accounts.models import Organisation, Team
from commitments.importing.reading import Problem
from commitments.models import Area, Recommendation, Theme

SCHEMA = Path(__file__).resolve().parent.parent / "record.schema.json"
MOST_SHOWN = 50


def problems(data: Any) -> list[Problem]:
    """What must be mended before the file can be imported; empty when nothing must."""
    wrong = list(dict.fromkeys(map(_in_words, _validator().iter_errors(data))))
    found = wrong or [*_doubles(data), *_strangers(data), *_contradictions(data)]
    return sorted(found, key=lambda problem: _order(problem.pointer))[:MOST_SHOWN]


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def _order(pointer: str) -> list[tuple[int, str]]:
    return [(int(part) if part.isdigit() else -1, part) for part in pointer.split("/")]


def _pointer(*parts: Any) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


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
    return Problem(_pointer(*error.absolute_path), _WORDS[str(error.validator)](fault))


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


# --- Against itself and the record ------------------------------------------------------------------------

KEYS = {
    "areas": "code",
    "organisations": "slug",
    "teams": "slug",
    "themes": "slug",
    "recommendations": "number",
    "commitments": "slug",
}


def _doubles(data: Mapping[str, Any]) -> Iterator[Problem]:
    for part, key in KEYS.items():
        seen: set[Any] = set()
        for index, item in enumerate(data[part]):
            if item[key] in seen:
                words = f"{_shown(item[key])} stands twice among the {part}; each is named once."
                yield Problem(_pointer(part, index, key), words)
            seen.add(item[key])


def _strangers(data: Mapping[str, Any]) -> Iterator[Problem]:
    """What is named, but stands neither in the file nor in the record."""
    slug = data["assembly"]["slug"]
    known: dict[str, set[Any]] = {
        "area": _known(data, "areas", Area.objects.values_list("code", flat=True)),
        "organisation": _known(data, "organisations", Organisation.objects.values_list("slug", flat=True)),
        "team": _known(data, "teams", Team.objects.values_list("slug", flat=True)),
        "theme": _known(
            data, "themes", Theme.objects.filter(assembly__slug=slug).values_list("slug", flat=True)
        ),
        "recommendation": _known(
            data,
            "recommendations",
            Recommendation.objects.filter(assembly__slug=slug).values_list("number", flat=True),
        ),
    }
    for kind, value, pointer in _named(data):
        if value is not None and value not in known[kind]:
            words = f"There is no {kind} {_shown(value)}, in this file or in the record; add it to the file."
            yield Problem(pointer, words)


def _known(data: Mapping[str, Any], part: str, recorded: Iterable[Any]) -> set[Any]:
    return {item[KEYS[part]] for item in data[part]} | set(recorded)


def _named(data: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    yield "area", data["assembly"]["area"], "/assembly/area"
    plain = [("areas", "parent", "area"), ("organisations", "area", "area"), ("teams", "area", "area")]
    plain += [("teams", "organisation", "organisation"), ("recommendations", "theme", "theme")]
    for part, field, kind in plain:
        for index, item in enumerate(data[part]):
            yield kind, item[field], _pointer(part, index, field)
    for index, item in enumerate(data["commitments"]):
        for place, code in enumerate(item["areas"]):
            yield "area", code, _pointer("commitments", index, "areas", place)
        for place, number in enumerate(item["recommendations"]):
            yield "recommendation", number, _pointer("commitments", index, "recommendations", place)
        for place, owner in enumerate(item["owners"]):
            for kind in ("organisation", "team"):
                yield kind, owner.get(kind), _pointer("commitments", index, "owners", place, kind)


def _contradictions(data: Mapping[str, Any]) -> Iterator[Problem]:
    above = {"ward": "borough", "borough": "force"}
    kinds = {area["code"]: area["kind"] for area in data["areas"]}
    for index, area in enumerate(data["areas"]):
        kind = kinds.get(area["parent"], above.get(area["kind"]))
        if area["parent"] is not None and kind != above.get(area["kind"]):
            words = (
                f"A {area['kind']} cannot lie in a {kind}; name its {above.get(area['kind'], 'own level')}."
            )
            yield Problem(_pointer("areas", index, "parent"), words)
    for index, item in enumerate(data["recommendations"]):
        reference = f"{data['assembly']['prefix']}-R{item['number']:02d}"
        if item.get("reference", reference) != reference:
            words = f"Number {item['number']} makes this {reference}; mend the number or the reference."
            yield Problem(_pointer("recommendations", index, "reference"), words)
    for index, item in enumerate(data["commitments"]):
        yield from _contradictions_of(item, index)


def _contradictions_of(commitment: Mapping[str, Any], index: int) -> Iterator[Problem]:
    if sum(owner.get("lead", False) for owner in commitment["owners"]) > 1:
        yield Problem(
            _pointer("commitments", index, "owners"), "Two owners lead; one can, the source says which."
        )
    due = commitment["due"]
    if due is not None and (due["on"] is None) != (due["precision"] == "ongoing"):
        words = (
            "A due date names a day inside its period, unless it is ongoing; write null for no date at all."
        )
        yield Problem(_pointer("commitments", index, "due", "on"), words)
