"""Challenging a claim on paper: seen before it is sent, in nobody's name, supported, and taken back."""

from typing import Any

import pytest
from django.core.cache import cache

from commitments import actions
from commitments.models import Challenge, ProgressUpdate
from record import clock
from tests import make
from tests.portal.people import browser, confirm, fill, signed_in, user_of

pytestmark = pytest.mark.django_db
REASON = "PC 4512 never came; ring me on 07700 900123."


@pytest.fixture(autouse=True)
def _counted_anew() -> Any:
    cache.clear()
    with clock.at(make.noon(make.TODAY)):
        yield


@pytest.fixture
def claim() -> ProgressUpdate:
    return make.claim(make.commitment(make.assembly(prefix="AT25")))


def test_a_stranger_sees_what_will_be_sent_then_sends_it(claim: ProgressUpdate) -> None:
    client, path = browser(), "/commitments/AT25-C001/challenge/"
    preview = fill(client, client.get(path), path, needing="reason", reason=REASON)
    page = preview.content.decode()
    assert page.count("<mark>") == 2
    assert "an officer’s number" in page
    assert not Challenge.objects.exists()
    changed = fill(client, preview, path, needing="reason", change="1")
    assert REASON in changed.content.decode()
    answer = fill(client, preview, path, needing="reason", sure="1", reason="Nobody\r\ncomes <3.")
    answer = confirm(client, answer, path, "ana@example.org")
    made = Challenge.objects.get()
    assert (made.reason, made.state, made.claim_id) == ("Nobody\ncomes <3.", "proposed", claim.pk)
    page = client.get("/account/").content.decode()
    assert f"/challenges/{made.pk}/withdraw/" in page
    preview = fill(client, client.get(path), path, needing="reason", reason=REASON)
    again = fill(client, preview, path, needing="reason", sure="1")
    assert again.status_code == 409


def test_what_was_disputed_is_the_claim_that_was_read(claim: ProgressUpdate) -> None:
    client, path = signed_in(), "/commitments/AT25-C001/challenge/"
    preview = fill(client, client.get(path), path, needing="reason", reason="We see nobody.")
    make.update(claim.commitment, reason="Not after all.")
    make.claim(claim.commitment)
    answer = fill(client, preview, path, needing="reason", sure="1")
    assert answer.status_code == 409
    assert not Challenge.objects.exists()
    assert fill(client, preview, path, needing="reason", sure="1", claim="x").status_code == 404


def test_where_nothing_is_claimed_there_is_nothing_to_dispute() -> None:
    make.commitment(make.assembly(prefix="AT25"))
    page = browser().get("/commitments/AT25-C001/challenge/").content
    assert b"nothing to dispute yet" in page
    assert b"<textarea" not in page


def test_anothers_challenge_is_supported_once(claim: ProgressUpdate) -> None:
    it = actions.admit(make.challenge(claim, reason="We see nobody."), by=make.convenor(), today=make.TODAY)
    assert (
        f"/challenges/{it.pk}/support/" in browser().get("/commitments/AT25-C001/challenge/").content.decode()
    )
    client, path = browser(), f"/challenges/{it.pk}/support/"
    page = client.get(path)
    assert b"With 4 more it opens" in page.content
    answer = fill(client, page, path, needing="csrfmiddlewaretoken")
    assert confirm(client, answer, path, "ana@example.org").status_code == 302
    it.refresh_from_db()
    assert it.support_count == 2
    assert fill(client, client.get(path), path, needing="csrfmiddlewaretoken").status_code == 409
    opened = make.open_challenge(make.claim(make.commitment(claim.commitment.assembly)))
    assert b"in 28 days" in client.get(f"/challenges/{opened.pk}/support/").content


def test_words_that_wait_or_are_held_are_not_shown(claim: ProgressUpdate) -> None:
    it = make.challenge(claim, reason="Qzxkanariqz is missing.")
    pages = [f"/challenges/{it.pk}/support/", "/commitments/AT25-C001/challenge/"]
    client = browser()
    assert not any(b"Qzxkanariqz" in client.get(path).content for path in pages)
    it = actions.admit(it, by=make.convenor(), today=make.TODAY)
    assert all(b"Qzxkanariqz" in client.get(path).content for path in pages)
    actions.place_hold(it, by=make.convenor(), today=make.TODAY, ground="live_case")
    assert not any(b"Qzxkanariqz" in client.get(path).content for path in pages)


def test_ones_own_is_taken_back_and_anothers_is_not(claim: ProgressUpdate) -> None:
    ana, bea = signed_in(), signed_in("bea@example.org")
    it = make.challenge(claim, by=user_of(ana))
    path = f"/challenges/{it.pk}/withdraw/"
    assert fill(bea, bea.get(path), path, needing="csrfmiddlewaretoken").status_code == 403
    assert fill(ana, ana.get(path), path, needing="csrfmiddlewaretoken").status_code == 302
    it.refresh_from_db()
    assert it.state == "withdrawn"
