"""Priorities over HTTP: what nobody committed to, what answers what, and every wording that was seen."""

import csv
import io
import json
from datetime import date
from typing import Any

import pytest

from commitments import actions
from commitments.policeuk.reading import Priority as Said
from tests import make
from tests.api.scene import V1, Scene, key_of, on, queries
from tests.contract import CheckingClient
from tests.make import TODAY, days

pytestmark = pytest.mark.django_db
LIST = f"{V1}/priorities/"


@pytest.fixture
def scene(api: CheckingClient) -> Scene:
    """A promise with everybody around it."""
    return Scene(api)


def here(address: str | None) -> str:
    """The path of an address of ours."""
    return (address or "").removeprefix("http://testserver")


def issues(scene: Scene, query: str = "") -> list[str]:
    """The issues of a list."""
    return [row["issue"] for row in scene.results(f"priorities/{query}")]


def test_a_priority_says_what_was_seen_where_and_under_which_licence(scene: Scene) -> None:
    place = make.look(
        Said("Burglary", "Locks were given out.", date(2026, 4, 14), None), code="E05013880", area=scene.ward
    )
    [row] = scene.results("priorities/")
    assert row["neighbourhood"] == {
        "id": str(place.pk),
        "code": "E05013880",
        "name": "Neighbourhood E05013880",
    }
    assert row["area"] == {"code": scene.ward.code, "name": scene.ward.name}
    shown = ("issue", "action", "issue_date", "action_date", "force", "current", "committed", "edits")
    assert [row[name] for name in shown] == [
        "Burglary",
        "Locks were given out.",
        "2026-04-14",
        None,
        "anytown-police",
        True,
        False,
        0,
    ]
    assert row["seen_at"] == {
        "url": "https://data.police.uk/api/anytown-police/E05013880/priorities",
        "licence": "OGL-UK-3.0",
    }
    assert (row["first_seen_on"], row["last_seen_on"], row["gone_on"]) == ("2026-06-01", "2026-06-01", None)


def test_the_detail_has_every_wording(scene: Scene) -> None:
    place = make.look("Burglery at night")
    make.look(Said("Burglary at night", "Locks.", TODAY), code=place.code, today=days(4))
    [row] = scene.results("priorities/")
    detail = scene.get(here(row["url"]))
    assert [(one["seen_on"], one["issue"], one["action"]) for one in detail["wordings"]] == [
        ("2026-06-01", "Burglery at night", None),
        ("2026-06-05", "Burglary at night", "Locks."),
    ]
    assert detail["edits"] == 1
    assert {**detail, "wordings": None} == {**row, "wordings": None}
    entries = scene.results(f"events/?subject=priority:{row['id']}")
    assert [one["position"] for one in detail["wordings"]] == [one["position"] for one in entries]
    assert entries[1]["words"] == {
        "old_issue": "Burglery at night",
        "new_issue": "Burglary at night",
        "new_action": "Locks.",
    }


def test_a_list_costs_the_same_for_one_row_and_for_many(scene: Scene) -> None:
    make.priority(area=scene.ward)
    one = queries(scene.api, LIST)
    places = queries(scene.api, f"{V1}/neighbourhoods/")
    for number in range(29):
        made = make.priority(f"Issue {number}", area=scene.ward)
        actions.tie(made, by=make.convenor(), today=TODAY, commitment=scene.commitment)
    assert len(issues(scene)) == 30
    assert queries(scene.api, LIST) == one <= 3
    assert queries(scene.api, f"{V1}/neighbourhoods/") == places <= 2


def test_an_area_costs_the_same_for_one_priority_and_for_many(scene: Scene) -> None:
    make.priority(area=scene.ward)
    path = f"{V1}/areas/{scene.borough.code}/"
    one = queries(scene.api, path)
    for number in range(29):
        make.priority(f"Issue {number}", area=scene.ward)
    assert queries(scene.api, path) == one <= 6


