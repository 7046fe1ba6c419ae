"""Following without an account: saying yes, changing, pausing, stopping, and being forgotten."""

from datetime import timedelta
from typing import Any

import pytest

from notifications import following, links, searches
from notifications.composing import compose
from notifications.errors import LinkGone, UnknownTopic
from notifications.fanout import fan_out
from notifications.models import Cadence, Delivery, Follow, Follower, Message
from ratings import actions as ratings
from record import clock
from record.models import Entry
from tests import make
from tests.notifications.following import follower

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    with clock.at(make.noon(make.TODAY)):
        yield


def test_a_stranger_adds_nothing_to_what_somebody_follows() -> None:
    commitment = make.commitment()
    one = follower("ana@example.org", "commitment:XX1-C001")
    following.follow("ana@example.org", commitment.record_subject, now=clock.now(), cadence=Cadence.WEEKLY)
    fan_out()
    assert not Delivery.objects.filter(position__isnull=False).exists()
    one.refresh_from_db()
    assert one.cadence == Cadence.AT_ONCE


def test_one_address_gets_only_so_many_mails_that_ask() -> None:
    commitment = make.commitment()
    for number in range(following.ASKED_A_DAY + 3):
        now = clock.now() + timedelta(minutes=number)
        following.follow("ana@example.org", commitment.record_subject, now=now)
    assert Message.objects.count() == following.ASKED_A_DAY


def test_who_does_not_say_yes_in_seven_days_is_forgotten() -> None:
    commitment = make.commitment()
    following.follow("ana@example.org", commitment.record_subject, now=clock.now())
    asked = Follow.objects.get()
    later = clock.now() + following.KEPT + timedelta(seconds=1)
    with pytest.raises(LinkGone):
        following.confirm(asked, later)
    assert following.forget_unconfirmed(clock.now()) == 0
    assert following.forget_unconfirmed(later) == 1
    assert not Follower.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize("topic", ["commitment:XX1-C001", "update:1", "area:", "theme:x", "x", "hold:1"])
def test_what_is_not_there_cannot_be_followed(topic: str) -> None:
    with pytest.raises(UnknownTopic):
        following.topic_of(topic)


def test_a_link_is_good_for_one_purpose_and_one_follower_until_its_key_changes() -> None:
    one, other = follower("ana@example.org"), follower("bea@example.org")
    token = links.token(links.MANAGE, one)
    assert links.follower_of(token) == one
    for bad in (token[:-1], token[:32], "x", "", other.pk.hex + token[32:], links.token(links.STOP, one)):
        with pytest.raises(LinkGone):
            links.follower_of(bad)
    Follower.objects.filter(pk=one.pk).update(key="another")
    with pytest.raises(LinkGone):
        links.follower_of(token)


def test_what_is_no_longer_followed_leaves_the_next_digest_and_the_rest_stays() -> None:
    first = make.commitment()
    second = make.commitment(first.assembly)
    one = follower("ana@example.org", first.record_subject, second.record_subject, cadence=Cadence.DAILY)
    fan_out()
    before = Delivery.objects.count()
    following.unfollow(Follow.objects.get(topic=first.record_subject))
    assert 0 < Delivery.objects.count() < before
    following.unfollow(Follow.objects.get())
    assert not Follower.objects.filter(pk=one.pk).exists()
    assert not Delivery.objects.exists()


def test_pausing_takes_back_what_was_not_sent_and_tells_it_afterwards() -> None:
    one = follower("ana@example.org", make.commitment().record_subject)
    fan_out()
    compose(clock.now())
    told = Delivery.objects.count()
    following.change(one, now=clock.now(), paused=True)
    assert not Message.objects.exists()
    assert compose(clock.now()) == 0
    following.change(one, now=clock.now(), paused=False)
    assert compose(clock.now()) == 1
    assert Message.objects.get().deliveries.count() == told


def test_with_an_account_goes_what_its_address_follows() -> None:
    person = make.person()
    follower(person.email, "commitment:XX1-C001")
    following.forget_person(person)
    ratings.erase_person(person)
    assert not Follower.objects.exists()


def test_nobody_fills_up_what_an_address_may_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST", 3)
    commitment = make.commitment()
    mine = follower("ana@example.org", commitment.record_subject)
    teams = [make.team() for _ in range(5)]
    for number, team in enumerate(teams):
        following.follow("ana@example.org", team.record_subject, now=clock.now() + timedelta(minutes=number))
    topics = set(mine.follows.values_list("topic", flat=True))
    assert topics == {commitment.record_subject, *(team.record_subject for team in teams[-2:])}
    Follow.objects.update(confirmed_at=clock.now())
    following.follow("ana@example.org", teams[0].record_subject, now=clock.now() + timedelta(hours=1))
    assert set(mine.follows.values_list("topic", flat=True)) == topics


def test_letting_go_takes_back_what_no_list_has_that_is_followed_still() -> None:
    first = make.commitment()
    asked = make.recommendation(first.assembly)
    second = make.commitment(first.assembly, recommendations=[asked])
    search = following.search_of("/api/v1/commitments/", f"recommendation={asked.reference}")
    one = follower("ana@example.org", first.record_subject, second.record_subject, f"search:{search.pk}")
    Follow.objects.filter(topic=f"search:{search.pk}").update(search=search)
    fan_out(searches.matches)
    for gone in (first, second):
        following.unfollow(Follow.objects.get(topic=gone.record_subject))
    told = Entry.objects.filter(position__in=one.deliveries.values("position"))
    assert set(told.values_list("root", flat=True)) == {second.record_subject}
