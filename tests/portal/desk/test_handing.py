"""Handing over at the desk: to teams of one's own at once, to another body as an offer, which it or oneself ends."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from commitments.models import Commitment, HandOver
from record import clock
from tests import make
from tests.portal.desk.windows import at_desk
from tests.portal.people import fill

pytestmark = pytest.mark.django_db
PATH = "/desk/commitments/AT25-C001/hand-over/"


@pytest.fixture(autouse=True)
def _counted_anew() -> Any:
    cache.clear()
    with clock.at(make.noon(make.TODAY)):
        yield


@pytest.fixture
def it() -> Commitment:
    partner = make.team(make.organisation("council"), "youth-team")
    return make.commitment(
        make.assembly(prefix="AT25"), lead=make.team(slug="north-team"), co_owners=(partner,)
    )


@pytest.fixture
def client(it: Commitment) -> Client:
    make.team(make.lead_team(it).organisation, "south-team")
    return at_desk(make.responder(make.lead_team(it).organisation))


def send(client: Client, path: str, **typed: str) -> Any:
    """Fill the form, look at the preview, and send it."""
    preview = fill(client, client.get(path), path, needing="reason", **typed)
    assert preview.status_code == 200, preview.content
    return preview, fill(client, preview, path, needing="reason", send="1")


def test_teams_of_ones_own_take_over_at_once(client: Client, it: Commitment) -> None:
    preview, answer = send(client, PATH, lead="south-team", others="youth-team", reason="The ward moved.")
    told = preview.content.decode()
    assert "Handed over on 1 June 2026" in told
    assert "The ward moved." in told
    assert answer.status_code == 302
    assert make.lead_team(it).slug == "south-team"
    again = send(client, PATH, lead="south-team", others="youth-team", reason="Again.")[1]
    assert again.status_code == 409
    assert "These teams own AT25-C001 already" in again.content.decode()
    assert ">Again.</textarea>" in again.content.decode()


def test_another_body_is_asked_first_and_says_no_with_a_reason(client: Client, it: Commitment) -> None:
    preview, _sent = send(client, PATH, lead="youth-team", reason="Parks are theirs.")
    assert "Offered to Council" in preview.content.decode()
    assert make.lead_team(it).slug == "north-team"
    assert "waits for an answer" in client.get(PATH).content.decode()
    refusal = f"{PATH}refuse/"
    assert client.get(refusal).status_code == 403
    council = at_desk(make.responder(it.owners.get(lead=False).organisation))
    assert council.get(PATH).status_code == 403
    assert council.get(f"{PATH}withdraw/").status_code == 403
    assert fill(council, council.get(refusal), refusal, needing="reason").status_code == 400
    preview, _sent = send(council, refusal, reason="Not our parks.")
    assert "it said no" in preview.content.decode()
    assert HandOver.objects.get().state == "refused"
    assert council.get(refusal).status_code == 409


def test_an_offer_is_taken_back_with_or_without_a_reason(client: Client) -> None:
    send(client, PATH, lead="youth-team", reason="Parks are theirs.")
    assert send(client, f"{PATH}withdraw/")[1].status_code == 302
    assert HandOver.objects.get().state == "withdrawn"


def test_what_is_missing_is_said_at_its_field(client: Client) -> None:
    page = fill(client, client.get(PATH), PATH, needing="reason", others="south-team").content.decode()
    assert 'href="#lead"' in page
    assert 'href="#reason"' in page
    assert page.count(" checked") == 1
