"""The form by which everything can be followed, by mail or feed."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache

from api import saved_searches
from notifications.models import Cadence, Follow, Follower, SavedSearch
from tests import make
from tests.portal.people import browser, fill

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _counted_anew() -> None:
    cache.clear()


def test_everything_that_can_be_followed_has_a_form_and_a_feed_that_opens() -> None:
    assembly = make.assembly(prefix="AT25", area=make.area("E09000031"))
    theme = make.theme(assembly, "presence")
    recommendation = make.recommendation(assembly, theme=theme)
    team = make.team(slug="north")
    commitment = make.commitment(assembly, lead=team)
    named = {
        "assembly": assembly.slug,
        "theme": f"{assembly.slug}/presence",
        "recommendation": recommendation.reference,
        "commitment": commitment.reference,
        "team": "north",
        "organisation": team.organisation.slug,
        "area": "E09000031",
    }
    client = browser()
    for kind, key in named.items():
        page = client.get("/follow/", {kind: key})
        assert page.status_code == 200, kind
        feed = page.context["wanted"].feed
        assert client.get(feed).status_code == 200, feed
    assert client.get("/follow/").status_code == 404
    assert client.get("/follow/", {"commitment": "NO-1"}).status_code == 404


def test_a_list_is_followed_as_it_is_narrowed_and_as_the_api_keeps_it() -> None:
    make.commitment()
    client = browser()
    page = client.get(
        "/commitments/?standing=late&standing=silent&q=street&page_size=5&ordering=due"
    ).content.decode()
    found = re.search(r'href="(/follow/[^"]*)"', page)
    assert found
    path = unescape(found[1])
    form = client.get(path)
    assert client.get(form.context["wanted"].feed).status_code == 200
    assert "street" in form.context["wanted"].name
    fill(client, form, path, needing="address", address="ana@example.org")
    kept = SavedSearch.objects.get()
    assert (kept.path, kept.query) == saved_searches.taken_apart(
        "/commitments/?q=street&standing=late,silent"
    )
    assert Follow.objects.get().search == kept
    for wrong in (
        "areas",
        "commitments?standing=odd",
        "commitments?secret=1",
        "search",
        "search?q=",
        "x" * 1200,
    ):
        assert client.get("/follow/", {"list": wrong}).status_code == 404, wrong
    assert client.get("/follow/", {"list": "search?q=street"}).status_code == 200


def test_asking_is_answered_alike_and_nothing_begins_before_the_address_said_yes() -> None:
    commitment = make.commitment()
    client, path = browser(), f"/follow/?commitment={commitment.reference}"
    page = client.get(path)
    answers = [
        fill(
            client, page, path, needing="address", address="ana@example.org", cadence="weekly", kinds="dates"
        )
        for _ in range(2)
    ]
    assert answers[0].content == answers[1].content
    follow = Follow.objects.get()
    assert (follow.topic, follow.kinds, follow.confirmed_at) == (commitment.record_subject, ",dates,", None)
    assert Follower.objects.get().cadence == Cadence.WEEKLY


@pytest.mark.parametrize("typed", [{"address": "x"}, {"cadence": "never"}, {"kinds": "gossip"}])
def test_what_cannot_be_is_said_so(typed: dict[str, str]) -> None:
    path = f"/follow/?commitment={make.commitment().reference}"
    client = browser()
    sent: dict[str, Any] = {"address": "ana@example.org", **typed}
    assert fill(client, client.get(path), path, needing="address", **sent).status_code == 400
    assert not Follow.objects.exists()


def test_a_network_asks_so_often_here_and_over_the_api_together(settings: Any) -> None:
    settings.SUBSCRIPTIONS_PER_NETWORK = "2/hour"
    path = f"/follow/?commitment={make.commitment().reference}"
    client = browser()
    page = client.get(path)
    told = [
        fill(client, page, path, needing="address", address=f"a{number}@example.org").status_code
        for number in range(3)
    ]
    assert told == [200, 200, 429]
