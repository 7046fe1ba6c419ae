"""Several at once: rounds beside each other, who stops or lets go while mails are written, who says yes meanwhile."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from notifications import composing, fanout, following, reminding, rounds
from notifications.channels.mail import Mail
from notifications.composing import compose
from notifications.fanout import fan_out
from notifications.models import Cadence, Delivery, Follow, Follower, Message, Reminder
from record import clock
from record.models import Entry
from tests import make
from tests.make import days
from tests.notifications.following import follower
from tests.notifications.posted import lines, morning


@pytest.fixture(autouse=True)
def at_noon(committed_db: None) -> Iterator[None]:
    with clock.at(make.noon(make.TODAY)):
        yield


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run these beside each other, each with a connection of its own; what they answered."""

    def run(work: Callable[[], Any]) -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [one.result() for one in [pool.submit(copy_context().run, run, work) for work in works]]


@contextmanager
def meanwhile(
    owner: Any, name: str, work: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> Iterator[threading.Thread]:
    """While a function of one transaction has just run, somebody else does something; on SQLite he waits for it."""
    real, began = getattr(owner, name), threading.Event()

    def other() -> None:
        began.wait(20)
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=copy_context().run, args=(other,))

    def held(*args: Any, **more: Any) -> Any:
        answer = real(*args, **more)
        if not began.is_set():
            began.set()
            thread.join(1)
        return answer

    monkeypatch.setattr(owner, name, held)
    thread.start()
    yield thread
    thread.join(20)
    assert not thread.is_alive()


def test_two_rounds_at_once_tell_everybody_everything_once() -> None:
    commitment = make.commitment()
    make.member(make.lead_team(commitment))
    for number in range(6):
        follower(f"f{number}@example.org", commitment.record_subject, commitment.assembly.record_subject)
    make.open_challenge(make.claim(commitment))
    with clock.at(morning(days(1))):
        at_once(*[rounds.one_round] * 3)
        at_once(*[rounds.one_round] * 2)
    told = Counter((sent.to[0], line) for sent in mail.outbox for line in lines(sent))
    assert set(told.values()) == {1}
    assert len({to for to, _ in told}) >= 7
    assert not Message.objects.filter(deliveries=None, reminded=None).exists()
    assert (
        Reminder.objects.count()
        == Reminder.objects.values("office", "subject", "position", "kind").distinct().count()
    )


def test_who_stops_while_entries_are_read_is_forgotten_and_nobody_else_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commitment = make.commitment()
    goes = follower("goes@example.org", commitment.record_subject)
    stays = follower("stays@example.org", commitment.record_subject)
    with meanwhile(fanout, "insert", lambda: following.stop(goes), monkeypatch):
        fan_out()
    assert list(Follower.objects.all()) == [stays]
    compose(clock.now())
    following.forget_unconfirmed(clock.now())
    assert set(Delivery.objects.values_list("follower_id", flat=True)) == {stays.pk}
    assert [one.follower for one in Message.objects.all()] == [stays]


@pytest.mark.parametrize(("step", "name"), [(composing, "_fill"), (Mail, "written")])
def test_who_stops_while_a_message_is_written_or_sent_is_forgotten(
    step: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    commitment = make.commitment()
    one = follower("ana@example.org", commitment.record_subject)
    fan_out()
    with meanwhile(step, name, lambda: following.stop(one), monkeypatch):
        compose(clock.now())
        rounds.send_all(Mail())
    assert not Follower.objects.exists()
    assert not Delivery.objects.exists()


def test_who_lets_go_of_one_thing_while_it_is_read_hears_no_more_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = make.commitment()
    second = make.commitment(first.assembly)
    one = follower("ana@example.org", first.record_subject, second.record_subject)
    fan_out()
    compose(clock.now())
    Message.objects.all().delete()
    make.update(first)
    gone = Follow.objects.get(topic=first.record_subject)
    with meanwhile(fanout, "insert", lambda: following.unfollow(gone), monkeypatch):
        fan_out()
    compose(clock.now())
    assert not Delivery.objects.filter(follower=one).exists()
    make.update(second)
    fan_out()
    compose(clock.now())
    told = Entry.objects.filter(position__in=Delivery.objects.values("position"))
    assert set(told.values_list("root", flat=True)) == {second.record_subject}


def test_who_says_yes_while_entries_are_read_hears_of_what_is_recorded_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commitment = make.commitment()
    fan_out()
    following.follow("ana@example.org", commitment.record_subject, now=clock.now(), cadence=Cadence.AT_ONCE)
    asked = Follow.objects.get()
    with clock.at(clock.now() + timedelta(minutes=1)):
        make.update(commitment)
    said_yes = clock.now() + timedelta(minutes=2)
    with meanwhile(fanout, "insert", lambda: following.confirm(asked, said_yes), monkeypatch):
        fan_out()
    assert not Delivery.objects.filter(position__isnull=False).exists()
    with clock.at(said_yes + timedelta(minutes=1)):
        after = make.update(commitment)
        at_once(*[fan_out] * 2)
    told = Delivery.objects.get(position__isnull=False)
    assert told.position == after.position


def test_who_pauses_while_a_mail_is_on_its_way_gets_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    one = follower("ana@example.org", make.commitment().record_subject)
    fan_out()
    compose(clock.now())
    with meanwhile(Mail, "written", lambda: following.change(one, now=clock.now(), paused=True), monkeypatch):
        rounds.send_all(Mail())
    following.change(one, now=clock.now(), paused=False)
    compose(clock.now())
    rounds.send_all(Mail())
    assert len(mail.outbox) == 1


def test_two_who_derive_reminders_at_once_write_each_once() -> None:
    commitment = make.commitment()
    make.member(make.lead_team(commitment))
    now = make.noon(days(83))
    at_once(*[lambda: reminding.remind(now)] * 3)
    kinds = Counter(Reminder.objects.values_list("kind", "office"))
    assert kinds["update_due", f"team:{make.lead_team(commitment).slug}"] == 1
    assert set(kinds.values()) == {1}
