"""Commitments over HTTP: the list, one with all that belongs to it, publishing, entering, accepting."""

from typing import Any

import pytest

from commitments.models import Commitment
from tests import make
from tests.api.scene import V1, Scene, key_of, on, queries
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
LIST = f"{V1}/commitments/"
KEYS = {
    "reference", "title", "url", "position", "assembly", "themes", "recommendations", "areas", "owners", "status",
    "standing", "measurable", "entered_from", "due", "last_update_at", "update_due_on", "voices", "open_challenges",
    "published_at", "updated_at",
}  # fmt: skip


@pytest.fixture
def scene(api: CheckingClient) -> Any:
    with on(make.TODAY):
        yield Scene(api)


def test_a_row_of_the_list_is_what_the_contract_shows(scene: Scene) -> None:
    [row] = scene.results("commitments/")
    assert set(row) >= KEYS
    assert row["reference"] == "AT25-C001"
    assert row["url"] == f"http://testserver{scene.path}"
    assert row["themes"] == [{"slug": "be-there", "title": "Be there"}]
    assert row["recommendations"] == ["AT25-R01"]
    assert row["areas"] == [{"code": "E09000031", "name": "Place E09000031"}]
    assert row["owners"] == [
        {"team": "north-team", "name": "North-Team", "organisation": "police", "lead": True},
        {"team": "youth-team", "name": "Youth-Team", "organisation": "council", "lead": False},
    ]
    assert row["due"] == {
        "on": "2026-09-30",
        "precision": "quarter",
        "text": "by the end of summer",
        "first_on": "2026-09-30",
        "changes": 0,
        "days_late": 0,
        "days_late_first": 0,
    }
    assert row["update_due_on"] == "2026-08-30"


def test_three_voices_stand_side_by_side_and_unheard_ones_are_null(scene: Scene) -> None:
    [row] = scene.results("commitments/")
    assert row["voices"] == {
        "owner": {"status": None, "at": None, "by_team": []},
        "residents": {
            "period": None, "n": None, "mean": None, "low": None, "high": None, "withheld": "few"
        },
        "panel": None,
        "gap": {"value": None, "method": "gap/1"},
    }  # fmt: skip
    assert (row["standing"], row["status"]) == ("no_word", None)


def test_what_no_owner_accepted_has_no_clock(scene: Scene) -> None:
    entered = make.entered(scene.assembly, due=make.DUE)
    with on(make.days(400)):
        row = scene.get(f"commitments/{entered.reference}/")
    assert row["due"]["on"] == "2026-09-30"
    assert row["due"]["days_late"] is row["due"]["days_late_first"] is row["update_due_on"] is None
    assert row["overdue"] is row["silent"] is False
    assert row["standing"] == "no_word"
    assert row["entered_from"] == {"by": "convenor", "sources": row["source"]}
    assert row["source"][0]["url"] == make.SOURCE[0]["url"]


def test_what_is_unknown_of_a_due_date_is_null(scene: Scene) -> None:
    entered = make.entered(scene.assembly)
    due = scene.get(f"commitments/{entered.reference}/")["due"]
    assert due == {name: 0 if name == "changes" else None for name in due}


