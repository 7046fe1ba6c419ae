"""The change feed: every public fact in order, with the words that may be shown."""

import json
from typing import Any

import pytest

from commitments import actions
from record.models import Entry
from tests import make
from tests.api.scene import Scene, queries
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
LIST = "/api/v1/events/"


def positions(api: CheckingClient, query: str) -> list[int]:
    """The positions of a list."""
    return [row["position"] for row in api.get(LIST + query).json()["results"]]


def test_reading_from_nothing_gives_the_whole_record_in_order(api: CheckingClient) -> None:
    Scene(api)
    last = Entry.objects.count()
    found: list[int] = []
    path = f"{LIST}?after=0&page_size=3"
    while path:
        page = api.get(path).json()
        found += [row["position"] for row in page["results"]]
        path = (page["next"] or "").removeprefix("http://testserver")
    assert found == list(range(1, last + 1))
    assert positions(api, f"?after={last - 2}") == [last - 1, last]
    assert positions(api, f"?after={last}") == []


def test_a_list_costs_the_same_for_one_row_and_for_many(api: CheckingClient) -> None:
    make.organisation()
    one = queries(api, LIST)
    for _ in range(39):
        make.organisation()
    assert queries(api, LIST) == one <= 3


def test_an_event_is_what_the_record_holds(api: CheckingClient) -> None:
    scene = Scene(api)
    position = scene.recommendation.position or 0
    row = api.get(f"{LIST}{position}/").json()
    entry = Entry.objects.get(position=position)
    assert row["body"] == json.loads(bytes(entry.body))
    assert (row["type"], row["subject"]) == ("recommendation.published", "recommendation:AT25-R01")
    assert row["actor"] == f"convenor:{scene.assembly.slug}"
    assert row["words"]["title"] == scene.recommendation.title
    assert len(row["body"]["words"]["title"]) == 64
    assert row["invented"] is False
    assert api.get(f"{LIST}?after={position - 1}&page_size=1").json()["results"] == [row]
    assert api.get(f"{LIST}999999/").status_code == 404


def test_words_that_nobody_has_looked_at_are_null(api: CheckingClient) -> None:
    scene = Scene(api)
    make.challenge(make.claim(scene.commitment), reason="We see nobody.")
    [row] = api.get(f"{LIST}?type=challenge.proposed").json()["results"]
    assert row["words"] == {"reason": None}
    assert row["actor"] == "resident"


@pytest.mark.parametrize(
    ("query", "types"),
    [
        ("?type=recommendation.published", {"recommendation.published"}),
        ("?type=theme.published,update.posted", {"theme.published", "update.posted"}),
        ("?commitment=AT25-C001", {"commitment.published", "update.posted"}),
        ("?root=commitment:AT25-C001", {"commitment.published", "update.posted"}),
        ("?subject=commitment:AT25-C001", {"commitment.published"}),
        ("?recommendation=AT25-R01", {"recommendation.published"}),
        ("?actor=team:north-team", {"update.posted"}),
        ("?assembly=other", set()),
        ("?occurred_after=2100-01-01", set()),
        ("?occurred_before=2000-01-01", set()),
    ],
)
def test_filters_choose_what_they_say(api: CheckingClient, query: str, types: set[str]) -> None:
    make.update(Scene(api).commitment)
    assert {row["type"] for row in api.get(LIST + query).json()["results"]} == types


def test_a_corrected_update_belongs_to_the_story_of_its_commitment(api: CheckingClient) -> None:
    commitment = Scene(api).commitment
    update, by = make.update(commitment), make.member(make.lead_team(commitment))
    said: dict[str, Any] = {"field": "body", "text": "Ten officers.", "reason": "A slip"}
    actions.correct_update(update, by=by, today=make.TODAY, **said)
    told = api.get(f"{LIST}?commitment=AT25-C001").json()["results"]
    assert told[-1]["type"] == "update.corrected"
    assert api.get(f"{LIST}?commitment=AT25-C002").json()["results"] == []


@pytest.mark.parametrize("query", ["?after=-1", "?after=x", "?type=nothing", "?subject=%20x", "?since=1"])
def test_a_wrong_parameter_is_named(api: CheckingClient, query: str) -> None:
    answer: Any = api.get(LIST + query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == query[1:].partition("=")[0]


def test_a_reader_who_asks_again_learns_that_nothing_happened(api: CheckingClient) -> None:
    make.organisation()
    first = api.get(LIST)
    assert first["Record-Position"] == str(Entry.objects.count())
    assert api.get(LIST, headers={"If-None-Match": first["ETag"]}).status_code == 304
    make.organisation()
    assert api.get(LIST, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_record_comes_as_lines_and_as_a_table(api: CheckingClient) -> None:
    make.organisation()
    make.organisation()
    lines = api.get(LIST, headers={"Accept": "application/x-ndjson"}).getvalue().decode().splitlines()
    assert [json.loads(line)["position"] for line in lines] == [1, 2]
    assert len(api.get("/api/v1/events.csv").getvalue().decode().splitlines()) == 3
