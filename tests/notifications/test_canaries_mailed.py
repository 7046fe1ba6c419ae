"""What people typed is in no mail, text, call or feed to followers; and what is held is in nothing that is sent."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from commitments import actions
from notifications import calling, feeds, links
from notifications.channels.mail import Mail
from notifications.composing import compose
from notifications.fanout import fan_out
from notifications.models import Call, Message
from notifications.rounds import send_all
from record import clock
from tests import make
from tests.canaries import CANARY, Story, told
from tests.make import TODAY
from tests.notifications.following import follower
from tests.notifications.posted import morning, round_at
from tests.notifications.receiving import endpoint

pytestmark = pytest.mark.django_db


def held(story: Story) -> None:
    """Everything in it that can be."""
    for kind in story.holdable().values():
        kind.refresh_from_db()
        if kind.held_on is None:
            actions.place_hold(kind, by=make.convenor(), today=TODAY, ground="live_case")


def whole(sent: list[Any]) -> str:
    """All that these mails say."""
    return "\n".join(f"{one.subject}\n{one.body}\n{one.alternatives}" for one in sent)


def behind(message: Message) -> str:
    """The page behind a mail."""
    return Client().get(urlsplit(links.address(links.NEWS, message)).path).content.decode()


def test_what_is_typed_is_mailed_to_nobody_and_what_is_held_is_behind_no_link() -> None:
    cache.clear()
    now = morning(TODAY)
    with clock.at(now):
        one = feeds.begin(follower("ana@example.org", f"assembly:{make.SLUG}"))
        endpoint("https://hooks.example.org/a")
        story = told()
        fan_out()
        calling.fan_out()
        compose(now)
        message = Message.objects.get(follower=one)
        send_all(Mail())
        assert whole(mail.outbox).count("\n- ") > 15
        assert CANARY in behind(message)
        held(story)
        fan_out()
        compose(now)
        send_all(Mail())
        feed = Client().get(urlsplit(feeds.address(one) or "").path).content.decode()
    sent = whole([*mail.outbox, *round_at(now), *round_at(morning(make.days(14)))])
    bodies = str(list(calling._payloads(Call.objects.all()).values()))
    assert "ana@example.org" in str([one.to for one in mail.outbox])
    assert story.commitment.reference in feed
    assert Call.objects.count() > 15
    assert [CANARY in text for text in (sent, feed, bodies, behind(message))] == [False] * 4
