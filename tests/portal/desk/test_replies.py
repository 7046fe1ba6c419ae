"""Answering a challenge at the desk: with its clock, seen before it is published, once."""

from typing import Any

import pytest
from django.core.cache import cache

from commitments import actions
from commitments.models import Challenge
from record import clock
from tests import make
from tests.portal.desk.windows import at_desk
from tests.portal.people import fill

pytestmark = pytest.mark.django_db
SAID = "The patrol log of each week stands at our own page."


@pytest.fixture(autouse=True)
def _counted_anew() -> Any:
    cache.clear()
    with clock.at(make.noon(make.days(31))):
        yield


@pytest.fixture
def challenge() -> Challenge:
    return make.open_challenge(make.claim(make.commitment(make.assembly(prefix="AT25"))))


def text(answer: Any) -> str:
    """What a page says."""
    return str(answer.content.decode())


def test_a_late_answer_is_seen_with_its_lateness_and_given_once(challenge: Challenge) -> None:
    window = at_desk(make.member(make.lead_team(challenge.commitment)))
    path = f"/desk/challenges/{challenge.pk}/reply/"
    page = window.get(path)
    for said in ("It is done.", "We see nobody.", "3 days without an answer", "29 June 2026"):
        assert said in text(page), said
    assert 'href="#body">Say what you answer' in text(fill(window, page, path, needing="body", body=" "))
    preview = fill(window, page, path, needing="body", body=SAID)
    assert SAID in text(preview)
    assert "3 days late" in text(preview)
    answers = [fill(window, preview, path, needing="body", send="1") for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    challenge.refresh_from_db()
    assert (challenge.reply, challenge.state, challenge.late_by_days) == (SAID, "answered", 3)
    assert window.get(path).status_code == 409
    other = fill(window, preview, path, needing="body", send="1", once="")
    assert other.status_code == 409
    assert "was answered already" in text(other)
    assert SAID in text(other)


def test_only_an_owner_answers_and_held_words_stay_held(challenge: Challenge) -> None:
    path = f"/desk/challenges/{challenge.pk}/reply/"
    for other in (make.member(make.team()), make.convenor(), make.panel()):
        assert at_desk(other).get(path).status_code == 403
    actions.place_hold(challenge, by=make.convenor(), today=make.days(31), ground="live_case")
    window = at_desk(make.member(make.lead_team(challenge.commitment)))
    assert "We see nobody" not in text(window.get(path))
    proposed = make.challenge(make.claim(make.commitment(challenge.commitment.assembly)), reason="Qzxka.")
    window = at_desk(make.member(make.lead_team(proposed.commitment)))
    answer = window.get(f"/desk/challenges/{proposed.pk}/reply/")
    assert (answer.status_code, b"Qzxka" in answer.content) == (409, False)
