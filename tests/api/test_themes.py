"""Themes over HTTP: findings, counts by standing, lateness against both dates, three voices never blended."""

from datetime import timedelta

import pytest

from commitments import actions
from commitments.choices import Standing
from tests import make
from tests.api.scene import Scene, key_of, on, queries
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
LIST = "/api/v1/themes/"


def at(scene: Scene) -> str:
    """Where the scene's theme is."""
    return f"/api/v1/assemblies/{scene.assembly.slug}/themes/{scene.theme.slug}/"


def test_a_list_costs_the_same_for_one_row_and_for_many(api: CheckingClient) -> None:
    scene = Scene(api)
    one = queries(api, LIST)
    for _ in range(29):
        theme = make.theme(scene.assembly)
        make.commitment(scene.assembly, recommendations=[make.recommendation(scene.assembly, theme=theme)])
    assert len(api.get(LIST).json()["results"]) == 30
    assert queries(api, LIST) == one <= 7


def test_a_theme_without_promises_says_so(api: CheckingClient) -> None:
    findings = [{"text": "Residents ask for more presence.", "sources": make.SOURCE}]
    assembly = make.assembly()
    make.theme(assembly, "be-there", findings=findings, origin={"by": "Neighbourly Lab"})
    row = api.get(f"/api/v1/assemblies/{assembly.slug}/themes/be-there/").json()
    assert row["findings"][0]["sources"][0]["reliability"] == "primary"
    assert row["origin"] == {"by": "Neighbourly Lab", "url": None, "reliability": None}
    assert row["standings"] == dict.fromkeys(Standing.values, 0)
    assert row["voices"] == {
        "owner": {"mean": None, "n": 0},
        "residents": {"period": None, "n": None, "mean": None, "low": None, "high": None, "withheld": "few"},
        "panel": {"verified": 0, "partly_verified": 0, "not_verified": 0},
        "gap": {"value": None, "method": "gap/1"},
    }
    assert row["lateness"]["present"] == {"dated": 0, "late": 0, "mean_days": None, "most_days": None}


def test_a_promise_that_answers_two_recommendations_of_a_theme_counts_once(api: CheckingClient) -> None:
    scene = Scene(api)
    both = [scene.recommendation, make.recommendation(scene.assembly, theme=scene.theme)]
    made = make.commitment(scene.assembly, recommendations=both, due=make.DUE, **make.MEASURABLE)
    make.claim(made)
    with on(make.TODAY):
        row = api.get(at(scene)).json()
    assert (row["recommendations"], row["commitments"]) == (2, 2)
    assert (row["standings"]["claimed"], row["standings"]["no_word"]) == (1, 1)
    assert row["measurability"] == {"measurable": 1, "not_measurable": 1}
    assert row["voices"]["owner"] == {"mean": 1.0, "n": 1}


def test_lateness_is_counted_against_the_present_and_the_first_date(api: CheckingClient) -> None:
    scene = Scene(api)
    due = scene.commitment.due_on
    assert due is not None
    asked = actions.request_due_date(
        scene.commitment, by=make.member(scene.lead), today=make.TODAY, reason="Staff left.",
        due=type(make.DUE)(due + timedelta(days=30), "day", "a month later"),
    )  # fmt: skip
    actions.approve_due_date(asked, by=make.convenor(), today=make.TODAY)
    with on(due + timedelta(days=10)):
        lateness = api.get(at(scene)).json()["lateness"]
        assert lateness["present"] == {"dated": 1, "late": 0, "mean_days": None, "most_days": None}
        card = api.get(at(scene)).json()["scorecard"]
        assert (card["late"], card["late_first"]) == (0, 1)
        assert lateness["first"] == {"dated": 1, "late": 1, "mean_days": 10.0, "most_days": 10}
    with on(due + timedelta(days=40)):
        row = api.get(at(scene)).json()
        assert row["lateness"]["present"]["most_days"] == 10
        assert (row["overdue"], row["silent"], row["standings"]["late"]) == (1, 1, 1)
        card = row["scorecard"]
        assert (card["promised"], card["late"], card["late_first"], card["not_measurable"]) == (1, 1, 1, 1)


def test_the_panel_is_counted_beside_the_claim(api: CheckingClient) -> None:
    scene = Scene(api)
    claim = make.claim(scene.commitment)
    actions.verify(
        scene.commitment, by=make.panel(), today=make.TODAY, claim=claim, finding="not_verified", reason="No."
    )
    with on(make.TODAY):
        row = api.get(at(scene)).json()
    assert (row["voices"]["panel"]["not_verified"], row["contested"]) == (1, 1)
    assert row["voices"]["owner"]["mean"] == 1.0


def test_the_convenor_publishes_and_corrects(api: CheckingClient) -> None:
    assembly, key = make.assembly(), key_of(make.convenor())
    sent = {
        "assembly": assembly.slug, "slug": "be-there", "title": "Be there", "order": 2,
        "findings": [{"text": "Be seen.", "sources": make.SOURCE}], "origin": {"by": "Us"},
    }  # fmt: skip
    assert api.send("POST", LIST, sent, key=key_of(make.convenor("other"))).status_code == 403
    answer = api.send("POST", LIST, sent, key=key)
    assert answer.status_code == 201, answer.content
    path = answer.json()["url"].removeprefix("http://testserver")
    assert api.get(path).json() == answer.json()
    assert [row["slug"] for row in api.get(f"{LIST}?assembly={assembly.slug}").json()["results"]] == [
        "be-there"
    ]
    assert api.get(f"{LIST}?assembly=other").json()["results"] == []
    change = {"title": "Be in the community", "summary": "Seen.", "reason": "As residents said it."}
    done = api.send("PATCH", path, change, key=key, If_Match=answer["ETag"])
    assert (done.status_code, done.json()["title"]) == (200, "Be in the community")
    assert api.send("PATCH", path, change, key=key, If_Match=answer["ETag"]).status_code == 412
    nothing = api.send("PATCH", path, {"reason": "None."}, key=key, If_Match="*")
    assert (nothing.status_code, nothing.json()["code"]) == (400, "nothing_changed")
    assert (
        api.send("POST", LIST, {**sent, "assembly": "x"}, key=key).json()["errors"][0]["pointer"]
        == "/assembly"
    )
