"""Strict bodies: strangers are named, text is trimmed and clean, and addresses are web addresses."""

from typing import Any

import pytest
from rest_framework.exceptions import ValidationError

from api.http import inputs
from tests.api.http.conftest import BODIES, NEW
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"colour": "red"}, "/colour", "unknown_field"),
        ({"a/b~c": 1}, "/a~1b~0c", "unknown_field"),
        ({"position": 3}, "/position", "read_only"),
        ({"name": ""}, "/name", "blank"),
        ({"name": "  "}, "/name", "blank"),
        ({"name": None}, "/name", "null"),
        ({"name": 7}, "/name", "not_text"),
        ({"name": ["a"]}, "/name", "not_text"),
        ({"name": "a" * 201}, "/name", "max_length"),
        ({"name": "a\nb"}, "/name", "control_characters"),
        ({"about": "a\x07b"}, "/about", "control_characters"),
        ({"about": "a" * 20_001}, "/about", "max_length"),
        ({"slug": "A b"}, "/slug", "not_a_slug"),
        ({"slug": "a--b"}, "/slug", "not_a_slug"),
        ({"kind": "club"}, "/kind", "invalid_choice"),
        ({"open": "yes"}, "/open", "not_a_truth_value"),
        ({"open": 1}, "/open", "not_a_truth_value"),
        ({"size": "1"}, "/size", "not_a_whole_number"),
        ({"size": True}, "/size", "not_a_whole_number"),
        ({"size": 1.5}, "/size", "not_a_whole_number"),
        ({"size": 1e300}, "/size", "not_a_whole_number"),
        ({"size": -1}, "/size", "min_value"),
        ({"links": {}}, "/links", "not_a_list"),
        ({"links": ["x"]}, "/links/0", "not_an_object"),
        ({"links": [{"title": "a", "url": "https://a.b"}, {"title": "a"}]}, "/links/1/url", "required"),
        ({"links": [{"title": "a", "url": "https://a.b", "x": 1}]}, "/links/0/x", "unknown_field"),
        *(
            ({"links": [{"title": "a", "url": url}]}, "/links/0/url", "not_an_address")
            for url in ("javascript:alert(1)", "ftp://a.b", "https://", "//a.b", "https://u:p@a.b", "https://a b",
                        "https://[a", "https://a.b:99999", "data:text/html,x", "https://a.b/<x>")
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_pointed_at(
    api: CheckingClient, key: str, change: dict[str, Any], pointer: str, code: str
) -> None:
    answer = api.send("POST", BODIES, {**NEW, **change}, key=key)
    assert answer.status_code == 400
    rows = answer.json()["errors"]
    assert (pointer, code) in [(row["pointer"], row["code"]) for row in rows]


def test_everything_wrong_is_told_at_once(api: CheckingClient, key: str) -> None:
    answer = api.send("POST", BODIES, {"name": 7, "colour": "red"}, key=key)
    found = {(row["pointer"], row["code"]) for row in answer.json()["errors"]}
    assert found == {
        ("/name", "not_text"),
        ("/colour", "unknown_field"),
        ("/slug", "required"),
        ("/kind", "required"),
    }


@pytest.mark.parametrize("sent", [b"[]", b"null", b'"text"', b"7"])
def test_a_body_is_an_object(api: CheckingClient, key: str, sent: bytes) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    answer = api.generic("POST", BODIES, sent, content_type="application/json", headers=headers)
    assert answer.json()["errors"][0]["pointer"] == ""


MARKS = "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2028\u202a\u202e\u2060\u2066\u2069\ufeff\u3164\U000e0041"
JOINED = [
    "خدمات پولیس",  # Urdu
    "می\u200cخواهم",  # Persian, with the joiner that keeps its letters apart
    "क्\u200dष",  # Hindi, with the one that joins
    "שלום לכולם",
    "\U0001f469\u200d\U0001f680 \u2764\ufe0f\u200d\U0001f525",  # pictures of several parts
    "Ælfgyva – “naïve” café №1",
]


@pytest.mark.parametrize("mark", [*MARKS])
def test_a_name_holds_no_marks_that_nobody_sees(api: CheckingClient, key: str, mark: str) -> None:
    answer = api.send("POST", BODIES, {**NEW, "name": f"Po{mark}lice"}, key=key)
    [row] = answer.json()["errors"]
    assert (row["pointer"], row["code"]) == ("/name", "invisible_mark")
    assert f"U+{ord(mark):04X}" in row["detail"]
    assert "at character 3" in row["detail"]


@pytest.mark.parametrize("name", JOINED)
def test_a_name_may_be_in_any_script(api: CheckingClient, key: str, name: str) -> None:
    answer = api.send("POST", BODIES, {**NEW, "name": name}, key=key)
    assert (answer.status_code, answer.json().get("name")) == (201, name)


def test_prose_may_hold_marks_of_direction(api: CheckingClient, key: str) -> None:
    assert api.send("POST", BODIES, {**NEW, "about": f"See\u200f {MARKS}"}, key=key).status_code == 201


def test_an_address_may_be_shouted_and_is_kept_calm() -> None:
    field = inputs.WebAddress()
    assert field.run_validation("HTTPS://Example.org/A") == "https://Example.org/A"
    assert field.run_validation("Http://example.org") == "http://example.org"


def test_text_is_trimmed(api: CheckingClient, key: str) -> None:
    assert api.send("POST", BODIES, {**NEW, "name": "  New "}, key=key).json()["name"] == "New"


def test_a_verb_without_content_takes_no_body_or_an_empty_one(api: CheckingClient, key: str) -> None:
    assert api.send("POST", "/api/v1/silence/", key=key).status_code == 204
    assert api.send("POST", "/api/v1/silence/", {}, key=key).status_code == 204
    assert api.send("POST", "/api/v1/silence/", {"x": 1}, key=key).status_code == 400


def test_a_write_takes_no_query_parameters(api: CheckingClient, key: str) -> None:
    assert api.send("POST", f"{BODIES}?dry=1", NEW, key=key).status_code == 400


@pytest.mark.parametrize(
    "text", [" " * 201, "\x1e" * 201, "x" + " " * 200], ids=["blank", "marks", "trailing"]
)
def test_a_text_is_as_long_as_it_was_sent(text: str) -> None:
    field = inputs.Line(required=False, allow_blank=True)
    with pytest.raises(ValidationError) as raised:
        field.run_validation(text)
    assert raised.value.get_codes() == ["max_length"]
