"""openapi.yaml, read once, and cut up for the pages that show it."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.html import conditional_escape, format_html, format_html_join

Json = dict[str, Any]
BESIDE = (".csv", ".yaml", "/feed.atom")
METHODS = ("get", "post", "patch", "put", "delete")
DEEPEST = 4
"""How far into nested objects a table of fields goes."""


@cache
def text() -> bytes:
    """The file, byte for byte."""
    return (Path(settings.BASE_DIR) / "openapi.yaml").read_bytes()


@cache
def document() -> Json:
    """The file as JSON values."""
    found: Json = yaml.load(text(), Loader=yaml.CSafeLoader)
    return found


@cache
def chapters() -> dict[str, list[Json]]:
    """The operations of each resource, in the order of their addresses; tables and feeds stand with their lists."""
    found: dict[str, list[Json]] = {}
    paths: Json = document()["paths"]
    for path in sorted(paths, key=lambda path: (path.count("/"), path)):
        if path.endswith(BESIDE):
            continue
        for method in METHODS:
            if method in paths[path]:
                one = _operation(method, path, paths[path][method])
                found.setdefault(one["tag"], []).append(one)
    return dict(sorted(found.items()))


def _beside(path: str, method: str, address: str) -> str:
    """An address beside a list's own, if the list has it."""
    return address if method == "get" and path.endswith("/") and address in document()["paths"] else ""


def _operation(method: str, path: str, given: Json) -> Json:
    needed = [need for need in given.get("security", []) if need]
    body = given.get("requestBody")
    return {
        "tag": next(iter(given["tags"]), "start"),
        "id": given["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": marked(given.get("summary", "")),
        "description": marked(given.get("description", "")),
        "is_public": {} in given.get("security", [{}]),
        "scope": next((scope for need in needed for scope in need.get("key", [])), ""),
        "can_be_opened": method == "get" and "{" not in path and {} in given.get("security", []),
        "csv": _beside(path, method, f"{path.rstrip('/')}.csv"),
        "feed": _beside(path, method, f"{path}feed.atom"),
        "columns": _columns(given),
        "parameters": [_parameter(one) for one in given.get("parameters", [])],
        "body": _rows_of(body) if body else [],
        "answers": [_answer(status, one) for status, one in given["responses"].items()],
        "answer": _rows_of(_success(given["responses"])),
        "curl": _curl(method, path, {} in given.get("security", []), body),
    }


def _parameter(given: Json) -> Json:
    one = resolved(given)
    return {
        "name": one["name"],
        "where": one["in"],
        "required": one.get("required", False),
        "kind": kind(one.get("schema", {})),
        "description": marked(one.get("description", "")),
    }


def _answer(status: str, given: Json) -> Json:
    return {"status": status, "description": marked(resolved(given).get("description", ""))}


def _success(responses: Json) -> Json:
    return next((resolved(one) for status, one in responses.items() if status.startswith("2")), {})


def _rows_of(given: Json) -> list[Json]:
    content = given.get("content", {}).get("application/json", {})
    return fields(content.get("schema", {}))


def _columns(given: Json) -> str:
    """What a table of the list holds, if it can be had as one."""
    content = _success(given["responses"]).get("content", {})
    return str(content.get("text/csv", {}).get("schema", {}).get("description", ""))


def _curl(method: str, path: str, is_public: bool, body: Any) -> str:
    words = ["curl"]
    if method != "get":
        words += ["-X", method.upper()]
    if not is_public:
        words += ["-H", "'Authorization: Bearer <key>'"]
    if method in ("patch", "put"):
        words += ["-H", "'If-Match: <ETag>'"]
    if body and method != "get":
        words += ["--json", "'{…}'"]
    return " ".join([*words, f"'{{base}}{path}'"])


def marked(text: str) -> str:
    """A text of the contract as HTML: what stands between backticks as code, all else as it is."""
    pieces = enumerate(re.split(r"`([^`\n]+)`", text))
    return format_html_join(
        "",
        "{}",
        ((format_html("<code>{}</code>", one) if at % 2 else conditional_escape(one),) for at, one in pieces),
    )


def resolved(node: Json) -> Json:
    """What a reference points to; anything else as it is."""
    while "$ref" in node:
        found: Any = document()
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def fields(schema: Json, before: str = "", depth: int = 0) -> list[Json]:
    """A table of an object's fields: `due.on`, `owners[].team`, each with its kind and whether it must be there."""
    schema = _one(schema)
    if schema.get("type") == "array":
        return fields(schema["items"], f"{before}[]", depth)
    rows: list[Json] = []
    for name, given in schema.get("properties", {}).items():
        own = f"{before}.{name}".lstrip(".")
        inner = _one(given)
        rows.append(
            {
                "name": own,
                "kind": kind(given),
                "required": name in schema.get("required", []),
                "description": marked(given.get("description") or ""),
            }
        )
        if depth < DEEPEST:
            rows += fields(inner, own, depth + 1)
    return rows


def kind(schema: Json) -> str:
    """What a value is, in words: `date`, `text or null`, `one of a, b`."""
    choices = [one for one in (schema.get("oneOf") or schema.get("allOf") or []) if one != {"type": "null"}]
    if choices:
        nullable = {"type": "null"} in schema.get("oneOf", [])
        return " or ".join([*(kind(one) for one in choices), *(["null"] if nullable else [])])
    schema = resolved(schema)
    types = schema.get("type", "any")
    listed = types if isinstance(types, list) else [types]
    own = [_word(one, schema) for one in listed if one != "null"]
    return " or ".join([*own, *(["null"] if "null" in listed else [])])


def _word(name: str, schema: Json) -> str:
    if "enum" in schema:
        return "one of " + ", ".join(str(one) for one in schema["enum"] if one is not None)
    if name == "array":
        return f"list: {kind(schema.get('items', {}))}"
    if name == "string":
        return str(schema.get("format", "text"))
    return {"integer": "whole number", "boolean": "true or false", "any": "any value"}.get(name, name)


def _one(schema: Json) -> Json:
    """The object or list that a schema means, null and references set aside."""
    schema = resolved(schema)
    for one in schema.get("oneOf") or schema.get("allOf") or []:
        if one != {"type": "null"}:
            return _one(one)
    return schema
