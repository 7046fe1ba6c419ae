"""Cursors belong to one list in one order, and mark any place in it."""

import pytest

from tests.api.scene import V1, Scene
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db

LISTS = (
    "areas",
    "organisations",
    "teams",
    "themes",
    "recommendations",
    "commitments",
    "updates",
    "challenges",
)
OWNER = {"team": "north-team", "lead": True}


def _next(scene: Scene, path: str) -> str:
    return str(scene.get(path)["next"]).partition("cursor=")[2]


@pytest.mark.parametrize("other", LISTS[1:])
def test_another_lists_cursor_is_refused_by_name(api: CheckingClient, other: str) -> None:
    cursor = _next(Scene(api), "areas/?ordering=updated_at&page_size=1")
    assert cursor
    answer = api.get(f"{V1}/{other}/?ordering=updated_at&cursor={cursor}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "cursor"


def test_the_same_list_of_another_parent_refuses_it_too(api: CheckingClient) -> None:
    scene = Scene(api)
    for body in ("First.", "Second."):
        scene.post(f"{scene.path}updates/", {"body": body, "status": "in_progress"}, key=scene.member)
    cursor = _next(scene, f"{scene.path}updates/?page_size=1")
    assert api.get(f"{scene.path}updates/?cursor={cursor}").status_code == 200
    assert api.get(f"{V1}/updates/?cursor={cursor}").status_code == 400


@pytest.mark.parametrize("sign", ["a", "ل", "語", "😀"])
def test_a_long_title_in_any_script_can_be_a_place(api: CheckingClient, sign: str) -> None:
    scene = Scene(api)
    for number in range(3):
        said = {"assembly": scene.assembly.slug, "title": sign * 299 + str(number), "owners": [OWNER]}
        scene.post("commitments/", said, key=scene.responder)
    found, path = [], "commitments/?ordering=title&page_size=1"
    while path:
        page = scene.get(path)
        found += [row["reference"] for row in page["results"]]
        path = (page["next"] or "").removeprefix("http://testserver")
    assert len(found) == len(set(found)) == 4
