"""The pages behind the links of mails: GET changes nothing, POST does what its button says, no cookie, no script."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from notifications import following, links
from notifications.fanout import fan_out
from notifications.models import Cadence, Follow, Follower, Message
from record import clock
from tests import make
from tests.notifications.following import follower

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    with clock.at(make.noon(make.TODAY)):
        yield


def path(purpose: str, thing: Any) -> str:
    return urlsplit(links.address(purpose, thing)).path


def test_opening_a_link_changes_nothing_sets_no_cookie_and_is_kept_nowhere() -> None:
    commitment = make.commitment()
    one = follower("ana@example.org", commitment.record_subject)
    following.follow("bea@example.org", commitment.record_subject, now=clock.now())
    asked = Follow.objects.get(confirmed_at=None)
    client = Client(enforce_csrf_checks=True)
    for purpose, thing in ((links.MANAGE, one), (links.STOP, one), (links.CONFIRM, asked)):
        answer = client.get(path(purpose, thing))
        assert answer.status_code == 200
        assert not answer.cookies
        assert answer.content.count(b"<script") == answer.content.count(b'<script src="/static/portal/') == 1
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"
    assert Follow.objects.filter(confirmed_at=None).count() == 1
    assert Follower.objects.count() == 2


def test_a_button_says_yes_to_one_thing() -> None:
    commitment = make.commitment()
    following.follow("bea@example.org", commitment.record_subject, now=clock.now())
    answer = Client(enforce_csrf_checks=True).post(path(links.CONFIRM, Follow.objects.get()))
    assert b"You will hear of it" in answer.content
    assert Follow.objects.get().confirmed_at == clock.now()


def test_the_page_changes_how_often_pauses_and_lets_go() -> None:
    first = make.commitment()
    second = make.commitment(first.assembly)
    one = follower("ana@example.org", first.record_subject, second.record_subject)
    client, here = Client(enforce_csrf_checks=True), path(links.MANAGE, one)
    client.post(here, {"do": "cadence", "cadence": "weekly"})
    client.post(here, {"do": "cadence", "cadence": "never"})
    client.post(here, {"do": "pause"})
    one.refresh_from_db()
    assert (one.cadence, one.paused) == (Cadence.WEEKLY, True)
    assert b"Paused." in client.get(here).content
    other = follower("bea@example.org", first.record_subject)
    client.post(here, {"do": f"unfollow:{other.follows.get().pk}"})
    assert other.follows.exists()
    answer: Any = None
    for follow in list(one.follows.all()):
        answer = client.post(here, {"do": f"unfollow:{follow.pk}"}, follow=True)
    assert b"your address is forgotten" in answer.content
    assert client.get(here).status_code == 410


def test_one_press_in_a_mail_program_ends_everything_and_again_is_harmless() -> None:
    one = follower("ana@example.org", "commitment:XX1-C001")
    here = urlsplit(links.one_click(one)).path
    client = Client(enforce_csrf_checks=True)
    assert client.get(here).status_code == 405
    assert client.post(here[:-2] + "/").status_code == 410
    for _ in range(2):
        assert client.post(here, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Follower.objects.exists()
    assert b"Stopped" in client.get(path(links.STOP, one)).content


def test_the_page_of_news_names_what_the_mail_did_not() -> None:
    theme = make.theme(make.assembly(), slug="be-heard", title="Be heard")
    commitment = make.commitment(theme.assembly)
    one = follower("ana@example.org", theme.record_subject, commitment.record_subject)
    fan_out()
    message = Message.objects.create(
        channel="mail", follower=one, next_at=clock.now(), created_at=clock.now()
    )
    one.deliveries.update(message=message)
    page = Client().get(path(links.NEWS, message)).content.decode()
    assert "the theme" in page
    leads_to = (
        f"/assemblies/{theme.assembly.slug}/themes/be-heard/",
        f"/commitments/{commitment.reference}/",
    )
    for address in leads_to:
        assert f'href="{address}"' in page
        assert Client().get(address).status_code == 200


@pytest.mark.parametrize("page", ["confirm/x", "news/x", "x", "stop/x"])
def test_a_link_that_is_wrong_says_so(page: str) -> None:
    answer = Client().get(f"/following/{page}/")
    assert answer.status_code == 410
    assert b"no longer works" in answer.content
