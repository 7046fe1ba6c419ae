"""What offices are told of entries, the convenor's weekly list, and the page on which people choose."""

import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from accounts import actions as accounts
from accounts.models import Role
from commitments import actions
from commitments.actions import tick
from commitments.choices import HoldGround
from commitments.promises import Due, Ownership
from notifications import links, post, reminding, waiting
from notifications.models import PostCadence
from record import clock
from tests import make
from tests.make import TODAY, days
from tests.notifications.posted import lines, morning, round_at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    with clock.at(make.noon(TODAY)):
        yield


def test_a_challenge_is_told_to_every_owner_and_to_nobody_else() -> None:
    co_owner = make.team()
    commitment = make.commitment(co_owners=(co_owner,))
    lead, other = make.member(make.lead_team(commitment)), make.member(co_owner)
    stranger = make.member(make.team())
    make.open_challenge(make.claim(commitment, by=lead))
    sent = round_at(morning(days(1)))
    told = {one.to[0] for one in sent if "challenge the claim" in one.body}
    assert told == {lead.email, other.email}
    assert stranger.email not in {one.to[0] for one in mail.outbox}
    assert "We see nobody" not in "".join(one.message().as_string() for one in sent)


def test_what_an_office_did_itself_does_not_come_back_to_those_who_work_there() -> None:
    commitment = make.commitment()
    team, other = make.lead_team(commitment), make.team()
    officer, both = make.member(team), make.member(team)
    chief = make.responder(other.organisation)
    accounts.grant_role(both, Role.RESPONDER, organisation=team.organisation)
    by = make.responder(team.organisation)
    owners = [Ownership(team=other, lead=True)]
    actions.hand_over(commitment, by=by, today=TODAY, owners=owners, reason="They walk there.")
    sent = round_at(morning(days(1)))
    told = {one.to[0] for one in sent if "offers" in one.body}
    assert told == {chief.email}
    assert officer.email not in told


def test_who_is_asked_hears_of_it_and_that_the_day_passed() -> None:
    body = make.organisation()
    chief = make.responder(body)
    recommendation = make.recommendation()
    actions.ask(recommendation, by=make.convenor(), today=TODAY, organisation=body)
    assert "is asked to answer" in round_at(morning(days(1)), chief)[0].body
    tick(days(57))
    (sent,) = round_at(morning(days(57)), chief)
    assert any("has not answered" in line for line in lines(sent))


def test_an_entry_that_is_held_leaves_the_post_that_waits() -> None:
    commitment = make.commitment()
    officer = make.member(make.lead_team(commitment))
    make.open_challenge(make.claim(commitment))
    reminding.remind(make.noon(TODAY))
    post.compose(make.noon(TODAY))
    convenor = make.convenor(commitment.assembly.slug)
    actions.place_hold(commitment, by=convenor, today=TODAY, ground=HoldGround.LIVE_CASE)
    assert round_at(morning(days(1)), officer) == []


def test_every_link_of_the_post_leads_to_a_page() -> None:
    commitment = make.commitment(due=Due(days(8), "day", "soon"))
    make.member(make.lead_team(commitment))
    body = make.organisation()
    make.responder(body)
    recommendation = make.recommendation(commitment.assembly)
    actions.ask(recommendation, by=make.convenor(), today=TODAY, organisation=body)
    text = "".join(one.body for one in round_at(morning(days(1))))
    paths = set(re.findall(r"^  http://[^/]+(/\S+)$", text, re.MULTILINE))
    assert len(paths) == 2
    assert all(resolve(path) for path in paths)


