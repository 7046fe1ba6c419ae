"""The convenor imports spreadsheets: all faults at once, nothing until they are mended, then what was checked."""

import csv
import io
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.actions import grant_role
from accounts.models import Role, User
from commitments.importing.columns import BY_NAME
from commitments.models import Commitment
from portal.desk import importing, waiting_uploads
from portal.models import WaitingImport
from record import clock
from record.models import Head
from tests import make, sheets
from tests.portal.desk.windows import at_desk
from tests.portal.people import Form, fill

pytestmark = pytest.mark.django_db
PATH = "/desk/import/"
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
"""Of a hundred rows the seven that are bad, and what they say wrongly."""


@pytest.fixture
def convenor() -> User:
    """A convenor of an assembly that is there."""
    return make.convenor(make.assembly().slug)


def rows(bad: Mapping[int, Mapping[str, str]]) -> bytes:
    """A hundred promises."""
    made = ({**sheets.commitment(f"promise-{n}"), **bad.get(n, {})} for n in range(1, ROWS + 1))
    return sheets.sheet("commitments", *made)


def upload(client: Client, *files: tuple[str, bytes], **typed: str) -> Any:
    """Send files by the form."""
    fields = Form(client.get(PATH).content.decode(), "reason").fields
    sent = {**fields, "assembly": make.SLUG, "files": [SimpleUploadedFile(*one) for one in files], **typed}
    return client.post(PATH, sent)


