"""What a resident does here, page by page, by whichever hands; each function says where it begins and ends."""

import re
import time
from dataclasses import dataclass
from email import message_from_string, policy
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.addresses import asked
from tests.browser.chromium import Reader
from tests.browser.demonstration import Site
from tests.browser.hands import Hands

CODE = re.compile(r"^\s*([B-Z]{4}-[B-Z]{4})\s*$", re.MULTILINE)
LINK = re.compile(r"https?://[^/\s]+(/following/confirm/\S+/)")
SECONDS_TO_ARRIVE = 60
BETWEEN_MAILS = "-" * 79
YES, NO = "Yes, wholly", "No, not at all"


@dataclass
class Resident:
    """Somebody with a window, hands and an address."""

    reader: Reader
    hands: Hands
    site: Site
    address: str

    def link(self, name: str | re.Pattern[str]) -> Locator:
        """The first link of that name in the page's own part."""
        return self.reader.page.get_by_role("main").get_by_role("link", name=name).first

    def button(self, name: str) -> Locator:
        """The button of that name in the page's own part."""
        return self.reader.page.get_by_role("main").get_by_role("button", name=name, exact=True)

    def reads(self, words: str | re.Pattern[str]) -> None:
        """The words stand in the page."""
        expect(self.reader.page.get_by_text(words).first).to_be_visible()

    def heading(self, words: str | re.Pattern[str]) -> None:
        """The page's own heading says so."""
        expect(self.reader.page.get_by_role("heading", level=1)).to_have_text(words)

    def follow_link(self, name: str | re.Pattern[str]) -> None:
        """Go where it leads."""
        self.hands.press(self.link(name))

    def push(self, name: str) -> None:
        """Push a button."""
        self.hands.press(self.button(name))

    def write(self, label: str, words: str) -> None:
        """Fill in a field."""
        self.hands.write(self.reader.page.get_by_label(label, exact=True), words)

    def choose(self, label: str) -> None:
        """Pick an answer."""
        self.hands.choose(self.reader.page.get_by_label(label, exact=True))


def find_ward(one: Resident, ward: str) -> None:
    """From the start page to the page of a ward, by its name."""
    one.reader.visit("/")
    one.write("The name of your ward", ward)
    one.push("Find")
    one.follow_link(ward)
    one.heading(ward)


def read_promise(one: Resident, title: str) -> None:
    """From a ward to a promise for all of its borough whose date moved twice."""
    one.follow_link(re.compile("^All of them"))
    one.follow_link(title)
    one.heading(title)
    assert one.reader.page.get_by_role("main").locator("s").count() >= 2, (
        "both earlier dates are struck through"
    )
    one.reads(re.compile("late against the date first promised"))


def rate(one: Resident) -> None:
    """From a promise to its own rating, confirmed by a mailed code."""
    one.follow_link(re.compile("^Rate it"))
    one.choose(NO)
    one.push("Send my rating")
    one.write("Email address", one.address)
    one.push("Send me a code")
    one.write("The code", code_for(one))
    one.push("Go on")
    one.reads("Your rating is kept. Only you see it, here.")
    expect(one.reader.page.get_by_label(NO, exact=True)).to_be_checked()


def change(one: Resident) -> None:
    """On the page of one's rating."""
    one.choose(YES)
    one.push("Change my rating")
    one.reads("Your rating is kept. Only you see it, here.")
    expect(one.reader.page.get_by_label(YES, exact=True)).to_be_checked()


def withdraw(one: Resident) -> None:
    """On the page of one's rating."""
    one.follow_link("Take my rating back")
    one.push("Take it back")
    expect(one.button("Send my rating")).to_be_visible()
    expect(one.reader.page.get_by_label(YES, exact=True)).not_to_be_checked()


def challenge(one: Resident, claimed: str) -> None:
    """Dispute what the owner of a promise claims; signed in already."""
    one.reader.visit(f"/commitments/{claimed}/")
    one.follow_link(re.compile("[Dd]ispute"))
    one.write(
        "What do you see, or not see, where you live?", "Nobody came to our school. Ring 020 7946 0999."
    )
    one.push("See it before sending")
    one.reads("This may lead to a person")
    one.push("Change it")
    one.write("What do you see, or not see, where you live?", "Nobody came to our school this term.")
    one.push("See it before sending")
    one.push("Send it")
    one.heading("Your challenge is sent")


def support(one: Resident, gathering: str) -> None:
    """Stand by what somebody else disputes; signed in already."""
    path = f"/challenges/{gathering}/"
    before = asked(one.site.base, f"challenges/{gathering}/")["supporters"]
    one.reader.visit(path)
    one.follow_link("Support this challenge")
    one.push("Support it")
    expect(one.reader.page).to_have_url(one.site.base + path)
    assert asked(one.site.base, f"challenges/{gathering}/")["supporters"] == before + 1


def follow(one: Resident, reference: str) -> None:
    """From a promise to mails about it, said yes to by the link in the first."""
    one.reader.visit(f"/commitments/{reference}/")
    one.follow_link("Follow by mail")
    one.write("Email address", one.address)
    one.push("Send me mails")
    one.heading("Look at your mail")
    one.site.manage("notify")
    found = LINK.search(mail_to(one.site.mails, one.address, LINK))
    assert found
    one.reader.visit(found[1])
    one.push("Yes, write to me")
    one.heading("You will hear of it")


def code_for(one: Resident) -> str:
    """The newest code that was mailed to somebody."""
    found = CODE.search(mail_to(one.site.mails, one.address, CODE))
    assert found
    return found[1]


def mail_to(folder: Path, address: str, wanted: re.Pattern[str]) -> str:
    """The newest mail to an address in which there is such a thing. Raises AssertionError when none comes."""
    deadline = time.monotonic() + SECONDS_TO_ARRIVE
    while time.monotonic() < deadline:
        files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
        texts = [text for file in files for text in reversed(file.read_text().split(BETWEEN_MAILS))]
        for text in texts:
            mail = message_from_string(text.lstrip("\n"), policy=policy.default)
            body = mail.get_body(("plain",)) if address in str(mail["To"]) else None
            if body is not None and wanted.search(body.get_content()):
                return str(body.get_content())
        time.sleep(0.1)
    raise AssertionError(f"no such mail came to {address}")
