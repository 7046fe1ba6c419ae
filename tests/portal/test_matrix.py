"""The permission matrix of the portal: every role, every route, every method; what is not declared fails."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

from accounts.backends import BY_CODE
from notifications import links, post
from notifications.models import Delivery, Follower, Message
from portal.urls import urlpatterns
from record import clock
from tests import make
from tests.api.matrix import ANONYMOUS, CONVENOR, ROLES, Cell
from tests.api.stages import staged
from tests.api.test_permissions import METHODS, filled, taken
from tests.api.world import World
from tests.portal.matrix import BY_LINK, LOOKED_UP, NOT_PAGES, ROWS

pytestmark = pytest.mark.django_db
NAMED = pytest.mark.parametrize(("address", "cells"), [pytest.param(*row, id=row[0] or "/") for row in ROWS])
FORBIDDEN, NOT_TAKEN = 403, 405
Windows = dict[str, Client]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world of the API's matrix, with links of mails."""
    with staged(django_db_blocker), clock.at(make.noon(make.TODAY)):
        world = World()
        world.names |= links_of_mails(world)
        yield world


@pytest.fixture(scope="module")
def windows(world: World) -> Windows:
    """A window for each role, and a stranger's."""
    return {role: Client() for role in ROLES}


def links_of_mails(world: World) -> dict[str, str]:
    """Tokens of links that mails have."""
    follower = Follower.objects.order_by("pk")[0]
    message = Message.objects.create(
        channel=follower.channel, follower=follower, next_at=clock.now(), created_at=clock.now()
    )
    Delivery.objects.create(follower=follower, notice="test", message=message)
    officer = world.users[CONVENOR].pk
    reader = post.readers([officer])[officer]
    return {
        "stopping": links.token(links.STOP, follower),
        "message": links.token(links.NEWS, message),
        "reader": links.token(links.POST, reader),
        "off": links.off(reader).rstrip("/").rpartition("/")[2],
    }


def answered(windows: Windows, world: World, method: str, address: str, body: Any = None) -> dict[str, int]:
    """What each role is answered; whatever it did is undone."""
    found = {}
    for role, window in windows.items():
        if role != ANONYMOUS:
            window.force_login(world.users[role], BY_CODE)
        with transaction.atomic():
            path = "/" + filled(address, world.names)
            answer = (
                window.generic(method, path)
                if method != "POST"
                else window.post(path, filled(body or {}, world.names))
            )
            found[role] = answer.status_code
            transaction.set_rollback(True)
    return found


def test_every_route_is_in_the_table_and_the_table_names_no_other(world: World) -> None:
    declared = {resolve("/" + filled(address, world.names).partition("?")[0]).route for address, _ in ROWS}
    assert declared == {str(pattern.pattern) for pattern in urlpatterns}


@NAMED
def test_each_role_is_answered_as_the_table_says(
    world: World, windows: Windows, address: str, cells: tuple[Cell, ...]
) -> None:
    for cell in cells:
        expected = {role: cell.expected(role) for role in ROLES}
        assert answered(windows, world, cell.method, address, cell.body) == expected, cell.method
    for method in set(METHODS) - taken(cells):
        assert set(answered(windows, world, method, address).values()) == {NOT_TAKEN}, method


@NAMED
def test_a_form_without_its_token_changes_nothing(
    world: World, address: str, cells: tuple[Cell, ...]
) -> None:
    strict = Client(enforce_csrf_checks=True)
    for cell in cells:
        if cell.method == "POST":
            with transaction.atomic():
                answer = strict.post("/" + filled(address, world.names), filled(cell.body, world.names))
                transaction.set_rollback(True)
            assert (answer.status_code == FORBIDDEN) != (address in dict(BY_LINK) or cell is LOOKED_UP)


@NAMED
def test_reading_sets_a_stranger_no_cookie(world: World, address: str, cells: tuple[Cell, ...]) -> None:
    answer = Client().get("/" + filled(address, world.names))
    assert not answer.cookies, cells


@NAMED
def test_pages_for_people_speak_each_language_and_others_are_no_pages(
    world: World, windows: Windows, address: str, cells: tuple[Cell, ...]
) -> None:
    if cells[0].method != "GET" or address in NOT_PAGES:
        return
    for language in ("ur", "pl"):
        answer = windows[ANONYMOUS].get(f"/{language}/" + filled(address, world.names))
        assert answer.status_code == cells[0].expected(ANONYMOUS)
        if answer.status_code == 200:
            assert f'<html lang="{language}"' in answer.content.decode()
