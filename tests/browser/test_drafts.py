"""What is typed at the desk outlives a lost connection, and goes once it was sent, and when somebody signs out."""

from playwright.sync_api import Page, expect

from tests.browser.officers import Desk

BODY = "What was done?"
SAID = "Twelve walks this month, each with a resident."
DRAFTS = "Object.keys(localStorage).filter(key => key.startsWith('desk-draft:')).length"


def drafts(page: Page) -> int:
    """How many lie in this browser."""
    number: int = page.evaluate(DRAFTS)
    return number


def test_words_outlive_a_lost_connection_and_go_when_they_were_sent(desk: Desk) -> None:
    path = f"/desk/commitments/{desk.things['wide']['reported']}/update/"
    with desk.seat("team") as one:
        page = one.reader.page
        one.reader.visit(path)
        assert drafts(page) == 0
        page.get_by_label(BODY).fill(SAID)
        one.choose("In progress")
        one.reader.context.set_offline(True)
        page.get_by_role("button", name="See it before sending").click()
        expect(page.get_by_text("There is no connection now")).to_be_visible()
        one.reader.context.set_offline(False)
        one.reader.visit(path)
        expect(page.get_by_label(BODY)).to_have_value(SAID)
        expect(page.get_by_text("What you typed here before is back")).to_be_visible()
        one.push("See it before sending")
        one.push("Change it")
        expect(page.get_by_label(BODY)).to_have_value(SAID)
        one.push("See it before sending")
        assert drafts(page) == 1
        one.push("Publish it")
        one.heading("My commitments")
        assert drafts(page) == 0
        one.reader.visit(path)
        expect(page.get_by_label(BODY)).to_have_value("")


def test_drafts_go_when_one_signs_out_or_begins_anew(desk: Desk) -> None:
    path = f"/desk/commitments/{desk.things['wide']['reported']}/update/"
    with desk.seat("team") as one:
        page = one.reader.page
        one.reader.visit(path)
        page.get_by_label(BODY).fill(SAID)
        one.reader.visit(path)
        page.get_by_role("button", name="Begin anew").click()
        expect(page.get_by_label(BODY)).to_have_value("")
        page.get_by_label(BODY).fill(SAID)
        assert drafts(page) == 1
        page.route("**/sign-out/", lambda route: route.abort())  # others sit in the same session
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("chrome-error:**")  # what is aborted ends at the browser's own page
        one.reader.visit(path)
        assert drafts(page) == 0
