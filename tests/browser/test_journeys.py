"""What residents come for, done in a browser: large and small, with scripts and without, by hand and by keyboard."""

import re

import pytest

from tests.browser import addresses, journeys
from tests.browser.chromium import NARROW, WIDE
from tests.browser.conftest import Opening
from tests.browser.demonstration import Site
from tests.browser.hands import Pointing, Typing
from tests.browser.journeys import Resident

WAYS = {
    "telephone": (NARROW, True, False),
    "telephone without scripts, by keyboard": (NARROW, False, True),
    "desk, by keyboard": (WIDE, True, True),
    "desk without scripts": (WIDE, False, False),
}
"""Size, whether scripts run, whether the keyboard alone is used."""


@pytest.mark.parametrize("way", WAYS)
def test_a_resident_finds_reads_rates_changes_withdraws_challenges_supports_and_follows(
    opened: Opening, site: Site, way: str
) -> None:
    size, script, by_keyboard = WAYS[way]
    moved = addresses.asked(site.base, f"commitments/{addresses.names(site.base)['moved']}/")
    ward = addresses.asked(site.base, f"areas/{addresses.WARD}/")["name"]
    with opened(size, script) as reader:
        hands = Typing(reader.page) if by_keyboard else Pointing()
        address = f"{re.sub('[^a-z]+', '-', way)}@example.org"
        one = Resident(reader, hands, site, address)
        journeys.find_ward(one, ward)
        journeys.read_promise(one, moved["title"])
        assert reader.context.cookies() == []
        journeys.rate(one)
        journeys.change(one)
        journeys.withdraw(one)
        journeys.challenge(one, addresses.names(site.base)["claimed"])
        journeys.support(one, addresses.names(site.base)["challenge gathering"])
        journeys.follow(one, moved["reference"])
