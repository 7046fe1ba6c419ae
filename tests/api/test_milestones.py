"""Milestones over HTTP: due and done are two things."""

from typing import Any

import pytest

from tests import make
from tests.api.scene import Scene, on, queries
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
STEP = {"title": "Hire the sergeant", "due_on": "2026-07-01"}


@pytest.fixture
def scene(api: CheckingClient) -> Any:
    with on(make.TODAY):
        yield Scene(api)


def added(scene: Scene, **change: str) -> str:
    """A step, and its address."""
    made = scene.post(f"{scene.path}milestones/", {**STEP, **change}, key=scene.member)
    return f"{scene.path}milestones/{made['id']}/"


def only(scene: Scene) -> Any:
    """The only step."""
    [row] = scene.results(f"{scene.path}milestones/")
    return row


def test_an_owner_adds_a_step(scene: Scene) -> None:
    added(scene)
    row = only(scene)
    assert (row["due_on"], row["first_due_on"], row["done_on"]) == ("2026-07-01", "2026-07-01", None)
    assert (row["overdue"], row["days_late"]) == (False, 0)
    assert scene.get(scene.path)["milestones"] == [row]


def test_a_step_is_overdue_by_the_clock_alone(scene: Scene) -> None:
    added(scene)
    with on(make.days(40)):
        assert (only(scene)["overdue"], only(scene)["days_late"]) == (True, 10)


def test_a_step_that_is_done_keeps_its_lateness(scene: Scene) -> None:
    path = added(scene)
    with on(make.days(40)):
        done = scene.post(f"{path}done/", {"done_on": "2026-07-03"}, key=scene.member, status=200)
    with on(make.days(80)):
        assert only(scene) == done
    assert (done["done_on"], done["overdue"], done["days_late"]) == ("2026-07-03", False, 2)
    assert scene.events()[-2:] == ["milestone.overdue", "milestone.done"]


def test_a_step_is_done_once_and_not_in_the_future(scene: Scene) -> None:
    path = added(scene)
    assert scene.pointer(f"{path}done/", {"done_on": "2026-06-02"}, key=scene.member) == "/done_on"
    assert scene.post(f"{path}done/", key=scene.member, status=200)["done_on"] == "2026-06-01"
    assert scene.refused(f"{path}done/", key=scene.member, status=409) == "milestone_done"


def test_steps_of_a_claimed_commitment_are_expected_no_more(scene: Scene) -> None:
    added(scene)
    scene.claimed()
    with on(make.days(40)):
        assert (only(scene)["overdue"], only(scene)["days_late"]) == (False, None)


def test_only_owners_set_steps(scene: Scene) -> None:
    path = added(scene)
    assert scene.refused(f"{scene.path}milestones/", STEP, key=scene.convenor, status=403) == "not_an_owner"
    assert scene.refused(f"{path}done/", key=scene.panel, status=403) == "not_an_owner"


def test_a_wrong_part_is_pointed_at_and_an_unknown_step_not_found(scene: Scene) -> None:
    path = f"{scene.path}milestones/"
    assert scene.pointer(path, {**STEP, "due_on": "0206-07-01"}, key=scene.member) == "/due_on"
    assert scene.pointer(path, {**STEP, "done_on": "2026-07-01"}, key=scene.member) == "/done_on"
    nobody = "00000000-0000-4000-8000-000000000000"
    assert scene.refused(f"{path}{nobody}/done/", key=scene.member, status=404) == "not_found"


def test_a_stale_version_of_a_step_is_refused(scene: Scene) -> None:
    path = added(scene)
    answer = scene.api.send("POST", f"{path}done/", key=scene.member, If_Match='"9.1.2026-06-01.0-json"')
    assert answer.status_code == 412


@pytest.mark.parametrize("name", ["due", "-due", "done", "-done", "position"])
def test_the_list_costs_the_same_for_one_row_and_for_many(scene: Scene, name: str) -> None:
    path = f"{scene.path}milestones/?page_size=100&ordering={name}"
    added(scene)
    one = queries(scene.api, path)
    for _ in range(4):
        added(scene)
    assert queries(scene.api, path) == one
