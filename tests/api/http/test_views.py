"""Reading a list and one thing, in every method and form."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.http import tables
from tests.api.http.conftest import BODIES, body
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db


def streamed(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_list_has_three_members(api: CheckingClient) -> None:
    body("a")
    answer = api.get(BODIES)
    assert answer.status_code == 200
    assert answer.json() == {
        "next": None,
        "previous": None,
        "results": [
            {
                "slug": "a",
                "name": "a",
                "kind": "council",
                "position": None,
                "updated_at": None,
                "url": "http://testserver/api/v1/bodies/a/",
            }
        ],
    }


def test_one_thing_is_read_by_its_slug(api: CheckingClient) -> None:
    body("a", name="Ä & Co")
    assert api.get(f"{BODIES}a/").json()["name"] == "Ä & Co"
    assert api.get(f"{BODIES}b/").status_code == 404


def test_head_says_what_get_says_without_a_body(api: CheckingClient) -> None:
    body("a")
    got, head = api.get(BODIES), api.head(BODIES)
    assert head.status_code == 200
    assert head.content == b""
    assert head["ETag"] == got["ETag"]


def test_options_names_the_methods(api: CheckingClient) -> None:
    answer = api.options(f"{BODIES}a/")
    assert answer.status_code == 204
    assert answer["Allow"] == "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"


def test_a_list_in_an_order_with_unknown_values_costs_three_queries_whatever_its_length(
    api: CheckingClient,
) -> None:
    for number in range(30):
        with CaptureQueriesContext(
            connection,
        ) as few:
            api.get(BODIES)
        assert len(few) == 3
        body(f"b{number}")


def test_csv_gives_every_row_and_disarms_formulas(api: CheckingClient) -> None:
    body("a", name="=1+1", position=3)
    for number in range(120):
        body(f"b{number:03}")
    answer = api.get(f"{BODIES}?ordering=slug&page_size=5", headers={"Accept": "text/csv"})
    lines = streamed(answer).decode().split("\r\n")
    assert lines[0] == "slug,name,kind,position,updated_at,url"
    assert lines[1] == "a,'=1+1,council,3,,http://testserver/api/v1/bodies/a/"
    assert len(lines) == 123
    assert answer["Content-Type"].startswith("text/csv")


def test_an_address_can_name_the_form(api: CheckingClient) -> None:
    body("a")
    answer = api.get("/api/v1/bodies.csv")
    assert streamed(answer).startswith(b"slug,name,")


def test_ndjson_gives_one_object_a_line(api: CheckingClient) -> None:
    body("a")
    body("b")
    answer = api.get(BODIES, headers={"Accept": "application/x-ndjson"})
    assert len(streamed(answer).splitlines()) == 2


@pytest.mark.parametrize(
    ("accept", "status"),
    [("*/*", 200), ("text/html,application/xhtml+xml,*/*;q=0.8", 200), ("application/*", 200), ("", 200),
     ("text/html", 406), ("application/json;q=0", 406), ("nonsense;;q=x", 406)],
)  # fmt: skip
def test_a_form_that_is_not_to_be_had_is_a_406(api: CheckingClient, accept: str, status: int) -> None:
    assert api.get(BODIES, headers={"Accept": accept}).status_code == status


def test_the_forms_have_different_tags(api: CheckingClient) -> None:
    body("a")
    tags = {api.get(BODIES, headers={"Accept": form})["ETag"] for form in ("text/csv", "application/json")}
    assert len(tags) == 2


def test_a_private_list_needs_a_person_and_is_not_kept(api: CheckingClient, key: str) -> None:
    body("a")
    assert api.get("/api/v1/own/").status_code == 401
    answer = api.send("GET", "/api/v1/own/", key=key)
    assert [row["slug"] for row in answer.json()["results"]] == ["a"]
    assert answer["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer


def test_a_private_thing_carries_its_tag_and_is_not_kept(api: CheckingClient, key: str) -> None:
    body("a", version=4)
    answer = api.send("GET", "/api/v1/mine/?at=2026-01-01", key=key)
    assert answer["ETag"].startswith('"4.')
    assert answer["Cache-Control"] == "private, no-store"
    assert api.send("GET", "/api/v1/mine/?on=2026-01-01", key=key).status_code == 400
    assert api.get("/api/v1/mine/").status_code == 401


def test_a_list_longer_than_a_chunk_is_streamed_whole(
    api: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "CHUNK", 7)
    for number in range(20):
        body(f"b{number:02}", position=None if number % 2 else number)
    lines = streamed(api.get(BODIES, headers={"Accept": "application/x-ndjson"})).splitlines()
    assert len({json.loads(line)["slug"] for line in lines}) == len(lines) == 20
