"""Progress updates over HTTP: posted by owners, read by everybody."""

from typing import Any

import pytest

from commitments import actions
from tests import make
from tests.api.scene import EVIDENCE, V1, Scene, on, queries
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(api: CheckingClient) -> Any:
    with on(make.TODAY):
        yield Scene(api)


def test_the_leads_update_becomes_the_owners_claim(scene: Scene) -> None:
    said = {"body": "We have begun.", "status": "in_progress", "evidence": EVIDENCE}
    made = scene.post(f"{scene.path}updates/", said, key=scene.member)
    assert made["status"] == "in_progress"
    assert made["team_status"] is None
    assert made["lead"] is True
    assert made["is_claim"] is False
    no_file = dict.fromkeys(("dated", "file", "media_type", "bytes", "sha256"))
    assert made["evidence"] == [{**EVIDENCE[0], **no_file}]
    assert made["url"].endswith(f"{V1}/updates/{made['id']}/")
    assert scene.get(f"updates/{made['id']}/")["body"] == "We have begun."
    assert scene.get(scene.path)["voices"]["owner"]["status"] == "in_progress"
    assert scene.events()[-1] == "update.posted"


def test_a_co_owners_update_stands_beside_the_status(scene: Scene) -> None:
    scene.post(f"{scene.path}accept/", key=scene.council_responder, status=200)
    said = {"body": "Youth workers are hired.", "status": "in_progress"}
    made = scene.post(f"{scene.path}updates/", said, key=scene.co_member)
    assert made["status"] is None
    assert made["team_status"] == "in_progress"
    owner = scene.get(scene.path)["voices"]["owner"]
    assert owner["status"] is None
    assert owner["by_team"] == [{"team": "youth-team", "status": "in_progress", "at": made["published_at"]}]


def test_a_claim_needs_evidence_and_starts_its_window(scene: Scene) -> None:
    said = {"body": "Done.", "status": "completed"}
    path = f"{scene.path}updates/"
    assert scene.refused(path, said, key=scene.member, status=400) == "evidence_missing"
    claim = scene.claimed()
    found = scene.get(scene.path)
    assert claim["is_claim"] is True
    assert found["standing"] == "claimed"
    assert found["claim"] == {
        "id": claim["id"],
        "claimed_on": "2026-06-01",
        "verify_by": "2026-06-29",
        "refuted_on": None,
    }
    with on(make.days(29)):
        assert scene.get(scene.path)["standing"] == "unverified"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"status": "finished"}, "/status"),
        ({"status": "superseded"}, "/status"),
        ({"status": "abandoned"}, "/reason"),
        ({"body": " "}, "/body"),
        ({"evidence": [{"title": "x", "url": "javascript:alert(1)"}]}, "/evidence/0/url"),
        ({"evidence": [{"url": "https://example.org"}]}, "/evidence/0/title"),
        ({"evidence": [{**EVIDENCE[0], "size": 1}]}, "/evidence/0/size"),
        ({"lead": True}, "/lead"),
    ],
)
def test_a_wrong_part_is_pointed_at(scene: Scene, change: Any, pointer: str) -> None:
    said = {"body": "Begun.", "status": "in_progress", **change}
    assert scene.pointer(f"{scene.path}updates/", said, key=scene.member) == pointer


def test_only_owners_report(scene: Scene) -> None:
    said = {"body": "Begun.", "status": "in_progress"}
    for key in (scene.convenor, scene.panel, scene.resident):
        assert scene.refused(f"{scene.path}updates/", said, key=key, status=403) == "not_an_owner"
    unaccepted = scene.refused(f"{scene.path}updates/", said, key=scene.co_member, status=409)
    assert unaccepted == "not_accepted_yet"
    assert scene.refused("commitments/AT25-C099/updates/", said, key=scene.member, status=404)


def test_a_responder_says_for_which_team(scene: Scene) -> None:
    said = {"body": "Begun.", "status": "in_progress", "team": "north-team"}
    assert scene.post(f"{scene.path}updates/", said, key=scene.responder)["team"] == "north-team"
    said["team"] = "youth-team"
    assert scene.refused(f"{scene.path}updates/", said, key=scene.responder, status=403) == "not_an_owner"


