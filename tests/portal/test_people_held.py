"""What is held back stands on no page by which one rates, disputes or follows."""

import pytest
from django.core.cache import cache

from commitments import actions
from record import clock
from tests import make
from tests.canaries import CANARY, Story, told
from tests.portal.people import browser, signed_in

pytestmark = pytest.mark.django_db


def pages(story: Story) -> list[str]:
    commitment, theme = story.commitment.reference, f"{story.theme.assembly.slug}/{story.theme.slug}"
    of_theme = f"/assemblies/{theme.replace('/', '/themes/')}/rate/"
    return [
        f"/commitments/{commitment}/rate/",
        f"/commitments/{commitment}/rate/withdraw/",
        f"/commitments/{commitment}/challenge/",
        of_theme,
        f"{of_theme}words/",
        f"/challenges/{story.challenge.pk}/support/",
        f"/challenges/{story.challenge.pk}/withdraw/",
        f"/follow/?commitment={commitment}",
        f"/follow/?theme={theme}",
        f"/follow/?recommendation={story.recommendation.reference}",
        "/account/",
        "/account/copy/",
    ]


def test_no_page_says_what_is_held() -> None:
    cache.clear()
    with clock.at(make.noon(make.TODAY)):
        story = told()
        proposer = story.challenge.proposer
        clients = [browser(), signed_in(proposer.email)]
        said = {path for one in clients for path in pages(story) if CANARY in one.get(path).content.decode()}
        assert len(said) == len(pages(story))
        for kind in story.holdable().values():
            kind.refresh_from_db()
            if kind.held_on is None:
                actions.place_hold(kind, by=make.convenor(), today=make.TODAY, ground="live_case")
        said = {path for one in clients for path in pages(story) if CANARY in one.get(path).content.decode()}
        assert said == set()