def test_lateness_is_counted_against_both_dates_by_the_clock_alone(scene: Scene) -> None:
    with on(make.days(130)):
        [row] = scene.results("commitments/")
        assert [found["reference"] for found in scene.results("commitments/?overdue=true&silent=true")] == [
            "AT25-C001"
        ]
    assert row["standing"] == "late"
    assert row["due"]["days_late"] == row["due"]["days_late_first"] == 9


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("assembly=anytown-2025", 3),
        ("assembly=elsewhere", 0),
        ("theme=be-there", 1),
        ("theme=be-there,feel-safe", 1),
        ("theme=none", 2),
        ("theme=none,be-there", 3),
        ("area=E09000031", 3),
        ("area=E05013880", 1),
        ("area=E09000001", 0),
        ("organisation=police", 2),
        ("organisation=council", 1),
        ("team=youth-team", 1),
        ("recommendation=AT25-R02,AT25-R01", 1),
        ("recommendation=AT25-R09", 0),
        ("status=none", 2),
        ("status=in_progress", 1),
        ("status=none,in_progress", 3),
        ("standing=on_track", 1),
        ("standing=no_word,late", 2),
        ("due_before=2026-10-01", 1),
        ("due_before=2026-09-30", 0),
        ("due_after=2026-09-29", 1),
        ("overdue=true", 0),
        ("overdue=false", 3),
        ("silent=false", 3),
        ("contested=true", 0),
        ("measurable=true", 0),
        ("measurable=false", 3),
        ("updated_since=2026-06-02T00:00:00Z", 0),
        ("updated_since=2026-06-01T00:00:00Z", 3),
        ("q=knives", 1),
        ("q=WARDS panel", 1),
        ("q=nothing-says-this", 0),
    ],
)
def test_each_filter_finds_what_it_says(scene: Scene, query: str, count: int) -> None:
    other = make.theme(scene.assembly, "feel-safe")
    second = make.recommendation(scene.assembly, theme=other)
    make.entered(scene.assembly, title="Review the ward panels")
    working = make.commitment(scene.assembly, lead=scene.lead, title="Bins for knives", areas=[scene.ward])
    make.update(working)
    assert second.reference == "AT25-R02"
    assert len(scene.results(f"commitments/?{query}")) == count


def test_a_commitment_to_two_recommendations_is_counted_once(scene: Scene) -> None:
    more = [make.recommendation(scene.assembly, theme=scene.theme) for _ in range(3)]
    make.commitment(scene.assembly, lead=scene.lead, recommendations=more)
    rows = scene.results("commitments/?theme=be-there")
    assert [row["reference"] for row in rows] == ["AT25-C001", "AT25-C002"]
    assert rows[1]["themes"] == rows[0]["themes"]


@pytest.mark.parametrize(
    "query",
    ["thme=x", "theme=", "area=here", "status=done", "standing=good", "overdue=yes", "due_before=soon",
     "recommendation=7", "ordering=luck", "page_size=0", "q="],
)  # fmt: skip
def test_a_wrong_parameter_is_named(scene: Scene, query: str) -> None:
    problem = scene.get(f"commitments/?{query}", 400)
    assert problem["errors"][0]["parameter"] == query.partition("=")[0]


@pytest.mark.parametrize(
    "name", ["position", "reference", "title", "due", "published_at", "updated_at", "rank"]
)
@pytest.mark.parametrize("sign", ["", "-"])
def test_pages_in_each_order_skip_and_repeat_nothing(scene: Scene, name: str, sign: str) -> None:
    for number in range(4):
        make.commitment(scene.assembly, lead=scene.lead, title=f"Walk {number % 2}")
    found, path = [], f"commitments/?page_size=2&ordering={sign}{name}&q=walk"
    for _ in range(9):
        page = scene.get(path)
        found += [row["reference"] for row in page["results"]]
        if page["next"] is None:
            break
        path = page["next"].removeprefix("http://testserver")
    assert sorted(found) == [f"AT25-C00{number}" for number in range(1, 6)]


def test_without_words_everything_ranks_alike(scene: Scene) -> None:
    make.commitment(scene.assembly, lead=scene.lead)
    assert len(scene.results("commitments/?ordering=-rank&page_size=1")) == 1


def test_a_search_ranks_titles_above_bodies(scene: Scene) -> None:
    make.commitment(scene.assembly, lead=scene.lead, title="Lamps", body="For the estate.")
    make.commitment(scene.assembly, lead=scene.lead, title="The estate", body="Lamps for the estate.")
    rows = scene.results("commitments/?q=estate")
    assert [row["reference"] for row in rows] == ["AT25-C003", "AT25-C002"]


