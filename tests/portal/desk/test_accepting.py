"""Saying yes at the desk: to a promise from a source, to one that is offered, as a co-owner; and what that means."""

from typing import Any

import pytest
from django.core.cache import cache

from accounts import actions as accounts
from accounts.models import Role
from commitments import actions
from commitments.models import Assembly, Commitment
from commitments.promises import Ownership
from record import clock
from tests import make
from tests.portal.desk.windows import at_desk
from tests.portal.people import fill

pytestmark = pytest.mark.django_db
PATH = "/desk/commitments/AT25-C001/accept/"


@pytest.fixture(autouse=True)
def _counted_anew() -> Any:
    cache.clear()
    with clock.at(make.noon(make.TODAY)):
        yield


@pytest.fixture
def assembly() -> Assembly:
    return make.assembly(prefix="AT25")


def owners() -> list[tuple[str, bool, bool]]:
    """Who owns it: the team, whether it leads, whether it said yes."""
    rows = Commitment.objects.get().owners.filter(ended_on=None).select_related("team")
    return [(row.team.slug if row.team else "", row.lead, row.accepted_on is not None) for row in rows]


def test_a_promise_from_a_source_becomes_its_owners_with_the_teams_that_it_names(assembly: Assembly) -> None:
    north, met = make.team(slug="north-team"), make.organisation("met")
    south = make.team(met, "south-team")
    make.entered(assembly, owners=[Ownership(organisation=met, lead=True), Ownership(team=north)])
    client = at_desk(make.responder(met))
    page = client.get(PATH)
    assert "no clock runs" in page.content.decode()
    answer = fill(client, page, PATH, needing="others", others="north-team")
    assert answer.status_code == 400
    assert "Choose the team that leads" in answer.content.decode()
    preview = fill(client, page, PATH, needing="others", lead=south.slug, others="north-team")
    told = preview.content.decode()
    for said in ("South-Team", "30 August 2026", "cannot be judged", "A yes is not taken back"):
        assert said in told
    assert Commitment.objects.get().accepted_on is None
    answer = fill(client, preview, PATH, needing="once", send="1")
    assert answer["Location"].startswith("/desk/commitments/AT25-C001/")
    assert owners() == [("south-team", True, True), ("north-team", False, False)]
    done = client.get(PATH)
    assert done.status_code == 403
    assert "Only a responder of Body-" in done.content.decode()


def test_who_the_source_leaves_no_part_for_is_refused_at_the_form(assembly: Assembly) -> None:
    met, council = make.organisation("met"), make.organisation("council")
    make.team(met, "south-team")
    make.entered(assembly, owners=[Ownership(organisation=met, lead=True), Ownership(organisation=council)])
    client = at_desk(make.responder(met))
    preview = fill(client, client.get(PATH), PATH, needing="others", lead="south-team")
    answer = fill(client, preview, PATH, needing="once", send="1")
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "the convenor can correct it" in page
    assert '<option value="south-team" selected>' in page
    refused = at_desk(make.responder(council)).get(PATH)
    assert refused.status_code == 403
    assert "Only a responder of Met" in refused.content.decode()


def test_of_a_promise_for_which_nobody_is_named_one_says_for_whom_one_takes_it(assembly: Assembly) -> None:
    make.entered(assembly)
    met, council = make.organisation("met"), make.organisation("council")
    make.team(council, "youth-team")
    make.team(met, "south-team")
    by = make.responder(met)
    accounts.grant_role(by, Role.RESPONDER, organisation=council)
    client = at_desk(by)
    assert "?organisation=met" in client.get(PATH).content.decode()
    path = f"{PATH}?organisation=met"
    page = client.get(path)
    assert "youth-team" not in page.content.decode()
    preview = fill(client, page, path, needing="once", lead="south-team")
    fill(client, preview, path, needing="once", send="1")
    assert owners() == [("south-team", True, True)]
    assert client.get(f"{PATH}?organisation=other").status_code == 409


def test_a_named_co_owner_says_yes_for_its_own_part(assembly: Assembly) -> None:
    partner = make.team(slug="youth-team")
    make.commitment(assembly, lead=make.team(slug="north-team"), co_owners=(partner,))
    client = at_desk(make.responder(partner.organisation))
    page = client.get(PATH)
    assert 'name="lead"' not in page.content.decode()
    preview = fill(client, page, PATH, needing="others", others="youth-team")
    assert "shares its duties" in preview.content.decode()
    fill(client, preview, PATH, needing="once", send="1")
    assert owners() == [("north-team", True, True), ("youth-team", False, True)]


def test_an_offer_is_taken_as_it_is_or_with_other_teams(assembly: Assembly) -> None:
    it = make.commitment(assembly, lead=make.team(slug="north-team"))
    council = make.organisation("council")
    offered, other = make.team(council, "youth-team"), make.team(council, "parks-team")
    by = make.responder(make.lead_team(it).organisation)
    actions.hand_over(
        it, by=by, today=make.TODAY, owners=[Ownership(team=offered, lead=True)], reason="Parks are theirs."
    )
    client = at_desk(make.responder(council))
    page = client.get(PATH)
    assert "Parks are theirs." in page.content.decode()
    as_offered = fill(client, page, PATH, needing="others").content.decode()
    assert "Youth-Team" in as_offered
    assert "has not said yes" not in as_offered
    preview = fill(client, page, PATH, needing="others", lead=other.slug)
    assert "Parks-Team" in preview.content.decode()
    fill(client, preview, PATH, needing="once", send="1")
    assert owners() == [("parks-team", True, True)]


def test_a_page_at_the_desk_offers_what_one_may_do_and_nothing_else(assembly: Assembly) -> None:
    it = make.commitment(assembly, lead=make.team(slug="north-team"))
    make.claim(it)
    path, lead = "/desk/commitments/AT25-C001/", make.responder(make.lead_team(it).organisation)
    page = at_desk(lead).get(path).content.decode()
    assert all(
        f"{path}{name}/" in page for name in ("hand-over", "split", "merge", "supersede", "priorities")
    )
    assert "/verify/" not in page
    page = at_desk(make.panel()).get(path).content.decode()
    assert all(f"{path}{name}/" in page for name in ("verify", "dispute"))
    assert "/hand-over/" not in page
    assert "nothing for you to do" in at_desk(make.responder(make.organisation())).get(path).content.decode()
    assert at_desk(lead).get("/desk/commitments/AT25-C009/").status_code == 404
