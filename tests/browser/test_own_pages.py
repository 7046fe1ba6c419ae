"""Pages behind a sign-in or the link of a mail, in the states that a person passes through: nobody kept out."""

import pytest
from playwright.sync_api import Page

from tests.browser import addresses, journeys, looking
from tests.browser.chromium import NARROW, SMALLEST, Reader
from tests.browser.conftest import Opening
from tests.browser.demonstration import Site
from tests.browser.hands import Pointing
from tests.browser.journeys import LINK, Resident, mail_to

TOO_FEW = "ana@"
"""An address that is none."""


def looked_at(page: Page) -> None:
    """What every page must be, in the state in which it is."""
    assert looking.barriers(page) == [], page.url
    assert not looking.is_wider_than_the_window(page), page.url


@pytest.mark.parametrize("language", ["", "/ur"])
def test_own_pages_keep_nobody_out_in_any_state(opened: Opening, site: Site, language: str) -> None:
    theme = f"{language}/{addresses.OF_THEME}/rate/"
    with opened(SMALLEST) as reader:
        page = reader.page
        reader.visit(theme)
        _send(page)  # nothing chosen
        looked_at(page)
        page.locator("#choice-4").check()
        _send(page)
        looked_at(page)
        page.locator("#address").fill(TOO_FEW)
        _send(page)
        looked_at(page)
        address = f"own{language.replace('/', '-')}@example.org"
        page.locator("#address").fill(address)
        _send(page)
        looked_at(page)
        page.locator("#code").fill("BBBB-BBBB")
        _send(page)
        looked_at(page)
        page.locator("#code").fill(journeys.code_for(Resident(reader, Pointing(), site, address)))
        _send(page)
        looked_at(page)  # the questions
        for path in ("rate/communities/age_band/", "rate/", "rate/withdraw/", "rate/words/"):
            reader.visit(f"{language}/{addresses.OF_THEME}/{path}")
            looked_at(page)
        for path in ("account/", "account/sessions/", "account/erase/", "sign-out/"):
            reader.visit(f"{language}/{path}")
            looked_at(page)


def test_pages_behind_links_keep_nobody_out(opened: Opening, site: Site) -> None:
    address = "links@example.org"
    with opened(NARROW) as reader:
        one = Resident(reader, Pointing(), site, address)
        journeys.follow(one, addresses.names(site.base)["moved"])
        looked_at(reader.page)
        confirm = LINK.search(mail_to(site.mails, address, LINK))
        assert confirm
        one.follow_link("Change what you follow, how often, or pause")
        looked_at(reader.page)
        one.follow_link("Stop all mails, and forget my address")
        looked_at(reader.page)
        one.push("Stop all mails")
        looked_at(reader.page)
        _gone(reader, confirm[1])


def _gone(reader: Reader, path: str) -> None:
    """A link that is over says so, with its own status."""
    reader.visit(path, status=410)
    looked_at(reader.page)


def _send(page: Page) -> None:
    """Push the main button of the page's form."""
    page.get_by_role("main").locator(".actions button").first.click()
