"""What is withdrawn leaves whatever waits, in every channel: looked at when it goes, and again at each try."""

import html
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from commitments import actions
from commitments.choices import HoldGround
from commitments.models import Commitment, ProgressUpdate
from notifications import feeds, links, telling
from notifications.channels import Dropped, texts
from notifications.channels.mail import Mail
from notifications.composing import compose
from notifications.dispatching import dispatch
from notifications.fanout import fan_out
from notifications.models import Follower, Message, MessageState
from record import clock
from tests import make, signed
from tests.notifications.following import follower

pytestmark = pytest.mark.django_db
NOW = make.noon(make.TODAY)
VERIFY = Path(__file__).resolve().parents[2] / "record" / "verify.py"


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    with clock.at(NOW):
        yield


def hidden(update: ProgressUpdate) -> None:
    actions.hide_words(update, by=make.convenor(), today=make.TODAY, ground="abuse")


def redacted(update: ProgressUpdate) -> None:
    asked = actions.ask_redaction(
        update, by=make.convenor(), today=make.TODAY, ground="court_order", category="identity"
    )
    actions.approve_redaction(asked, by=make.convenor(), today=make.TODAY)


def held(update: ProgressUpdate) -> None:
    actions.place_hold(update.commitment, by=make.convenor(), today=make.TODAY, ground=HoldGround.LIVE_CASE)


def waiting() -> tuple[Follower, Message, ProgressUpdate]:
    """One message about one update."""
    commitment = make.commitment()
    one = follower("ana@example.org", commitment.record_subject)
    feeds.begin(one)
    fan_out()
    one.deliveries.all().delete()
    update = make.update(commitment)
    fan_out()
    compose(NOW)
    return one, Message.objects.get(follower=one), update


@pytest.mark.parametrize("withdraw", [hidden, redacted, held])
def test_what_is_withdrawn_between_composing_and_sending_leaves_every_channel(
    withdraw: Callable[[ProgressUpdate], None],
) -> None:
    one, message, update = waiting()
    assert texts.written(message, one)
    assert [entry.type for entry in feeds.entries(one, None, None, 50)] == ["update.posted"]
    withdraw(update)
    assert Mail().send(message) == Dropped()
    assert texts.written(message, one) is None
    assert feeds.entries(one, None, None, 50) == []
    assert telling.lines(telling.entries_of(message)) == []
    assert not mail.outbox


def test_what_is_withdrawn_between_two_tries_is_not_in_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    one, message, update = waiting()
    make.update(update.commitment, body="A second one, which stays.")
    fan_out()
    one.deliveries.update(message=message)
    tried: list[str] = []

    def later(_self: Any, mails: list[Any]) -> int:
        tried.append(str(mails[0].body))
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", later)
        dispatch(Mail(), NOW)
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.WAITING, 1)
    hidden(update)
    dispatch(Mail(), NOW + timedelta(days=1))
    (sent,) = mail.outbox
    assert tried[0].count("\n- ") == 2
    assert str(sent.body).count("\n- ") == 1


def test_a_hold_reaches_what_belongs_to_what_is_held() -> None:
    one, message, update = waiting()
    actions.correct_update(
        update,
        by=make.member(update.team),
        today=make.TODAY,
        field="body",
        text="Put right.",
        reason="It was wrong.",
    )
    fan_out()
    one.deliveries.update(message=message)
    assert telling.entries_of(message).count() >= 2
    held(update)
    assert not telling.entries_of(message).exists()


def test_a_stranger_takes_the_signed_state_out_of_a_mail_and_checks_it(tmp_path: Path) -> None:
    _, message, _ = waiting()
    note = signed.now().note
    Mail().send(message)
    came = message_from_bytes(mail.outbox[0].message().as_bytes(), policy=policy.default)
    text = came.get_body(("plain",)).get_content().replace("\r\n", "\n")  # type: ignore[union-attr]
    page = came.get_body(("html",)).get_content().replace("\r\n", "\n")  # type: ignore[union-attr]
    taken = {
        "text": text[text.index(signed.KEY.name) :].rstrip("\n") + "\n",
        "page": html.unescape(page.partition("<pre")[2].partition(">")[2].partition("</pre>")[0]) + "\n",
    }
    for name, said in taken.items():
        assert said == note
        kept = tmp_path / name
        kept.write_text(said, encoding="utf-8")
        words = [sys.executable, str(VERIFY), str(signed.KEY.verifier), "checkpoint", str(kept)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert links.address(links.NEWS, message) in text
    assert Commitment.objects.get().title not in text