def test_the_list_costs_the_same_for_one_row_and_for_many(scene: Scene) -> None:
    few = queries(scene.api, f"{LIST}?page_size=100")
    for _ in range(32):
        make.commitment(
            scene.assembly,
            lead=scene.lead,
            co_owners=(scene.partner,),
            recommendations=[scene.recommendation],
        )
    make.claim(scene.commitment)
    make.claim(Commitment.objects.get(reference="AT25-C005"))
    assert queries(scene.api, f"{LIST}?page_size=100") == few == 3


def test_the_detail_has_all_that_belongs_to_it(scene: Scene) -> None:
    make.update(scene.commitment, status="in_progress")
    found = scene.get(scene.path)
    assert found["wordings"][0]["text"] == "Walk the high street every evening"
    assert found["updates"][0]["status"] == "in_progress"
    assert found["stage"] == "published"
    assert found["accepted_on"] == "2026-06-01"
    assert found["lineage"] == {"came_from": [], "became": []}
    assert found["challenges"]["total"] == 0
    assert found["measure"] is found["baseline"] is found["target"] is found["proof"] is None
    assert found["standing"] == "on_track"


def test_an_unknown_reference_is_not_found(scene: Scene) -> None:
    assert scene.get("commitments/AT25-C099/", 404)["code"] == "not_found"


def test_csv_holds_every_row_flat(scene: Scene) -> None:
    answer: Any = scene.api.get(f"{V1}/commitments.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert "due.days_late" in lines[0]
    assert "voices.residents.withheld" in lines[0]
    assert len(lines) == 2


def promised(**more: Any) -> dict[str, Any]:
    return {
        "assembly": make.SLUG,
        "recommendations": ["AT25-R01"],
        "title": "Youth boards in every ward",
        "body": "A board of young people meets the sergeant each month.",
        "owners": [{"team": "north-team", "lead": True}, {"team": "youth-team"}],
        **more,
    }


def test_a_responder_publishes_a_promise(scene: Scene) -> None:
    due = {"on": "2026-08-14", "precision": "quarter", "text": "by summer's end"}
    data = promised(due=due, measure="Boards", target="22", proof="Minutes", areas=["E05013880"])
    answer = scene.api.send("POST", LIST, data, key=scene.responder)
    made = answer.json()
    assert answer.status_code == 201
    assert answer["Location"] == made["url"] == f"http://testserver{LIST}AT25-C002/"
    assert answer["ETag"]
    assert made["measurable"] is True
    assert made["due"]["on"] == "2026-09-30"
    assert made["areas"][0]["code"] == "E05013880"
    assert [owner["accepted_on"] for owner in made["ownership"]] == ["2026-06-01", None]
    assert scene.events()[-1] == "commitment.published"


def test_one_idempotency_key_has_one_effect(scene: Scene) -> None:
    first = scene.post("commitments/", promised(), key=scene.responder, Idempotency_Key="once")
    again = scene.post("commitments/", promised(), key=scene.responder, Idempotency_Key="once")
    assert first["reference"] == again["reference"]
    assert Commitment.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"assembly": "nowhere"}, "/assembly"),
        ({"recommendations": ["AT25-R01", "AT25-R77"]}, "/recommendations/1"),
        ({"owners": [{"team": "north-team", "lead": True}, {"team": "ghosts"}]}, "/owners/1/team"),
        ({"owners": [{"lead": True}]}, "/owners/0/team"),
        ({"owners": [{"team": "north-team", "organisation": "police"}]}, "/owners/0/team"),
        ({"owners": [{"team": "north-team"}]}, "/owners"),
        ({"owners": []}, "/owners"),
        ({"areas": ["E09999999"]}, "/areas/0"),
        ({"due": {"precision": "day"}}, "/due/on"),
        ({"due": {"on": "2026-08-14", "precision": "soon"}}, "/due/precision"),
        ({"status": "completed"}, "/status"),
        ({"title": ""}, "/title"),
        ({"reported_state": "done, they say"}, "/source"),
    ],
)
def test_a_wrong_part_of_a_promise_is_pointed_at(scene: Scene, change: Any, pointer: str) -> None:
    assert scene.pointer("commitments/", promised(**change), key=scene.responder) == pointer


