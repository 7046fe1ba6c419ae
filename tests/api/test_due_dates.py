"""Moves of due dates over HTTP: owners ask, the convenor decides, everything is kept."""

from typing import Any

import pytest

from tests import make
from tests.api.scene import Scene, key_of, on, queries
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
LATER = {
    "on": "2026-12-01",
    "precision": "quarter",
    "text": "by Christmas",
    "reason": "Two posts are vacant.",
}


@pytest.fixture
def scene(api: CheckingClient) -> Any:
    with on(make.TODAY):
        yield Scene(api)


def asked(scene: Scene, **change: str) -> str:
    """A request, and its address."""
    made = scene.post(f"{scene.path}due-date-changes/", {**LATER, **change}, key=scene.member)
    return f"{scene.path}due-date-changes/{made['id']}/"


def test_an_owner_asks_and_the_present_date_stays(scene: Scene) -> None:
    made = scene.post(f"{scene.path}due-date-changes/", LATER, key=scene.member)
    assert made["state"] == "requested"
    assert (made["old_on"], made["on"]) == ("2026-09-30", "2026-12-31")
    assert made["requested_by"] == "north-team"
    assert made["decided_by"] is made["decided_on"] is None
    assert scene.get(scene.path)["due"]["on"] == "2026-09-30"


def test_the_convenor_approves_and_the_first_date_is_kept(scene: Scene) -> None:
    decided = scene.post(f"{asked(scene)}approve/", key=scene.convenor, status=200)
    assert decided["state"] == "approved"
    assert decided["decided_by"] == f"convenor:{make.SLUG}"
    with on(make.days(130)):
        due = scene.get(scene.path)["due"]
    assert due == {
        "on": "2026-12-31",
        "precision": "quarter",
        "text": "by Christmas",
        "first_on": "2026-09-30",
        "changes": 1,
        "days_late": 0,
        "days_late_first": 9,
    }
    assert scene.events()[-2:] == ["due_date.requested", "due_date.approved"]


def test_the_words_of_a_date_are_kept_whole_up_to_500_characters(scene: Scene) -> None:
    words = ("updated each month and published each quarter, " * 11)[:500].strip()
    scene.post(f"{asked(scene, text=words)}approve/", key=scene.convenor, status=200)
    assert scene.get(scene.path)["due"]["text"] == words
    assert scene.pointer(
        f"{scene.path}due-date-changes/", {**LATER, "text": "x" * 501}, key=scene.member
    ) == ("/text")


def test_the_convenor_refuses_with_a_reason(scene: Scene) -> None:
    path = asked(scene)
    assert scene.pointer(f"{path}refuse/", {}, key=scene.convenor) == "/reason"
    refused = scene.post(f"{path}refuse/", {"reason": "Known in spring."}, key=scene.convenor, status=200)
    assert refused["state"] == "refused"
    assert refused["decision_reason"] == "Known in spring."
    assert scene.get(scene.path)["due"]["changes"] == 0
    again = scene.refused(f"{path}approve/", {}, key=scene.convenor, status=409)
    assert again == "already_decided"


def test_every_move_is_listed_newest_first_and_in_the_detail(scene: Scene) -> None:
    scene.post(f"{asked(scene)}refuse/", {"reason": "No."}, key=scene.convenor, status=200)
    asked(scene, on="2027-03-31")
    rows = scene.results(f"{scene.path}due-date-changes/")
    assert [row["state"] for row in rows] == ["requested", "refused"]
    assert scene.get(scene.path)["due_date_changes"] == rows


def test_one_request_waits_at_a_time(scene: Scene) -> None:
    asked(scene)
    path = f"{scene.path}due-date-changes/"
    assert scene.refused(path, LATER, key=scene.member, status=409) == "date_change_waits"


def test_who_may_not_is_told_so(scene: Scene) -> None:
    path = asked(scene)
    for key in (scene.member, scene.responder, scene.panel, scene.resident):
        assert scene.refused(f"{path}approve/", {}, key=key, status=403) == "not_the_convenor"
    stranger = key_of(make.convenor("elsewhere"))
    assert scene.refused(f"{path}approve/", {}, key=stranger, status=403) == "not_the_convenor"
    assert scene.refused(f"{scene.path}due-date-changes/", LATER, key=scene.convenor, status=403)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"on": None}, "/on"),
        ({"on": "2026-13-01"}, "/on"),
        ({"on": "0206-01-01"}, "/on"),
        ({"on": "2026-08-01", "text": ""}, "/on"),
        ({"precision": "soon"}, "/precision"),
        ({"reason": ""}, "/reason"),
        ({"state": "approved"}, "/state"),
    ],
)
def test_a_wrong_part_is_pointed_at(scene: Scene, change: Any, pointer: str) -> None:
    path = f"{scene.path}due-date-changes/"
    assert scene.pointer(path, {**LATER, **change}, key=scene.member) == pointer


def test_a_date_without_a_day_points_at_the_day(scene: Scene) -> None:
    data = {name: value for name, value in LATER.items() if name != "on"}
    assert scene.pointer(f"{scene.path}due-date-changes/", data, key=scene.member) == "/on"


def test_a_request_of_another_commitment_is_not_found(scene: Scene) -> None:
    other = make.commitment(scene.assembly, lead=scene.lead)
    path = asked(scene).replace("AT25-C001", other.reference)
    assert scene.refused(f"{path}approve/", {}, key=scene.convenor, status=404) == "not_found"


def test_the_list_costs_the_same_for_one_row_and_for_many(scene: Scene) -> None:
    path = f"{scene.path}due-date-changes/"
    scene.post(f"{asked(scene)}refuse/", {"reason": "No."}, key=scene.convenor, status=200)
    one = queries(scene.api, path)
    for _ in range(5):
        scene.post(f"{asked(scene)}refuse/", {"reason": "No."}, key=scene.convenor, status=200)
    assert queries(scene.api, path) == one
