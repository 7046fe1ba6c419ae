"""Strict filters: what is unknown or malformed is named; what is right finds the right rows."""

from datetime import UTC, datetime

import pytest
from jsonschema import Draft202012Validator

from tests.api.http.conftest import BODIES, body, document
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db


def test_every_unknown_parameter_is_named(api: CheckingClient) -> None:
    answer = api.get(f"{BODIES}?thme=x&knd=council&kind=council")
    assert answer.status_code == 400
    told = answer.json()
    assert told["code"] == "invalid_parameter"
    assert [(row["parameter"], row["code"]) for row in told["errors"]] == [
        ("thme", "unknown_parameter"),
        ("knd", "unknown_parameter"),
    ]


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ("kind=", "kind", "blank"),
        ("kind=%20", "kind", "blank"),
        ("q=", "q", "blank"),
        ("cursor=", "cursor", "blank"),
        ("page_size=", "page_size", "blank"),
        ("ordering=", "ordering", "blank"),
        ("kind=police", "kind", "malformed"),
        ("kind=council,", "kind", "malformed"),
        ("known=true&known=true", "known", "repeated"),
        ("kind=council&kind=", "kind", "malformed"),
        ("kind=" + ",".join(["council"] * 51), "kind", "malformed"),
        ("slug=A", "slug", "malformed"),
        ("slug=a_b", "slug", "malformed"),
        ("theme=NONE", "theme", "malformed"),
        ("area=E0900003", "area", "malformed"),
        ("commitment=c12", "commitment", "malformed"),
        ("id=1", "id", "malformed"),
        ("known=True", "known", "malformed"),
        ("known=1", "known", "malformed"),
        ("known=null", "known", "malformed"),
        ("since=2026-1-1", "since", "malformed"),
        ("since=20260101", "since", "malformed"),
        ("since=2026-02-30", "since", "malformed"),
        ("updated_since=2026-01-01", "updated_since", "malformed"),
        ("updated_since=2026-01-01T10:00:00", "updated_since", "malformed"),
        ("updated_since=2026-01-01T25:00:00Z", "updated_since", "malformed"),
        ("after=-1", "after", "malformed"),
        ("after=1.5", "after", "malformed"),
        ("after=" + "9" * 30, "after", "malformed"),
        ("after=%D9%A1", "after", "malformed"),
        ("q=a%00b", "q", "control_characters"),
        ("q=%0a%0aa", "q", "control_characters"),
        ("q=" + "a" * 201, "q", "malformed"),
        ("q=" + "a" * 2001, "q", "too_long"),
        ("page_size=0", "page_size", "malformed"),
        ("page_size=101", "page_size", "malformed"),
        ("page_size=null", "page_size", "malformed"),
        ("page_size=-1", "page_size", "malformed"),
        ("ordering=rank", "ordering", "malformed"),
        ("ordering=--slug", "ordering", "malformed"),
        ("ordering=slug,name", "ordering", "malformed"),
        ("cursor=abc", "cursor", "malformed"),
        ("cursor=%FF%FE", "cursor", "malformed"),
        ("format=json", "format", "unknown_parameter"),
        ("%00=1", "\\x00", "unknown_parameter"),
    ],
)
def test_a_malformed_parameter_is_named(api: CheckingClient, query: str, name: str, code: str) -> None:
    answer = api.get(f"{BODIES}?{query}")
    assert answer.status_code == 400
    (row,) = answer.json()["errors"]
    assert (row["parameter"], row["code"]) == (name, code)
    assert name in answer.json()["detail"]


@pytest.mark.parametrize("text", ["", " ", "\u00a0\u3000", "\x00", "a\x1fb", "a\nb", "\x85", "a" * 201, "a",
                                  " a ", "!", "كلمة", "\ufeff", "\u200b", "\U0001f600", "a" * 200])  # fmt: skip
def test_words_are_refused_exactly_where_the_contract_says(api: CheckingClient, text: str) -> None:
    answer = api.get(BODIES, {"q": text})
    said = next(one for one in document()["paths"][BODIES]["get"]["parameters"] if one.get("name") == "q")
    assert (answer.status_code == 200) == Draft202012Validator(said["schema"]).is_valid(text)


def test_a_detail_takes_no_parameters(api: CheckingClient) -> None:
    body("a")
    assert api.get(f"{BODIES}a/?x=1").status_code == 400


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", ["a", "b", "c"]),
        ("kind=council", ["a", "c"]),
        ("kind=council,other", ["a", "b", "c"]),
        ("slug=a,b", ["a", "b"]),
        ("slug=a&slug=b", ["a", "b"]),
        ("area=E09000031", ["c"]),
        ("known=true", ["b"]),
        ("known=false", ["a", "c"]),
        ("updated_since=2026-01-01T00:00:00Z", ["b"]),
        ("updated_since=2026-01-01T01:00:00%2B01:00", ["b"]),
        ("updated_since=2026-01-01T01:00:00+01:00", ["b"]),
        ("updated_since=2026-01-01T00:00:00.000001Z", []),
        ("after=0", ["b"]),
        ("after=5", []),
        ("since=2026-01-01", ["b"]),
        ("q=second", ["b"]),
        ("theme=none", []),
        ("commitment=WF24-C012", []),
        ("id=7D444840-9DC0-11D1-B245-5FFDCE74FAD2", []),
    ],
)
def test_filters_find(api: CheckingClient, query: str, slugs: list[str]) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    body("a")
    body("b", name="The second", kind="other", updated_at=moment, published_at=moment, position=5)
    body("c", area_code="E09000031")
    answer = api.get(f"{BODIES}?ordering=slug&{query}")
    assert [row["slug"] for row in answer.json()["results"]] == slugs
