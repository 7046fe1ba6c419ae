"""A passkey is made and used in a real browser, by our own script, on pages that keep nobody out."""

from urllib.parse import urlsplit

from playwright.sync_api import Browser, expect

from tests.browser import chromium, journeys, looking
from tests.browser.chromium import NARROW
from tests.browser.demonstration import Site
from tests.browser.hands import Pointing
from tests.browser.journeys import Resident

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""What Chromium pretends to have at hand."""


def by_code(one: Resident) -> None:
    """From the desk's door to where a second factor is given or set up."""
    one.reader.visit("/desk/sign-in/")
    one.follow_link("Without a password, by a code that we mail you")
    one.write("Email address", one.address)
    one.push("Send me a code")
    one.write("The code", journeys.code_for(one))
    one.push("Go on")


def looked_at(one: Resident) -> None:
    """What every page must be."""
    assert looking.barriers(one.reader.page) == [], one.reader.page.url
    assert not looking.is_wider_than_the_window(one.reader.page), one.reader.page.url


def test_a_passkey_is_made_and_opens_the_desk(site: Site, browser: Browser) -> None:
    site.manage("reset_second_factor", "panel@example.org", "--password-too")
    base = f"http://localhost:{urlsplit(site.base).port}"  # browsers make no passkey for a number
    with chromium.reading(browser, base, NARROW) as reader:
        devtools = reader.context.new_cdp_session(reader.page)
        devtools.send("WebAuthn.enable")
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
        one = Resident(reader, Pointing(), site, "panel@example.org")
        reader.visit("/desk/sign-in/")
        looked_at(one)
        by_code(one)
        one.heading("Set up a second factor")
        looked_at(one)
        one.follow_link("Set up an app")
        looked_at(one)
        reader.page.go_back()
        one.follow_link("Make a passkey")
        looked_at(one)
        one.write("A name for it", "work phone")
        one.push("Make it")
        one.heading("Recovery codes")
        looked_at(one)
        reader.visit("/desk/security/")
        one.reads("The passkey “work phone”")
        looked_at(one)
        reader.context.clear_cookies()
        by_code(one)
        one.heading("Your second factor")
        looked_at(one)
        one.push("Use your passkey")
        expect(reader.page).to_have_url(f"{base}/desk/")
        reader.visit("/desk/security/password/")
        looked_at(one)