def test_each_filter_narrows_the_list(scene: Scene) -> None:
    place = make.look("Burglary", "Drugs", code="E05013880", area=scene.ward)
    make.look("Mopeds", force="elsewhere-police", code="E05013880")
    make.look("Drugs", code=place.code, today=days(2))
    burglary = place.priorities.get(issue="Burglary")
    drugs = place.priorities.get(issue="Drugs")
    actions.tie(drugs, by=make.convenor(), today=TODAY, commitment=scene.commitment)
    for query, found in {
        "?area=E09000031": ["Burglary", "Drugs"],
        "?area=E05013880": ["Burglary", "Drugs"],
        "?area=E09999999": [],
        "?assembly=anytown-2025": ["Burglary", "Drugs"],
        "?assembly=elsewhere-2025": [],
        "?force=elsewhere-police": ["Mopeds"],
        "?force=elsewhere-police,anytown-police": ["Burglary", "Drugs", "Mopeds"],
        "?neighbourhood=E05013880": ["Burglary", "Drugs", "Mopeds"],
        "?neighbourhood=E05013880&force=anytown-police": ["Burglary", "Drugs"],
        "?neighbourhood=X": [],
        "?current=true": ["Drugs", "Mopeds"],
        "?current=false": ["Burglary"],
        "?committed=true": ["Drugs"],
        "?committed=false": ["Burglary", "Mopeds"],
        "?committed=false&current=true&area=E09000031": [],
        f"?commitment={scene.commitment.reference}": ["Drugs"],
        "?q=mopeds": ["Mopeds"],
        "?q=moped+": ["Mopeds"],
        "?q=nothing": [],
        "?updated_since=2199-01-01T00:00:00Z": [],
        "?ordering=-position": ["Mopeds", "Drugs", "Burglary"],
    }.items():
        assert issues(scene, query) == found, query
    gone = scene.get(f"priorities/{burglary.pk}/")
    assert (gone["current"], gone["last_seen_on"], gone["gone_on"]) == (False, "2026-06-01", "2026-06-03")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("?committed=yes", "committed"),
        ("?current=", "current"),
        ("?area=wf", "area"),
        ("?force=a_b", "force"),
        ("?issue=x", "issue"),
        ("?ordering=issue", "ordering"),
    ],
)
def test_a_wrong_parameter_is_named(scene: Scene, query: str, name: str) -> None:
    assert scene.get(f"priorities/{query}", 400)["errors"][0]["parameter"] == name


def test_pages_of_priorities_without_dates_skip_and_repeat_nothing(scene: Scene) -> None:
    said = [
        Said(f"Issue {number}", issue_date=days(number % 3) if number % 2 else None) for number in range(9)
    ]
    make.look(*said)
    path, seen = f"{LIST}?ordering=-issue_date&page_size=2", []
    while path:
        page = scene.get(path)
        seen += [row["issue"] for row in page["results"]]
        path = here(page["next"])
    assert sorted(seen) == sorted(one.issue or "" for one in said)


def test_the_list_is_had_as_csv_and_ndjson_too(scene: Scene) -> None:
    place = make.look("=Burglary", "Drugs", area=scene.ward)
    for one in place.priorities.all():
        actions.tie(one, by=make.convenor(), today=TODAY, commitment=scene.commitment)
    table = b"".join(scene.api.get(f"{V1}/priorities.csv?committed=true").streaming_content)  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(table.decode())))
    assert [row["issue"] for row in rows] == ["'=Burglary", "Drugs"]
    assert rows[0]["commitments"] == scene.commitment.reference
    assert rows[0]["area.code"] == scene.ward.code
    lines = scene.api.get(LIST, headers={"Accept": "application/x-ndjson"}).streaming_content  # type: ignore[attr-defined]
    assert [json.loads(line)["issue"] for line in b"".join(lines).splitlines()] == ["=Burglary", "Drugs"]


def test_a_copy_is_fresh_until_something_is_seen(scene: Scene) -> None:
    place = make.look("Burglary", today=TODAY)
    with on(TODAY):
        tag = scene.api.get(LIST)["ETag"]
        assert scene.api.get(LIST, headers={"If-None-Match": tag}).status_code == 304
        make.look("Burglary", code=place.code, today=TODAY)
        assert scene.api.get(LIST, headers={"If-None-Match": tag}).status_code == 304
        make.look("Burglary", code=place.code, today=days(1))
        fresh = scene.api.get(LIST, headers={"If-None-Match": tag})
    assert (fresh.status_code, fresh.json()["results"][0]["last_seen_on"]) == (200, "2026-06-02")


def test_a_responder_ties_a_commitment_and_takes_it_back(scene: Scene) -> None:
    priority = make.priority(area=scene.ward)
    path = f"priorities/{priority.pk}/commitments/"
    said = {"commitment": scene.commitment.reference}
    tied = scene.post(path, said, key=scene.responder)
    assert (tied["committed"], tied["commitments"]) == (True, [scene.commitment.reference])
    assert scene.refused(path, said, key=scene.council_responder, status=409) == "already_tied"
    assert scene.refused(path, said, key=scene.member, status=403) == "not_an_owners_responder"
    one = f"{V1}/{path}{scene.commitment.reference}/"
    assert scene.api.send("DELETE", one, key=scene.convenor).status_code == 428
    stale = scene.api.get(f"{LIST}{priority.pk}/")["ETag"].replace('"2.', '"1.')
    assert scene.api.send("DELETE", one, key=scene.convenor, If_Match=stale).status_code == 412
    tag = scene.api.get(f"{LIST}{priority.pk}/")["ETag"]
    assert scene.api.send("DELETE", one, key=scene.convenor, If_Match=tag).status_code == 204
    assert scene.api.send("DELETE", one, key=scene.convenor, If_Match="*").status_code == 404
    row = scene.get(f"priorities/{priority.pk}/")
    assert (row["committed"], row["commitments"]) == (False, [])
    assert scene.events()[-2:] == ["priority.tied", "priority.untied"]
    story = scene.results(
        f"events/?commitment={scene.commitment.reference}&type=priority.tied,priority.untied"
    )
    assert [entry["actor"] for entry in story] == ["organisation:police", "convenor:anytown-2025"]


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"commitment": "XX99-C001"}, "/commitment"),
        ({"commitment": 7}, "/commitment"),
        ({}, "/commitment"),
        ({"commitment": "x", "reason": "y"}, "/reason"),
    ],
)
def test_what_is_wrong_with_a_tie_is_pointed_at(scene: Scene, said: Any, pointer: str) -> None:
    path = f"priorities/{make.priority().pk}/commitments/"
    problem = scene.post(path, said, key=scene.convenor, status=400)
    assert pointer in [row["pointer"] for row in problem["errors"]]


