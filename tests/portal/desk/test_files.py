"""A photo as evidence at the desk: made clean as it comes in, kept through the preview, named by the update once."""

import io
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from commitments.models import Commitment, EvidenceFile
from record import clock
from tests import make
from tests.portal.desk.windows import at_desk
from tests.portal.people import Form, fill

pytestmark = pytest.mark.django_db
PATH = "/desk/commitments/AT25-C001/update/"


@pytest.fixture(autouse=True)
def _counted_anew(settings: Any, tmp_path: Any) -> Any:
    settings.DATA_DIR = tmp_path
    cache.clear()
    with clock.at(make.noon(make.TODAY)):
        yield


@pytest.fixture
def commitment() -> Commitment:
    return make.commitment(make.assembly(prefix="AT25"))


def photo() -> SimpleUploadedFile:
    """A picture that says where it was taken."""
    said = Image.Exif()
    said[0x010E] = "Qzxkanariqz Street"
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(content, "JPEG", exif=said)
    return SimpleUploadedFile("Sarah Jones.jpg", content.getvalue(), "image/jpeg")


def sent(window: Client, file: Any, **typed: str) -> Any:
    """The form with a file."""
    fields = Form(window.get(PATH).content.decode(), "body").fields
    return window.post(PATH, {**fields, "body": "It is done.", "status": "completed", **typed, "file": file})


def test_files_are_not_opened_without_end_and_what_was_typed_stays(
    commitment: Commitment, settings: Any
) -> None:
    settings.EVIDENCE_PER_ACCOUNT = "1/hour"
    window = at_desk(make.member(make.lead_team(commitment)))
    assert sent(window, photo()).status_code == 200
    again = sent(window, photo())
    assert again.status_code == 400
    assert "Send this one later" in again.content.decode()
    assert "It is done." in again.content.decode()


def test_a_claim_is_shown_by_a_photo_that_lost_what_it_told(commitment: Commitment) -> None:
    window = at_desk(make.member(make.lead_team(commitment)))
    preview = sent(window, photo())
    page = preview.content.decode()
    assert preview.status_code == 200
    assert "Photograph</a>" in page
    assert "Sarah Jones" not in page
    file = EvidenceFile.objects.get()
    path = f"/desk/evidence/{file.pk}/"
    assert path in page
    got = window.get(path)
    assert got["Content-Disposition"].startswith("attachment")
    assert b"Qzxkanariqz" not in got.content
    assert at_desk(make.member(make.team())).get(path).status_code == 404
    changed = fill(window, preview, PATH, needing="body", change="1")
    assert "sent and kept until you publish it" in changed.content.decode()
    preview = fill(window, changed, PATH, needing="body", **{"kept": str(file.pk), "file-title": "The desk"})
    answers = [fill(window, preview, PATH, needing="body", send="1") for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    shown = commitment.updates.get().evidence.get()
    assert (shown.title, shown.file.pk, EvidenceFile.objects.count()) == ("The desk", file.pk, 1)
    assert window.get(path).status_code == 404


def test_what_is_no_photo_is_refused_in_a_sentence_and_the_words_stay(commitment: Commitment) -> None:
    window = at_desk(make.member(make.lead_team(commitment)))
    answer = sent(window, SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>", "image/jpeg"))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert '<a href="#file">' in page
    assert "It is done.</textarea>" in page
    assert not EvidenceFile.objects.exists()


def test_only_ones_own_files_are_named(commitment: Commitment) -> None:
    window = at_desk(make.member(make.lead_team(commitment)))
    sent(window, photo())
    other = at_desk(make.member(make.lead_team(commitment)))
    key = str(EvidenceFile.objects.get().pk)
    answer = fill(other, other.get(PATH), PATH, needing="body", body="x", status="completed", kept=key)
    assert answer.status_code == 400
    straight = fill(
        other, other.get(PATH), PATH, needing="body", body="x", status="completed", kept=key, send="1"
    )
    assert straight.status_code == 400
    assert not commitment.updates.exists()
    assert fill(other, other.get(PATH), PATH, needing="body", kept="x").status_code == 404
