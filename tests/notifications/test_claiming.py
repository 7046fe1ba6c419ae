"""What is claimed goes out once, or again under the same id; nobody's crash uses up another's tries."""

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from notifications import claiming, dispatching
from notifications.channels import Later, Sent
from notifications.channels.line import Line
from notifications.channels.mail import Mail
from notifications.composing import compose
from notifications.fanout import fan_out
from notifications.models import Message, MessageState
from notifications.stopping import STOPPING
from record import clock
from tests import make
from tests.notifications.following import follower

pytestmark = pytest.mark.django_db
NOW = make.noon(make.TODAY)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with clock.at(NOW):
        yield


def waiting(number: int) -> list[Message]:
    """So many followers, each with a message that is due."""
    commitment = make.commitment()
    for at in range(number):
        follower(f"f{at}@example.org", commitment.record_subject)
    fan_out()
    compose(NOW)
    return list(Message.objects.order_by("next_at", "pk"))


def test_a_process_that_dies_uses_up_no_tries_and_what_it_held_goes_behind_the_others() -> None:
    first, second = waiting(2)
    now = NOW
    for _ in range(20):
        [held] = dispatching.claim("mail", now, 1)
        assert held.pk in {first.pk, second.pk}
        now += claiming.LEASE + timedelta(seconds=1)
    assert set(Message.objects.values_list("attempts", "claims")) == {(0, 10)}
    assert dispatching.dispatch(Mail(), now) == 2
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.SENT}


def test_who_comes_back_after_the_lease_changes_nothing() -> None:
    waiting(1)
    [slow] = dispatching.claim("mail", NOW, 1)
    later = NOW + claiming.LEASE + timedelta(seconds=1)
    [quick] = dispatching.claim("mail", later, 1)
    assert not claiming.settle(slow, Later("too slow"), Mail.waits, later)
    assert claiming.settle(quick, Sent(), Mail.waits, later)
    assert not claiming.settle(slow, Later("too slow"), Mail.waits, later)
    assert Message.objects.get().state == MessageState.SENT


class Asked:
    """A way out that is told to stop while it sends the second message."""

    name, waits = "mail", Mail.waits

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def send(self, message: Message) -> Sent:
        self.sent.append(message.pk)
        if len(self.sent) == 2:
            STOPPING.set()
        return Sent()


def test_who_is_told_to_stop_ends_the_message_in_hand_and_gives_the_others_back() -> None:
    waiting(5)
    channel = Asked()
    try:
        assert dispatching.dispatch(channel, NOW) == 2
    finally:
        STOPPING.clear()
    assert Message.objects.filter(state=MessageState.SENT).count() == 2
    assert len(dispatching.claim("mail", NOW, 10)) == 3


def test_a_batch_ends_before_its_lease_does(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting(3)
    ticks = iter([0.0, 0.0, *[claiming.LEASE.total_seconds()] * 9])
    monkeypatch.setattr("notifications.dispatching.time.monotonic", lambda: next(ticks))
    assert dispatching.dispatch(Mail(), NOW) == 1
    assert len(dispatching.claim("mail", NOW, 10)) == 2


class Server(SMTP):
    """A mail server that counts who comes, refuses one mailbox, and hangs up on another."""

    connections = 0

    def connection_made(self, transport: Any) -> None:
        type(self).connections += 1
        super().connection_made(transport)


class Kept:
    def __init__(self) -> None:
        self.got: list[str] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address.startswith("f1@"):
            return "451 4.7.1 later"
        if address.startswith("f3@"):
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the same
        self.got += envelope.rcpt_tos
        return "250 OK"


class Controlled(Controller):
    def factory(self) -> Server:
        return Server(self.handler)


@pytest.fixture
def mail_server(settings: Any) -> Iterator[Kept]:
    kept = Kept()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controlled(kept, hostname="127.0.0.1", port=port, ready_timeout=30)
    server.start()
    Server.connections = 0  # the controller itself came once
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield kept
    server.stop()


def test_many_mails_go_over_one_connection_and_each_has_its_own_outcome(mail_server: Kept) -> None:
    waiting(6)
    assert dispatching.dispatch(Mail(), NOW) == 6
    states: dict[str, tuple[str, str, datetime]] = {
        address: (state, error, at)
        for address, state, error, at in Message.objects.values_list(
            "follower__address", "state", "error", "next_at"
        )
    }
    sent = {address for address, (state, _, _) in states.items() if state == MessageState.SENT}
    assert sent == set(mail_server.got) == {f"f{number}@example.org" for number in (0, 2, 4, 5)}
    assert states["f1@example.org"][:2] == (MessageState.WAITING, "SMTP 451")
    assert states["f3@example.org"][:2] == (MessageState.WAITING, "SMTPServerDisconnected")
    assert min(states[f"f{number}@example.org"][2] for number in (1, 3)) > NOW
    # The second after it was hung up, unless that was at the last: mails go in the order of their random keys.
    assert 1 <= Server.connections <= 2


def test_a_line_outside_of_a_batch_is_closed_with_each_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[int] = []
    line = Line()
    with line.kept():
        assert line._backend is not None
        monkeypatch.setattr(line._backend, "close", lambda: closed.append(1))
    assert closed == [1]
    assert line._backend is None