def test_only_a_responder_of_the_lead_publishes(scene: Scene) -> None:
    assert scene.refused("commitments/", promised(), key=scene.member, status=403) == "not_a_responder"
    assert scene.refused("commitments/", promised(), key=scene.convenor, status=403) == "not_a_responder"
    assert scene.api.send("POST", LIST, promised()).status_code == 401
    narrow = key_of(make.responder(scene.police), "updates:write")
    assert scene.refused("commitments/", promised(), key=narrow, status=403) == "scope_missing"


SOURCE = [{"url": "https://example.org/plan", "date": "2025-09", "reliability": "secondary"}]


def test_the_convenor_enters_what_a_source_says_and_no_more(scene: Scene) -> None:
    data = {"assembly": make.SLUG, "title": "Review", "source": SOURCE, "reported_state": "under way"}
    made = scene.post("commitments/", data, key=scene.convenor)
    assert made["owners"] == made["recommendations"] == []
    assert made["reported_state"] == "under way"
    assert made["status"] is None
    assert made["stage"] == "entered"
    assert made["source"][0]["date"] == "2025-09"


def test_a_source_may_name_only_the_body(scene: Scene) -> None:
    owners = [{"organisation": "council", "lead": True}]
    data = {"assembly": make.SLUG, "title": "Review", "source": SOURCE, "owners": owners}
    made = scene.post("commitments/", data, key=scene.convenor)
    assert made["owners"] == [{"team": None, "name": "Council", "organisation": "council", "lead": True}]
    data["owners"] = [{"organisation": "nobody"}]
    assert scene.pointer("commitments/", data, key=scene.convenor) == "/owners/0/organisation"


def test_only_the_convenor_enters(scene: Scene) -> None:
    data = {"assembly": make.SLUG, "title": "Review", "source": SOURCE}
    assert scene.refused("commitments/", data, key=scene.responder, status=403) == "not_the_convenor"


def test_an_owner_accepts_what_was_entered(scene: Scene) -> None:
    entered = make.entered(scene.assembly)
    path = f"commitments/{entered.reference}/accept/"
    owners = [{"team": "north-team", "lead": True}]
    assert scene.refused(path, {"owners": owners}, key=scene.council_responder, status=403)
    accepted = scene.post(path, {"owners": owners}, key=scene.responder, status=200)
    assert accepted["stage"] == "accepted"
    assert accepted["update_due_on"] == "2026-08-30"
    assert scene.refused(path, {}, key=scene.responder, status=409) == "already_accepted"
    assert scene.pointer(path, {"owners": [{"team": "x", "lead": True}]}, key=scene.responder)


def test_a_co_owner_accepts_for_itself(scene: Scene) -> None:
    accepted = scene.post(f"{scene.path}accept/", key=scene.council_responder, status=200)
    assert accepted["ownership"][1]["accepted_on"] == "2026-06-01"


def test_a_stale_if_match_is_refused_and_a_strangers_write_breaks_nothing(scene: Scene) -> None:
    tag = scene.api.get(scene.path)["ETag"]
    make.recommendation(scene.assembly)
    scene.post(f"{scene.path}accept/", key=scene.council_responder, status=200, If_Match=tag)
    stale = scene.api.send("POST", f"{scene.path}accept/", key=scene.council_responder, If_Match=tag)
    assert stale.status_code == 412


def test_what_was_invented_says_so(scene: Scene) -> None:
    assert scene.get(scene.path)["invented"] is False


def test_readers_with_the_present_tag_get_nothing_new(scene: Scene) -> None:
    answer = scene.api.get(LIST)
    assert answer["Record-Position"]
    assert scene.api.get(LIST, headers={"If-None-Match": answer["ETag"]}).status_code == 304
