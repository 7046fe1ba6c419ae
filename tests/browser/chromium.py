"""The Chromium of this machine, and a reader in it whose troubles are noted down."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    sync_playwright,
)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW_TO_GET = (
    "no Chromium was found: `sudo apt install chromium` (or Chrome), or say where one is: CHROMIUM=/path"
)
PATIENCE = 60_000
"""Milliseconds: that the machine is busy is no reason to fail."""
NARROW, WIDE, SMALLEST = (360, 740), (1280, 900), (320, 640)
ZOOMED = (640, 450)
"""What a window of 1280 × 900 has room for when everything is shown at twice its size."""


def found() -> str:
    """Where Chromium is; empty where there is none."""
    named = os.environ.get("CHROMIUM", "")
    if named:
        return named if Path(named).exists() else ""
    return next((path for path in map(shutil.which, NAMES) if path), "")


@contextmanager
def started() -> Iterator[Browser]:
    """A Chromium that can reach this machine alone."""
    nowhere_else = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found(), args=["--no-sandbox", "--disable-gpu", nowhere_else]
        )
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Reader:
    """One person's window: its page, and what went wrong in it (other sites asked, errors, refusals of the CSP)."""

    base: str
    context: BrowserContext
    page: Page
    troubles: list[str] = field(default_factory=list)

    def visit(self, path: str, status: int = 200) -> Page:
        """Open an address of ours, which answers `status`."""
        answer = self.page.goto(self.base + path, wait_until="load")
        assert answer is not None
        assert answer.status == status, f"{path} answered {answer.status}"
        return self.page

    def resize(self, size: tuple[int, int]) -> None:
        """Make the window that large."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def watch(self) -> None:
        """Note down what goes wrong from now on."""
        self.context.on("request", self._asked)
        self.context.on("response", self._answered)
        self.context.on("console", self._said)
        self.context.on("weberror", lambda error: self.troubles.append(f"error: {error.error}"))

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.base + "/", "data:")):
            self.troubles.append(f"another site was asked: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.troubles.append(f"{urlsplit(response.url).path} answered {response.status}")

    def _said(self, message: ConsoleMessage) -> None:
        # Of a page that answers 404 or 409 the browser says so, and whoever asked for it expected it.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.troubles.append(f"{urlsplit(self.page.url).path}: {message.text}")


@contextmanager
def reading(
    browser: Browser, base: str, size: tuple[int, int] = NARROW, script: bool = True, **options: Any
) -> Iterator[Reader]:
    """A window of that size, with or without JavaScript. Raises AssertionError when anything went wrong in it."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, java_script_enabled=script, locale="en-GB", **options
    )
    context.set_default_timeout(PATIENCE)
    try:
        reader = Reader(base, context, context.new_page())
        reader.watch()
        yield reader
        assert reader.troubles == []
    finally:
        context.close()
