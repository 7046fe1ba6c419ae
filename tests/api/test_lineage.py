"""How commitments pass on, over HTTP: what came from what stays readable."""

from typing import Any

import pytest

from accounts.models import Organisation
from tests import make
from tests.api.scene import Scene, key_of, on
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
OWNERS = [{"team": "north-team", "lead": True}]
WHY = "The borough changed its plan."


@pytest.fixture
def scene(api: CheckingClient) -> Any:
    with on(make.TODAY):
        yield Scene(api)


def test_a_commitment_is_handed_over(scene: Scene) -> None:
    make.team(scene.police, "south-team")
    said = {"owners": [{"team": "south-team", "lead": True}], "reason": WHY}
    tag = scene.api.get(scene.path)["ETag"]
    found = scene.post(f"{scene.path}hand-over/", said, key=scene.responder, status=200, If_Match=tag)
    assert [owner["team"] for owner in found["owners"]] == ["south-team"]
    owned = [(owner["team"], owner["ended_on"]) for owner in found["ownership"]]
    ended = "2026-06-01"
    assert owned == [("south-team", None), ("north-team", ended), ("youth-team", ended)]
    stale = scene.api.send("POST", f"{scene.path}hand-over/", said, key=scene.responder, If_Match=tag)
    assert stale.status_code == 412
    assert scene.refused(f"{scene.path}hand-over/", said, key=scene.responder, status=409) == "owns_already"


def offer(scene: Scene) -> Any:
    """The police offer theirs to the charity."""
    make.team(make.organisation("charity", kind="other"), "wardens")
    said = {"owners": [{"team": "wardens", "lead": True}], "reason": WHY}
    return scene.post(f"{scene.path}hand-over/", said, key=scene.responder, status=200)


def charity(scene: Scene) -> str:
    return key_of(make.responder(Organisation.objects.get(slug="charity")))


def test_an_offer_to_another_body_is_seen_and_changes_no_owner(scene: Scene) -> None:
    found = offer(scene)
    assert [owner["team"] for owner in found["owners"]] == ["north-team", "youth-team"]
    assert found["hand_over"] == {
        "to": "charity",
        "owners": [{"team": "wardens", "organisation": "charity", "lead": True}],
        "state": "offered",
        "since": "2026-06-01",
        "reason": WHY,
        "offered_by": "organisation:police",
        "decided_on": None,
        "decision_reason": None,
    }
    assert found["hand_overs"] == [found["hand_over"]]
    again = {"owners": [{"team": "wardens", "lead": True}], "reason": WHY}
    code = scene.refused(f"{scene.path}hand-over/", again, key=scene.responder, status=409)
    assert code == "hand_over_waits"


def test_an_offer_is_accepted(scene: Scene) -> None:
    offer(scene)
    found = scene.post(f"{scene.path}accept/", key=charity(scene), status=200)
    assert [owner["team"] for owner in found["owners"]] == ["wardens"]
    assert (found["hand_over"], found["hand_overs"][0]["state"]) == (None, "accepted")
    assert scene.events()[-2:] == ["commitment.hand_over_offered", "commitment.handed_over"]
    handed = scene.results("events/?type=commitment.handed_over")[0]
    assert handed["body"]["facts"]["update_due_on"] == found["update_due_on"]


def test_an_offer_is_refused_with_a_reason(scene: Scene) -> None:
    offer(scene)
    key, path = charity(scene), f"{scene.path}hand-over/refuse/"
    assert scene.pointer(path, {}, key=key) == "/reason"
    found = scene.post(path, {"reason": "It was never ours."}, key=key, status=200)
    assert found["hand_over"] is None
    [told] = found["hand_overs"]
    assert (told["state"], told["decision_reason"]) == ("refused", "It was never ours.")
    assert [owner["team"] for owner in found["owners"]] == ["north-team", "youth-team"]
    assert scene.refused(path, {"reason": "Again."}, key=key, status=409) == "nothing_offered"


def test_an_offer_is_taken_back_with_or_without_a_reason(scene: Scene) -> None:
    offer(scene)
    path = f"{scene.path}hand-over/withdraw/"
    code = scene.refused(path, key=charity(scene), status=403)
    assert code == "not_the_leads_responder"
    assert scene.post(path, key=scene.responder, status=200)["hand_overs"][0]["state"] == "withdrawn"
    again = {"owners": [{"team": "wardens", "lead": True}], "reason": WHY}
    scene.post(f"{scene.path}hand-over/", again, key=scene.responder, status=200)
    found = scene.post(path, {"reason": "We keep it."}, key=scene.responder, status=200)
    assert sorted(one["decision_reason"] or "" for one in found["hand_overs"]) == ["", "We keep it."]


