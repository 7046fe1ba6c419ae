"""Conditions on reading: what is wrong with a request is said before its copy is called fresh."""

import pytest

from tests.api.scene import V1, Scene
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db

LATER = {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}


@pytest.fixture
def scene(api: CheckingClient) -> Scene:
    return Scene(api)


@pytest.mark.parametrize("wrong", ["thme", "page_size", "cursor", "ordering", "status"])
@pytest.mark.parametrize("path", ["commitments/", "commitments.csv"])
def test_if_modified_since_hides_no_wrong_parameter(scene: Scene, path: str, wrong: str) -> None:
    answer = scene.api.get(f"{V1}/{path}?{wrong}=x!", headers=LATER)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == wrong


def test_if_modified_since_hides_no_missing_parent(scene: Scene) -> None:
    assert scene.api.get(f"{V1}/commitments/AT25-C999/updates/", headers=LATER).status_code == 404


@pytest.mark.parametrize("path", ["commitments/", "commitments.csv", "recommendations/"])
def test_a_right_request_still_learns_that_nothing_is_new(scene: Scene, path: str) -> None:
    assert scene.api.get(f"{V1}/{path}", headers=LATER).status_code == 304
    assert scene.api.get(f"{V1}/{path}", headers=LATER).status_code == 304


def test_a_blank_if_match_is_not_taken_for_a_missing_one(scene: Scene) -> None:
    said = {"body": "We met.", "status": "in_progress"}
    problem = scene.post(f"{scene.path}updates/", said, key=scene.member, status=400, If_Match=" ")
    assert problem["code"] == "malformed_if_match"


def test_a_key_does_not_expire_before_it_begins(scene: Scene) -> None:
    asked = {"scopes": ["account:read"], "expires_at": "2020-01-01T00:00:00Z"}
    problem = scene.post("keys/", asked, key=scene.resident, status=400)
    assert (problem["code"], problem["errors"][0]["pointer"]) == ("expires_in_the_past", "/expires_at")
