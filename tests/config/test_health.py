"""Whether all is well is seen from outside, and what is not well is named."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config import health
from notifications import bounces, engines, jobs
from notifications.models import Beat, Brake, Follower, Message, MessageState
from record import clock
from tests import make
from tests.notifications.following import follower

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _taken_anew(settings: Any) -> Any:
    settings.NOTIFICATION_CHANNELS = {"mail": "notifications.channels.mail.Mail"}
    health.forget()
    with clock.at(make.noon(make.TODAY)):
        yield
    health.forget()


def all_is_well() -> None:
    for name in (engines.SCHEDULER, *(job.name for job in jobs.all_jobs())):
        Beat.objects.update_or_create(job=name, defaults={"at": clock.now(), "error": ""})


def reasons(**headers: str) -> list[dict[str, str]]:
    health.forget()
    answer = Client(headers=headers).get("/health/")
    said: list[dict[str, str]] = answer.json()["reasons"]
    assert answer.status_code == (503 if said else 200)
    assert answer["Cache-Control"] == "no-store"
    return said


def test_a_machine_whose_jobs_ran_is_well_and_one_that_never_ran_is_not() -> None:
    assert {"code": "scheduler_silent", "job": "scheduler", "error": ""} in reasons()
    all_is_well()
    assert reasons() == []


@pytest.mark.parametrize("name", ["scheduler", "fan_out", "send", "call", "tick", "destroy_keys"])
def test_each_that_falls_silent_is_named_and_the_others_are_not(name: str) -> None:
    all_is_well()
    Beat.objects.filter(job=name).update(at=clock.now() - timedelta(days=4), error="ZeroDivisionError")
    assert [(one["job"], one["error"]) for one in reasons()] == [(name, "ZeroDivisionError")]


def test_it_is_alive_and_ready_though_jobs_are_silent_and_alive_without_a_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert Client().get("/health/live/").json() == {"status": "ok"}
    assert Client().get("/health/ready/").json() == {"status": "ok"}

    def away() -> None:
        raise OperationalError("password authentication failed for user said_and_done")

    monkeypatch.setattr(connection, "cursor", away)
    assert Client().get("/health/live/").status_code == 200
    for page in ("/health/ready/", "/health/"):
        answer = Client().get(page)
        assert (answer.status_code, answer.json()["reasons"]) == (503, [{"code": "database_unreachable"}])


def message(one: Follower, minutes: int, **more: Any) -> Message:
    at = clock.now() - timedelta(minutes=minutes)
    return Message.objects.create(channel="mail", follower=one, next_at=at, created_at=at, **more)


def test_a_queue_that_stands_is_seen_and_one_that_moves_or_waits_for_its_next_try_is_not() -> None:
    all_is_well()
    one = message(follower(), 16)
    assert reasons() == [{"code": "queue_stands", "queue": "messages"}]
    message(Follower.objects.get(), 20, state=MessageState.SENT, done_at=clock.now() - timedelta(minutes=1))
    assert reasons() == []
    Message.objects.filter(state=MessageState.SENT).delete()
    Message.objects.filter(pk=one.pk).update(next_at=clock.now() + timedelta(hours=2), attempts=3)
    assert reasons() == []


def test_a_mail_server_that_takes_nothing_is_seen() -> None:
    all_is_well()
    for number in range(5):
        message(follower(f"f{number}@example.org"), 90, attempts=3)
    Message.objects.update(next_at=clock.now() + timedelta(hours=1))
    assert reasons() == [{"code": "nothing_gets_through", "queue": "messages"}]


def test_a_record_that_is_not_read_and_not_signed_is_seen() -> None:
    all_is_well()
    make.assembly()
    assert reasons() == []
    with clock.at(clock.now() + timedelta(minutes=16)):
        all_is_well()
        codes = {(one["code"], one.get("reader", "")) for one in reasons()}
    assert codes == {("record_unread", "fan_out"), ("record_unread", "webhooks"), ("record_unsigned", "")}


def test_a_channel_that_was_stopped_is_seen_and_its_queue_is_not_called_broken() -> None:
    all_is_well()
    message(follower(), 60)
    Brake.objects.create(channel="mail", pulled_at=clock.now())
    assert bounces.is_braked("mail")
    assert reasons() == [{"code": "channel_braked", "channel": "mail"}]


def test_how_much_waits_is_for_who_has_the_key(settings: Any) -> None:
    message(follower(), 1)
    assert Client().get("/health/").json()["queues"]["messages"]["pending"] == 1
    settings.IN_PRODUCTION = True
    assert "queues" not in Client().get("/health/").json()
    settings.HEALTH_KEY = "k" * 20
    for said in ("Bearer wrong", "k" * 20, ""):
        assert "queues" not in Client(headers={"authorization": said}).get("/health/").json()
    right = Client(headers={"authorization": "Bearer " + "k" * 20}).get("/health/")
    assert right.json()["queues"]["messages"]["pending"] == 1


def test_who_asks_often_costs_the_database_one_question() -> None:
    Client().get("/health/")
    with CaptureQueriesContext(connection) as asked:
        Client().get("/health/")
    assert len(asked) == 1
