"""Holds over HTTP: on no route a word of what is held, on every route the facts; lifting shows all as it was."""

import json
from typing import Any

import pytest

from commitments import actions
from commitments.models import Withholding
from commitments.withholding import stories
from record.models import Words
from tests import make
from tests.api.scene import V1, Scene, queries
from tests.canaries import CANARY, WORDS, answers, found_by_search, said_on_routes, speaking, told
from tests.contract import CheckingClient
from tests.make import TODAY
from tests.recording import everything

pytestmark = pytest.mark.django_db

KINDS = (
    "theme",
    "recommendation",
    "response",
    "commitment",
    "update",
    "milestone",
    "verification",
    "challenge",
)
JSON = ("application/json",)
MOVING = ("updated_at", "updated", "position")


@pytest.fixture
def scene(api: CheckingClient) -> Scene:
    """A promise with everybody around it."""
    return Scene(api)


def hold(scene: Scene, subject: str = "", **more: Any) -> Any:
    """What placing a hold answers."""
    said = {"subject": subject or scene.commitment.record_subject, "ground": "live_case"}
    return scene.post("holds/", said, key=scene.convenor, **more)


def steady(content: str) -> Any:
    """What an answer says but for positions and times of change."""
    try:
        return _steady(json.loads(content))
    except ValueError:
        return None


def _steady(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _steady(one) for name, one in value.items() if name not in MOVING}
    return [_steady(one) for one in value] if isinstance(value, list) else value


def test_the_canary_sings_in_every_typed_column_of_the_story() -> None:
    story = told()
    rows = [*stories.story(story.commitment), *stories.story(story.recommendation), story.theme]
    typed = {(row._meta.label, name) for row in rows for name in row.typed}
    assert typed - speaking(rows) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_held_is_said_on_no_route_until_it_is_lifted(kind: str) -> None:
    thing = told(kind).holdable()[kind]
    rows, words = typed_rows(), list(Words.objects.order_by("pk").values_list())
    placed = actions.place_hold(thing, by=make.convenor(), today=TODAY, ground="live_case")
    assert said_on_routes() == []
    assert found_by_search() == []
    actions.lift_hold(placed, by=make.convenor(), today=TODAY)
    assert typed_rows() == rows
    assert list(Words.objects.order_by("pk").values_list()) == words


def test_when_a_hold_is_lifted_every_answer_is_as_it_was_but_for_positions_and_times() -> None:
    story = told()
    assert said_on_routes()
    before = [(where, steady(content)) for where, content in answers(JSON) if is_steady(where)]
    placed = actions.place_hold(story.commitment, by=make.convenor(), today=TODAY, ground="live_case")
    actions.lift_hold(placed, by=make.convenor(), today=TODAY)
    after = [(where, steady(content)) for where, content in answers(JSON) if is_steady(where)]
    assert after == before
    assert len(after) > 30


def is_steady(where: str) -> bool:
    """Whether an address tells of things, and not of what happened to them."""
    news = ("/api/v1/events", "/api/v1/holds", "feed.atom", "admin:")
    return where.endswith("application/json") and not any(one in where for one in news)


def typed_rows() -> dict[str, Any]:
    """Every row of what was typed, in every table of the domain."""
    untouched = ("record.Head", "record.Entry", "record.Node", "commitments.Withholding")
    told = {model: rows for model, rows in everything().items() if model not in untouched}
    typed = {model._meta.label: model.typed for model in stories.typed_models()}
    return {
        model: [tuple(cell for cell in row if not _moves(cell)) for row in rows]
        for model, rows in told.items()
        if model in typed
    }


def _moves(cell: Any) -> bool:
    return type(cell) is int or hasattr(cell, "isoformat")


def test_a_held_commitment_hides_all_that_belongs_to_it() -> None:
    story = told("commitment", "update", "milestone", "verification", "challenge")
    actions.place_hold(story.commitment, by=make.convenor(), today=TODAY, ground="safety")
    assert said_on_routes() == []


