"""Organisations and teams over HTTP, with what each promised and what became of it."""

from datetime import timedelta

import pytest

from commitments import actions
from record import clock
from tests import make
from tests.api.scene import Scene, key_of, on, queries
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
BODIES, TEAMS = "/api/v1/organisations/", "/api/v1/teams/"


@pytest.mark.parametrize("path", [BODIES, TEAMS])
def test_a_list_costs_the_same_for_one_row_and_for_many(api: CheckingClient, path: str) -> None:
    make.commitment()
    one = queries(api, path)
    assembly = make.assembly("other")
    for _ in range(29):
        make.commitment(assembly)
    assert len(api.get(path).json()["results"]) == 30
    assert queries(api, path) == one <= 7


def test_a_scorecard_counts_each_promise_once_and_only_what_was_verified(api: CheckingClient) -> None:
    scene = Scene(api)
    second = make.team(scene.police, "south-team")
    kept = make.commitment(scene.assembly, lead=scene.lead, co_owners=(second,), due=make.DUE)
    actions.verify(
        kept, by=make.panel(), today=make.TODAY, claim=make.claim(kept), finding="verified", reason="Seen."
    )
    actions.ask(scene.recommendation, by=make.convenor(), today=make.TODAY, organisation=scene.police)
    with on(make.TODAY):
        card = api.get(f"{BODIES}police/").json()["scorecard"]
        assert (card["promised"], card["verified"], card["late"], card["unanswered"]) == (2, 1, 0, 0)
    with on(make.TODAY + timedelta(days=200)):
        card = api.get(f"{BODIES}police/").json()["scorecard"]
        assert card == {
            "promised": 2, "verified": 1, "claimed": 1, "late": 1, "silent": 1, "contested": 0, "late_first": 1,
            "not_measurable": 2, "unanswered": 1, "unanswered_recommendations": 1, "unanswered_challenges": 0,
        }  # fmt: skip
        team = api.get(f"{TEAMS}south-team/").json()["scorecard"]
        assert (team["promised"], team["verified"], team["late"], team["unanswered"]) == (1, 1, 0, 0)
        council = api.get(f"{BODIES}council/").json()["scorecard"]
        assert (council["promised"], council["late"]) == (0, 0), "it has not said yes itself"


def test_an_unanswered_challenge_counts_against_the_lead(api: CheckingClient) -> None:
    scene = Scene(api)
    challenge = make.open_challenge(make.claim(scene.commitment))
    assert challenge.reply_due_on is not None
    with on(challenge.reply_due_on + timedelta(days=1)):
        lead = api.get(f"{TEAMS}{scene.lead.slug}/").json()["scorecard"]
        partner = api.get(f"{TEAMS}{scene.partner.slug}/").json()["scorecard"]
        assert (lead["unanswered_challenges"], partner["unanswered_challenges"]) == (1, 0)
        assert api.get(f"{BODIES}police/").json()["scorecard"]["unanswered"] == 1


def test_what_is_only_entered_from_a_source_is_nobodys_promise_yet(api: CheckingClient) -> None:
    make.organisation("police")
    make.entered()
    assert api.get(f"{BODIES}police/").json()["scorecard"]["promised"] == 0


def test_a_convenor_keeps_the_register(api: CheckingClient) -> None:
    key = key_of(make.convenor())
    sent = {"slug": "police", "name": "Polise", "kind": "police_force", "area": "E23000001"}
    assert api.send("POST", BODIES, sent, key=key_of(make.person())).status_code == 403
    made = api.send("POST", BODIES, sent, key=key)
    assert made.status_code == 201, made.content
    assert api.send("POST", BODIES, sent, key=key).json()["code"] == "slug_taken"
    team = api.send("POST", TEAMS, {"slug": "north", "name": "North", "organisation": "police"}, key=key)
    assert (team.status_code, team.json()["area"], team.json()["ended_on"]) == (201, None, None)
    change = {"name": "Police", "reason": "Spelling."}
    assert api.send("PATCH", f"{BODIES}police/", change, key=key).status_code == 428
    done = api.send("PATCH", f"{BODIES}police/", change, key=key, If_Match=made["ETag"])
    assert (done.status_code, done.json()["name"]) == (200, "Police")
    assert done.json()["teams"] == [{"slug": "north", "name": "North", "ended_on": None}]
    ended = {"ended_on": clock.today().isoformat(), "reason": "Merged."}
    done = api.send("PATCH", f"{TEAMS}north/", ended, key=key, If_Match=team["ETag"])
    assert done.json()["ended_on"] == ended["ended_on"]
    assert api.send("PATCH", f"{TEAMS}north/", ended, key=key, If_Match=team["ETag"]).status_code == 412
    lost = {"slug": "south", "name": "South", "organisation": "nobody"}
    assert api.send("POST", TEAMS, lost, key=key).json()["errors"][0]["pointer"] == "/organisation"


def test_the_whole_title_of_an_office_is_taken_up_to_300_characters(api: CheckingClient) -> None:
    key = key_of(make.convenor())
    name = "Minister of Roads and Minister responsible for " + "x" * 253
    for sent, status in ((name, 201), (f"{name}x", 400)):
        body = {"slug": f"office-{len(sent)}", "name": sent, "kind": "other"}
        assert api.send("POST", BODIES, body, key=key).status_code == status
    team = {"slug": "desk", "name": name, "organisation": "office-300"}
    assert api.send("POST", TEAMS, team, key=key).json()["name"] == name
    assert api.get(f"{BODIES}office-300/").json()["name"] == name


def test_bodies_and_teams_are_found_by_kind_and_place(api: CheckingClient) -> None:
    make.area("E09000031", parent=make.area("E23000001", kind="force"))
    police = make.organisation("police", area="E23000001")
    make.organisation("council", kind="council", area="E09000031")
    make.team(police, "north")

    def slugs(path: str) -> list[str]:
        return [row["slug"] for row in api.get(path).json()["results"]]

    assert slugs(f"{BODIES}?kind=council") == ["council"]
    assert slugs(f"{BODIES}?area=E23000001") == ["council", "police"]
    assert slugs(f"{BODIES}?area=E09000031") == ["council"]
    assert slugs(f"{BODIES}?ordering=-slug") == ["police", "council"]
    assert slugs(f"{TEAMS}?organisation=police") == ["north"]
    assert slugs(f"{TEAMS}?organisation=council") == []
    assert slugs(f"{TEAMS}?area=E23000001") == []
