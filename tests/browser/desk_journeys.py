"""What officers come to the desk for, page by page; each function says where it begins and ends."""

import io
import re
from collections.abc import Iterable, Mapping

import urllib3
from PIL import Image
from playwright.sync_api import FilePayload, expect

from tests import sheets
from tests.browser.addresses import asked
from tests.browser.officers import Officer

SEE, CAN_SEE = "See it before sending", "This is what everybody will see"
MOST_INTERACTIONS, MOST_SECONDS = 6, 60
CAMERA, MAKE, GPS = b"Camera of the tests", 0x010F, 0x8825
ROWS = 100
BAD: Mapping[int, Mapping[str, str]] = {
    3: {"owners": "beta"},
    17: {"due_on": "31/02/2026", "due_text": "by spring"},
    30: {"source_date": "last May"},
    42: {"recommendations": "999"},
    58: {"slug": "Not A Slug"},
    77: {"title": ""},
    100: {"source_reliability": "hearsay"},
}
"""The bad rows, and what they say wrongly."""
ORGANISATION, ASSEMBLY = "metropolitan-police", "waltham-forest-2024"


def report(one: Officer, reference: str, words: str) -> None:
    """From what waits to an update that everybody can read, by the list of one's own."""
    one.reader.visit("/desk/")
    one.hands.done = 0
    one.hands.press(one.reader.page.get_by_role("navigation").get_by_role("link", name="My commitments"))
    one.follow_link(f"Report {reference}")
    one.write("What was done?", words)
    one.choose("In progress")
    one.push(SEE)
    one.heading(CAN_SEE)
    one.push("Publish it")
    one.heading("My commitments")
    assert one.hands.done <= MOST_INTERACTIONS
    one.follow_link(re.compile(f"^{reference} as everybody sees it"))
    one.reads(words)


def answer(one: Officer, reference: str, challenge: str) -> None:
    """From what waits to the answer to a challenge, which is given once."""
    said = "Forty officers were trained in May; the list of courses is public."
    one.reader.visit("/desk/commitments/")
    one.hands.press(
        one.reader.page.locator(f"#{reference}").get_by_role("link", name=re.compile("challenge"))
    )
    one.heading("Answer a challenge")
    one.write("Your answer", f"{said} Ask PC Adam Green on 020 7946 0999.")
    one.push(SEE)
    one.reads("This may lead to a person")
    one.push("Change it")
    one.write("Your answer", said)
    one.push(SEE)
    one.push("Publish the answer")
    one.heading("My commitments")
    assert asked(one.site.base, f"challenges/{challenge}/")["state"] == "answered"
    one.reader.visit(f"/challenges/{challenge}/")
    one.reads(said)


def promise_nobody_can_judge(one: Officer, title: str) -> None:
    """A responder publishes a promise without measure, target, date or proof, and is told what that means."""
    one.reader.visit(f"/desk/organisations/{ORGANISATION}/promise/?assembly={ASSEMBLY}")
    one.write("The promise in one line", title)
    one.reader.page.get_by_label("The team that leads").select_option("wf-safer-neighbourhoods")
    one.push("See it before it is published")
    one.heading(CAN_SEE)
    one.reads("Nobody will be able to judge this promise")
    one.reads(re.compile("It is counted as one that cannot be judged: on the page of"))
    one.push("Publish it as one that cannot be judged")
    one.reads("Done. It stands in the public record.")
    one.follow_link("See it there")
    one.heading(title)
    one.reads("This promise cannot be judged.")


def refute(one: Officer, reference: str) -> None:
    """A member of the panel finds that what is claimed done is not."""
    one.reader.visit("/desk/claims/")
    one.follow_link(re.compile(f"^{reference}"))
    one.heading("Give the panel’s finding")
    one.choose("Not verified")
    one.write("The panel’s reasons", "We read the site in June: minutes of two of nine panels are there.")
    one.push(SEE)
    one.heading(CAN_SEE)
    one.reads(re.compile("With this the claim is contested"))
    one.push("Publish the finding")
    assert asked(one.site.base, f"commitments/{reference}/")["standing"] == "contested"


def decide(one: Officer, change: str, decision: str, reason: str) -> None:
    """The convenor decides a request for another date."""
    one.reader.visit(f"/desk/assemblies/{ASSEMBLY}/date-changes/")
    one.hands.press(one.reader.page.locator(f"a[href='/desk/date-changes/{change}/']"))
    one.heading("Another due date")
    one.choose(decision)
    one.write("The reason", reason)
    one.push(SEE)
    one.heading(CAN_SEE)
    one.reads(reason)
    one.push("Decide it so")
    one.heading(re.compile("Dates to decide"))
    expect(one.reader.page.locator(f"a[href='/desk/date-changes/{change}/']")).to_have_count(0)


