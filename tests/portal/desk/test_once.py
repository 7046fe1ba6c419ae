"""A form of the desk that arrives twice is done once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import RequestFactory

from accounts.models import User
from portal.desk.once import ONCE, SentBefore, once, purge, token
from portal.models import SentForm
from record import clock
from record.refusals import NotNow
from tests import make

KEY = "3f2b7c1e-0000-4000-8000-000000000001"


class Desk:
    """Something that is done, and counts how often."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def __call__(self) -> str:
        """Do it; where it leads."""
        self.done.append("done")
        return "/desk/commitments/?page=2#first"


def sent(by: User, **typed: str) -> Any:
    """A form as it arrives."""
    request = RequestFactory().post("/desk/somewhere/", {ONCE: KEY, "csrfmiddlewaretoken": "x", **typed})
    request.user = by
    return request


@pytest.mark.django_db
def test_the_second_one_leads_where_the_first_led_and_does_nothing() -> None:
    it, user = Desk(), make.person()
    answers = [once(sent(user, body="We did.", send=press), it) for press in ("1", "2")]
    assert [one["Location"] for one in answers] == [f"/desk/commitments/?page=2&sent={KEY}#first"] * 2
    assert it.done == ["done"]
    once(sent(make.person(), body="We did."), it)
    once(sent(user, body="Another form.", once=token()), it)
    once(sent(user, body="No token.", once=""), it)
    assert len(it.done) == 4


@pytest.mark.django_db
def test_other_words_under_the_same_token_are_never_lost_unseen() -> None:
    it, user = Desk(), make.person()
    once(sent(user, body="We did."), it)
    with pytest.raises(SentBefore):
        once(sent(user, body="We did more."), it)
    assert it.done == ["done"]
    assert "We did" not in str(list(SentForm.objects.values()))


@pytest.mark.django_db
def test_what_was_refused_can_be_mended_and_sent() -> None:
    it, user = Desk(), make.person()

    def refused() -> str:
        raise NotNow

    with pytest.raises(NotNow):
        once(sent(user, body="We did."), refused)
    assert once(sent(user, body="We did."), it).status_code == 302


@pytest.mark.django_db
def test_after_a_day_it_is_forgotten() -> None:
    once(sent(make.person()), Desk())
    assert purge() == 0
    with clock.at(clock.now() + timedelta(days=1)):
        assert purge() == 1


def test_of_eight_at_once_one_is_done(committed_db: None) -> None:
    it, user, gate = Desk(), make.person(), threading.Barrier(8)
    led: list[str] = []

    def send() -> None:
        gate.wait()
        try:
            led.append(once(sent(user, body="We did."), it)["Location"])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(led), len(set(led)), it.done) == (8, 1, ["done"])