def test_there_is_nothing_at_an_unknown_priority(scene: Scene) -> None:
    nowhere = "priorities/00000000-0000-4000-8000-000000000000"
    scene.get(f"{nowhere}/", 404)
    said = {"commitment": scene.commitment.reference}
    assert scene.refused(f"{nowhere}/commitments/", said, key=scene.convenor, status=404) == "not_found"


def test_commitments_are_found_by_the_priorities_that_they_answer(scene: Scene) -> None:
    other = make.commitment(scene.assembly, lead=scene.lead)
    priority, second = make.priority(), make.priority("Burglary")
    actions.tie(priority, by=make.convenor(), today=TODAY, commitment=scene.commitment)

    def references(query: str) -> list[str]:
        return [row["reference"] for row in scene.results(f"commitments/{query}")]

    assert references(f"?priority={priority.pk}") == [scene.commitment.reference]
    assert references(f"?priority={second.pk}") == []
    assert references(f"?priority={second.pk},{priority.pk}") == [scene.commitment.reference]
    assert references("?priority=none") == [other.reference]
    assert len(references(f"?priority=none,{priority.pk}")) == 2
    for wrong in ("?priority=NONE", "?priority=1", f"?priority={priority.pk}x"):
        assert scene.get(f"commitments/{wrong}", 400)["errors"][0]["parameter"] == "priority"


def test_the_page_of_an_area_counts_both_and_says_where_they_are(scene: Scene) -> None:
    place = make.look("Burglary", "Drugs", "Mopeds", area=scene.ward)
    make.look("Elsewhere")
    make.look("Burglary", "Drugs", code=place.code, today=days(1))
    drugs = place.priorities.get(issue="Drugs")
    for areas in ([scene.ward], [scene.borough], []):
        make.commitment(scene.assembly, lead=scene.lead, areas=areas)
    tied = make.commitment(scene.assembly, lead=scene.lead, areas=[scene.ward])
    actions.tie(drugs, by=make.convenor(), today=TODAY, commitment=tied)
    for code, counts in {
        scene.borough.code: [2, 1, 4],
        scene.ward.code: [2, 1, 1],
        "E05013999": [0, 0, 0],
    }.items():
        if code == "E05013999":
            make.area(code, kind="ward", parent=scene.borough)
        shown = scene.get(f"areas/{code}/")["priorities"]
        lists = [shown[name] for name in ("current", "uncommitted", "commitments_without")]
        assert [one["count"] for one in lists] == counts
        assert [len(scene.get(here(one["url"]))["results"]) for one in lists] == counts
    assert issues(scene, "?area=E09000031&committed=false&current=true") == ["Burglary"]


def test_neighbourhoods_are_listed_and_placed(scene: Scene) -> None:
    place = make.look("Burglary", "Drugs", code="55.CR3001")
    make.look("Mopeds", code="E05013880", area=scene.ward)

    def codes(query: str) -> list[str]:
        return [row["code"] for row in scene.results(f"neighbourhoods/{query}")]

    assert codes("?placed=false") == ["55.CR3001"]
    assert codes("?placed=true") == codes("?area=E09000031") == codes("?code=E05013880") == ["E05013880"]
    assert codes("?force=anytown-police&current=true") == ["55.CR3001", "E05013880"]
    assert codes("?current=false") == codes("?force=elsewhere") == []
    path = f"{V1}/neighbourhoods/{place.pk}/"
    read = scene.api.get(path)
    assert (read.json()["current_priorities"], read.json()["area"], read.json()["placed_by"]) == (
        2,
        None,
        None,
    )
    said = {"area": scene.ward.code, "reason": "The force's map shows it."}
    assert scene.api.send("PATCH", path, said, key=scene.responder, If_Match="*").status_code == 403
    assert scene.api.send("PATCH", path, said, key=scene.convenor).status_code == 428
    done = scene.api.send("PATCH", path, said, key=scene.convenor, If_Match=read["ETag"])
    assert (done.status_code, done.json()["placed_by"]) == (200, "convenor")
    assert done.json() == scene.get(path)
    assert len(issues(scene, "?area=E05013880")) == 3
    gone = {"area": None, "reason": "It is larger than the ward."}
    assert scene.api.send("PATCH", path, gone, key=scene.convenor, If_Match=read["ETag"]).status_code == 412
    assert scene.api.send("PATCH", path, gone, key=scene.convenor, If_Match=done["ETag"]).status_code == 200
    wrong = {"area": "E09999999", "reason": "x"}
    answer = scene.api.send("PATCH", path, wrong, key=key_of(make.convenor()), If_Match="*")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/area")
