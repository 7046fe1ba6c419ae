"""Challenges over HTTP: proposed, admitted, supported, answered, resolved, withdrawn; nobody is named."""

from typing import Any

import pytest

from tests import make
from tests.api.scene import V1, Scene, key_of, on, queries
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
WHY = "We see nobody after nine."


@pytest.fixture
def scene(api: CheckingClient) -> Any:
    with on(make.TODAY):
        yield Scene(api)


def proposed(scene: Scene, *, by: str = "") -> str:
    """A resident's challenge of a fresh claim, and its address."""
    data = {"claim": scene.claimed()["id"], "reason": WHY}
    made = scene.post(f"{scene.path}challenges/", data, key=by or scene.resident)
    return f"{V1}/challenges/{made['id']}/"


def opened(scene: Scene) -> str:
    """One that enough residents support."""
    path = proposed(scene)
    scene.post(f"{path}admit/", key=scene.convenor, status=200)
    for _ in range(4):
        scene.post(f"{path}support/", key=key_of(make.person()), status=200)
    return path


def test_a_residents_words_are_unseen_until_the_convenor_has_read_them(scene: Scene) -> None:
    path = proposed(scene)
    found = scene.get(path)
    assert (found["state"], found["reason"], found["supporters"]) == ("proposed", None, 1)
    assert found["reply_due_on"] is None
    assert WHY not in scene.api.get(f"{V1}/challenges/").content.decode()
    assert WHY not in scene.api.get(scene.path).content.decode()
    admitted = scene.post(f"{path}admit/", key=scene.convenor, status=200)
    assert (admitted["state"], admitted["reason"]) == ("gathering", WHY)


def test_it_opens_when_enough_residents_support_it(scene: Scene) -> None:
    found = scene.get(opened(scene))
    assert found["state"] == "open"
    assert found["supporters"] == found["support_needed"] == 5
    assert found["reply_due_on"] == "2026-06-29"
    commitment = scene.get(scene.path)
    assert commitment["standing"] == "contested"
    assert commitment["contested"] is True
    assert commitment["open_challenges"] == commitment["challenges"]["open"] == 1
    assert len(scene.results("commitments/?contested=true")) == 1


