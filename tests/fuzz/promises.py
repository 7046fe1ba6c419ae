"""Schemathesis over openapi.yaml: cases for every operation in this process, and what every check says to an answer."""

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from schemathesis.checks import load_all_checks
from schemathesis.config import HealthCheck, SchemathesisConfig
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.generation.case import Case
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test

from api import contract
from config.wsgi import application
from tests.fuzz.exceptions import STATES, unexplained
from tests.fuzz.wire import arrives_as_a_file, arrives_right

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "100"))
LEFT_TO_CHANCE = "FUZZ_AT_RANDOM"
"""Where it is set, each run invents others; otherwise the same, so that only a change of ours turns it red."""
Json = dict[str, Any]


def families() -> list[tuple[str, ...]]:
    """Every operation, as `GET /api/v1/…`; those that take exactly the same (a list and its CSV) stand together."""
    found: dict[str, list[str]] = defaultdict(list)
    for path, item in contract.document()["paths"].items():
        for method in contract.METHODS:
            if method in item:
                found[_taken(path, method, item[method])].append(f"{method.upper()} {path}")
    return [tuple(family) for family in found.values()]


def _taken(path: str, method: str, operation: Json) -> str:
    """What an operation takes. Reading is much alike, so it is what tells apart whose invented requests fit whom."""
    if method != "get" or not operation.get("parameters"):
        return f"{method} {path}"
    folder = path.rstrip("/").rpartition(".")[0] or path.rstrip("/")
    return json.dumps([folder, operation["parameters"], operation.get("security")], sort_keys=True)


@cache
def schema() -> Any:
    """openapi.yaml as Schemathesis has it, with our application."""
    found = schemathesis.openapi.from_dict(contract.document(), config=SchemathesisConfig.from_dict({}))
    found.app = application
    found.config.update(suppress_health_check=list(HealthCheck))
    found.config.generation.update(
        max_examples=EXAMPLES,
        deterministic=LEFT_TO_CHANCE not in os.environ,
        database="none",
        no_shrink=True,
        with_security_parameters=False,
    )
    checks = found.config.checks
    checks.positive_data_acceptance.expected_statuses += ["400", *STATES]
    checks.negative_data_rejection.expected_statuses += [*STATES]
    checks.missing_required_header.expected_statuses += ["428"]
    load_all_checks()
    return found


@cache
def operations() -> dict[str, Any]:
    """Every operation by its label."""
    return {found.ok().label: found.ok() for found in schema().get_all_operations()}


def each_case(family: tuple[str, ...], judge: Callable[[Any], None]) -> None:
    """Let `judge` see every invented case of the first of a family, and the same again for each of the others."""

    def judge_all(case: Any) -> None:
        judge(case)
        for label in family[1:]:
            operation = operations()[label]
            if _fits(case, operation):
                judge(_for_another(operation, case))

    test = build_operation_test(
        config=schema().config,
        operation=operations()[family[0]],
        test_func=judge_all,
        given_kwargs={},
        feedback=FeedbackSources(),
    )
    test()


def _fits(case: Any, operation: Any) -> bool:
    """A method tried because the first does not take it is no such probe where the other does."""
    taken = contract.document()["paths"][operation.path]
    return case.method == operation.method.upper() or case.method.lower() not in taken


def _for_another(operation: Any, case: Any) -> Any:
    parts = ("path_parameters", "headers", "cookies", "query", "body", "media_type")
    return Case(
        operation=operation,
        # A case may stand for a method that no operation takes.
        method=case.method,
        path=operation.path,
        meta=case.meta,
        **{name: getattr(case, name) for name in parts},
    )


def faults(case: Any, answer: Any, headers: dict[str, str]) -> Iterator[str]:
    """What is not as promised, in words."""
    where = f"{case.method} {case.path} → {answer.status_code}: {case!r} {answer.content[:300]!r}"
    try:
        case.validate_response(answer, headers=headers)
    except BaseExceptionGroup as group:  # Schemathesis's own is no ExceptionGroup
        yield from (
            f"{failure} {where}" for failure in group.exceptions if not _is_none(failure, case, answer)
        )
    if answer.status_code == 400 and case.meta.generation.mode.is_positive:
        yield from (
            f"refused for no reason in the table: {row} {where}" for row in unexplained(answer.json())
        )


def _is_none(failure: BaseException, case: Any, answer: Any) -> bool:
    """Whether the taken request, meant to be wrong, was right as it arrived."""
    return isinstance(failure, AcceptedNegativeData) and (
        arrives_right(case, answer.request.url) or arrives_as_a_file(case)
    )


@contextmanager
def one_connection() -> Iterator[None]:
    """Requests over WSGI close the connection behind them; a test's stays open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
