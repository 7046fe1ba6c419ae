"""The permission matrix: every role, every route, every method, on real things; what is not declared fails."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.db import transaction
from django.urls import resolve

from api.http.promises import Promise
from api.urls import urlpatterns
from record import clock
from record.shelf import SHELF
from tests import make
from tests.api.matrix import ANONYMOUS, PAGES, ROLES, ROWS, Cell
from tests.api.stages import staged
from tests.api.world import World

pytestmark = pytest.mark.django_db
API = "/api/v1/"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
PAIRS = [(address, cell) for address, cells in ROWS for cell in cells]


def case(address: str, method: str, *values: Any) -> Any:
    """One case of a test, with a name that can be read."""
    return pytest.param(address, *values, id=f"{method} {address}")


def taken(cells: tuple[Cell, ...]) -> set[str]:
    """The methods that a route takes."""
    listed = {cell.method for cell in cells}
    return listed | {"HEAD"} if "GET" in listed else listed


CELLS = [case(address, cell.method, cell) for address, cell in PAIRS]
WRITES = [
    case(address, cell.method, cell)
    for address, cell in PAIRS
    if cell.method != "GET" and ANONYMOUS not in cell.allowed
]
CLOSED = [
    case(address, method, method)
    for address, cells in ROWS
    for method in METHODS
    if method not in taken(cells)
]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world, made once for all cells."""
    with staged(django_db_blocker), clock.at(make.noon(make.TODAY)):
        SHELF.clear()
        yield World()


def filled(value: Any, names: Mapping[str, str]) -> Any:
    """The same, with things in the place of their names; after `#` a number."""
    if isinstance(value, str) and value.startswith("#{"):
        return int(value[1:].format_map(names))
    if isinstance(value, str):
        return value.format_map(names) if "{" in value else value
    if isinstance(value, dict):
        return {name: filled(part, names) for name, part in value.items()}
    return [filled(part, names) for part in value] if isinstance(value, list) else value


def ask(world: World, key: str, method: str, address: str, cell: Cell | None = None) -> Any:
    """The answer to one request; whatever it did is undone."""
    if address in PAGES:
        return world.browser.generic(
            method, API + address, headers={"Authorization": f"Bearer {key}"} if key else {}
        )
    body = filled(cell.body, world.names) if cell else None
    headers = cell.headers if cell else {}
    with transaction.atomic():
        answer = world.api.send(method, API + filled(address, world.names), body, key=key, **headers)
        transaction.set_rollback(True)
    return answer


def promise_at(world: World, address: str, method: str) -> Promise:
    """What the view at this address promises for a method."""
    view: Any = resolve(API + filled(address, world.names)).func
    promises: Mapping[str, Promise] = view.view_class.promises()
    return promises[method]


def test_every_route_is_in_the_table_and_the_table_names_no_other(world: World) -> None:
    declared = {resolve(API + filled(address, world.names)).route for address, _ in ROWS}
    assert declared == {f"api/v1/{pattern.pattern}" for pattern in urlpatterns}


@pytest.mark.parametrize(("address", "cell"), CELLS)
def test_each_role_is_answered_as_the_table_says(world: World, address: str, cell: Cell) -> None:
    answers = {role: ask(world, world.keys.get(role, ""), cell.method, address, cell) for role in ROLES}
    expected = {role: cell.expected(role) for role in ROLES}
    assert {role: answer.status_code for role, answer in answers.items()} == expected
    for answer in answers.values():
        if answer.status_code >= 400:
            detail = answer.json()["detail"]
            assert len(detail) > 20
            assert detail.endswith(".")


@pytest.mark.parametrize(("address", "method"), CLOSED)
def test_a_method_that_the_table_does_not_list_is_not_taken(world: World, address: str, method: str) -> None:
    answers = {role: ask(world, world.keys.get(role, ""), method, address).status_code for role in ROLES}
    assert set(answers.values()) == {405}, answers


@pytest.mark.parametrize("address", [address for address, _ in ROWS if address not in PAGES])
def test_anybody_may_ask_which_methods_there_are(world: World, address: str) -> None:
    assert {ask(world, world.keys.get(role, ""), "OPTIONS", address).status_code for role in ROLES} == {204}


@pytest.mark.parametrize(("address", "cell"), WRITES)
def test_a_key_without_the_scope_opens_nothing(world: World, address: str, cell: Cell) -> None:
    scope = promise_at(world, address, cell.method).scope
    role = min(cell.allowed)
    answer = ask(world, world.key_without(role, scope), cell.method, address, cell)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
