"""Feeds of one's own: an address that reads and does nothing else, can be changed, and shows what may be shown."""

import logging
import xml.etree.ElementTree as ET
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from commitments import actions
from commitments.choices import HoldGround
from notifications import feeds, links
from notifications.composing import compose
from notifications.fanout import fan_out
from notifications.models import Delivery, Follow, Follower, Message
from notifications.searches import matches
from record import clock
from tests import make, signed
from tests.api.scene import queries
from tests.contract import CheckingClient
from tests.notifications.following import follower

pytestmark = pytest.mark.django_db
A = "{http://www.w3.org/2005/Atom}"
SUBSCRIPTIONS, FEEDS = "/api/v1/subscriptions/", "/api/v1/feeds/"


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    with clock.at(make.noon(make.TODAY)):
        yield


def read(address: str) -> list[str]:
    """What the feed at an address tells, newest first."""
    answer = CheckingClient().get(urlsplit(address).path)
    assert answer.status_code == 200, answer.content
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return [one.findtext(f"{A}title") or "" for one in ET.fromstring(answer.content).iter(f"{A}entry")]


def opened(*follows: dict[str, Any]) -> dict[str, Any]:
    answer = CheckingClient().send("POST", FEEDS, {"follows": list(follows)})
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def test_a_feed_needs_no_address_and_tells_of_searches_and_things_together_and_apart() -> None:
    mine, other = make.commitment(make.assembly("one-2025")), make.commitment(make.assembly("two-2025"))
    fan_out()
    made = opened(
        {"topic": other.record_subject, "kinds": ["dates"]},
        {"list": "/api/v1/commitments/?assembly=one-2025"},
    )
    fan_out(matches)
    make.update(mine)
    make.update(other)
    fan_out(matches)
    (told,) = read(made["feed"])
    assert mine.reference in told
    apart = {one["list"] or one["topic"]: read(one["feed"]) for one in made["follows"]}
    assert apart == {other.record_subject: [], "/api/v1/commitments/?assembly=one-2025": [told]}
    assert "@" not in str(list(Follower.objects.values()))
    compose(clock.now())
    assert not Message.objects.exists()


def test_what_is_held_leaves_the_feed_and_comes_back() -> None:
    commitment = make.commitment()
    fan_out()
    made = opened({"topic": commitment.record_subject})
    make.update(commitment, body="Typed words.")
    fan_out()
    assert len(read(made["feed"])) == 1
    convenor = make.convenor(commitment.assembly.slug)
    hold = actions.place_hold(commitment, by=convenor, today=make.TODAY, ground=HoldGround.LIVE_CASE)
    assert read(made["feed"]) == []
    assert b"Typed words" not in Client().get(urlsplit(made["feed"]).path).content
    actions.lift_hold(hold, by=convenor, today=make.TODAY)
    assert len(read(made["feed"])) == 1


def test_its_address_can_be_changed_and_ended_and_does_nothing_but_read() -> None:
    one = follower("ana@example.org", make.commitment().record_subject)
    own = f"{SUBSCRIPTIONS}{links.token(links.MANAGE, one)}/"
    api = CheckingClient()
    assert api.send("GET", own).json()["feed"] is None
    first = api.send("POST", f"{own}feed/").json()["feed"]
    assert api.send("GET", own).json()["feed"] == first
    assert read(first) == []
    second = api.send("POST", f"{own}feed/").json()["feed"]
    assert api.get(urlsplit(first).path).status_code == 410
    token = second.split("/")[-2]
    assert api.send("GET", f"{SUBSCRIPTIONS}{token}/").status_code == 410
    assert links.token(links.MANAGE, one) not in api.get(urlsplit(second).path).content.decode()
    other = Follow.objects.create(
        follower=follower("bea@example.org"), topic="x:y", created_at=clock.now(), confirmed_at=clock.now()
    )
    assert api.get(f"{FEEDS}{token}/follows/{other.pk}/feed.atom").status_code == 404
    assert api.send("DELETE", f"{own}feed/").status_code == 204
    assert api.get(urlsplit(second).path).status_code == 410
    for wrong in ("x", "0" * 72, token[:-1], token + "0"):
        assert api.get(f"{FEEDS}{wrong}/feed.atom").status_code == 410


def test_the_feed_carries_the_newest_signed_state_and_its_address_is_in_no_log(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    made = opened({"topic": make.commitment().record_subject})
    note = signed.now().note
    with caplog.at_level(logging.DEBUG):
        answer = CheckingClient().get(urlsplit(made["feed"]).path)
        CheckingClient().get(urlsplit(made["feed"]).path + "x")
    assert ET.fromstring(answer.content).findtext("{https://c2sp.org/tlog-checkpoint}checkpoint") == note
    public = CheckingClient().get("/api/v1/commitments/feed.atom")
    assert ET.fromstring(public.content).findtext("{https://c2sp.org/tlog-checkpoint}checkpoint") == note
    token = made["feed"].split("/")[-2]
    assert token not in "".join(capsys.readouterr())


def test_reading_costs_the_same_for_one_and_for_many() -> None:
    commitment = make.commitment()
    fan_out()
    made = opened({"topic": commitment.record_subject})
    make.update(commitment)
    fan_out()
    where = urlsplit(made["feed"]).path
    read(where)
    one = queries(CheckingClient(), where)
    for _ in range(8):
        make.update(commitment)
    fan_out()
    assert queries(CheckingClient(), where) == one < 14


def test_what_nobody_reads_goes_and_what_was_told_long_ago() -> None:
    commitment = make.commitment()
    fan_out()
    made, unread = (opened({"topic": commitment.record_subject}) for _ in range(2))
    make.update(commitment)
    fan_out()
    read(made["feed"])
    feeds.sweep(clock.now() + timedelta(days=8))
    assert CheckingClient().get(urlsplit(unread["feed"]).path).status_code == 410
    assert len(read(made["feed"])) == 1
    with clock.at(clock.now() + timedelta(days=80)):
        read(made["feed"])
    feeds.sweep(clock.now() + timedelta(days=91))
    assert not Delivery.objects.exists()
    feeds.sweep(clock.now() + timedelta(days=180))
    assert not Follower.objects.exists()


@pytest.mark.parametrize(
    "follows",
    [[], [{}], [{"topic": "commitment:XX1-C001"}], [{"topic": "assembly:x", "list": "/api/v1/commitments/"}],
     [{"list": "/api/v1/keys/"}], [{"topic": "assembly:x", "address": "ana@example.org"}], "all"],
)  # fmt: skip
def test_what_cannot_be_followed_makes_no_feed(follows: Any) -> None:
    assert CheckingClient().send("POST", FEEDS, {"follows": follows}).status_code == 400
    assert not Follower.objects.exists()


@override_settings(SUBSCRIPTIONS_PER_NETWORK="2/hour")
def test_one_network_makes_only_so_many() -> None:
    cache.clear()
    topic = make.commitment().record_subject
    sent = [CheckingClient().send("POST", FEEDS, {"follows": [{"topic": topic}]}) for _ in range(3)]
    assert [one.status_code for one in sent] == [201, 201, 429]
