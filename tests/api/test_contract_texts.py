"""What people type: plain text or Markdown, never HTML; and numbers that are numbers."""

from typing import Any

import pytest

from tests import make
from tests.api.scene import V1, Scene, on
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(api: CheckingClient) -> Any:
    with on(make.TODAY):
        yield Scene(api)


@pytest.mark.parametrize(
    "text",
    [
        "<b>Done</b>",
        "We met. <script>alert(1)</script>",
        "See <a href='https://example.org'>here</a>.",
        "<IMG SRC=x onerror=alert(1)>",
        "One<br/>two",
        "Done.</p>",
        "<!-- hidden -->",
        "<!DOCTYPE html>",
        "<svg/onload=alert(1)>",
    ],
)
def test_html_is_refused_where_it_stands(scene: Scene, text: str) -> None:
    said = {"body": text, "status": "in_progress"}
    answer = scene.api.send("POST", f"{scene.path}updates/", said, key=scene.member)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/body"
    assert answer.json()["errors"][0]["code"] == "html"


@pytest.mark.parametrize(
    "text",
    [
        "Fewer than 5 < 10, and 7>3.",
        "Thank you <3",
        "See <https://example.org/plan> or <office@example.org>.",
        "**Done** — [the plan](https://example.org) & more; a<b, b>a.",
        "> A quotation\n\n1. one\n2. two 😀",
    ],
)
def test_signs_and_markdown_are_taken_as_they_are(scene: Scene, text: str) -> None:
    said = {"body": text, "status": "in_progress"}
    made = scene.post(f"{scene.path}updates/", said, key=scene.member)
    assert made["body"] == text


@pytest.mark.parametrize("latitude", [True, "51.5", "nan", [], {}, 91])
def test_a_latitude_is_a_number(scene: Scene, latitude: Any) -> None:
    place = {"code": "E05013881", "name": "Chapel End", "kind": "ward", "latitude": latitude}
    answer = scene.api.send("POST", f"{V1}/areas/", place, key=scene.convenor)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/latitude"


@pytest.mark.parametrize("days", [30, 30.0])
def test_a_whole_number_is_whole_however_it_is_written(scene: Scene, days: float) -> None:
    path, sent = f"{V1}/assemblies/{make.SLUG}/", {"reply_days": days, "reason": "A longer one."}
    answer = scene.api.send("PATCH", path, sent, key=scene.convenor, If_Match="*")
    assert (answer.status_code, answer.json()["reply_days"]) == (200, 30)


def test_a_null_character_is_named(scene: Scene) -> None:
    said = {"body": "Two\x00officers", "status": "in_progress"}
    assert scene.refused(f"{scene.path}updates/", said, key=scene.member, status=400) == "control_characters"
