"""Answering a recommendation at the desk: the clock in sight, seen before it is sent, sent once."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import actions as accounts
from accounts.models import Organisation, Role
from commitments import actions
from commitments.models import Recommendation, Response
from record import clock
from tests import make
from tests.portal.desk.windows import at_desk
from tests.portal.people import fill, signed_in

pytestmark = pytest.mark.django_db
PATH = "/desk/recommendations/AT25-R01/answer/"


@pytest.fixture(autouse=True)
def _counted_anew() -> Any:
    cache.clear()
    with clock.at(make.noon(make.TODAY)):
        yield


@pytest.fixture
def asked() -> tuple[Recommendation, Organisation]:
    it, body = make.recommendation(make.assembly(prefix="AT25")), make.organisation("met")
    actions.ask(it, by=make.convenor(), today=make.days(-60), organisation=body)
    return it, body


def test_an_answer_is_seen_as_everybody_will_see_it_and_then_sent_once(asked: Any) -> None:
    client = at_desk(make.responder(asked[1]))
    page = client.get(PATH)
    assert "4 days without an answer" in page.content.decode()
    preview = fill(client, page, PATH, needing="body", position="accepted", body="Yes.\r\nRing PC 4512.")
    told = preview.content.decode()
    assert "4 days late" in told
    assert "<mark>PC 4512</mark>" in told
    assert not Response.objects.exists()
    refused = fill(client, preview, PATH, needing="body", send="1")
    assert refused.status_code == 400
    assert "say that it is meant" in refused.content.decode()
    sent = [fill(client, preview, PATH, needing="body", send="1", meant="1") for _ in range(2)]
    assert [one.status_code for one in sent] == [302, 302]
    made = Response.objects.get()
    assert (made.stance, made.body, made.late_by_days) == ("accepted", "Yes.\nRing PC 4512.", 4)
    another = fill(client, preview, PATH, needing="body", send="1", meant="1", body="No, we will not.")
    assert another.status_code == 409
    assert "was sent and done already" in another.content.decode()
    preview = fill(client, another, PATH, needing="body", position="accepted")
    assert fill(client, preview, PATH, needing="body", send="1").status_code == 302
    assert Response.objects.count() == 2
    after = client.get(sent[0]["Location"]).content.decode()
    assert "/desk/organisations/met/promise/?recommendation=AT25-R01" in after
    assert "Answered on 1 June 2026" in after


def test_what_is_to_be_mended_is_said_and_nothing_typed_is_lost(asked: Any) -> None:
    client = at_desk(make.responder(asked[1]))
    answer = fill(
        client, client.get(PATH), PATH, needing="body", position="rejected", body="We <b>will</b> not."
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'href="#reason"' in page
    assert "without HTML" in page
    assert "We &lt;b&gt;will&lt;/b&gt; not." in page
    assert page.count(" checked") == 1


def test_a_refusal_of_the_verb_comes_back_to_the_form_in_its_own_sentence(asked: Any) -> None:
    by = make.responder(asked[1])
    client = at_desk(by)
    page = client.get(PATH)
    preview = fill(client, page, PATH, needing="body", position="accepted", body="We will.")
    accounts.end_role(by.memberships.get())
    make_other = make.organisation("council")
    accounts.grant_role(by, Role.RESPONDER, organisation=make_other)
    answer = fill(client, preview, PATH, needing="body", send="1")
    assert answer.status_code == 409
    assert "Council was not asked about this" in answer.content.decode()
    assert not Response.objects.exists()


def test_who_answers_for_nobody_that_was_asked_is_told_who_may(asked: Any) -> None:
    stranger = at_desk(make.responder(make.organisation("council")))
    assert stranger.get(PATH).status_code == 409
    answer = at_desk(make.member(make.team(asked[1]))).get(PATH)
    assert answer.status_code == 403
    assert "Only a responder of Met may do this" in answer.content.decode()
    assert signed_in().get(PATH)["Location"].startswith("/desk/sign-in/?next=")
    mine = at_desk(make.responder(asked[1]))
    assert mine.get(f"{PATH}?organisation=council").status_code == 404
    assert mine.get(PATH.replace("R01", "R99")).status_code == 404


def test_whoever_answers_for_two_bodies_says_for_which_and_the_page_asks_no_more_for_it(asked: Any) -> None:
    it, met = asked
    by, council = make.responder(met), make.organisation("council")
    client = at_desk(by)
    client.get(PATH)
    with CaptureQueriesContext(connection) as one:
        client.get(PATH)
    actions.ask(it, by=make.convenor(), today=make.TODAY, organisation=council)
    accounts.grant_role(by, Role.RESPONDER, organisation=council)
    with CaptureQueriesContext(connection) as two:
        page = client.get(f"{PATH}?organisation=council")
    assert "56 days left" in page.content.decode()
    assert len(two) <= len(one) <= 20
    preview = fill(client, page, PATH, needing="body", position="accepted", body="We will.")
    fill(client, preview, PATH, needing="body", send="1")
    assert Response.objects.get().organisation == council
