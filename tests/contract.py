"""Every answer of the API in every test, held against openapi.yaml: what is not promised is a failure."""

import json
import re
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker

PREFIX = "/api/v1/"
BODILESS = {204, 304}
UNPROMISED = {405, 404, 500}
"""Statuses that may come from the grammar itself, where no operation is found at the address."""
OTHER_METHODS = {"OPTIONS", "TRACE", "CONNECT"}
Json = dict[str, Any]


class ContractBroken(AssertionError):
    """An answer is not what openapi.yaml promises."""


class Contract:
    """One OpenAPI 3.1 document, ready to judge answers."""

    def __init__(self, document: Json) -> None:
        self.document = document
        self._validators: dict[str, Draft202012Validator] = {}

    @classmethod
    def of_the_project(cls) -> "Contract":
        """The committed openapi.yaml."""
        text = (Path(settings.BASE_DIR) / "openapi.yaml").read_text(encoding="utf-8")
        return cls(yaml.load(text, Loader=yaml.CSafeLoader))

    @cached_property
    def _routes(self) -> list[tuple[re.Pattern[str], str]]:
        """Addresses with the fewest variables first, so that `a/mine/` wins over `a/{id}/`."""
        paths = sorted(self.document["paths"], key=lambda path: (path.count("{"), path))
        return [(re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(path))), path) for path in paths]

    def path_of(self, address: str) -> str | None:
        """The path template that an address belongs to."""
        return next((path for form, path in self._routes if form.fullmatch(address)), None)

    def check(self, method: str, address: str, answer: HttpResponseBase) -> None:
        """Raise ContractBroken unless the answer is promised."""
        if not address.startswith(PREFIX) or method in OTHER_METHODS:
            return
        where = f"{method} {address} → {answer.status_code}"
        path = self.path_of(address)
        operation = self.document["paths"].get(path, {}).get(_promised(method)) if path else None
        if operation is None:
            if answer.status_code not in UNPROMISED:
                raise ContractBroken(f"{where}: openapi.yaml promises nothing at this address.")
            self._check_problem(where, method, answer)
            return
        promised = operation["responses"].get(str(answer.status_code))
        if promised is None:
            raise ContractBroken(
                f"{where}: promised are {', '.join(operation['responses'])}. {_shown(answer)}"
            )
        promised = self._resolved(promised)
        self._check_headers(where, promised, answer)
        self._check_body(where, method, promised, answer)

    def _check_problem(self, where: str, method: str, answer: HttpResponseBase) -> None:
        ref = {"$ref": "#/components/schemas/Problem"}
        self._check_body(where, method, {"content": {"application/problem+json": {"schema": ref}}}, answer)

    def _check_headers(self, where: str, promised: Json, answer: HttpResponseBase) -> None:
        for name, header in promised.get("headers", {}).items():
            header = self._resolved(header)
            if name in answer:
                self._check_value(f"{where}: header {name}", header["schema"], answer[name])
            elif header.get("required"):
                raise ContractBroken(f"{where}: the promised header {name} is missing.")

    def _check_value(self, where: str, schema: Json, text: str) -> None:
        value = int(text) if schema.get("type") == "integer" and text.isdigit() else text
        self._validate(where, schema, value)

    def _check_body(self, where: str, method: str, promised: Json, answer: HttpResponseBase) -> None:
        content = promised.get("content", {})
        if answer.status_code in BODILESS or method == "HEAD":
            return
        media = answer.headers.get("Content-Type", "").partition(";")[0]
        if not content and not getattr(answer, "content", b""):
            return
        if media not in content:
            raise ContractBroken(
                f"{where}: {media or 'no content type'} is not promised, only {list(content)}."
            )
        if media.endswith("json") and not answer.streaming:
            body = json.loads(answer.content)  # type: ignore[attr-defined]
            self._validate(where, content[media]["schema"], body)

    def _validate(self, where: str, schema: Json, value: Any) -> None:
        name = json.dumps(schema, sort_keys=True)
        if name not in self._validators:
            whole = {**_closed(schema), "components": self._closed_components}
            self._validators[name] = Draft202012Validator(whole, format_checker=FORMATS)
        faults = sorted(self._validators[name].iter_errors(value), key=lambda fault: fault.json_path)
        if faults:
            told = "; ".join(f"{fault.json_path}: {fault.message[:300]}" for fault in faults[:5])
            raise ContractBroken(f"{where}: {told}")

    @cached_property
    def _closed_components(self) -> Json:
        return {"schemas": {n: _closed(s) for n, s in self.document["components"].get("schemas", {}).items()}}

    def _resolved(self, node: Json) -> Json:
        while "$ref" in node:
            found: Any = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            node = found
        return node


def _promised(method: str) -> str:
    return "get" if method == "HEAD" else method.lower()


def _shown(answer: HttpResponseBase) -> str:
    content = b"" if answer.streaming else getattr(answer, "content", b"")
    return str(content[:500].decode(errors="replace"))


def _closed(schema: Any) -> Any:
    """The same schema, but that an object may have no member beyond those that it names."""
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(part) for name, part in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        closed.setdefault("additionalProperties", False)
    return closed


FORMATS = FormatChecker()


@FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    form = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    return not isinstance(value, str) or re.fullmatch(form, value) is not None


@FORMATS.checks("uri", raises=ValueError)
def _is_address(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"[a-z][a-z0-9+.-]*:\S+", value) is not None


class CheckingClient(Client):
    """Django's test client, by which every API answer is held against the contract."""

    contract: Contract | None = None

    def request(self, **request: Any) -> Any:
        """Ask, then judge the answer."""
        answer = super().request(**request)
        if request["PATH_INFO"].startswith(PREFIX):
            contract = self.contract or project()
            contract.check(request["REQUEST_METHOD"], request["PATH_INFO"], answer)
        return answer

    def send(self, method: str, path: str, data: Any = None, *, key: str = "", **headers: str) -> Any:
        """A request as programs make it: JSON, a key, and headers with underscores (`If_Match="…"`)."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if key:
            sent["Authorization"] = f"Bearer {key}"
        content = "" if data is None else json.dumps(data)
        return self.generic(method, path, content, content_type="application/json", headers=sent)


_project: list[Contract] = []


def project() -> Contract:
    """The project's contract, read once."""
    if not _project:
        _project.append(Contract.of_the_project())
    return _project[0]
