"""Promises that become others, at the desk: replaced, split and merged, each seen first, with what it lacks."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from commitments.models import Assembly, Commitment
from record import clock
from tests import make
from tests.portal.desk.windows import at_desk
from tests.portal.people import fill

pytestmark = pytest.mark.django_db
PATH = "/desk/commitments/AT25-C001/"


@pytest.fixture(autouse=True)
def _counted_anew() -> Any:
    cache.clear()
    with clock.at(make.noon(make.TODAY)):
        yield


@pytest.fixture
def assembly() -> Assembly:
    return make.assembly(prefix="AT25")


@pytest.fixture
def client(assembly: Assembly) -> Client:
    lead = make.team(slug="north-team")
    asked = make.recommendation(assembly)
    make.commitment(assembly, lead=lead, recommendations=[asked])
    make.commitment(assembly, lead=lead, title="Walk at night")
    return at_desk(make.responder(lead.organisation))


def stage(reference: str) -> str:
    """What became of it."""
    return str(Commitment.objects.get(reference=reference).stage)


def test_a_promise_is_replaced_by_another_that_stands(client: Client) -> None:
    path = f"{PATH}supersede/"
    page = client.get(path)
    assert "AT25-C002" in page.content.decode()
    answer = fill(client, page, path, needing="successor", successor="AT25-C009", reason="Better.")
    assert 'href="#successor"' in answer.content.decode()
    itself = fill(client, page, path, needing="successor", successor="at25-c001", reason="Better.")
    refused = fill(client, itself, path, needing="successor", send="1")
    assert refused.status_code == 400
    assert "cannot take its own place" in refused.content.decode()
    preview = fill(client, page, path, needing="successor", successor="AT25-C002", reason="Better.")
    assert "Walk at night" in preview.content.decode()
    assert fill(client, preview, path, needing="successor", send="1").status_code == 302
    assert stage("AT25-C001") == "superseded"
    assert client.get(path).status_code == 409


def test_a_promise_is_split_into_as_many_as_are_asked_for(client: Client) -> None:
    path = f"{PATH}split/"
    typed = {f"p{number}-title": f"Walk part {number}" for number in (1, 2)}
    teams = {f"p{number}-lead": "north-team" for number in (1, 2, 3)}
    page = fill(client, client.get(path), path, needing="parts", more="1", **typed, **teams)
    assert 'name="p3-title"' in page.content.decode()
    wrong = fill(client, page, path, needing="parts", reason="Too big.", **teams)
    assert 'href="#p3-title"' in wrong.content.decode()
    whole = {f"p3-{name}": text for name, text in make.MEASURABLE.items()} | {"p3-due_on": "2026-09-30"}
    preview = fill(client, wrong, path, needing="parts", **teams, **{"p3-title": "Walk part 3"}, **whole)
    told = preview.content.decode()
    assert told.count("Nobody will be able to judge this promise") == 2
    assert told.count("This promise can be judged:</strong>") == 1
    assert fill(client, preview, path, needing="parts", send="whole; whole; whole").status_code == 200
    assert Commitment.objects.count() == 2
    lacks = "measure,target,due_on,proof"
    answer = fill(client, preview, path, needing="parts", send=f"{lacks}; {lacks}; whole")
    assert answer.status_code == 302
    assert stage("AT25-C001") == "split"
    made = Commitment.objects.filter(title__startswith="Walk part").order_by("number")
    assert [one.title for one in made] == ["Walk part 1", "Walk part 2", "Walk part 3"]
    assert [[r.reference for r in one.recommendations.all()] for one in made] == [["AT25-R01"]] * 3


def test_promises_are_merged_into_a_new_one(client: Client) -> None:
    path = f"{PATH}merge/"
    page = client.get(path)
    typed = {"title": "Walk day and night", "lead": "north-team", "reason": "One patrol."}
    assert 'href="#merged"' in fill(client, page, path, needing="title", **typed).content.decode()
    preview = fill(client, page, path, needing="title", merged="AT25-C002", **typed)
    told = preview.content.decode()
    assert all(said in told for said in ("AT25-C001", "AT25-C002", "Walk day and night", "cannot be judged"))
    answer = fill(client, preview, path, needing="title", send="measure,target,due_on,proof")
    assert answer.status_code == 302
    assert [stage(one) for one in ("AT25-C001", "AT25-C002", "AT25-C003")] == [
        "merged",
        "merged",
        "published",
    ]


def test_only_a_responder_of_the_lead_passes_a_promise_on(client: Client) -> None:
    stranger = at_desk(make.responder(make.organisation("council")))
    for name in ("supersede", "split", "merge", "hand-over", "priorities"):
        assert stranger.get(f"{PATH}{name}/").status_code == 403
        assert client.get(f"{PATH}{name}/").status_code == 200
