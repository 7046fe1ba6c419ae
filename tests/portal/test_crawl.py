"""Every public page that links lead to: whole, in one form, without a cookie, and what it shows is proved offline."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from record import clock, shown, verify
from tests import make, signed
from tests.api.stages import staged
from tests.api.test_archiving import crawled
from tests.api.test_crawl import state_of
from tests.api.world import World
from tests.portal.crawling import Crawled, crawl

ENTRY = re.compile(r"^/record/(\d+)/$")
SHOWN = {
    "assemblies": "/assemblies/{slug}/",
    "recommendations": "/recommendations/{reference}/",
    "commitments": "/commitments/{reference}/",
    "challenges": "/challenges/{id}/",
    "organisations": "/organisations/{slug}/",
    "teams": "/teams/{slug}/",
    "areas": "/areas/{code}/",
}
"""Lists of the API, and the page of each thing in them."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The permission matrix's world, which has everything in every state."""
    with staged(django_db_blocker), clock.at(make.noon(make.TODAY)):
        world = World()
        signed.now()
        yield world


@pytest.fixture(scope="module")
def site(world: World) -> Crawled:
    """Every page of it."""
    return crawl(Client())


def test_every_link_leads_somewhere(site: Crawled, world: World) -> None:
    assert len(site.pages) > 60
    assert site.broken == []
    answers = {path: Client().get(path).status_code for path in sorted(site.data)}
    assert {path: status for path, status in answers.items() if status != 200} == {}


def test_every_page_has_one_heading_a_title_a_language_and_nothing_inline(site: Crawled) -> None:
    for path, (_, made) in site.pages.items():
        assert made.headings == 1, path
        assert made.title, path
        assert (made.html.get("lang"), made.html.get("dir")) == ("en-GB", "ltr"), path
        assert made.inline == [], path
        assert sorted(made.ids) == sorted(set(made.ids)), path


def test_no_page_without_a_form_sets_a_cookie_and_each_has_the_strict_policy(site: Crawled) -> None:
    for path, (answer, made) in site.pages.items():
        assert bool(answer.cookies) <= bool(made.posts), path
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert ("frame-ancestors 'none'" in policy) != path.startswith("/cards/"), path


def test_each_public_thing_has_a_page_that_names_its_place_in_the_record(site: Crawled, world: World) -> None:
    for name, page in SHOWN.items():
        for thing in world.api.get(f"/api/v1/{name}/").json()["results"]:
            path = page.format_map(thing)
            assert path in site.pages, path
            assert f"/record/{thing['position']}/" in site.pages[path][1].near, path


def test_each_place_in_the_record_that_a_page_names_is_proved_offline(site: Crawled, world: World) -> None:
    places = {int(found[1]) for path in site.pages if (found := ENTRY.match(path))}
    assert len(places) > 40
    for place in places:
        path = f"/api/v1/record/proof/{place}"
        assert path in site.pages[f"/record/{place}/"][1].near
        event = world.api.get(f"/api/v1/events/{place}/").json()
        verify.check_proof(world.api.get(path).content.decode(), event, state_of)


def test_each_object_of_the_api_stands_in_an_entry_that_has_a_page(site: Crawled, world: World) -> None:
    positions = {place for content in crawled(world.api).values() for place in shown.positions(content)}
    client = Client()
    assert {place for place in positions if client.get(f"/record/{place}/").status_code != 200} == set()
