"""The permission matrix of the desk: every role, every route, every method, with the second factor and without."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from django.urls import resolve

from accounts import offices
from accounts.backends import BY_CODE, IN_OFFICE, WAITING
from accounts.models import Membership
from commitments import actions
from commitments.actions import granting
from commitments.evidence.cleaning import Clean
from portal.desk import proofs, waiting_uploads
from portal.desk.queue import gathering
from portal.desk.tries import Tries
from portal.desk.urls import urlpatterns
from record import clock
from tests import make, sheets
from tests.api.matrix import ANONYMOUS, CONVENOR, LEAD_MEMBER, LEAD_RESPONDER, RESIDENT, ROLES, Cell
from tests.api.stages import staged
from tests.api.test_permissions import METHODS, filled, taken
from tests.api.world import World
from tests.portal.desk_matrix import ANYBODY, ROWS

pytestmark = pytest.mark.django_db
NAMED = pytest.mark.parametrize(("address", "cells"), [pytest.param(*row, id=row[0] or "/") for row in ROWS])
DESK = "/desk/"
OWED = ("second-factor/", "security/")
"""Where a second factor is given or set up: tests/portal/desk/test_signing_in.py."""
Windows = dict[str, Client]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world of the API's matrix, with what waits for people of the desk."""
    with staged(django_db_blocker), clock.at(make.noon(make.TODAY)):
        world = World()
        world.names |= things_of_the_desk(world)
        yield world


@pytest.fixture(scope="module")
def windows(world: World) -> Iterator[Windows]:
    """A window for each role, signed in with the second factor, and a stranger's."""
    found = {role: Client() for role in ROLES}
    with pytest.MonkeyPatch.context() as patch:
        # What waits is counted on each page, which costs more than the page; tests/portal/desk/test_queue.py counts it.
        patch.setattr(gathering, "number_of", lambda _user, _today: 0)
        patch.setattr(Tries, "one_more", lambda *_: None)
        for role, window in found.items():
            if role != ANONYMOUS:
                window.force_login(world.users[role], IN_OFFICE)
                session = window.session
                session[proofs.KEY] = {proofs.FACTOR: clock.now().timestamp()}
                session.save()
        yield found


def things_of_the_desk(world: World) -> dict[str, str]:
    """Roles that can be ended, decided, taken up and left; an upload; an app that makes codes."""
    convenor, resident = world.users[CONVENOR], world.users[RESIDENT]
    panel = offices.named("panel:anytown-2025")
    proposed = granting.propose_role("new@example.org", panel, by=make.convenor())
    invited = granting.propose_role(resident.email, panel, by=make.convenor())
    granting.approve_role(invited, by=make.convenor())
    one = make.convenor()
    files = {"commitments.csv": sheets.sheet("commitments", sheets.commitment("one"))}
    upload = waiting_uploads.keep(files, by=convenor, assembly=make.SLUG, reason="")
    waiting_uploads.note(upload, {"problems": [], "lines": [], "counts": {}})
    app = Authenticator.objects.create(user_id=resident.pk, type=Authenticator.Type.TOTP, data={})
    photo = actions.send_evidence(
        Clean(make.PICTURE, "image/png", width=1, height=1), by=world.users[LEAD_MEMBER]
    )
    return {
        "uploaded": str(photo.pk),
        "proposed_role": str(proposed.pk),
        "invitation": str(invited.pk),
        "held": str(Membership.objects.get(user=one).pk),
        "own_post": str(Membership.objects.get(user=world.users[LEAD_RESPONDER]).pk),
        "upload": str(upload.pk),
        "digest": upload.digest,
        "factor": str(app.pk),
    }


def answered(window: Client, world: World, method: str, address: str, body: Any = None) -> Any:
    """The answer to one request; whatever it did is undone."""
    path = DESK + filled(address, world.names)
    with transaction.atomic():
        answer = (
            window.post(path, filled(body or {}, world.names))
            if method == "POST"
            else window.generic(method, path)
        )
        transaction.set_rollback(True)
    return answer


def test_every_route_is_in_the_table_and_the_table_names_no_other(world: World) -> None:
    declared = {resolve(DESK + filled(address, world.names).partition("?")[0]).route for address, _ in ROWS}
    assert declared == {f"desk/{pattern.pattern}" for pattern in urlpatterns}


@NAMED
def test_each_role_is_answered_as_the_table_says(
    world: World, windows: Windows, address: str, cells: tuple[Cell, ...]
) -> None:
    for cell in cells:
        expected = {role: cell.expected(role) for role in ROLES}
        found = {
            role: answered(window, world, cell.method, address, cell.body).status_code
            for role, window in windows.items()
        }
        assert found == expected, cell.method
    for method in set(METHODS) - taken(cells):
        assert answered(windows[CONVENOR], world, method, address).status_code == 405, method


def test_nobody_acts_by_a_code_or_a_password_alone(world: World) -> None:
    at_the_door = {address for address, _ in ANYBODY}
    for backend, to in ((BY_CODE, "/desk/sign-in/"), (WAITING, "/desk/second-factor/")):
        window = Client()
        window.force_login(world.users[CONVENOR], backend)
        for address, cells in ROWS:
            for cell in cells:
                if address not in at_the_door and not address.startswith(OWED):
                    answer = answered(window, world, cell.method, address, cell.body)
                    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, to), address


def test_the_doors_set_a_stranger_no_cookie(world: World) -> None:
    for address, _ in ROWS:
        assert not Client().get(DESK + filled(address, world.names)).cookies, address


def test_a_form_without_its_token_changes_nothing(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.users[CONVENOR], IN_OFFICE)
    posts = [(address, cell) for address, cells in ROWS for cell in cells if cell.method == "POST"]
    assert {answered(strict, world, "POST", address, cell.body).status_code for address, cell in posts} == {
        403
    }
