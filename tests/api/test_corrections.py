"""Corrections over HTTP: both wordings stay readable."""

from typing import Any

import pytest

from tests import make
from tests.api.scene import V1, Scene, key_of, on, queries
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
FIX = {"field": "title", "text": "Walk the High Street every evening", "reason": "A name has capitals."}


@pytest.fixture
def scene(api: CheckingClient) -> Any:
    with on(make.TODAY):
        yield Scene(api)


def asked(scene: Scene, **change: str) -> str:
    """A request, and its address."""
    made = scene.post(f"{scene.path}corrections/", {**FIX, **change}, key=scene.member)
    return f"{scene.path}corrections/{made['id']}/"


def test_an_owners_correction_waits_for_the_convenor(scene: Scene) -> None:
    made = scene.post(f"{scene.path}corrections/", FIX, key=scene.member)
    assert (made["state"], made["requested_by"]) == ("requested", "team:north-team")
    assert (made["old"], made["new"]) == ("Walk the high street every evening", FIX["text"])
    assert scene.get(scene.path)["title"] == made["old"]
    assert scene.refused(f"{scene.path}corrections/", FIX, key=scene.member, status=409) == "correction_waits"


def test_once_approved_both_wordings_are_shown(scene: Scene) -> None:
    approved = scene.post(f"{asked(scene)}approve/", key=scene.convenor, status=200)
    assert approved["state"] == "approved"
    found = scene.get(scene.path)
    assert found["title"] == FIX["text"]
    assert [(one["field"], one["text"], one["correction"]) for one in found["wordings"]] == [
        ("title", "Walk the high street every evening", None),
        ("title", FIX["text"], approved["id"]),
    ]
    assert scene.events()[-2:] == ["correction.requested", "commitment.corrected"]


def test_a_refusal_gives_its_reason_and_changes_nothing(scene: Scene) -> None:
    path = asked(scene)
    assert scene.pointer(f"{path}refuse/", {}, key=scene.convenor) == "/reason"
    refused = scene.post(f"{path}refuse/", {"reason": "It says more."}, key=scene.convenor, status=200)
    assert (refused["state"], refused["decision_reason"]) == ("refused", "It says more.")
    assert len(scene.get(scene.path)["wordings"]) == 1
    assert scene.refused(f"{path}approve/", key=scene.convenor, status=409) == "already_decided"
    rows = scene.results(f"{scene.path}corrections/?state=refused")
    assert [row["id"] for row in rows] == [refused["id"]]
    assert scene.results(f"{scene.path}corrections/?state=approved") == []


def test_owners_are_corrected_by_their_slugs(scene: Scene) -> None:
    scene.post(f"{scene.path}accept/", key=scene.council_responder, status=200)
    path = asked(scene, field="owners", text="youth-team, north-team")
    scene.post(f"{path}approve/", key=scene.convenor, status=200)
    assert [owner["team"] for owner in scene.get(scene.path)["owners"]] == ["youth-team", "north-team"]
    wrong = {**FIX, "field": "owners", "text": "ghosts"}
    assert scene.pointer(f"{scene.path}corrections/", wrong, key=scene.member) == "/text"


def test_the_date_of_a_step_is_corrected(scene: Scene) -> None:
    step = scene.post(f"{scene.path}milestones/", {"title": "x", "due_on": "2026-07-01"}, key=scene.member)
    path = asked(scene, field="milestone", text="2026-07-10", milestone=step["id"])
    scene.post(f"{path}approve/", key=scene.convenor, status=200)
    [row] = scene.results(f"{scene.path}milestones/")
    assert (row["due_on"], row["first_due_on"]) == ("2026-07-10", "2026-07-01")
    wrong = {**FIX, "field": "milestone", "milestone": "00000000-0000-4000-8000-000000000000"}
    assert scene.pointer(f"{scene.path}corrections/", wrong, key=scene.member) == "/milestone"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"field": "status"}, "/field"),
        ({"text": "Walk the high street every evening"}, "/text"),
        ({"reason": ""}, "/reason"),
        ({"old": "x"}, "/old"),
    ],
)
def test_a_wrong_part_is_pointed_at(scene: Scene, change: Any, pointer: str) -> None:
    assert scene.pointer(f"{scene.path}corrections/", {**FIX, **change}, key=scene.member) == pointer


