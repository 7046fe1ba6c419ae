"""How somebody works a page: by pointing at things, or by the keyboard alone."""

from typing import Protocol

from playwright.sync_api import Locator, Page

MOST_STEPS = 150
"""Further than that nobody tabs for anything."""


class Hands(Protocol):
    """What a journey needs of somebody."""

    def press(self, thing: Locator) -> None:
        """Follow a link, or push a button."""

    def choose(self, thing: Locator) -> None:
        """Tick a box, or pick one of several answers."""

    def write(self, thing: Locator, words: str) -> None:
        """Write into a field, in the place of what stands there."""


class Pointing:
    """By finger or mouse."""

    def press(self, thing: Locator) -> None:
        """Follow a link, or push a button."""
        thing.click()

    def choose(self, thing: Locator) -> None:
        """Tick a box, or pick one of several answers."""
        thing.check()

    def write(self, thing: Locator, words: str) -> None:
        """Write into a field, in the place of what stands there."""
        thing.fill(words)


class Typing:
    """By the keyboard alone: tab until it is there, and never past what is first in the page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, thing: Locator) -> None:
        """Follow a link, or push a button."""
        self._go_to(thing)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def choose(self, thing: Locator) -> None:
        """Tick a box; of several answers, go to the first and then on by arrows."""
        if thing.get_attribute("type") == "radio":
            name = thing.get_attribute("name")
            group = self.page.locator(f"input[type=radio][name={name}]")
            self._go_to(group, group.count())
            self.page.keyboard.press("Space")
            while not thing.is_checked():
                self.page.keyboard.press("ArrowDown")
        else:
            self._go_to(thing)
            self.page.keyboard.press("Space")
        assert thing.is_checked()

    def write(self, thing: Locator, words: str) -> None:
        """Write into a field, in the place of what stands there."""
        self._go_to(thing)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(words)

    def _go_to(self, things: Locator, number: int = 1) -> None:
        """Tab until one of them has the focus, and can be seen to have it."""
        for _ in range(MOST_STEPS):
            self.page.keyboard.press("Tab")
            for thing in (things.nth(at) for at in range(number)):
                if thing.evaluate("one => one === document.activeElement"):
                    outline = thing.evaluate("one => getComputedStyle(one).outlineStyle")
                    assert outline != "none", f"the focus of {thing} cannot be seen"
                    return
        raise AssertionError(f"no key leads to {things}")