def test_the_convenor_has_a_list_each_monday_of_what_is_owed_and_what_waits() -> None:
    late = make.commitment(due=Due(days(3), "day", "soon"))
    slug = late.assembly.slug
    convenor, team = make.convenor(slug), make.lead_team(late)
    officer = make.member(team)
    asked = make.recommendation(late.assembly)
    actions.ask(asked, by=convenor, today=TODAY, organisation=team.organisation)
    make.challenge(make.claim(make.commitment(late.assembly, lead=team)))
    actions.request_due_date(
        late, by=officer, today=TODAY, due=Due(days(200), "day", "later"), reason="Staff left."
    )
    with clock.at(morning(days(98))):
        assert round_at(morning(days(98))) is not None
    (sent,) = [one for one in mail.outbox if one.to == [convenor.email]]
    assert sent.subject == "Your weekly list"
    said = re.sub(r"\n  http\S+", "", str(sent.body))
    for expected in (
        "The week that begins on Monday, 7 September 2026",
        f"Late\n- {late.reference}, “{late.title}”: late by 95 days, due by 4 June 2026",
        f"Silent\n- {late.reference}, “{late.title}”: no update for 8 days after 30 August 2026",
        f"Recommendations without an answer\n- {asked.reference}: ",
        f"Due dates to decide\n- {late.reference}: asked on 1 June 2026",
        "Challenges whose words are to be read\n- ",
    ):
        assert expected in said
    assert "We see nobody" not in sent.message().as_string()
    assert "Staff left" not in sent.message().as_string()
    mail.outbox.clear()
    for day in (99, 104):
        round_at(morning(days(day)))
    assert not [one for one in mail.outbox if one.to == [convenor.email]]
    round_at(morning(days(105)))
    assert len([one for one in mail.outbox if one.to == [convenor.email]]) == 1


def test_a_convenor_who_works_for_an_owner_gets_no_list() -> None:
    commitment = make.commitment()
    convenor = make.convenor(commitment.assembly.slug)
    accounts.grant_role(convenor, Role.TEAM_MEMBER, team=make.lead_team(commitment))
    round_at(morning(days(7)))
    assert not [one for one in mail.outbox if one.to == [convenor.email]]


def test_the_list_names_teams_that_nobody_reads_for_and_costs_the_same_for_many() -> None:
    commitment = make.commitment()
    slug, team = commitment.assembly.slug, make.lead_team(commitment)
    for one in team.organisation.memberships.all():
        accounts.end_role(one)
    owed, _ = waiting.piles(slug, TODAY)
    assert [(pile.name, [one.text for one in pile.items]) for pile in owed] == [
        ("Nobody reads what we write to", [team.name])
    ]
    with CaptureQueriesContext(connection) as few:
        waiting.piles(slug, days(200))
    for _ in range(4):
        make.commitment(commitment.assembly)
    with CaptureQueriesContext(connection) as many:
        waiting.piles(slug, days(200))
    assert len(many) <= len(few)


def test_people_choose_by_the_link_in_their_mail_and_opening_it_changes_nothing() -> None:
    commitment = make.commitment()
    officer = make.member(make.lead_team(commitment))
    reader = post.readers([officer.pk])[officer.pk]
    client, here = Client(enforce_csrf_checks=True), f"/following/post/{links.token(links.POST, reader)}/"
    page = client.get(here)
    assert make.lead_team(commitment).name in page.content.decode()
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("no-referrer", "noindex")
    assert not page.cookies
    client.post(here, {"cadence": "weekly"})
    client.post(here, {"cadence": "never"})
    reader.refresh_from_db()
    assert reader.cadence == PostCadence.WEEKLY
    off = links.off(reader).removeprefix("http://127.0.0.1:8000")
    assert client.get(off).status_code == 405
    assert client.post(off).status_code == client.post(off).status_code == 200
    reader.refresh_from_db()
    assert reader.cadence == PostCadence.OFF
    for bad in (
        f"/following/post/{'0' * 72}/",
        here[:-3] + "/",
        f"/following/{links.token(links.POST, reader)}/",
    ):
        assert client.get(bad).status_code == 410
    assert client.post(off[:-3] + "00/").status_code == 410
    officer.is_active = False
    officer.save()
    assert client.post(off).status_code == 200
    post.forget_person(officer)
    assert client.get(here).status_code == 410
    assert client.post(off).status_code == 200