def test_a_reader_sees_another_supporter_at_once(scene: Scene) -> None:
    path = proposed(scene)
    scene.post(f"{path}admit/", key=scene.convenor, status=200)
    tag = scene.api.get(path)["ETag"]
    scene.post(f"{path}support/", key=key_of(make.person()), status=200)
    answer = scene.api.get(path, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.json()["supporters"] == 2


def test_the_owner_answers_and_the_convenor_resolves(scene: Scene) -> None:
    path = opened(scene)
    replied = scene.post(f"{path}reply/", {"body": "The rota is public."}, key=scene.member, status=200)
    assert (replied["state"], replied["replied_by"]) == ("answered", "north-team")
    assert replied["late_by_days"] is None
    said = {"outcome": "upheld", "reason": "The rota shows gaps."}
    resolved = scene.post(f"{path}resolve/", said, key=scene.convenor, status=200)
    assert (resolved["state"], resolved["outcome"]) == ("resolved", "upheld")
    assert resolved["outcome_reason"] == "The rota shows gaps."
    commitment = scene.get(scene.path)
    assert (commitment["standing"], commitment["open_challenges"]) == ("contested", 0)
    assert commitment["claim"]["refuted_on"] == "2026-06-01"
    assert scene.events()[-4:] == [
        "words.published",
        "challenge.opened",
        "challenge.answered",
        "challenge.resolved",
    ]


def test_the_clock_alone_makes_it_unanswered_and_a_late_answer_stays_late(scene: Scene) -> None:
    path = opened(scene)
    with on(make.days(30)):
        assert scene.get(path)["state"] == "unanswered"
        assert [row["state"] for row in scene.results("challenges/?state=unanswered")] == ["unanswered"]
        assert scene.results("challenges/?state=open") == []
        assert scene.get(scene.path)["challenges"]["unanswered"] == 1
        late = scene.post(f"{path}reply/", {"body": "Sorry."}, key=scene.member, status=200)
    assert (late["state"], late["late_by_days"]) == ("answered", 2)


def test_the_panels_opens_at_once(scene: Scene) -> None:
    found = scene.get(proposed(scene, by=scene.panel))
    assert (found["voice"], found["state"], found["reason"]) == ("panel", "open", WHY)


def test_its_proposer_withdraws_it_before_it_opens(scene: Scene) -> None:
    path = proposed(scene)
    other = scene.refused(f"{path}withdraw/", key=key_of(make.person()), status=403)
    assert other == "not_your_challenge"
    assert scene.post(f"{path}withdraw/", key=scene.resident, status=200)["state"] == "withdrawn"
    assert scene.refused(f"{path}withdraw/", key=scene.resident, status=409) == "challenge_closed"


def test_who_may_not_is_told_so(scene: Scene) -> None:
    path = proposed(scene)
    claim = scene.get(path)["claim"]
    said = {"claim": claim, "reason": WHY}
    for key, code in (
        (scene.member, "owners_do_not_judge"),
        (scene.convenor, "judges_take_no_side"),
    ):
        assert scene.refused(f"{scene.path}challenges/", said, key=key, status=403) == code
    assert scene.refused(f"{path}admit/", key=scene.member, status=403) == "not_the_convenor"
    assert scene.refused(f"{path}reply/", {"body": "x"}, key=scene.resident, status=403) == "not_an_owner"
    end = {"outcome": "upheld", "reason": "x"}
    assert scene.refused(f"{path}resolve/", end, key=scene.panel, status=403) == "not_the_convenor"


def test_too_early_is_told_so(scene: Scene) -> None:
    path = proposed(scene)
    one_more = key_of(make.person())
    assert scene.refused(f"{path}support/", key=one_more, status=409) == "challenge_not_admitted"
    assert scene.refused(f"{path}reply/", {"body": "x"}, key=scene.member, status=409) == "challenge_not_open"
    scene.post(f"{path}admit/", key=scene.convenor, status=200)
    assert scene.refused(f"{path}support/", key=scene.resident, status=409) == "already_supported"
    assert scene.refused(f"{path}admit/", key=scene.convenor, status=409) == "challenge_admitted"


def test_nobody_is_named_anywhere(scene: Scene) -> None:
    person = make.person("somebody-with-a-name")
    path = proposed(scene, by=key_of(person))
    scene.post(f"{path}admit/", key=scene.convenor, status=200)
    for address in (path, f"{V1}/challenges/", f"{scene.path}challenges/", scene.path):
        assert "somebody" not in scene.api.get(address).content.decode()
    assert not {"proposer", "supports", "user"} & set(scene.get(path))


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("assembly=anytown-2025", 1),
        ("theme=be-there", 1),
        ("theme=other", 0),
        ("theme=none", 0),
        ("area=E09000031", 1),
        ("area=E05013880", 0),
        ("organisation=council", 1),
        ("team=north-team,x", 1),
        ("recommendation=AT25-R01", 1),
        ("commitment=AT25-C001", 1),
        ("voice=resident", 1),
        ("voice=panel", 0),
        ("outcome=upheld", 0),
        ("due_before=2026-06-30", 1),
        ("due_after=2026-06-30", 0),
        ("state=open,resolved", 1),
        ("updated_since=2026-06-02T00:00:00Z", 0),
        ("ordering=due", 1),
    ],
)
def test_each_filter_finds_what_it_says(scene: Scene, query: str, count: int) -> None:
    opened(scene)
    assert len(scene.results(f"challenges/?{query}")) == count


def test_a_wrong_claim_is_pointed_at_and_an_unknown_challenge_not_found(scene: Scene) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    said = {"claim": nobody, "reason": WHY}
    assert scene.pointer(f"{scene.path}challenges/", said, key=scene.resident) == "/claim"
    assert scene.get(f"challenges/{nobody}/", 404)
    assert scene.refused(f"challenges/{nobody}/admit/", key=scene.convenor, status=404) == "not_found"


def test_refused_words_stay_unread_and_the_ground_is_told(scene: Scene) -> None:
    path, ground = proposed(scene), {"ground": "abuse"}
    assert scene.pointer(f"{path}refusal/", {"ground": "untrue"}, key=scene.convenor) == "/ground"
    told = scene.post(f"{path}refusal/", ground, key=scene.convenor, status=200)
    assert (told["state"], told["refused_ground"], told["reason"]) == ("refused", "abuse", None)
    assert told["refused_on"] == told["published_at"][:10]
    for place in (path, "challenges.csv?state=refused", "events/?type=challenge.refused,challenge.proposed"):
        answer: Any = scene.api.get(place if place.startswith("/") else f"{V1}/{place}")
        body = answer.getvalue() if answer.streaming else answer.content
        assert answer.status_code == 200
        assert WHY.encode() not in body
    assert scene.refused(f"{path}admit/", key=scene.convenor, status=409) == "challenge_closed"


def test_a_stale_version_is_refused(scene: Scene) -> None:
    path = proposed(scene)
    tag = scene.api.get(path)["ETag"]
    scene.post(f"{path}admit/", key=scene.convenor, status=200, If_Match=tag)
    answer = scene.api.send("POST", f"{path}withdraw/", key=scene.resident, If_Match=tag)
    assert answer.status_code == 412


def test_the_list_costs_the_same_for_one_row_and_for_many(scene: Scene) -> None:
    claim = make.claim(scene.commitment)
    make.challenge(claim)
    one = queries(scene.api, f"{V1}/challenges/?page_size=100")
    for _ in range(30):
        make.challenge(claim)
    assert queries(scene.api, f"{V1}/challenges/?page_size=100") == one
