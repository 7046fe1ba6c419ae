"""What casting costs the database: a handful of statements, no transaction held open, however much was cast before."""

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ratings.models import Ballot, FreshBallot, HourlyCount
from tests import make
from tests.api.scene import Scene, key_of
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(api: CheckingClient, settings: Any, tmp_path: Path) -> Scene:
    settings.DATA_DIR = tmp_path
    cache.clear()
    return Scene(api)


def put(scene: Scene, path: str, score: int = 3) -> list[str]:
    """The statements of one cast."""
    with CaptureQueriesContext(connection) as asked:
        answer = scene.api.send("PUT", path, {"score": score}, key=scene.resident)
    assert answer.status_code == 200, answer.content
    return [one["sql"] for one in asked]


@pytest.mark.parametrize("path", ["commitments/AT25-C001/rating/", "themes"])
def test_a_cast_takes_three_statements_and_is_no_longer_transaction(scene: Scene, path: str) -> None:
    if path == "themes":
        path = f"assemblies/{scene.assembly.slug}/themes/{scene.theme.slug}/rating/"
    put(scene, f"/api/v1/{path}")
    asked = put(scene, f"/api/v1/{path}", 4)
    assert len(asked) == 3, asked
    assert ["INSERT" in one for one in asked] == [False, False, True]
    assert not any("SAVEPOINT" in one or "FOR UPDATE" in one for one in asked)
    assert not any(Ballot._meta.db_table in one for one in asked), "their number must not matter"
    assert FreshBallot.objects.count() == 1
    assert HourlyCount.objects.get().people == 1


def test_one_person_is_counted_once_an_hour_though_more_people_cast_than_django_remembers(
    scene: Scene,
) -> None:
    """Django's memory holds 300 things unless told; who is forgotten would be counted, and allowed, again."""
    path = f"/api/v1/commitments/{scene.commitment.reference}/rating/"
    put(scene, path)
    for number in range(700):
        cache.set(f"somebody:{number}", 1)
    put(scene, path)
    assert HourlyCount.objects.get().people == 1


def test_what_the_one_question_finds_is_what_the_rules_say(scene: Scene) -> None:
    """Owners in any role, convenors and panel of this assembly alone, each told why; others may."""
    other = make.assembly(slug="elsewhere-2025", prefix="EW25")
    allowed = [scene.resident, key_of(make.convenor(other.slug)), key_of(make.panel(other.slug))]
    allowed.append(key_of(make.responder(make.organisation("another"))))
    for path in paths(scene):
        for key in (scene.responder, scene.member, scene.council_responder, scene.co_member):
            assert refusal(scene, path, key) == "owners_do_not_rate"
        for key in (scene.convenor, scene.panel):
            assert refusal(scene, path, key) == "judges_do_not_rate"
        assert {refusal(scene, path, key) for key in allowed} == {""}
    assert refusal(scene, "/api/v1/commitments/AT25-C999/rating/", scene.resident) == "not_found"
    assert refusal(scene, "/api/v1/assemblies/anytown-2025/themes/x/rating/", scene.resident) == "not_found"


def paths(scene: Scene) -> list[str]:
    return [
        f"/api/v1/commitments/{scene.commitment.reference}/rating/",
        f"/api/v1/assemblies/{scene.assembly.slug}/themes/{scene.theme.slug}/rating/",
    ]


def refusal(scene: Scene, path: str, key: str) -> str:
    answer = scene.api.send("PUT", path, {"score": 3}, key=key)
    return "" if answer.status_code == 200 else str(answer.json()["code"])
