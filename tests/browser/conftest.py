"""The demonstration, served, and a browser: for one folder of tests, and ended after it.

While a browser is driven, Django takes this thread for one that must not wait for a database, so it ends before
other tests begin.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import chromium
from tests.browser.chromium import Reader
from tests.browser.demonstration import Site, served
from tests.browser.officers import STAFFED, Desk

Opening = Callable[..., AbstractContextManager[Reader]]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A Chromium."""
    if not chromium.found():
        pytest.skip(chromium.HOW_TO_GET)
    expect.set_options(timeout=chromium.PATIENCE)
    with chromium.started() as browser:
        yield browser


@pytest.fixture(scope="package")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration at a port of this machine."""
    with served(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def opened(site: Site, browser: Browser) -> Opening:
    """A function that opens a fresh window on the site; leaving it fails when anything went wrong in it."""
    return partial(chromium.reading, browser, site.base)


@pytest.fixture(scope="package")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The demonstration again, with people at its desk: what they do is not in the way of residents."""
    folder = tmp_path_factory.mktemp("desk")
    with served(folder, ("shell", "-v", "0", "--no-imports", "-c", STAFFED)) as site:
        yield Desk(site, browser)
