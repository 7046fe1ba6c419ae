"""The feed of what one follows, on the page behind the link of a mail: made, moved and ended by buttons."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from notifications import feeds, links
from notifications.models import Follower
from tests.notifications.following import follower

pytestmark = pytest.mark.django_db


def test_buttons_make_a_feed_give_it_another_address_and_end_it() -> None:
    one = follower("ana@example.org", "assembly:anytown-2025")
    here, client = urlsplit(links.address(links.MANAGE, one)).path, Client(enforce_csrf_checks=True)
    assert b"feed.atom" not in client.get(here).content
    seen = []
    for _ in range(2):
        assert client.post(here, {"do": "feed"}).status_code == 302
        seen.append(feeds.address(Follower.objects.get()) or "none")
        assert seen[-1] in client.get(here).content.decode()
    assert seen[0] != seen[1]
    assert [client.get(urlsplit(one).path).status_code for one in seen] == [410, 200]
    client.post(here, {"do": "no-feed"})
    assert b"feed.atom" not in client.get(here).content
    assert client.get(urlsplit(seen[1]).path).status_code == 410
    assert Follower.objects.get().confirmed_at
