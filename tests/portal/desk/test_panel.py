"""The panel at the desk: what waits for its finding and until when, findings with reasons, and challenges."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import actions as accounts
from accounts.models import Role
from commitments import actions
from commitments.models import Assembly, Challenge, Commitment, Verification
from commitments.promises import EvidenceLink
from record import clock
from tests import make
from tests.portal.desk.windows import at_desk
from tests.portal.people import fill

pytestmark = pytest.mark.django_db
VERIFY, DISPUTE = "/desk/commitments/AT25-C001/verify/", "/desk/commitments/AT25-C001/dispute/"
PUBLIC = "/commitments/AT25-C001/"


@pytest.fixture(autouse=True)
def _counted_anew() -> Any:
    cache.clear()
    with clock.at(make.noon(make.TODAY)):
        yield


@pytest.fixture
def assembly() -> Assembly:
    return make.assembly(prefix="AT25")


@pytest.fixture
def claimed(assembly: Assembly) -> Commitment:
    it = make.commitment(assembly, lead=make.team(slug="north-team"), today=make.days(-60))
    links = [
        EvidenceLink("Photographs", "https://example.org/1"),
        EvidenceLink("A report", "https://example.org/2"),
    ]
    make.claim(it, today=make.days(-10), evidence=links)
    return it


def test_a_claim_is_refuted_with_reasons_and_with_the_evidence_that_was_looked_at(
    claimed: Commitment,
) -> None:
    client = at_desk(make.panel())
    page = client.get(VERIFY)
    shown = page.content.decode()
    assert all(said in shown for said in ("It is done.", "18 days left", "https://example.org/2"))
    nothing = fill(client, page, VERIFY, needing="reason").content.decode()
    assert 'href="#finding"' in nothing
    assert 'href="#reason"' in nothing
    typed = {"finding": "not_verified", "looked": "2", "reason": "We walked there twice and saw nobody."}
    preview = fill(client, page, VERIFY, needing="reason", **typed)
    told = preview.content.decode()
    assert "Of the 2 pieces of evidence given with the claim, the panel looked at number 2." in told
    assert "the claim is contested" in told
    assert not Verification.objects.exists()
    answers = [fill(client, preview, VERIFY, needing="reason", send="1") for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    made = Verification.objects.get()
    assert (made.finding, made.reason.splitlines()[0]) == ("not_verified", typed["reason"])
    assert "Contested" in client.get(PUBLIC).content.decode()


def test_a_finding_on_a_claim_that_is_no_longer_the_present_one_comes_back_with_its_words(
    claimed: Commitment,
) -> None:
    client = at_desk(make.panel())
    preview = fill(
        client, client.get(VERIFY), VERIFY, needing="reason", finding="verified", reason="We saw it."
    )
    make.update(claimed, reason="Not after all.")
    answer = fill(client, preview, VERIFY, needing="reason", send="1")
    assert answer.status_code == 409
    assert "its lead can claim it" in answer.content.decode()
    assert ">We saw it.</textarea>" in answer.content.decode()
    assert not Verification.objects.exists()
    assert fill(client, preview, VERIFY, needing="reason", claim="x").status_code == 404
    assert client.get(VERIFY).status_code == 409


def test_the_panel_disputes_a_claim_and_it_opens_at_once(claimed: Commitment) -> None:
    client = at_desk(make.panel())
    preview = fill(client, client.get(DISPUTE), DISPUTE, needing="reason", reason="Nobody walks there.")
    told = preview.content.decode()
    assert "28 days left" in told
    assert "29 June 2026" in told
    assert not Challenge.objects.exists()
    answer = fill(client, preview, DISPUTE, needing="reason", send="1")
    made = Challenge.objects.get()
    assert (made.voice, made.state, made.reply_due_on) == ("panel", "open", make.days(28))
    assert answer.status_code == 302
    again = fill(client, client.get(DISPUTE), DISPUTE, needing="reason", reason="Nobody still.")
    refused = fill(client, again, DISPUTE, needing="reason", send="1")
    assert refused.status_code == 409
    assert "wait for its outcome" in refused.content.decode()
    assert ">Nobody still.</textarea>" in refused.content.decode()


def test_who_is_not_on_the_panel_or_not_independent_judges_nothing(claimed: Commitment) -> None:
    own = make.panel()
    accounts.grant_role(own, Role.TEAM_MEMBER, team=make.lead_team(claimed))
    for by in (own, make.convenor(), make.member(make.lead_team(claimed)), make.panel("bytown-2025")):
        assert at_desk(by).get(VERIFY).status_code == 403
        assert at_desk(by).get(DISPUTE).status_code == 403
    assert at_desk(make.convenor()).get("/desk/claims/").status_code == 403


def test_claims_wait_in_the_order_in_which_their_windows_end(assembly: Assembly, claimed: Commitment) -> None:
    client = at_desk(make.panel())
    assert "18 days left" in client.get("/desk/claims/").content.decode()
    with CaptureQueriesContext(connection) as one:
        client.get("/desk/claims/")
    other = make.commitment(assembly, lead=make.lead_team(claimed), title="Lights on", today=make.days(-60))
    make.claim(other, today=make.days(-40))
    judged = make.claim(make.commitment(assembly, lead=make.lead_team(claimed), title="Benches"))
    actions.verify(
        judged.commitment, by=make.panel(), today=make.TODAY, claim=judged, finding="verified", reason="Seen."
    )
    make.claim(make.commitment(make.assembly("bytown-2025"), title="Elsewhere"))
    with CaptureQueriesContext(connection) as two:
        page = client.get("/desk/claims/").content.decode()
    assert "window ended 12 days ago" in page
    assert page.index("Lights on") < page.index("Walk the high street")
    assert "Benches" not in page
    assert "Elsewhere" not in page
    assert len(two) == len(one) <= 14


def test_what_is_held_is_not_shown_to_the_panel_either(claimed: Commitment) -> None:
    claim = claimed.updates.get(is_claim=True)
    actions.place_hold(claim, by=make.convenor(), today=make.TODAY, ground="live_case")
    page = at_desk(make.panel()).get(VERIFY).content.decode()
    assert "It is done." not in page
    assert "https://example.org/1" not in page
