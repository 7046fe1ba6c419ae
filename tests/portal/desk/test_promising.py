"""Publishing a promise at the desk: what it lacks to be judged is said first; then it is the promiser's choice."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import actions as accounts
from commitments.models import Assembly, Commitment
from record import clock
from tests import make
from tests.portal.desk.windows import at_desk
from tests.portal.people import fill

pytestmark = pytest.mark.django_db
PATH = "/desk/organisations/met/promise/"
PUBLIC = "/commitments/AT25-C001/"
WHOLE = {
    "measure": "Patrols a week",
    "target": "Ten",
    "proof": "Published logs",
    "due_on": "15/8/2026",
    "due_precision": "season",
    "due_text": "by the end of summer",
}


@pytest.fixture(autouse=True)
def _counted_anew() -> Any:
    cache.clear()
    with clock.at(make.noon(make.TODAY)):
        yield


@pytest.fixture
def assembly() -> Assembly:
    return make.assembly(prefix="AT25", area=make.area("E09000031"))


@pytest.fixture
def client(assembly: Assembly) -> Client:
    met = make.organisation("met")
    make.team(met, "north-team")
    return at_desk(make.responder(met))


def test_what_makes_a_promise_unmeasurable_is_said_and_then_it_is_published_all_the_same(
    client: Client,
) -> None:
    typed = {"title": "Walk more", "lead": "north-team", "measure": "Patrols a week"}
    preview = fill(client, client.get(PATH), PATH, needing="title", **typed)
    told = preview.content.decode()
    for said in (
        "a target: how much",
        "a due date: a day",
        "a source of proof",
        "cannot be judged",
        "the page of Met",
    ):
        assert said in told
    assert "how it is measured: what is counted" not in told
    assert "This promise cannot be judged." in told
    assert not Commitment.objects.exists()
    mending = fill(client, preview, PATH, needing="title", change="1").content.decode()
    assert "Patrols a week" in mending
    unseen = fill(client, preview, PATH, needing="title", send="whole")
    assert unseen.status_code == 200
    assert not Commitment.objects.exists()
    answer = fill(client, preview, PATH, needing="title", send="target,due_on,proof")
    made = Commitment.objects.get()
    assert answer["Location"].startswith("/desk/commitments/AT25-C001/?sent=")
    assert not made.is_measurable
    assert "This promise cannot be judged." in client.get(PUBLIC).content.decode()
    assert "It stands in the public record" in client.get(answer["Location"]).content.decode()


def test_a_whole_promise_is_published_with_its_words_for_the_date_as_the_preview_showed_it(
    client: Client, assembly: Assembly
) -> None:
    asked = make.recommendation(assembly, title="Be seen")
    page = client.get(f"{PATH}?recommendation={asked.reference}")
    preview = fill(client, page, PATH, needing="title", title="Walk more", lead="north-team", **WHOLE)
    told = preview.content.decode()
    for said in (
        "This promise can be judged",
        "summer 2026",
        "by the end of summer",
        "Be seen",
        "North-Team",
    ):
        assert said in told
    assert "Nobody will be able" not in told
    first = fill(client, preview, PATH, needing="title", send="whole")
    again = fill(client, preview, PATH, needing="title", send="whole")
    assert first["Location"] == again["Location"]
    made: Any = Commitment.objects.get()
    assert (made.due_on.isoformat(), made.due_precision, made.due_text) == (
        "2026-08-31",
        "season",
        WHOLE["due_text"],
    )
    assert [one.reference for one in made.recommendations.all()] == ["AT25-R01"]
    assert [one.code for one in made.areas.all()] == ["E09000031"]
    public = client.get(PUBLIC).content.decode()
    assert all(said in public for said in ("summer 2026", "by the end of summer", "Published logs"))


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"title": ""}, "title", "Say in one line"),
        ({"title": "x" * 301}, "title", "too long"),
        ({"title": "Walk\u202emore"}, "title", "cannot be read or seen"),
        ({"lead": ""}, "lead", "Choose the team that leads"),
        ({"lead": "youth-team"}, "lead", "Choose the team that leads"),
        ({"others": "nobody"}, "others", "choose again"),
        ({"recommendations": "AT25-R99"}, "recommendations", "choose again"),
        ({"areas": "E99999999"}, "areas", "choose again"),
        ({"due_on": "31/6/2026"}, "due_on", "Write a day"),
        ({"due_on": "1/1/0202"}, "due_on", "between 1900 and 2199"),
        ({"due_text": "soon"}, "due_on", "Give a day in the promised period too"),
        ({"due_precision": "fortnight"}, "due_precision", "Choose one of the answers"),
        ({"body": "<script>1</script>"}, "body", "without HTML"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(
    client: Client, wrong: dict[str, str], field: str, said: str
) -> None:
    make.team(make.organisation("council"), "youth-team")
    typed = {"title": "Walk more", "lead": "north-team", "baseline": "Two"} | wrong
    answer = fill(client, client.get(PATH), PATH, needing="title", **typed)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert f'href="#{field}"' in page
    assert said in page
    assert ">Two</textarea>" in page


def test_who_leads_is_a_team_of_ones_own_and_the_page_costs_the_same_with_more_of_everything(
    client: Client, assembly: Assembly
) -> None:
    client.get(PATH)
    with CaptureQueriesContext(connection) as few:
        client.get(PATH)
    for number in range(5):
        make.recommendation(assembly)
        make.area(f"E0501389{number}", kind="ward", parent=assembly.area)
    make.commitment(assembly, lead=make.team(make.organisation("council"), "youth-team"))
    with CaptureQueriesContext(connection) as many:
        page = client.get(PATH).content.decode()
    assert len(many) <= len(few) <= 22
    lead, others = page.split('name="lead"')[1].split("</select>")[0], page.split("share it")[1]
    assert "youth-team" not in lead
    assert "youth-team" in others


def test_names_in_many_fields_are_looked_up_together(client: Client) -> None:
    page, typed = client.get(PATH), {"title": "Walk", "lead": "north-team"}
    fill(client, page, PATH, needing="title", **typed)
    with CaptureQueriesContext(connection) as none:
        fill(client, page, PATH, needing="title", **typed)
    named = {name: f"{name.title()}: ask Sarah Jones." for name in ("body", "measure", "target", "proof")}
    with CaptureQueriesContext(connection) as four:
        preview = fill(client, page, PATH, needing="title", **typed, **named)
    assert preview.content.decode().count("<mark>Sarah Jones</mark>") == 4
    assert len(four) == len(none) + 1


def test_for_another_body_nothing_is_promised(client: Client) -> None:
    council = make.organisation("council")
    make.team(council)
    for path in (PATH.replace("met", "council"), f"{PATH}?assembly=nowhere", PATH.replace("met", "nobody")):
        assert client.get(path).status_code in (403, 404)
    by: Any = client.get(PATH).wsgi_request.user
    preview = fill(client, client.get(PATH), PATH, needing="title", title="Walk", lead="north-team", **WHOLE)
    accounts.end_role(by.memberships.get())
    answer = fill(client, preview, PATH, needing="title", send="whole")
    assert answer.status_code == 403
    assert not Commitment.objects.exists()


def test_where_several_assemblies_are_one_says_to_which_it_is_promised(client: Client) -> None:
    make.assembly("bytown-2025", title="Bytown")
    page = client.get(PATH).content.decode()
    assert "?assembly=bytown-2025" in page
    assert "Bytown" in client.get(f"{PATH}?assembly=bytown-2025").content.decode()
