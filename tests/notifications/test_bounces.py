"""What comes back: one hard bounce or complaint is enough, no address is kept, and too much stops the channel."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from notifications import bounces, following
from notifications.channels import Dropped, Never
from notifications.channels.mail import Mail
from notifications.composing import compose
from notifications.dispatching import dispatch
from notifications.fanout import fan_out
from notifications.models import (
    BounceKind,
    BounceReport,
    Brake,
    Cadence,
    Follower,
    Message,
    MessageState,
    Suppression,
)
from record import clock
from tests import make
from tests.notifications.following import follower

pytestmark = pytest.mark.django_db
NOW = make.noon(make.TODAY)
ANA = "ana@example.org"


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    with clock.at(NOW):
        yield


def told(kind: str, address: str = ANA, key: str = "1", **more: Any) -> bool:
    return bounces.take(bounces.Told("mail", kind, address, key, more.get("at", NOW)))


def waiting() -> Message:
    """A mail to Ana that is about to go."""
    one = follower(ANA, make.commitment().record_subject)
    fan_out()
    compose(NOW)
    return Message.objects.get(follower=one)


def test_one_hard_bounce_is_enough_also_for_what_waits_and_for_whoever_asks_again() -> None:
    message = waiting()
    assert told(BounceKind.HARD, "Ana@Example.org ")
    assert not told(BounceKind.HARD, "Ana@Example.org ")
    assert Mail().send(message) == Dropped()
    Follower.objects.all().delete()
    following.follow(ANA, f"assembly:{make.SLUG}", now=NOW)
    dispatch(Mail(), NOW)
    assert not mail.outbox
    assert Message.objects.get().state == MessageState.DROPPED


def test_who_complained_is_forgotten_at_once_and_what_is_kept_is_no_address() -> None:
    waiting()
    told(BounceKind.COMPLAINT)
    assert not Follower.objects.exists()
    assert not Message.objects.exists()
    for model in (Suppression, BounceReport, Brake):
        assert "ana" not in str(list(model.objects.values())).lower()
    assert Suppression.objects.get().mark == bounces.mark_of(ANA)


def test_marks_need_the_secret_key_and_are_found_under_earlier_ones(settings: Any) -> None:
    told(BounceKind.HARD)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "k" * 60
    assert not bounces.is_suppressed(ANA)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert bounces.is_suppressed(ANA)


def test_what_comes_back_softly_counts_by_the_day_and_five_days_are_too_many() -> None:
    for number in range(8):
        told(BounceKind.SOFT, key=f"same day {number}")
    for day in range(1, bounces.SOFT_DAYS - 1):
        told(BounceKind.SOFT, key=f"day {day}", at=NOW + timedelta(days=day))
    assert not bounces.is_suppressed(ANA)
    told(BounceKind.SOFT, key="the last", at=NOW + timedelta(days=bounces.SOFT_DAYS))
    assert bounces.is_suppressed(ANA)


@pytest.mark.parametrize(
    ("said", "given_up"),
    [
        (b"5.1.1 no such user", True),
        (b"5.2.1 disabled", True),
        (b"5.7.1 relaying denied", False),
        (b"no", False),
    ],
)
def test_a_server_that_refuses_us_is_not_taken_for_one_without_the_mailbox(
    said: bytes, given_up: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise SMTPRecipientsRefused({ANA: (550, said)})

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    assert Mail().send(waiting()) == Never("SMTP 550")
    assert bounces.is_suppressed(ANA) is given_up


def sent(number: int, at: Any = NOW) -> None:
    Message.objects.bulk_create(
        Message(channel="mail", state=MessageState.SENT, next_at=at, created_at=at, done_at=at)
        for _ in range(number)
    )


def test_at_five_in_a_hundred_the_channel_stands_still_until_an_operator_lets_it_go(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sent(100)
    for number in range(4):
        told(BounceKind.HARD, f"{number}@example.org", key=str(number))
    told(BounceKind.SOFT, "soft@example.org", key="soft")
    assert not bounces.pulled()
    told(BounceKind.COMPLAINT, "4@example.org", key="4")
    assert [(one.channel, one.sent, one.bounced) for one in bounces.pulled()] == [("mail", 100, 5)]
    message = waiting()
    assert dispatch(Mail(), NOW) == 0
    assert Message.objects.get(pk=message.pk).attempts == 0
    call_command("bounces")
    assert "mail stands still since" in capsys.readouterr().out
    with clock.at(NOW + timedelta(seconds=1)):
        call_command("bounces", release="mail")
        with pytest.raises(CommandError, match="does not stand still"):
            call_command("bounces", release="mail")
        told(BounceKind.HARD, "5@example.org", key="5", at=clock.now())
        assert not bounces.pulled()
        assert dispatch(Mail(), clock.now()) == 1


def test_few_mails_pull_no_brake() -> None:
    sent(99)
    for number in range(20):
        told(BounceKind.HARD, f"{number}@example.org", key=str(number))
    assert not bounces.pulled()


def test_a_provider_that_was_wrong_for_a_day_can_be_undone(capsys: pytest.CaptureFixture[str]) -> None:
    follower(ANA, "commitment:XX1-C001", cadence=Cadence.DAILY)
    told(BounceKind.HARD)
    told(BounceKind.COMPLAINT, "bea@example.org", key="2")
    call_command("bounces", forgive_since=NOW - timedelta(hours=1))
    assert capsys.readouterr().out == "1 are written to again.\n"
    assert Follower.objects.get().unreachable_since is None
    assert [bounces.is_suppressed(one) for one in (ANA, "bea@example.org")] == [False, True]
    call_command("bounces", forgive="bea@example.org")
    assert not bounces.is_suppressed("bea@example.org")


def test_reports_go_after_thirty_days_and_so_does_who_could_not_be_reached_all_the_while() -> None:
    follower(ANA, "commitment:XX1-C001")
    told(BounceKind.HARD)
    bounces.sweep(NOW + timedelta(days=30))
    assert Follower.objects.exists()
    bounces.sweep(NOW + timedelta(days=31))
    assert not Follower.objects.exists()
    assert not BounceReport.objects.exists()
    assert bounces.is_suppressed(ANA)
