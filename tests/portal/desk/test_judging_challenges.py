"""Challenges at the desk: words are read and admitted or refused; what was answered, or not, is decided."""

from typing import Any

import pytest

from accounts import actions as accounts
from accounts.backends import BY_CODE
from accounts.models import Role
from commitments import actions
from commitments.models import Challenge, ProgressUpdate
from record import clock
from tests import make
from tests.make import TODAY, days
from tests.portal.desk.deciding import said, send
from tests.portal.desk.windows import at_desk
from tests.portal.people import browser

pytestmark = pytest.mark.django_db
LIST = f"/desk/assemblies/{make.SLUG}/challenges/"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.at(make.noon(TODAY)):
        yield


@pytest.fixture
def claim() -> ProgressUpdate:
    return make.claim(make.commitment(make.assembly(prefix="AT25")))


def test_refused_words_are_read_by_their_proposer_and_the_convenor_alone(claim: ProgressUpdate) -> None:
    resident, words = make.person(), "Ask Sarah Jones, 07700 900123."
    it = make.challenge(claim, by=resident, reason=words)
    client, path = at_desk(make.convenor()), f"/desk/challenges/{it.pk}/admit/"
    page = said(client.get(path))
    assert "<mark>Sarah Jones" in page
    assert path in said(client.get(LIST))
    preview, answer = send(client, path, decision="personal_data")
    assert "Not admitted" in preview
    assert words not in preview
    assert answer["Location"].startswith(LIST)
    it.refresh_from_db()
    assert (it.state, it.refused_ground) == ("refused", "personal_data")
    everybody = said(browser().get(f"/challenges/{it.pk}/"))
    assert "Not admitted" in everybody
    assert "they say who somebody is" in everybody
    assert "Sarah" not in everybody
    own = browser()
    own.force_login(resident, BY_CODE)
    told = said(own.get("/account/"))
    assert "not admitted, because of its words: they say who somebody is" in told


def test_admitted_words_are_everybodys_to_read(claim: ProgressUpdate) -> None:
    it = make.challenge(claim)
    preview, _ = send(at_desk(make.convenor()), f"/desk/challenges/{it.pk}/admit/", decision="admit")
    assert "We see nobody." in preview
    it.refresh_from_db()
    assert (it.state, it.reason_shown) == ("gathering", True)
    assert at_desk(make.convenor()).get(f"/desk/challenges/{it.pk}/admit/").status_code == 409


def test_who_supports_it_or_answers_for_it_does_not_judge_it(claim: ProgressUpdate) -> None:
    it = make.open_challenge(claim)
    lead, both = make.lead_team(claim.commitment), make.convenor()
    actions.reply(it, by=make.member(lead), today=TODAY, body="We do.")
    proposer = Challenge.objects.get(pk=it.pk).proposer
    accounts.grant_role(proposer, Role.CONVENOR, assembly=make.SLUG)
    accounts.grant_role(both, Role.RESPONDER, organisation=lead.organisation)
    for by in (proposer, both, make.responder(lead.organisation), make.panel()):
        assert at_desk(by).get(f"/desk/challenges/{it.pk}/resolve/").status_code == 403


def test_an_unanswered_one_is_decided_with_reasons_and_not_before_its_day(claim: ProgressUpdate) -> None:
    it = make.open_challenge(claim)
    client, path = at_desk(make.convenor()), f"/desk/challenges/{it.pk}/resolve/"
    early = client.get(path)
    assert early.status_code == 409
    assert "The owner may answer until" in said(early)
    with clock.at(make.noon(days(29))):
        preview, answer = send(client, path, decision="upheld", reason="We saw nobody either.")
        assert "does not count as done" in preview
        assert "We saw nobody either." in preview
        assert answer.status_code == 302
    it.refresh_from_db()
    assert (it.state, it.outcome, it.outcome_reason) == ("resolved", "upheld", "We saw nobody either.")
