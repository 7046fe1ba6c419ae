"""Redactions over HTTP: nothing public points to the words before two agreed; afterwards the words are nowhere."""

import json
from typing import Any

import pytest

from api.models import IdempotentAnswer
from commitments import actions
from commitments.models import Redaction
from tests import make
from tests.api.scene import V1, Scene, key_of
from tests.canaries import CANARY, WORDS, answers, found_by_search, said_on_routes, told
from tests.contract import CheckingClient
from tests.make import TODAY

pytestmark = pytest.mark.django_db
WHY: dict[str, Any] = {"ground": "data_protection", "category": "identity"}


@pytest.fixture
def scene(api: CheckingClient) -> Scene:
    """A promise with everybody around it."""
    return Scene(api)


def posted(scene: Scene) -> Any:
    """An update that says what has to go."""
    said = {"body": WORDS, "status": "in_progress"}
    return scene.post(f"{scene.path}updates/", said, key=scene.member, Idempotency_Key="update")


def asked(scene: Scene, update: Any) -> Any:
    """A redaction of all that the update says, asked for by the convenor."""
    return scene.post("redactions/", {"subject": f"update:{update['id']}", **WHY}, key=scene.convenor)


def another(scene: Scene) -> str:
    """The key of another convenor."""
    return key_of(make.convenor())


def test_what_two_convenors_erase_is_said_on_no_route(api: CheckingClient) -> None:
    story = told("update")
    redaction = actions.ask_redaction(story.update, by=make.convenor(), today=TODAY, **WHY)
    assert said_on_routes()
    actions.approve_redaction(redaction, by=make.convenor(), today=TODAY)
    assert said_on_routes() == []
    assert found_by_search() == []
    assert api.get(f"{V1}/updates/{story.update.pk}/").json()["body"] == "[redacted]"


def test_before_another_agrees_no_public_route_tells_of_a_redaction(scene: Scene) -> None:
    update = posted(scene)
    before = scene.events()
    request = asked(scene, update)
    assert (request["state"], request["yours"], request["entries"]) == ("asked", True, [])
    assert scene.events() == before
    assert scene.results("redactions/") == []
    scene.get(f"redactions/{request['id']}/", 404)
    assert [where for where, content in answers() if str(request["id"]) in content] == []
    mine = scene.api.send("GET", f"{V1}/redactions/requests/", key=scene.convenor).json()["results"]
    assert mine == [request]
    theirs = scene.api.send("GET", f"{V1}/redactions/requests/", key=another(scene)).json()["results"]
    assert theirs == [{**request, "yours": False}]


def test_what_was_carried_out_is_listed_with_ground_category_and_positions(scene: Scene) -> None:
    update = posted(scene)
    request = asked(scene, update)
    done = scene.post(f"redactions/{request['id']}/approve/", key=another(scene), status=200)
    assert done["entries"] == [update["position"]]
    assert (done["ground"], done["category"], done["by"]) == (*WHY.values(), "convenor:anytown-2025")
    assert scene.results(f"redactions/?subject=update:{update['id']}&category=identity") == [done]
    assert scene.results("redactions/?ground=defamation") == []
    event = scene.get(f"events/{update['position']}/")
    assert (event["words"]["body"], event["salts"]["body"]) == (None, None)
    stone = scene.get(f"events/{done['position']}/")
    assert (stone["type"], stone["subject"]) == ("words.redacted", f"redaction:{done['id']}")
    assert scene.api.get(f"{V1}/redactions/feed.atom").content.count(b"<entry>") == 1


def test_events_about_one_thing_can_be_named_instead_of_it(scene: Scene) -> None:
    update = posted(scene)
    request = scene.post("redactions/", {"entries": [update["position"]], **WHY}, key=scene.convenor)
    assert (request["subject"], request["entries"]) == (f"update:{update['id']}", [update["position"]])


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "nothing_named"),
        ({"entries": [999_999]}, "unknown_subject"),
        ({"subject": "commitment:AT25-C999"}, "unknown_subject"),
        ({"entries": [1, 2]}, "other_subject"),
        ({"subject": "organisation:police"}, "nothing_to_withhold"),
    ],
)
def test_what_names_no_words_is_refused(scene: Scene, said: dict[str, Any], code: str) -> None:
    problem = scene.post("redactions/", {**said, **WHY}, key=scene.convenor, status=400)
    assert problem["code"] == code


def test_who_asked_does_not_agree_and_another_may_refuse_or_the_asker_withdraw(scene: Scene) -> None:
    update = posted(scene)
    first, second = asked(scene, update), asked(scene, update)
    path = f"redactions/{first['id']}"
    assert scene.refused(f"{path}/approve/", key=scene.convenor, status=403) == "own_request"
    assert scene.refused(f"{path}/withdraw/", key=another(scene), status=403) == "not_your_redaction"
    refusal = scene.post(f"{path}/refuse/", key=another(scene), status=200)
    assert refusal["state"] == "refused"
    assert scene.refused(f"{path}/approve/", key=another(scene), status=409) == "already_decided"
    taken = scene.post(f"redactions/{second['id']}/withdraw/", key=scene.convenor, status=200)
    assert taken["state"] == "withdrawn"
    assert scene.results("redactions/") == []


def test_kept_answers_are_emptied_with_the_words(scene: Scene) -> None:
    update = posted(scene)
    assert CANARY in bytes(IdempotentAnswer.objects.get(key="update").body).decode()
    request = asked(scene, update)
    scene.post(f"redactions/{request['id']}/approve/", key=another(scene), status=200)
    assert bytes(IdempotentAnswer.objects.get(key="update").body) == b""
    said = {"body": WORDS, "status": "in_progress"}
    where = f"{scene.path}updates/"
    refusal = scene.post(where, said, key=scene.member, status=409, Idempotency_Key="update")
    assert refusal["code"] == "answer_not_kept"
    assert CANARY not in json.dumps(refusal)


def test_a_repeated_approval_is_answered_as_the_first(scene: Scene) -> None:
    request, key = asked(scene, posted(scene)), another(scene)
    path = f"redactions/{request['id']}/approve/"
    first = scene.post(path, key=key, status=200, Idempotency_Key="yes")
    assert scene.post(path, key=key, status=200, Idempotency_Key="yes") == first
    assert Redaction.objects.count() == 1
