"""How openapi.yaml is made: each view's promises, with errors, headers and parameters written around them."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_doc
from drf_spectacular.utils import OpenApiParameter
from rest_framework.serializers import ListSerializer

from api.http.answers import JSON
from api.http.components import KEY, SESSION, headers_of, refusals_of
from api.http.negotiation import CSV, NDJSON
from api.http.promises import Promise
from api.http.tables import columns

VERBS = {"GET": "get", "POST": "post", "PATCH": "change", "PUT": "put", "DELETE": "delete"}
START = "start"
"""What the front door is called, whose address has no word of its own."""
Json = dict[str, Any]
_TEXT: Json = {"type": "string"}


class Grammar(AutoSchema):
    """Writes the operation of a view that has `promises()`; other views are drf-spectacular's own business."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any
    ) -> Json | None:
        """The operation object, or None where the view promises nothing for the method."""
        promise = self._promise_for(method)
        if promise is None:
            return None
        self.registry, self.path, self.path_regex = registry, path, path_regex
        self.path_prefix, self.method = path_prefix, method.upper()
        operation: Json = {
            "operationId": self._name(promise),
            "tags": [tag.partition(".")[0] for tag in self.get_tags()] or [START],
        }
        summary, description = self._words()
        operation["summary"] = summary
        if description:
            operation["description"] = description
        if parameters := self._parameters(promise):
            operation["parameters"] = parameters
        if promise.body is not None or method.upper() in {"POST", "PATCH", "PUT"}:
            operation["requestBody"] = self._body(promise)
        operation["security"] = _security(promise)
        operation["responses"] = {
            **self._success(promise),
            **refusals_of(promise, self.method, self._named()),
        }
        return operation

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        """As the library has it, and how many a list of things may hold, which it forgets."""
        library: Any = super()
        found = library._map_serializer_field(field, direction, bypass_extensions)
        most = getattr(field, "max_length", None) if isinstance(field, ListSerializer) else None
        return {**found, "maxItems": most} if most and found.get("type") == "array" else found

    def _promise_for(self, method: str) -> Promise | None:
        promises = getattr(type(self.view), "promises", None)
        found: Promise | None = promises().get(method.upper()) if promises else None
        return found

    def _named(self) -> bool:
        return "{" in self.path

    def _name(self, promise: Promise) -> str:
        verb = "list" if promise.listed else VERBS[self.method]
        called: str = getattr(self.view, "called", "")
        if called:
            return f"{verb}_{called}"
        words = [word.replace("-", "_").replace(".", "_") for word in self._tokenize_path()]
        return "_".join([verb, *(words or [START])])

    def _words(self) -> tuple[str, str]:
        """The first line of the docstring of the handler that the resource wrote, or of its view."""
        handler = {"GET": "get"}.get(self.method, f"on_{self.method.lower()}")
        own = vars(type(self.view)).get(handler)
        text = get_doc(own) if own is not None and own.__doc__ else get_doc(type(self.view))
        summary, _, rest = str(text).partition("\n")
        return summary.strip(), rest.strip()

    def _parameters(self, promise: Promise) -> list[Json]:
        from_path = self._resolve_path_parameters(_variables(self.path))  # type: ignore[no-untyped-call]
        extra = getattr(type(self.view), "extra_schemas", {}) if self.method == "GET" else {}
        mine = [*from_path, *_filters(promise), *_paging(promise), *_conditions(promise, self.method)]
        mine += [{"name": name, "in": OpenApiParameter.QUERY, **rest} for name, rest in extra.items()]
        return sorted(mine, key=_place)

    def _body(self, promise: Promise) -> Json:
        if promise.body is None:
            empty = {"type": "object", "additionalProperties": False, "maxProperties": 0}
            return {"content": {JSON: {"schema": empty}}, "required": False}
        schema = self.resolve_serializer(promise.body, "request").ref
        required = any(field.required for field in promise.body().fields.values())
        return {"content": {promise.body_form: {"schema": schema}}, "required": required}

    def _success(self, promise: Promise) -> Json:
        answer: Json = {"description": "Done."} if promise.signed_in else {"description": "As asked."}
        answer["headers"] = headers_of(promise, self.method)
        if promise.output is not None:
            only = getattr(self.view, "form", "")
            forms = promise.instead or ((only,) if only else (JSON, *promise.forms))
            answer["content"] = {form: {"schema": _TEXT | _said(form, promise)} for form in forms}
            if JSON in forms:
                answer["content"][JSON]["schema"] = self._output(promise)
        found = {str(promise.status): answer}
        if promise.public:
            kept = headers_of(promise, self.method)
            found["304"] = {
                "description": "Not modified: the copy that you named is the present one.",
                "headers": kept,
            }
        return found

    def _output(self, promise: Promise) -> Json:
        if isinstance(promise.output, dict):
            one: Json = promise.output
        else:
            one = self.resolve_serializer(promise.output, "response").ref
        if not promise.listed:
            return one
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "properties": {
                "next": address,
                "previous": dict(address),
                "results": {"type": "array", "items": one},
            },
            "required": ["next", "previous", "results"],
        }


def _said(form: str, promise: Promise) -> Json:
    """What is in an answer that is not JSON."""
    if form == CSV:
        names = ", ".join(column.name for column in columns(promise.output()))
        return {"description": f"Every row, under a first row of names: {names}."}
    if form == NDJSON:
        return {"description": "Every row, as a JSON object a line."}
    return promise.output if isinstance(promise.output, dict) else {}


def _place(parameter: Json) -> tuple[int, str]:
    """Path first, then the query, then what is shared."""
    if "$ref" in parameter:
        return 2, parameter["$ref"]
    return int(parameter["in"] != "path"), parameter["name"]


def _variables(path: str) -> list[str]:
    return [part.partition("}")[0] for part in path.split("{")[1:]]


def _filters(promise: Promise) -> list[Json]:
    found = []
    for name, parameter in (promise.filterset.parameters() if promise.filterset else {}).items():
        own: Json = {"name": name, "in": "query", "schema": parameter.value.schema()}
        if own["schema"].get("type") == "array":
            own |= {"style": "form", "explode": False}
        if parameter.words:
            own["description"] = parameter.words
        found.append(own)
    return found


def _paging(promise: Promise) -> list[Json]:
    if promise.ordering is None:
        return []
    words = {"type": "string", "enum": promise.ordering.words(), "default": promise.ordering.usual}
    ordering = {
        "name": "ordering",
        "in": "query",
        "schema": words,
        "description": "The order; unknown values come last. A minus reverses it.",
    }
    return [ordering, *({"$ref": f"#/components/parameters/{name}"} for name in ("cursor", "page_size"))]


def _conditions(promise: Promise, method: str) -> list[Json]:
    names = []
    if promise.public:
        names += ["IfNoneMatch", "IfModifiedSince"]
    if promise.if_match:
        names.append("IfMatchRequired" if promise.if_match == "required" else "IfMatch")
    if method == "POST" and promise.signed_in:
        names.append("IdempotencyKey")
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def _security(promise: Promise) -> list[Json]:
    if promise.public or not promise.signed_in:
        return [{}, {KEY: []}]
    return [{KEY: [promise.scope] if promise.scope else []}, {SESSION: []}]