def test_requests_closed_with_their_commitment_are_shown_as_such(scene: Scene) -> None:
    make.commitment(scene.assembly, lead=scene.lead)
    asked = {"on": "2027-06-30", "precision": "quarter", "text": "by summer", "reason": WHY}
    change = scene.post(f"{scene.path}due-date-changes/", asked, key=scene.member)
    wording = {"field": "title", "text": "Walk", "reason": WHY}
    correction = scene.post(f"{scene.path}corrections/", wording, key=scene.member)
    scene.post(
        f"{scene.path}supersede/", {"successor": "AT25-C002", "reason": WHY}, key=scene.responder, status=200
    )
    for part, made in (("due-date-changes", change), ("corrections", correction)):
        [shown] = scene.results(f"{scene.path}{part}/")
        assert (shown["state"], shown["decided_on"]) == ("closed", "2026-06-01")
        address = f"{scene.path}{part}/{made['id']}/approve/"
        assert scene.refused(address, key=scene.convenor, status=409) == "already_decided"
    assert scene.get(f"{scene.path}due-date-changes/")["results"][0]["decided_by"] == "organisation:police"


def test_a_team_is_reorganised(scene: Scene) -> None:
    make.team(scene.police, "east-team")
    make.team(scene.police, "west-team")
    make.commitment(scene.assembly, lead=scene.lead)
    said = {
        "successors": ["east-team", "west-team"],
        "passing": [{"commitment": "AT25-C002", "team": "west-team"}],
        "reason": WHY,
    }
    found = scene.post("teams/north-team/reorganise/", said, key=scene.responder, status=200)
    assert found["ended_on"] == "2026-06-01"
    assert (found["waiting"], found["next_step"]) == ([], None)
    assert found["scorecard"]["promised"] == 2
    assert found["succeeded_by"] == [
        {
            "team": f"{name}-team",
            "name": f"{name.title()}-Team",
            "organisation": "police",
            "on": "2026-06-01",
            "reason": WHY,
        }
        for name in ("east", "west")
    ]
    [before] = scene.get("teams/west-team/")["preceded_by"]
    assert before["team"] == "north-team"
    assert [one["reference"] for one in scene.results("commitments/?team=west-team")] == ["AT25-C002"]
    assert scene.get(scene.path)["owners"][0]["team"] == "east-team"
    code = scene.refused("teams/north-team/reorganise/", said, key=scene.responder, status=409)
    assert code == "team_gone"


def test_a_team_that_waits_for_another_body_says_what_is_left_to_do(scene: Scene) -> None:
    shelter = make.organisation("charity")
    make.team(shelter, "wardens")
    said = {"successors": ["wardens"], "reason": WHY}
    path = "teams/north-team/reorganise/"
    found = scene.post(path, said, key=scene.responder, status=200)
    assert found["ended_on"] is None
    assert found["waiting"] == [{"commitment": "AT25-C001", "organisation": "charity", "since": "2026-06-01"}]
    assert found["next_step"] == (
        "North-Team has not ended: it owns AT25-C001 until accepted by charity. "
        "Send this request again then, and the team ends."
    )
    scene.post(f"{scene.path}accept/", key=key_of(make.responder(shelter)), status=200)
    assert scene.post(path, said, key=scene.responder, status=200)["ended_on"] == "2026-06-01"


def test_a_reorganisation_points_at_what_is_wrong(scene: Scene) -> None:
    make.team(scene.police, "east-team")
    path, said = "teams/north-team/reorganise/", {"successors": ["east-team"], "reason": WHY}
    for wrong, pointer in (
        ({"successors": ["ghosts"]}, "/successors/0"),
        ({"successors": ["north-team"]}, "/successors"),
        ({"passing": [{"commitment": scene.commitment.reference, "team": "ghosts"}]}, "/passing/0/team"),
        ({"passing": [{"commitment": "AT25-C077", "team": "east-team"}]}, "/passing"),
        ({"passing": [{"commitment": scene.commitment.reference, "team": "youth-team"}]}, "/passing"),
        ({"reason": ""}, "/reason"),
    ):
        assert scene.pointer(path, {**said, **wrong}, key=scene.responder) == pointer
    code = scene.refused(path, {**said, "successors": []}, key=scene.responder, status=409)
    assert code == "still_owns"


