"""Scorecards: each number in plain words, and the list that it opens holds exactly what it counts."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from commitments import actions, summaries, tallies
from commitments.models import ProgressUpdate
from commitments.promises import Ownership
from portal.bodies import COUNTS, UNANSWERED
from record import clock
from tests import make
from tests.portal.finding import TODAY, Town, asks, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Iterator[Town]:
    """The town at noon of TODAY, with something unanswered."""
    with clock.at(make.noon(TODAY)):
        found = Town()
        actions.ask(
            found.recommendation, by=make.convenor(), today=make.days(-100), organisation=found.police
        )
        make.open_challenge(_claim(found), today=make.days(-60))
        yield found


def _claim(town: Town) -> ProgressUpdate:
    return ProgressUpdate.objects.get(commitment=town.promises["claimed"], status="completed")


def test_each_number_counts_what_its_list_shows(town: Town) -> None:
    """For organisations and teams, for every number, none of them always nothing."""
    seen = dict.fromkeys(COUNTS, 0)
    for owner, bodies in (("organisation", (town.police, town.council)), ("team", (town.lead, town.partner))):
        for body in bodies:
            card = summaries.of_owners(owner, [body.pk], TODAY)[body.pk]["scorecard"]
            for name in COUNTS:
                page = text(f"/{owner}s/{body.slug}/?show={name}")
                shown = page.partition('id="counted"')[2].partition('id="voices"')[0]
                assert shown.count('<span class="ref">') == card[name], (owner, body.slug, name)
                number = re.search(rf'show={name}#counted"[^>]*><strong>(\d+)</strong>', page)
                assert number
                assert int(number[1]) == card[name]
                seen[name] += card[name]
    assert all(seen.values()), seen


def test_the_lists_behind_the_numbers_are_the_numbers(town: Town) -> None:
    card = summaries.of_teams([town.lead.pk], TODAY)[town.lead.pk]
    for name in tallies.CARD:
        assert tallies.counted("team", town.lead.pk, name, TODAY).count() == card[name], name


def test_what_a_source_names_and_nobody_accepted_is_told_apart(town: Town) -> None:
    assert "an owner of 1 more commitment." in text("/organisations/council/"), "a lead named it"
    make.entered(town.assembly, owners=[Ownership(organisation=town.council, lead=True)])
    page = text("/organisations/council/")
    assert "an owner of 2 more commitments" in page
    assert 'href="/commitments/?organisation=council"' in page


def test_three_voices_stand_side_by_side_and_withheld_is_said_in_words(town: Town) -> None:
    page = text("/teams/north-team/")
    assert "It claims" in page
    assert "Residents say" in page
    assert "The panel found" in page
    assert "Few looks like none" in page
    assert "this is not a survey of everyone" in page


def test_a_team_that_ended_says_who_took_over(town: Town) -> None:
    heir = make.team(town.police, "south-team")
    actions.reorganise(
        town.lead, by=make.responder(town.police), today=TODAY, successors=[heir], reason="Merged."
    )
    page = text("/teams/north-team/")
    assert "This team ended on 1 June 2026" in page
    assert 'href="/teams/south-team/"' in page
    assert 'href="/teams/north-team/"' in text("/teams/south-team/")
    assert "Teams that have ended" in text("/organisations/police/")


def test_bodies_ask_few_questions_however_many_there_are(town: Town) -> None:
    few = asks("/organisations/"), asks("/organisations/police/"), asks("/teams/north-team/")
    for _ in range(3):
        make.commitment(town.assembly, lead=make.team(town.police))
        make.commitment(town.assembly, lead=town.lead)
    summaries.forget()
    more = asks("/organisations/"), asks("/organisations/police/"), asks("/teams/north-team/")
    assert more == few
    assert max(more) <= 14


def test_unknown_bodies_and_numbers_are_told(town: Town) -> None:
    assert Client().get("/organisations/nobody/").status_code == 404
    assert Client().get("/teams/nobody/").status_code == 404
    assert "<code>show</code>" in text("/teams/north-team/?show=best", 400)
    assert UNANSWERED in COUNTS
