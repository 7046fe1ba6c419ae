"""Each kind of page in each state, as a browser sees it: nobody kept out, nothing cut off, light, from here alone."""

import pytest
from django.urls import URLPattern

from portal.urls import urlpatterns
from tests.browser import addresses, looking
from tests.browser.chromium import SMALLEST, WIDE, ZOOMED
from tests.browser.conftest import Opening
from tests.browser.demonstration import Site

PAGES = addresses.PAGES
TYPES = {name: path for name, path in PAGES.items() if ":" not in name or "moved" in name}
NOT_OPENED = {
    *("readme", "oembed", "account_copy", "one_click", "post_off", "postcode"),
    *("commitment_badge", "theme_badge", "commitment_picture", "theme_picture", "site_picture"),
}
"""Routes that are no pages for people."""
BEHIND = {
    *("sign_in_code", "account", "erase_account", "sessions", "questions", "question"),
    *("confirm", "stop", "news", "manage", "post", "withdraw_theme_rating", "unsay_theme"),
}
"""Pages behind a sign-in or the link of a mail: opened by tests/browser/test_own_pages.py, or twins of one that is."""


def test_every_route_is_opened_or_is_no_page() -> None:
    routes = {one.name for one in urlpatterns if isinstance(one, URLPattern)}
    assert routes == {name.partition(":")[0] for name in PAGES} | NOT_OPENED | BEHIND


@pytest.mark.parametrize("name", PAGES)
def test_a_page_keeps_nobody_out_fits_and_is_light(opened: Opening, site: Site, name: str) -> None:
    path = addresses.path_of(site.base, PAGES[name])
    with opened() as reader:
        size, requests = looking.weigh(reader, path)
        assert size <= looking.MOST_BYTES, f"{size} bytes"
        assert requests <= looking.MOST_REQUESTS
        if name not in addresses.FORMS:
            assert reader.context.cookies() == []
        assert looking.barriers(reader.page) == []
        for window in (SMALLEST, ZOOMED, WIDE):
            reader.resize(window)
            assert not looking.is_wider_than_the_window(reader.page), f"at {window[0]} pixels"
        reader.page.emulate_media(color_scheme="dark")
        assert looking.barriers(reader.page, looking.CONTRAST) == [], "in the dark"


@pytest.mark.parametrize("name", TYPES)
def test_a_page_is_as_open_from_right_to_left(opened: Opening, site: Site, name: str) -> None:
    path = addresses.path_of(site.base, PAGES[name])
    with opened(SMALLEST) as reader:
        reader.visit("/ur" + path)
        assert reader.page.locator("html").get_attribute("dir") == "rtl"
        assert looking.barriers(reader.page) == []
        assert not looking.is_wider_than_the_window(reader.page)