def test_if_match_may_name_the_commitments_version(scene: Scene) -> None:
    tag = scene.api.get(scene.path)["ETag"]
    said = {"body": "Begun.", "status": "in_progress"}
    scene.post(f"{scene.path}updates/", said, key=scene.member, If_Match=tag)
    answer = scene.api.send("POST", f"{scene.path}updates/", said, key=scene.member, If_Match=tag)
    assert answer.status_code == 412


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("assembly=anytown-2025", 2),
        ("theme=be-there", 1),
        ("theme=none", 1),
        ("area=E09000031", 2),
        ("recommendation=AT25-R01", 1),
        ("commitment=AT25-C002", 1),
        ("organisation=police", 2),
        ("team=youth-team", 0),
        ("status=completed", 1),
        ("claim=true", 1),
        ("claim=false", 1),
        ("updated_since=2026-06-02T00:00:00Z", 0),
        ("q=officers", 1),
        ("q=officers&ordering=-published_at", 1),
    ],
)
def test_each_filter_finds_what_it_says(scene: Scene, query: str, count: int) -> None:
    scene.claimed()
    make.update(make.commitment(scene.assembly, lead=scene.lead))
    assert len(scene.results(f"updates/?{query}")) == count


def test_updates_come_newest_first_and_of_one_commitment_only_its_own(scene: Scene) -> None:
    first = make.update(scene.commitment)
    second = make.update(make.commitment(scene.assembly, lead=scene.lead))
    third = make.update(scene.commitment, status="completed", evidence=make.EVIDENCE)
    assert [row["id"] for row in scene.results("updates/")] == [str(u.pk) for u in (third, second, first)]
    assert [row["id"] for row in scene.results(f"{scene.path}updates/")] == [str(third.pk), str(first.pk)]


def test_the_list_costs_the_same_for_one_row_and_for_many(scene: Scene) -> None:
    member = make.member(scene.lead)
    make.update(scene.commitment, by=member, evidence=make.EVIDENCE)
    one = queries(scene.api, f"{V1}/updates/?page_size=100")
    for _ in range(30):
        make.update(scene.commitment, by=member, evidence=make.EVIDENCE)
    assert queries(scene.api, f"{V1}/updates/?page_size=100") == one


def test_an_update_shows_its_first_wording_and_its_corrections(scene: Scene) -> None:
    member = make.member(scene.lead)
    update = make.update(scene.commitment, by=member, body="Two oficers.")
    actions.correct_update(
        update, by=member, today=make.TODAY, field="body", text="Two officers.", reason="A typing error."
    )
    found = scene.get(f"updates/{update.pk}/")
    assert found["body"] == "Two officers."
    assert [(one["text"], one["old"]) for one in found["wordings"]] == [
        ("Two oficers.", None),
        ("Two officers.", "Two oficers."),
    ]


def test_nothing_to_report_is_said_as_such_and_starts_the_rhythm_anew(scene: Scene) -> None:
    path, nothing = f"{scene.path}updates/", {"nothing_to_report": True}
    assert scene.refused(path, nothing, key=scene.member, status=409) == "say_how_it_is"
    before = scene.post(path, {"body": "We have begun.", "status": "in_progress"}, key=scene.member)
    assert before["nothing_to_report"] is False
    since = scene.get(scene.path)["voices"]["owner"]["at"]
    with on(make.days(100)):
        assert scene.get(scene.path)["silent"] is True
        made = scene.post(path, nothing, key=scene.member)
        found = scene.get(scene.path)
    assert (made["nothing_to_report"], made["body"], made["status"]) == (True, None, "in_progress")
    assert (found["silent"], found["standing"]) == (False, "on_track")
    assert found["voices"]["owner"]["at"] == since
    words = {"field": "body", "text": "We did a lot.", "reason": "An oversight."}
    answer = scene.refused(f"{V1}/updates/{made['id']}/corrections/", words, key=scene.member, status=400)
    assert answer == "nothing_to_correct"
    entry = scene.get(f"events/?commitment={found['reference']}&ordering=-position")["results"][0]
    assert entry["body"]["facts"]["nothing_to_report"] is True


def test_what_is_over_needs_words(scene: Scene) -> None:
    path, nothing = f"{scene.path}updates/", {"nothing_to_report": True}
    scene.claimed()
    assert scene.refused(path, nothing, key=scene.member, status=409) == "say_how_it_is"
    wrong: dict[str, Any] = {"body": "Something.", "status": "in_progress", "evidence": [], "reason": ""}
    for name, said in wrong.items():
        assert scene.refused(path, {**nothing, name: said}, key=scene.member, status=400) == "invalid"
    assert scene.refused(path, {"status": "in_progress"}, key=scene.member, status=400) == "invalid"
