"""openapi.yaml is valid 3.1, says the whole grammar, and comes out the same each time."""

import json
from typing import Any

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from openapi_spec_validator import OpenAPIV31SpecValidator

from api.http import hooks
from tests.api.http.conftest import document

LIST = "/api/v1/bodies/"
ONE = "/api/v1/bodies/{slug}/"


def test_it_is_valid_and_made_without_warnings() -> None:
    made = document()
    assert made["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(made).iter_errors()) == []
    assert not GENERATOR_STATS._warn_cache
    assert not GENERATOR_STATS._error_cache


def test_nothing_of_openapi_3_0_is_left() -> None:
    text = json.dumps(document())
    assert '"nullable"' not in text
    assert "x-spec-enum-id" not in text
    out = document()["components"]["schemas"]["BodyOut"]["properties"]
    assert out["position"]["type"] == ["integer", "null"]


def test_it_comes_out_the_same_each_time() -> None:
    before = json.dumps(document())
    document.cache_clear()
    assert json.dumps(document()) == before


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [op["operationId"] for item in document()["paths"].values() for op in item.values()]
    assert len(names) == len(set(names))
    assert {
        "list_bodies",
        "get_bodies",
        "post_bodies",
        "change_bodies",
        "delete_bodies",
        "post_bodies_close",
    } <= set(names)


def named(operation: dict[str, Any]) -> dict[str, Any]:
    shared = document()["components"]["parameters"]
    found = [shared[p["$ref"].rpartition("/")[2]] if "$ref" in p else p for p in operation["parameters"]]
    return {parameter["name"]: parameter for parameter in found}


def test_every_filter_is_described_with_its_type() -> None:
    parameters = named(document()["paths"][LIST]["get"])
    assert parameters["kind"]["schema"]["items"]["enum"] == ["police_force", "council", "oversight", "other"]
    assert (parameters["kind"]["style"], parameters["kind"]["explode"]) == ("form", False)
    assert parameters["known"]["schema"] == {"type": "boolean"}
    assert parameters["since"]["schema"]["format"] == "date"
    assert parameters["updated_since"]["schema"]["format"] == "date-time"
    assert parameters["slug"]["description"] == "Only these."
    assert parameters["page_size"]["schema"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 100,
        "default": 50,
    }
    assert "-updated" in parameters["ordering"]["schema"]["enum"]
    assert {"cursor", "If-None-Match", "If-Modified-Since"} <= parameters.keys()


def test_writes_say_what_they_need_and_what_can_happen() -> None:
    paths = document()["paths"]
    assert named(paths[ONE]["patch"])["If-Match"]["required"] is True
    assert "If-Match" not in named(paths[ONE]["put"])
    assert "Idempotency-Key" in named(paths[LIST]["post"])
    assert paths[LIST]["post"]["security"] == [{"key": ["accounts:write"]}, {"session": []}]
    assert paths[LIST]["get"]["security"] == [{}, {"key": []}]
    assert {"201", "400", "401", "403", "409", "415", "422", "429"} <= paths[LIST]["post"]["responses"].keys()
    assert {"200", "412", "428"} <= paths[ONE]["patch"]["responses"].keys()
    assert {"200", "304", "404"} <= paths[ONE]["get"]["responses"].keys()
    assert paths[LIST]["post"]["summary"] == "Make a body."
    assert paths[LIST]["post"]["description"] == "It may be refused."
    assert paths[ONE]["delete"]["responses"]["204"].get("content") is None


def test_a_body_that_must_be_sent_says_so() -> None:
    paths = document()["paths"]
    assert paths[LIST]["post"]["requestBody"]["required"] is True
    assert paths["/api/v1/silence/"]["post"]["requestBody"]["required"] is False
    assert document()["components"]["schemas"]["BodyInRequest"]["additionalProperties"] is False
    assert "position" not in document()["components"]["schemas"]["BodyInRequest"]["properties"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        (
            {"enum": ["a"], "type": "string", "nullable": True},
            {"enum": ["a", None], "type": ["string", "null"]},
        ),
        ({"$ref": "#/x", "nullable": True}, {"oneOf": [{"$ref": "#/x"}, {"type": "null"}]}),
        (
            {"allOf": [{"$ref": "#/x"}], "nullable": True, "description": "d"},
            {"description": "d", "oneOf": [{"$ref": "#/x"}, {"type": "null"}]},
        ),
        ({"oneOf": [{"type": "null"}], "nullable": True}, {"oneOf": [{"type": "null"}]}),
        ({"properties": {"nullable": {"type": "string"}}}, {"properties": {"nullable": {"type": "string"}}}),
        ({"type": ["string", "null"], "nullable": True}, {"type": ["string", "null"]}),
    ],
)
def test_nullable_becomes_null(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert hooks.in_3_1(before) == after