def test_who_may_not_is_told_so(scene: Scene) -> None:
    path = asked(scene)
    assert scene.refused(f"{path}approve/", key=scene.member, status=403) == "not_the_convenor"
    assert scene.refused(f"{path}refuse/", {"reason": "x"}, key=scene.panel, status=403) == "not_the_convenor"
    assert scene.refused(f"{scene.path}corrections/", FIX, key=scene.resident, status=403) == "not_an_owner"
    narrow = key_of(make.convenor(), "commitments:write")
    assert scene.refused(f"{path}approve/", key=narrow, status=403) == "scope_missing"


def test_the_convenor_corrects_a_recommendation_at_once(scene: Scene) -> None:
    path = f"{V1}/recommendations/AT25-R01/"
    fix = {"field": "title", "text": "Engage with all young people", "reason": "A word was lost."}
    tag = scene.api.get(path)["ETag"]
    made = scene.post(f"{path}corrections/", fix, key=scene.convenor, If_Match=tag)
    assert (made["state"], made["recommendation"], made["commitment"]) == ("approved", "AT25-R01", None)
    assert scene.get(path)["title"] == fix["text"]
    assert scene.results(f"{path}corrections/") == [made]
    stale = scene.api.send("POST", f"{path}corrections/", fix, key=scene.convenor, If_Match=tag)
    assert stale.status_code == 412
    assert scene.refused(f"{path}corrections/", fix, key=scene.responder, status=403) == "not_the_convenor"
    assert scene.get("recommendations/AT25-R77/corrections/", 404)


def test_a_team_corrects_its_own_update(scene: Scene) -> None:
    claim = scene.claimed()
    path = f"{V1}/updates/{claim['id']}/"
    fix = {"field": "body", "text": "It is done, each evening.", "reason": "Clearer."}
    tag = scene.api.get(path)["ETag"]
    made = scene.post(f"{path}corrections/", fix, key=scene.member, If_Match=tag)
    assert made["progress_update"] == claim["id"]
    assert scene.get(path)["body"] == fix["text"]
    assert scene.results(f"{path}corrections/") == [made]
    assert scene.pointer(f"{path}corrections/", {**fix, "field": "status"}, key=scene.member) == "/field"
    assert scene.refused(f"{path}corrections/", fix, key=scene.convenor, status=403) == "not_an_owner"
    stale = scene.api.send("POST", f"{path}corrections/", fix, key=scene.member, If_Match=tag)
    assert stale.status_code == 412


def test_a_request_of_another_commitment_is_not_found(scene: Scene) -> None:
    other = make.commitment(scene.assembly, lead=scene.lead)
    path = asked(scene).replace("AT25-C001", other.reference)
    assert scene.refused(f"{path}approve/", key=scene.convenor, status=404) == "not_found"


def test_a_stale_version_of_a_request_is_refused(scene: Scene) -> None:
    path, tag = asked(scene), '"9.1.2026-06-01.0-json"'
    answer = scene.api.send("POST", f"{path}approve/", key=scene.convenor, If_Match=tag)
    assert answer.status_code == 412


def test_the_list_costs_the_same_for_one_row_and_for_many(scene: Scene) -> None:
    asked(scene)
    one = queries(scene.api, f"{scene.path}corrections/")
    for field in ("body", "measure", "target", "proof"):
        asked(scene, field=field)
    assert queries(scene.api, f"{scene.path}corrections/") == one


@pytest.mark.parametrize("text", ["Two\nlines", "Walk the\u202e street", "a" * 301, "<b>Walk</b>"])
def test_a_corrected_title_is_a_title(scene: Scene, text: str) -> None:
    said = {"field": "title", "text": text, "reason": "A slip."}
    assert scene.pointer(f"{scene.path}corrections/", said, key=scene.member) == "/text"
    body = {**said, "field": "body", "text": "Two\nlines"}
    scene.post(f"{scene.path}corrections/", body, key=scene.member)