def test_a_convenor_ends_no_team_that_owns_something(scene: Scene) -> None:
    ended = {"ended_on": "2026-06-01", "reason": WHY}
    sent = {"key": scene.convenor, "If_Match": "*"}
    refused = scene.api.send("PATCH", "/api/v1/teams/north-team/", ended, **sent)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_a_responder")
    make.team(scene.police, "east-team")
    done = scene.api.send("PATCH", "/api/v1/teams/east-team/", {**ended, "name": "East"}, **sent)
    assert (done.status_code, done.json()["ended_on"], done.json()["name"]) == (200, "2026-06-01", "East")
    assert done.json()["succeeded_by"] == []


def test_a_commitment_is_superseded_by_another(scene: Scene) -> None:
    make.commitment(scene.assembly, lead=scene.lead)
    said = {"successor": "AT25-C002", "reason": WHY}
    found = scene.post(f"{scene.path}supersede/", said, key=scene.responder, status=200)
    assert (found["status"], found["standing"], found["stage"]) == ("superseded", "superseded", "superseded")
    [link] = found["lineage"]["became"]
    assert link == {"kind": "superseded", "commitment": "AT25-C002", "on": "2026-06-01", "reason": WHY}
    [back] = scene.get("commitments/AT25-C002/")["lineage"]["came_from"]
    assert back == {**link, "commitment": "AT25-C001"}
    said["successor"] = "AT25-C077"
    assert scene.pointer(f"{scene.path}supersede/", said, key=scene.responder) == "/successor"


def test_a_commitment_is_split(scene: Scene) -> None:
    parts = [{"title": title, "recommendations": [], "owners": OWNERS} for title in ("Evenings", "Mornings")]
    said = {"parts": parts, "reason": WHY}
    found = scene.post(f"{scene.path}split/", said, key=scene.responder, status=200)
    assert [link["commitment"] for link in found["lineage"]["became"]] == ["AT25-C002", "AT25-C003"]
    assert found["stage"] == "split"
    assert scene.refused(f"{scene.path}split/", said, key=scene.responder, status=409) == "replaced"


def test_a_wrong_part_of_a_split_is_pointed_at(scene: Scene) -> None:
    part = {"title": "Evenings", "owners": OWNERS}
    said: Any = {"parts": [part, {**part, "owners": [{"team": "ghosts"}]}], "reason": WHY}
    assert scene.pointer(f"{scene.path}split/", said, key=scene.responder) == "/parts/1/owners/0/team"
    said["parts"] = [part]
    assert scene.pointer(f"{scene.path}split/", said, key=scene.responder) == "/parts"


def test_commitments_are_merged(scene: Scene) -> None:
    make.commitment(scene.assembly, lead=scene.lead)
    said = {"others": ["AT25-C002"], "title": "Walk everywhere", "owners": OWNERS, "reason": WHY}
    made = scene.post(f"{scene.path}merge/", said, key=scene.responder)
    assert made["reference"] == "AT25-C003"
    assert [link["commitment"] for link in made["lineage"]["came_from"]] == ["AT25-C001", "AT25-C002"]
    assert scene.get(scene.path)["stage"] == "merged"
    said["others"] = ["AT25-C055"]
    path = "commitments/AT25-C003/merge/"
    assert scene.pointer(path, said, key=scene.responder) == "/others/0"
    said["others"] = []
    assert scene.pointer(path, said, key=scene.responder) == "/others"


@pytest.mark.parametrize("verb", ["hand-over", "supersede", "split", "merge"])
def test_only_a_responder_of_the_lead_passes_it_on(scene: Scene, verb: str) -> None:
    make.commitment(scene.assembly, lead=scene.lead)
    parts = [{"title": title, "owners": OWNERS} for title in ("Evenings", "Mornings")]
    bodies: dict[str, Any] = {
        "hand-over": {"owners": OWNERS, "reason": WHY},
        "supersede": {"successor": "AT25-C002", "reason": WHY},
        "split": {"parts": parts, "reason": WHY},
        "merge": {"others": ["AT25-C002"], "title": "All", "owners": OWNERS, "reason": WHY},
    }
    said = bodies[verb]
    for key in (scene.member, scene.council_responder, scene.convenor, scene.panel):
        code = scene.refused(f"{scene.path}{verb}/", said, key=key, status=403)
        assert code == "not_the_leads_responder"
    assert scene.refused(f"commitments/AT25-C099/{verb}/", said, key=scene.responder, status=404)
    assert scene.pointer(f"{scene.path}{verb}/", {**said, "reason": ""}, key=scene.responder) == "/reason"