def test_the_facts_of_what_is_held_stay_and_it_says_since_when_and_why(scene: Scene) -> None:
    claim = scene.claimed()
    before = scene.get(scene.path)
    placed = hold(scene)
    after = scene.get(scene.path)
    assert after["held"] == {"since": placed["placed_on"], "ground": "live_case"}
    for name in ("status", "standing", "measurable", "claim", "owners", "voices", "update_due_on"):
        assert after[name] == before[name]
    assert scene.get(f"updates/{claim['id']}/")["held"] == after["held"]
    assert after["title"] == "[held: hidden while a case is live]"
    assert scene.results("holds/?standing=in_force") == [placed]
    assert placed["subject_url"].endswith(scene.path)


def test_a_hold_is_public_for_ever_and_is_filtered_by_what_it_says(scene: Scene) -> None:
    placed = hold(scene)
    lifted = scene.post(f"holds/{placed['id']}/lift/", key=scene.convenor, status=200)
    assert (lifted["standing"], placed["standing"]) == ("lifted", "in_force")
    assert scene.get(f"holds/{placed['id']}/") == lifted
    for asked in (
        f"subject={placed['subject']}",
        f"root={placed['subject']}",
        "ground=live_case",
        "standing=lifted",
        "assembly=anytown-2025",
        "placed_after=2020-01-01",
    ):
        assert scene.results(f"holds/?{asked}") == [lifted], asked
    assert scene.results("holds/?standing=in_force&ground=safety") == []
    assert scene.events()[-2:] == ["hold.placed", "hold.lifted"]
    feed = scene.api.get(f"{V1}/holds/feed.atom").content.decode()
    assert feed.count("<entry>") == 2


def test_owners_go_on_reporting_while_a_hold_is_on_and_what_they_write_waits(scene: Scene) -> None:
    placed = hold(scene)
    said = {"body": WORDS, "status": "in_progress", "reason": WORDS}
    made = scene.post(f"{scene.path}updates/", said, key=scene.member, Idempotency_Key="once")
    assert CANARY not in json.dumps(made)
    assert made["held"] == {"since": placed["placed_on"], "ground": "live_case"}
    assert scene.get(scene.path)["status"] == "in_progress"
    assert said_on_routes() == []
    scene.post(f"holds/{placed['id']}/lift/", key=scene.convenor, status=200)
    assert scene.get(f"updates/{made['id']}/")["body"] == WORDS


def test_every_verb_works_on_the_true_words_of_what_is_held(scene: Scene) -> None:
    asked = scene.post(
        f"{scene.path}corrections/",
        {"field": "title", "text": "Walk at night", "reason": "A slip."},
        key=scene.member,
    )
    placed = hold(scene)
    scene.post(f"{scene.path}corrections/{asked['id']}/approve/", key=scene.convenor, status=200)
    moved = {"on": "2027-01-31", "precision": "month", "text": "by January", "reason": "Two posts."}
    change = scene.post(f"{scene.path}due-date-changes/", moved, key=scene.member)
    scene.post(f"{scene.path}due-date-changes/{change['id']}/approve/", key=scene.convenor, status=200)
    scene.post(f"holds/{placed['id']}/lift/", key=scene.convenor, status=200)
    shown = scene.get(scene.path)
    assert (shown["title"], shown["due"]["text"]) == ("Walk at night", "by January")
    assert [one["text"] for one in shown["wordings"] if one["field"] == "title"] == [
        "Walk the high street every evening",
        "Walk at night",
    ]


def test_what_is_held_is_not_replaced_by_promises_that_no_hold_reaches(scene: Scene) -> None:
    hold(scene)
    parts = [{"title": "A", "owners": [{"team": "north-team", "lead": True}]}] * 2
    said = {"parts": parts, "reason": "Two steps."}
    assert scene.refused(f"{scene.path}split/", said, key=scene.responder, status=409) == "held_back"