def to_mend(client: Client, page: str) -> list[dict[str, str]]:
    """The list of faults, as it is taken away."""
    answer = client.get(f"{page}to-mend.csv")
    assert "attachment" in answer["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_seven_bad_rows_of_a_hundred_are_all_named_mended_and_imported(convenor: User) -> None:
    client, before = at_desk(convenor), Head.objects.get().position
    page = upload(client, ("commitments.csv", rows(BAD)))["Location"]
    shown = client.get(page)
    assert (shown.status_code, shown["Cache-Control"]) == (200, "private, no-store")
    assert "7 things are to be mended" in shown.content.decode()
    found = to_mend(client, page)
    assert [int(one["line"]) - 1 for one in found] == list(BAD)
    assert all(one["what would mend it"] and one["file"] == "commitments.csv" for one in found)
    assert Head.objects.get().position == before
    # Mended, and uploaded again.
    page = upload(client, ("commitments.csv", rows({})))["Location"]
    shown = client.get(page)
    assert Head.objects.get().position == before
    done = fill(client, shown, page, needing="digest")
    assert "The files are imported." in client.get(done["Location"]).content.decode()
    assert Commitment.objects.count() == ROWS
    assert Head.objects.get().position == before + ROWS
    assert WaitingImport.objects.count() == 1, "the one with faults waits for its hour"
    # Pressed twice: done once.
    again = fill(client, shown, page, needing="digest")
    assert again["Location"] == done["Location"]
    assert Commitment.objects.count() == ROWS


def test_what_was_checked_is_imported_and_nothing_else(convenor: User) -> None:
    client = at_desk(convenor)
    good = sheets.sheet("commitments", sheets.commitment("one"))
    page = upload(client, ("commitments.csv", good))["Location"]
    shown = client.get(page)
    kept = WaitingImport.objects.get()
    with_other = fill(client, shown, page, needing="digest", digest="0" * 64)
    assert with_other.status_code == 409
    WaitingImport.objects.update(content=waiting_uploads._packed({"commitments.csv": rows({})}))
    assert fill(client, shown, page, needing="digest").status_code == 409
    assert not Commitment.objects.exists()
    # Another convenor's upload is nobody else's; after an hour it is gone.
    assert at_desk(make.convenor()).get(page).status_code == 410
    with clock.at(kept.created_at + timedelta(minutes=61)):
        assert client.get(page).status_code == 410
        assert waiting_uploads.purge() == 1


def test_what_the_record_refuses_by_now_is_said_and_nothing_is_written(convenor: User) -> None:
    client = at_desk(convenor)
    page = upload(client, ("commitments.csv", sheets.sheet("commitments", sheets.commitment("one"))))[
        "Location"
    ]
    shown = client.get(page)
    changed = sheets.sheet("commitments", sheets.commitment("one", title="Otherwise"))
    first = upload(client, ("commitments.csv", changed))["Location"]
    fill(client, client.get(first), first, needing="digest")
    answer = fill(client, shown, page, needing="digest")
    assert answer.status_code == 409
    assert "The record went on since you had them checked." in answer.content.decode()
    assert Commitment.objects.get().title == "Otherwise"


@pytest.mark.parametrize(
    "said",
    ["nothing", "large", "many", "twice", "bomb", "other assembly", "workbook", "other file", "number"],
)
def test_what_cannot_be_taken_is_refused_in_words_and_what_was_typed_stays(
    said: str, convenor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, small = at_desk(convenor), ("a.csv", b"x")
    monkeypatch.setattr(importing, "MOST_BYTES", 20_000)
    monkeypatch.setattr(importing, "MOST_UNPACKED", 1000)
    bomb = waiting_uploads._packed({"commitments.csv": b"0" * 100_000})
    files, words = {
        "nothing": ((), "Choose one file or several"),
        "large": ((("a.csv", b"x" * 20_001),), "larger than 2 MB"),
        "many": (tuple((f"{n}.csv", b"x") for n in range(21)), "These are 21 files"),
        "twice": ((small, ("folder/a.csv", b"y")), "Two of the files have the name a.csv"),
        "bomb": ((("a.zip", bomb),), "more than 10 MB"),
        "other assembly": ((small,), "Choose the assembly"),
        "workbook": ((("a.csv", b"PK\x03\x04"),), "It is a workbook and no CSV"),
        "number": ((("a.json", b"9" * 5000),), "a number that is far too long"),
        "other file": ((("a.exe", b"MZ"),), "It is no CSV"),
    }[said]
    typed = {"assembly": "other-2026"} if said == "other assembly" else {}
    answer = upload(client, *files, reason="The clerk's slip.", **typed)
    if answer.status_code == 302:
        answer = client.get(answer["Location"])
    else:
        assert answer.status_code == 400
        assert "The clerk&#x27;s slip." in answer.content.decode()
    assert words in answer.content.decode()


def test_only_a_convenor_of_the_assembly_imports(convenor: User) -> None:
    for who in (make.panel(), make.responder(make.organisation()), make.member(make.team())):
        client = at_desk(who)
        assert client.get(PATH).status_code == 403
        assert client.get(f"{PATH}sheets/commitments.csv").status_code == 403
    assert Client().get(PATH)["Location"].startswith("/desk/sign-in/")
    # A file that says another assembly is refused in its own sentence.
    make.assembly("other-2026")
    whole = {"assembly.csv": sheets.base()["assembly.csv"].replace(make.SLUG.encode(), b"other-2026")}
    client = at_desk(convenor)
    answer = client.get(upload(client, *whole.items())["Location"])
    assert "The files hold the assembly other-2026" in answer.content.decode()


def test_a_json_of_another_assembly_that_one_convenes_is_refused_all_the_same(convenor: User) -> None:
    make.assembly("other-2026")
    grant_role(convenor, Role.CONVENOR, assembly="other-2026")
    client = at_desk(convenor)
    content = json.dumps({"assembly": {"slug": "other-2026"}}).encode()
    for name, sent in (
        ("record.json", content),
        ("a.zip", waiting_uploads._packed({"record.json": content})),
    ):
        page = upload(client, (name, sent))["Location"]
        words = to_mend(client, page)[0]["what would mend it"]
        assert words.startswith("The file holds the assembly other-2026"), name


def test_a_json_and_each_empty_sheet_are_taken(convenor: User) -> None:
    client = at_desk(convenor)
    page = upload(client, ("record.json", json.dumps({"format": "other"}).encode()))["Location"]
    assert "to be mended" in client.get(page).content.decode()
    assert to_mend(client, page)[0]["file"] == ""
    links = re.findall(r'href="(/desk/import/sheets/[a-z]+\.csv)"', client.get(PATH).content.decode())
    assert len(links) == len(BY_NAME)
    for link in links:
        header = client.get(link).content.decode("utf-8-sig").strip().split(",")
        assert header == BY_NAME[link.rpartition("/")[2][:-4]].names()
    assert client.get("/desk/import/sheets/none.csv").status_code == 404


def test_the_list_of_faults_runs_nothing_in_a_spreadsheet(convenor: User) -> None:
    client = at_desk(convenor)
    page = upload(client, ("=cmd.csv", b"=SUM(1),b\n1,2\n"))["Location"]
    for row in to_mend(client, page):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())
