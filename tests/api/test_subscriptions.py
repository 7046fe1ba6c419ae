"""Subscriptions over HTTP: asking, saying yes, changing and stopping; and lists with filters that are followed."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import override_settings

from notifications import links
from notifications.fanout import fan_out
from notifications.models import Delivery, Follow, Follower, SavedSearch
from notifications.searches import matches
from record import clock
from record.models import Head
from tests import make
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
HERE = "/api/v1/subscriptions/"


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    with clock.at(make.noon(make.TODAY)):
        yield


def ask(**body: Any) -> Any:
    return CheckingClient().send("POST", HERE, {"address": "ana@example.org", **body})


def test_the_answer_is_the_same_for_an_address_that_is_known() -> None:
    topic = make.commitment().record_subject
    first, second = ask(topic=topic), ask(topic=topic)
    token = links.token(links.CONFIRM, Follow.objects.get())
    api = CheckingClient()
    confirmed = api.send("POST", f"{HERE}confirm/", {"token": token})
    assert confirmed.json()["follows"][0]["topic"] == topic
    third = ask(topic=topic)
    assert {(one.status_code, one.content) for one in (first, second, third)} == {(202, first.content)}


def test_a_token_reads_changes_and_stops() -> None:
    topic, api = make.commitment().record_subject, CheckingClient()
    ask(topic=topic, kinds=["dates"], cadence="weekly", zone="Europe/Paris")
    token = links.token(links.CONFIRM, Follow.objects.get())
    told = api.send("POST", f"{HERE}confirm/", {"token": token}).json()
    assert (told["cadence"], told["zone"], told["follows"][0]["kinds"]) == (
        "weekly",
        "Europe/Paris",
        ["dates"],
    )
    own = f"{HERE}{told['token']}/"
    assert api.send("PATCH", own, {"paused": True}).json()["paused"] is True
    one = f"{own}follows/{told['follows'][0]['id']}/"
    assert api.send("PATCH", one, {"kinds": []}).json()["kinds"] == []
    assert api.send("DELETE", one).status_code == 204
    assert api.send("GET", own).status_code == 410
    assert not Follower.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"topic": "commitment:XX1-C001"}, 400),
        ({"topic": "assembly:x", "list": "/api/v1/commitments/"}, 400),
        ({"list": "/api/v1/commitments/?colour=red"}, 400),
        ({"list": "/api/v1/keys/"}, 400),
        ({"list": "/api/v1/commitments/NO-C001/updates/"}, 400),
        ({"list": "/api/v1/search/"}, 400),
        ({"list": "https://example.org/api/v1/commitments/"}, 400),
        ({"list": "/api/v1/commitments/", "zone": "Moon/Sea"}, 400),
        ({"list": "/api/v1/commitments/?assembly=anytown-2025&page_size=5"}, 202),
    ],
)
def test_what_cannot_be_followed_is_named(body: dict[str, Any], status: int) -> None:
    assert ask(**body).status_code == status
    assert Follow.objects.exists() == (status == 202)


def test_one_search_is_kept_once_however_it_is_written() -> None:
    ask(list="/api/v1/commitments/?status=in_progress&assembly=anytown-2025")
    ask(
        list="http://127.0.0.1:8000/api/v1/commitments/?assembly=anytown-2025&status=in_progress&ordering=reference"
    )
    ask(
        list="http://127.0.0.1:8000/ur/commitments/?q=&status=in_progress&assembly=anytown-2025&ordering=&page_size=5"
    )
    ask(list="/commitments/?assembly=anytown-2025&status=in_progress")
    assert SavedSearch.objects.get().query == "assembly=anytown-2025&status=in_progress"
    ask(list="/commitments/?standing=late&standing=silent")
    assert SavedSearch.objects.filter(query="standing=late%2Csilent").exists()


def test_a_followed_list_tells_what_happens_to_what_it_shows_then_and_nothing_else() -> None:
    mine, other = make.commitment(make.assembly("one-2025")), make.commitment(make.assembly("two-2025"))
    ask(list="/api/v1/commitments/?assembly=one-2025")
    Follow.objects.update(confirmed_at=clock.now())
    Follower.objects.update(confirmed_at=clock.now())
    fan_out()
    make.update(mine)
    position = Head.objects.get().position
    make.update(other)
    fan_out(matches)
    told = Delivery.objects.filter(position__isnull=False).values_list("position", flat=True)
    assert list(told) == [position]


@override_settings(SUBSCRIPTIONS_PER_NETWORK="2/hour")
def test_one_network_asks_only_so_often() -> None:
    cache.clear()
    topic = make.commitment().record_subject
    assert [ask(topic=topic).status_code for _ in range(3)] == [202, 202, 429]


def test_a_number_follows_where_texts_are_sent_and_is_answered_like_any_address(settings: Any) -> None:
    topic = make.commitment().record_subject
    first = ask(topic=topic)
    texted = {"telephone": "+447700900123", "topic": topic}
    refused = CheckingClient().send("POST", HERE, texted)
    assert (refused.status_code, refused.json()["code"]) == (400, "no_texts")
    settings.NOTIFICATION_CHANNELS = {"mail": "", "sms": ""}
    answer = CheckingClient().send("POST", HERE, texted)
    assert (answer.status_code, answer.content) == (202, first.content)
    assert Follower.objects.get(address="+447700900123").channel == "sms"
    for wrong in (
        "07700900123",
        "+4477009001234",
        "+33612345678",
        "+44 7700 900123",
        "+44770090012٣",
    ):
        assert CheckingClient().send("POST", HERE, {**texted, "telephone": wrong}).status_code == 400
    for who in ({"telephone": "+447700900124", "address": "ana@example.org"}, {}):
        answer = CheckingClient().send("POST", HERE, {"topic": topic, **who})
        assert answer.json()["code"] == "address_or_telephone", answer.content
    assert Follower.objects.count() == 2