def test_a_hold_within_a_hold_stays_when_the_outer_one_is_lifted(scene: Scene) -> None:
    update = scene.claimed()
    outer = hold(scene)
    inner = hold(scene, f"update:{update['id']}")
    scene.post(f"holds/{outer['id']}/lift/", key=scene.convenor, status=200)
    assert scene.get(scene.path)["held"] is None
    assert scene.get(f"updates/{update['id']}/")["body"].startswith("[held")
    scene.post(f"holds/{inner['id']}/lift/", key=scene.convenor, status=200)
    assert scene.get(f"updates/{update['id']}/")["body"] == "It is done."


def test_a_hold_is_placed_and_lifted_once(scene: Scene) -> None:
    placed = hold(scene)
    again = {"subject": placed["subject"], "ground": "safety"}
    assert scene.refused("holds/", again, key=scene.convenor, status=409) == "already_held"
    scene.post(f"holds/{placed['id']}/lift/", key=scene.convenor, status=200)
    assert scene.refused(f"holds/{placed['id']}/lift/", key=scene.convenor, status=409) == "not_held"


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ("commitment:AT25-C999", "unknown_subject"),
        ("nothing", "unknown_subject"),
        ("update:1", "unknown_subject"),
        ("organisation:police", "cannot_be_held"),
    ],
)
def test_what_cannot_be_held_is_named(scene: Scene, subject: str, code: str) -> None:
    said = {"subject": subject, "ground": "live_case"}
    problem = scene.post("holds/", said, key=scene.convenor, status=400)
    assert (problem["code"], problem["errors"][0]["pointer"]) == (code, "/subject")


def test_an_answer_that_was_kept_is_not_given_again_once_words_are_held(scene: Scene) -> None:
    said = {"body": WORDS, "status": "in_progress"}
    first = scene.post(f"{scene.path}updates/", said, key=scene.member, Idempotency_Key="once")
    again = scene.post(f"{scene.path}updates/", said, key=scene.member, Idempotency_Key="once")
    assert again == first
    hold(scene)
    refusal = scene.post(f"{scene.path}updates/", said, key=scene.member, status=409, Idempotency_Key="once")
    assert refusal["code"] == "answer_not_kept"
    assert scene.get(f"{scene.path}updates/")["results"][0]["id"] == first["id"]


def test_what_was_kept_before_a_hold_is_not_answered_after_it(scene: Scene) -> None:
    first = scene.api.get(scene.path)
    hold(scene)
    after = scene.api.get(scene.path, headers={"If-None-Match": first["ETag"]})
    assert after.status_code == 200
    assert after["ETag"] != first["ETag"]


def test_a_list_costs_no_question_more_for_what_is_held(scene: Scene) -> None:
    before = queries(scene.api, f"{V1}/commitments/")
    hold(scene)
    assert queries(scene.api, f"{V1}/commitments/") == before


def test_hidden_words_are_hidden_on_every_route_and_come_back(api: CheckingClient) -> None:
    update = told("update").update
    hiding = actions.hide_words(
        update, by=make.convenor(), today=TODAY, ground="personal_data", note=f"It names {CANARY}"
    )
    assert said_on_routes() == []
    assert found_by_search() == []
    shown = api.get(f"{V1}/updates/{update.pk}/").json()
    assert (shown["body"], shown["held"]) == ("[hidden by the convenor]", None)
    actions.restore_words(hiding, by=make.convenor(), today=TODAY)
    assert api.get(f"{V1}/updates/{update.pk}/").json()["body"] == f"{WORDS} More."


def test_nothing_waits_in_the_vault_when_nothing_is_withheld() -> None:
    story = told("commitment")
    placed = actions.place_hold(story.commitment, by=make.convenor(), today=TODAY, ground="live_case")
    hiding = actions.hide_words(story.update, by=make.convenor(), today=TODAY, ground="abuse")
    actions.lift_hold(placed, by=make.convenor(), today=TODAY)
    actions.restore_words(hiding, by=make.convenor(), today=TODAY)
    assert everything()["commitments.Vaulted"] == []
    assert Withholding.objects.filter(lifted_on=None).count() == 0
