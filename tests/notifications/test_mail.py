"""What a mail says, to whom, and what leaves it before it goes."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail

from commitments import actions
from commitments.choices import HoldGround
from notifications import following, links, telling
from notifications.channels import Dropped, Later, Never, Sent
from notifications.channels.mail import Mail
from notifications.composing import compose
from notifications.fanout import fan_out
from notifications.models import Cadence, Follow, Follower, Message, MessageState
from notifications.rounds import one_round
from record import clock
from tests import make
from tests.notifications.following import follower

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    with clock.at(make.noon(make.TODAY)):
        yield


def written(one: Follower) -> Message:
    fan_out()
    compose(clock.now())
    return Message.objects.get(follower=one)


def test_a_mail_says_the_facts_and_neither_subject_nor_sender_says_anything() -> None:
    commitment = make.commitment()
    follower("ana@example.org", commitment.record_subject)
    fan_out()
    make.update(commitment, body="Typed words stay behind the link.")
    one_round()
    (sent,) = mail.outbox
    assert (sent.subject, sent.from_email) == ("News of what you follow", "Updates <said-and-done@localhost>")
    html = sent.message().as_string()
    for text in (str(sent.body), html):
        assert commitment.reference in text
        assert "Typed words" not in text
        assert commitment.title not in text
        assert "<img" not in text
        assert "script" not in text
    message = Message.objects.get()
    assert message.state == MessageState.SENT
    assert sent.extra_headers["Message-ID"].startswith(f"<{message.pk}@")
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_name_of_a_theme_stands_behind_the_link_alone() -> None:
    theme = make.theme(make.assembly(), slug="surviving-violence", title="Surviving violence")
    one = follower("ana@example.org", theme.record_subject, theme.assembly.record_subject)
    message = written(one)
    Mail().send(message)
    assert "iolence" not in mail.outbox[0].message().as_string()
    assert "A theme of an assembly is published." in str(mail.outbox[0].body)


def test_what_is_held_leaves_a_mail_that_waits_and_a_mail_without_anything_is_not_sent() -> None:
    commitment = make.commitment()
    one = follower("ana@example.org", commitment.record_subject)
    message = written(one)
    convenor = make.convenor(commitment.assembly.slug)
    hold = actions.place_hold(commitment, by=convenor, today=make.TODAY, ground=HoldGround.LIVE_CASE)
    assert Mail().send(message) == Dropped()
    assert not mail.outbox
    actions.lift_hold(hold, by=convenor, today=make.TODAY)
    assert Mail().send(message) == Sent()


def test_a_long_digest_ends_with_a_link_to_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "SHOWN", 1)
    commitment = make.commitment()
    one = follower("ana@example.org", commitment.record_subject, cadence=Cadence.DAILY)
    make.update(commitment)
    fan_out()
    compose(clock.now() + timedelta(days=1))
    message = Message.objects.get(follower=one)
    Mail().send(message)
    text = str(mail.outbox[0].body)
    assert mail.outbox[0].subject == "Your list of news"
    assert text.count("\n- ") == 1
    assert f"And {message.deliveries.count() - 1} more." in text
    assert links.address(links.NEWS, message) in text


def test_who_stopped_while_a_mail_was_on_its_way_gets_none() -> None:
    commitment = make.commitment()
    message = written(follower("ana@example.org", commitment.record_subject))
    following.stop(Follower.objects.get())
    assert Mail().send(message) == Dropped()


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (SMTPRecipientsRefused({"ana@example.org": (550, b"ana@example.org is nobody")}), Never("SMTP 550")),
        (SMTPRecipientsRefused({"ana@example.org": (451, b"later, ana")}), Later("SMTP 451")),
        (ConnectionRefusedError("no server"), Later("ConnectionRefusedError")),
    ],
)
def test_a_refusal_for_ever_ends_it_others_are_tried_again_and_no_address_is_kept(
    error: Exception, outcome: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    commitment = make.commitment()
    assert Mail().send(written(follower("ana@example.org", commitment.record_subject))) == outcome


def test_whoever_asks_for_an_address_sends_it_one_neutral_mail_and_nothing_else_until_it_says_yes() -> None:
    commitment = make.commitment()
    following.follow("Ana@Example.org", commitment.record_subject, now=clock.now())
    one_round()
    (sent,) = mail.outbox
    assert sent.subject == "Please confirm your address"
    assert commitment.reference not in sent.message().as_string()
    wanted = Follow.objects.get()
    assert links.address(links.CONFIRM, wanted) in str(sent.body)
    following.confirm(links.follow_of(links.token(links.CONFIRM, wanted)), clock.now())
    assert Follower.objects.get().confirmed_at == clock.now()


def test_that_a_theme_is_held_is_told_in_words_and_without_its_name() -> None:
    theme = make.theme(make.assembly(), slug="surviving-violence", title="Surviving violence")
    one = follower("ana@example.org", theme.record_subject)
    fan_out()
    convenor = make.convenor(theme.assembly.slug)
    actions.place_hold(theme, by=convenor, today=make.TODAY, ground=HoldGround.LIVE_CASE)
    message = written(one)
    Mail().send(message)
    text = str(mail.outbox[0].body)
    assert "holds a theme back." in text
    assert "iolence" not in text
    lines = telling.lines(telling.entries_of(message), with_names=True)
    assert lines[-1].text.endswith("holds the theme anytown-2025/surviving-violence back.")


def test_what_happens_to_an_invented_promise_is_marked_as_invented_too() -> None:
    with clock.invented():
        invented = make.commitment()
    real = make.commitment(invented.assembly)
    one = follower("ana@example.org", invented.record_subject, real.record_subject)
    fan_out()
    one.deliveries.all().delete()
    for each in (invented, real):
        make.update(each)
    Mail().send(written(one))
    marks = {
        line: line.startswith("- Invented: ")
        for line in str(mail.outbox[0].body).splitlines()
        if "- " in line[:2]
    }
    assert {invented.reference in line: marked for line, marked in marks.items()} == {
        True: True,
        False: False,
    }
    assert len(marks) == 2
