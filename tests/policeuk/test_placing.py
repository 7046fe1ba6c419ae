"""Where a neighbourhood lies is said where it is certain, and otherwise left to a convenor: never a guess."""

import json

import pytest

from commitments import actions
from commitments.models import Neighbourhood
from tests import make
from tests.make import TODAY, days
from tests.policeuk.looking import look, places
from tests.policeuk.recorded import ELSEWHERE, FORCE, Recorded
from tests.recording import telling

pytestmark = pytest.mark.django_db


def test_a_place_is_found_by_an_equal_code_or_by_a_name_that_nothing_else_has(recorded: Recorded) -> None:
    places()
    report = look(recorded)
    found = {one.code: (one.area and one.area.code, one.placed_by) for one in Neighbourhood.objects.all()}
    assert found == {
        "E05013891": ("E05013891", "code"),
        "E05013893": ("E05013893", "code"),
        "55.CR3001": ("E05013903", "name"),
        "X9": (None, ""),
    }
    assert report.unplaced == ["X9"]


def test_without_the_forces_own_area_nothing_is_placed_until_it_is_named(recorded: Recorded) -> None:
    force = places(name="Invented Police Service")
    assert len(look(recorded).unplaced) == 4
    with telling() as entries:
        report = look(recorded, days(1), area=force)
    assert report.told == {"neighbourhood.placed": 3}
    assert {entry.actor for entry in entries} == {"operator"}
    assert json.loads(bytes(entries[0].body))["facts"]["placed_by"] == "code"


def test_an_equal_code_in_another_force_is_no_place(recorded: Recorded) -> None:
    places()
    assert look(recorded, force=ELSEWHERE).unplaced == ["E05013891 The same id in another force"]


@pytest.mark.parametrize("why", ["two areas", "two neighbourhoods", "far away", "another spelling"])
def test_a_name_that_is_not_certain_is_left_to_a_convenor(recorded: Recorded, why: str) -> None:
    force = places()
    named = {
        "id": "55.CR3001",
        "name": "Wood Street and Market",
        "centre": {"latitude": "51.58", "longitude": "-0.02"},
    }
    if why == "two areas":
        actions.publish_area(
            "E05000001",
            by=make.convenor(),
            today=TODAY,
            name="Wood Street & Market",
            kind="ward",
            parent=force,
        )
    if why == "two neighbourhoods":
        listed = [
            {"id": "55.CR3001", "name": "Wood Street & Market"},
            {"id": "X9", "name": "Wood street and market"},
        ]
        recorded.say(f"{FORCE}/neighbourhoods", listed)
    if why == "far away":
        named["centre"] = {"latitude": "51.40", "longitude": "-0.02"}
    if why == "another spelling":
        named["name"] = "Woods Street and Market"
    recorded.say(f"{FORCE}/55.CR3001", named)
    look(recorded)
    assert Neighbourhood.objects.get(code="55.CR3001").area is None


def test_what_a_convenor_said_of_a_place_stays(recorded: Recorded) -> None:
    look(recorded)
    force = places()
    place = Neighbourhood.objects.get(code="E05013891")
    actions.place_neighbourhood(
        place, by=make.convenor(), today=TODAY, area=None, reason="It is twice as large."
    )
    report = look(recorded, days(1), area=force)
    assert Neighbourhood.objects.get(code="E05013891").area is None
    assert report.unplaced == ["X9"]
