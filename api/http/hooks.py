"""The last hands on openapi.yaml: shared components, null as OpenAPI 3.1 writes it, and a fixed order."""

from typing import Any

from api.http import components

Json = dict[str, Any]
ANYTHING_OR_NULL = [{}, {"type": "null"}]
"""As drf-spectacular writes a free value; null would match both, and so neither."""


def finish(result: Json, generator: Any, request: Any, public: bool) -> Json:
    """drf-spectacular's post-processing hook."""
    own = result.setdefault("components", {})
    own["schemas"] = {**_strict(own.get("schemas", {})), **components.SCHEMAS}
    own["headers"] = components.HEADERS
    own["parameters"] = components.PARAMETERS
    own["responses"] = components.responses()
    own["securitySchemes"] = components.SECURITY_SCHEMES
    result["tags"] = [{"name": name} for name in sorted(_tags(result))]
    finished: Json = in_3_1(result)
    finished["paths"] = dict(sorted(finished["paths"].items()))
    finished["components"] = {
        kind: dict(sorted(parts.items())) for kind, parts in sorted(finished["components"].items())
    }
    return finished


def _strict(schemas: Json) -> Json:
    """Bodies that are sent to us take nothing beyond what they name (`api.http.inputs`)."""
    for name, schema in schemas.items():
        if name.endswith("Request") and schema.get("type") == "object":
            schema.setdefault("additionalProperties", False)
    return schemas


def _tags(result: Json) -> set[str]:
    return {
        tag
        for path in result["paths"].values()
        for operation in path.values()
        for tag in operation.get("tags", [])
    }


def in_3_1(node: Any) -> Any:
    """Every `nullable` of 3.0 as 3.1 has it: a type among types, or one of two schemas."""
    if isinstance(node, list):
        return [in_3_1(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    plain = {name: in_3_1(inner) for name, inner in node.items() if name != "x-spec-enum-id"}
    if plain.get("oneOf") == ANYTHING_OR_NULL:
        del plain["oneOf"]
    if not (plain.get("nullable") is True and _is_schema(plain)):
        return plain
    del plain["nullable"]
    return _nullable(plain)


def _is_schema(node: Json) -> bool:
    """Whether `nullable` is the keyword here, and not a property of that name."""
    return bool(node.keys() & {"type", "$ref", "allOf", "oneOf", "anyOf", "enum"})


def _nullable(schema: Json) -> Json:
    kind = schema.get("type")
    if kind is not None:
        kinds = [kind] if isinstance(kind, str) else list(kind)
        schema["type"] = [*kinds, *([] if "null" in kinds else ["null"])]
        if "enum" in schema and None not in schema["enum"]:
            schema["enum"] = [*schema["enum"], None]
        return schema
    words: Json = {name: schema.pop(name) for name in ("description", "title", "readOnly") if name in schema}
    if set(schema) == {"allOf"} and len(schema["allOf"]) == 1:
        schema = schema["allOf"][0]
    if "oneOf" in schema:
        choices = [*schema["oneOf"], *([] if {"type": "null"} in schema["oneOf"] else [{"type": "null"}])]
        return {**words, "oneOf": choices}
    return {**words, "oneOf": [schema, {"type": "null"}]}