def ask_to_erase(one: Officer, reference: str) -> None:
    """The first convenor asks for the words of a promise to be erased."""
    one.reader.visit(f"/desk/assemblies/{ASSEMBLY}/redactions/")
    one.follow_link("Ask for an erasure")
    one.write("Whose words?", f"/commitments/{reference}/")
    one.choose("a court has ordered it")
    one.choose("who somebody is")
    one.push("See which words those are")
    one.reads("These words will be gone for ever.")
    one.push("Decide it so")
    one.heading(re.compile("Erasures"))


def see_that_one_alone_erases_nothing(one: Officer, reference: str) -> None:
    """Who asked can take it back, and nothing else."""
    one.reader.visit(f"/desk/assemblies/{ASSEMBLY}/redactions/")
    one.follow_link(f"commitment:{reference}")
    expect(one.reader.page.get_by_label("Take it back")).to_be_visible()
    expect(one.reader.page.get_by_label("Erase these words for ever")).to_have_count(0)


def agree_to_erase(one: Officer, reference: str, words: str) -> None:
    """The second convenor agrees, and the words are gone."""
    one.reader.visit(f"/desk/assemblies/{ASSEMBLY}/redactions/")
    one.follow_link(f"commitment:{reference}")
    one.reads(words)
    one.choose("Erase these words for ever")
    one.push(SEE)
    one.push("Decide it so")
    one.heading(re.compile("Erasures"))
    one.reader.visit(f"/commitments/{reference}/")
    assert words not in one.reader.page.content()


def claim_with_a_photo(one: Officer, reference: str) -> None:
    """A team says that it is done, and shows it by a photo of its own telephone."""
    one.reader.visit(f"/desk/commitments/{reference}/update/")
    one.write("What was done?", "The front desk in the town hall is open on weekdays.")
    one.choose("Done")
    one.reader.page.get_by_label("A photo or document").set_input_files(photo())
    one.write("What it shows, if you like", "The front desk")
    one.push(SEE)
    one.heading(CAN_SEE)
    one.reads(re.compile("This is a claim. The panel has"))
    one.push("Publish it")
    one.heading("My commitments")
    one.reader.visit(f"/commitments/{reference}/")
    shown = one.link("The front desk").get_attribute("href") or ""
    kept = urllib3.request("GET", one.site.base + shown, timeout=30)
    assert kept.headers["Content-Disposition"].startswith("attachment")
    picture = Image.open(io.BytesIO(kept.data))
    assert (picture.size, picture.format) == ((64, 48), "JPEG")
    assert not picture.getexif()
    assert not any(secret in kept.data for secret in (CAMERA, b"Exif", b"GPS"))


def import_a_hundred(one: Officer, name: str) -> None:
    """Rows of which seven are bad: all seven are named, nothing is written; mended, all hundred are entered."""
    path = f"/desk/import/?assembly={ASSEMBLY}"
    one.reader.visit(path)
    upload(one, rows(name, BAD))
    one.heading("The files need mending")
    one.reads("7 things are to be mended. Nothing was written.")
    told = one.reader.page.locator("tbody tr")
    expect(told).to_have_count(len(BAD))
    assert [int(line) - 1 for line in told.locator("td:nth-of-type(1)").all_inner_texts()] == sorted(BAD)
    one.follow_link("Upload the mended files")
    upload(one, rows(name, {}))
    one.heading("The files can be imported")
    one.push("Import these files")
    one.reads("The files are imported.")
    one.reads(f"{ROWS} things were entered.")


def upload(one: Officer, sheet: bytes) -> None:
    """Choose a file and have it checked."""
    payload: FilePayload = {"name": "commitments.csv", "mimeType": "text/csv", "buffer": sheet}
    one.reader.page.get_by_label("The files").set_input_files(payload)
    one.push("Check the files")


def rows(name: str, bad: Mapping[int, Mapping[str, str]]) -> bytes:
    """A hundred promises."""
    made: Iterable[dict[str, str]] = (
        {**sheets.commitment(f"{name}-{number}"), **bad.get(number, {})} for number in range(1, ROWS + 1)
    )
    return sheets.sheet("commitments", *made)


def photo() -> FilePayload:
    """A small photo that says where it was taken, when, and by which camera."""
    exif = Image.Exif()
    exif[MAKE] = CAMERA.decode()
    exif[GPS] = {1: "N", 2: (51.0, 35.0, 2.0), 3: "W", 4: (0.0, 1.0, 11.0)}
    made = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(made, "JPEG", exif=exif)
    assert CAMERA in made.getvalue()
    assert Image.open(made).getexif().get_ifd(GPS)
    return {"name": "DCIM 0001 51.58N.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}
