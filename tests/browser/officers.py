"""Somebody who works at the desk: signed in with both factors, and how often they press, write or choose."""

import base64
import hmac
import json
import re
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from playwright.sync_api import Browser, Locator

from tests.browser import chromium
from tests.browser.chromium import NARROW, WIDE
from tests.browser.demonstration import Site
from tests.browser.hands import Pointing
from tests.browser.journeys import Resident

PASSWORD, SECRET = "nine horses in a lane", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STAFF = ("team", "responder", "panel", "convenor", "convenor2")
NEWCOMERS = ("newcomer",)
"""Who has a password, and no second factor yet."""
WAYS = {"wide": (WIDE, True), "narrow without scripts": (NARROW, False)}
"""Size, and whether scripts run."""
TEAM_OF_ALL = "wf-safer-neighbourhoods"
LIVES = 30
"""Seconds for which a code is good."""
STAFFED = "from tests.browser import staffed; staffed.main()"


def address(name: str) -> str:
    """The mail address of one of them."""
    return f"{name}@example.org"


def code_of(secret: str) -> str:
    """What an app with this secret shows now (RFC 6238)."""
    key = base64.b32decode(secret)
    digest = hmac.digest(key, struct.pack(">Q", int(time.time() // LIVES)), "sha1")
    place = digest[-1] & 15
    number: int = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


class Counting(Pointing):
    """Hands that count what they do."""

    def __init__(self) -> None:
        self.done = 0

    def press(self, thing: Locator) -> None:
        """Follow a link, or push a button."""
        self.done += 1
        super().press(thing)

    def choose(self, thing: Locator) -> None:
        """Tick a box, or pick one of several answers."""
        self.done += 1
        super().choose(thing)

    def write(self, thing: Locator, words: str) -> None:
        """Write into a field, in the place of what stands there."""
        self.done += 1
        super().write(thing, words)


@dataclass
class Officer(Resident):
    """Somebody with a window at the desk."""

    hands: Counting

    def choose(self, label: str) -> None:
        """Pick an answer by how its label begins; what it means stands in the label too."""
        begins = re.compile(f"^\\s*{re.escape(label)}")
        self.hands.choose(self.reader.page.get_by_role("main").get_by_label(begins).first)

    def sign_in(self) -> None:
        """From the door to what waits, by a password and the code of an app."""
        self.reader.visit("/desk/")
        self.sign_in_by_password()
        self.write("The code that your app shows", code_of(SECRET))
        self.push("Go on")
        self.heading("What waits for you")

    def sign_in_by_password(self) -> None:
        """From the door to the second factor."""
        self.write("Email address", self.address)
        self.write("Password", PASSWORD)
        self.push("Go on")


@dataclass
class Desk:
    """The demonstration with people at its desk."""

    site: Site
    browser: Browser
    signed_in: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def things(self) -> dict[str, dict[str, str]]:
        """By way through the pages, what things are called."""
        found: dict[str, dict[str, str]] = json.loads((self.site.folder / "desk.json").read_text())
        return found

    @contextmanager
    def seat(self, name: str, way: tuple[tuple[int, int], bool] = (NARROW, True)) -> Iterator[Officer]:
        """A window in which one of the staff is signed in; leaving it fails when anything went wrong in it."""
        with self.window(way, name, storage_state=self.state_of(name)) as one:
            yield one

    @contextmanager
    def window(self, way: tuple[tuple[int, int], bool], name: str, **options: Any) -> Iterator[Officer]:
        """A window in which nobody is signed in yet; leaving it fails when anything went wrong in it."""
        with chromium.reading(self.browser, self.site.base, *way, **options) as reader:
            yield Officer(reader, Counting(), self.site, address(name))

    def state_of(self, name: str) -> Any:
        """Their cookies: each signs in once, since no code of an app is taken twice."""
        if name not in self.signed_in:
            with self.window((NARROW, False), name) as one:
                one.sign_in()
                self.signed_in[name] = one.reader.context.storage_state()
        return self.signed_in[name]
