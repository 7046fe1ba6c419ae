"""How commitments pass on, over HTTP: what came from what stays readable."""

from typing import Any

import pytest

from tests import make
from tests.api.scene import Scene, on
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
    former = [owner["team"] for owner in found["ownership"] if owner["ended_on"] == "2026-06-01"]
    assert sorted(former) == ["north-team", "youth-team"]
    stale = scene.api.send("POST", f"{scene.path}hand-over/", said, key=scene.responder, If_Match=tag)
    assert stale.status_code == 412
    assert scene.refused(f"{scene.path}hand-over/", said, key=scene.responder, status=409) == "owns_already"


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
