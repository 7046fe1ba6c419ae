"""Every page, card, badge and sheet is searched for held words: one crawl, since any of them might say them."""

import pytest
from django.core.cache import cache
from django.test import Client

from commitments import actions
from record import clock
from tests import make
from tests.canaries import CANARY, Story, told
from tests.portal.crawling import crawl

pytestmark = pytest.mark.django_db


def speaking(story: Story) -> list[str]:
    """One page of each kind on which its words stand."""
    commitment, theme = story.commitment.reference, f"assemblies/{make.SLUG}/themes/{story.theme.slug}"
    ways = ("", "/cards", "/print", "/pl", "/ur")
    return [
        *(f"{way}/{theme}/" for way in ways),
        *(f"{way}/commitments/{commitment}/" for way in ("", "/cards", "/pl", "/ur")),
        *("/", "/changes/", f"/assemblies/{make.SLUG}/", f"/badges/{theme}.svg"),
        f"/recommendations/{story.recommendation.reference}/",
        f"/challenges/{story.challenge.pk}/",
        f"/record/{story.commitment.position}/",
        f"/commitments/{commitment}/history/",
        f"/organisations/{story.update.team.organisation.slug}/",
        f"/teams/{story.update.team.slug}/",
    ]


def test_what_is_held_is_on_no_page_that_links_lead_to() -> None:
    cache.clear()
    with clock.at(make.noon(make.TODAY)):
        story, reader = told(), Client()
        for path in speaking(story):
            assert CANARY in reader.get(path).content.decode().lower(), path
        for kind in story.holdable().values():
            kind.refresh_from_db()
            if kind.held_on is None:
                actions.place_hold(kind, by=make.convenor(), today=make.TODAY, ground="live_case")
        pages = {path: answer for path, (answer, _) in crawl(reader).pages.items()}
        assert len(pages) > 60
        pages |= {path: reader.get(path) for path in speaking(story)}
        assert [path for path, answer in pages.items() if CANARY in answer.content.decode().lower()] == []
