"""What a request says once it is text: an address knows no types, so some that were invented wrong arrive right."""

import json
from collections import defaultdict
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jsonschema import Draft202012Validator
from schemathesis.core.parameters import ParameterLocation

from api import contract

Json = dict[str, Any]


def arrives_right(case: Any, address: str) -> bool:
    """Whether a case whose query alone is meant to be wrong has, as it was sent, a query that fits openapi.yaml.

    A list sent as the one thing `4` is a list of one; an object without members is not sent at all.
    """
    wrong = {where for where, part in case.meta.components.items() if part.mode.is_negative}
    return wrong == {ParameterLocation.QUERY} and fits(_parameters(case), urlsplit(address).query)


def arrives_as_a_file(case: Any) -> bool:
    """Whether a case whose form alone is meant to be wrong is one file as it is sent: bytes, whatever was meant."""
    wrong = {where for where, part in case.meta.components.items() if part.mode.is_negative}
    is_form = case.media_type == "multipart/form-data" and isinstance(case.body, dict)
    return is_form and wrong == {ParameterLocation.BODY} and case.body.keys() == {"file"}


def fits(parameters: dict[str, Json], query: str) -> bool:
    """Whether each of the query's parameters is known and, read as what it should be, fits its schema."""
    sent: dict[str, list[str]] = defaultdict(list)
    for name, text in parse_qsl(query, keep_blank_values=True):
        sent[name].append(text)
    needed = {name for name, parameter in parameters.items() if parameter.get("required")}
    return needed <= sent.keys() <= parameters.keys() and all(
        _fits(parameters[name], texts) for name, texts in sent.items()
    )


def _parameters(case: Any) -> dict[str, Json]:
    operation = contract.document()["paths"][case.operation.path][case.operation.method.lower()]
    all_ = [_meant(one) for one in operation.get("parameters", [])]
    return {one["name"]: one for one in all_ if one["in"] == "query"}


def _meant(parameter: Json) -> Json:
    """The parameter itself where a reference stands for it."""
    name = parameter.get("$ref", "").rpartition("/")[2]
    return contract.document()["components"]["parameters"][name] if name else parameter


def _fits(parameter: Json, texts: list[str]) -> bool:
    schema: Json = parameter["schema"]
    if schema.get("type") == "array":
        values = [_read(schema["items"], part) for text in texts for part in text.split(",")]
        return bool(Draft202012Validator(schema).is_valid(values))
    return len(texts) == 1 and Draft202012Validator(schema).is_valid(_read(schema, texts[0]))


def _read(schema: Json, text: str) -> Any:
    """A text as the type that its schema asks for; as it is where it is no such thing."""
    if schema.get("type") not in ("integer", "number", "boolean"):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
