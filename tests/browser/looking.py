"""What is looked at in every page: what keeps people out, what does not fit, and what a first visit weighs."""

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page

from tests.browser.chromium import Reader

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
MOST_BYTES, MOST_REQUESTS = 60_000, 5


@cache
def axe() -> str:
    """The script that looks for barriers."""
    package = importlib.util.find_spec("axe_playwright_python")
    assert package
    assert package.origin
    return Path(package.origin).with_name("axe.min.js").read_text(encoding="utf-8")


def barriers(page: Page, rules: dict[str, Any] = RULES) -> list[str]:
    """What axe finds that WCAG 2.2 AA forbids, each with the first place where it is."""
    page.evaluate(axe())
    found = page.evaluate("rules => axe.run(document, rules)", rules)["violations"]
    return [f"{one['id']} ({one['help']}): {one['nodes'][0]['html'][:200]}" for one in found]


def is_wider_than_the_window(page: Page) -> bool:
    """Whether one must scroll sideways to read it."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def weigh(reader: Reader, path: str) -> tuple[int, int]:
    """Bytes over the wire, headers included, and requests, of a first visit."""
    session: CDPSession = reader.context.new_cdp_session(reader.page)
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    session.send("Network.enable")
    reader.visit(path)
    reader.page.wait_for_load_state("networkidle")
    session.detach()
    return round(sum(sizes)), len(sizes)
