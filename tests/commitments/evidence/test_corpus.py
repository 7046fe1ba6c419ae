"""What becomes of files that we made: nothing that came beside a picture or page stays, and bad ones are refused."""

import subprocess
import sys
from contextlib import suppress
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from PIL import Image

from commitments import errors
from commitments.evidence.cleaning import CHILD, Clean, clean, sentence_of
from tests.commitments.evidence import papers, pictures
from tests.commitments.evidence.pictures import CANARY, MARK

OF_THE_FORM = {
    "jfif",
    "jfif_version",
    "jfif_unit",
    "jfif_density",
    "loop",
    "timestamp",
    "background",
    "duration",
}
"""What Pillow tells of the form itself."""
NEVER = [
    MARK,
    *b"/JavaScript /Launch /URI /SubmitForm /OpenAction /XFA /Annots /EmbeddedFile /Metadata /PieceInfo".split(),
    *b"/Info /ICCBased Exif app.alert".split(),
]
GOOD = {**pictures.good(), **papers.good()}
BAD = {**pictures.bad(), **papers.bad()}


@cache
def cleaned(data: bytes) -> Clean:
    """What is kept of it: under whatever name, the same."""
    return clean(data)


def label(name: object) -> str:
    return ascii(name)[1:40]


def readable(content: bytes) -> bytes:
    """Everything that can be read in a PDF: each object as it is written, each stream as it is and unpacked."""
    pdf = pikepdf.open(BytesIO(content))
    found = [content, str(pdf.trailer.unparse(resolved=True)).encode()]
    for part in pdf.objects:
        found.append(part.unparse(resolved=True))
        if isinstance(part, pikepdf.Stream):
            found.append(part.read_raw_bytes())
            with suppress(pikepdf.PdfError):  # a JPEG is read as it is
                found.append(part.read_bytes(pikepdf.StreamDecodeLevel.generalized))
    return b"\n".join(found)


def test_the_corpus_has_fifty_files_and_names_no_program_likes() -> None:
    assert len(GOOD) + len(BAD) >= 50
    assert sum(MARK in data for data in GOOD.values()) > 20


@pytest.mark.parametrize("name", GOOD, ids=label)
def test_a_good_file_is_taken_as_what_it_is_and_nothing_stays_beside_it(name: str) -> None:
    kept = cleaned(GOOD[name])
    assert MARK not in kept.content
    assert CANARY.encode("utf-16-be") not in kept.content
    if kept.media_type == "application/pdf":
        _check_paper(kept)
    else:
        _check_picture(kept, name)


def _check_picture(kept: Clean, name: str) -> None:
    picture: Any = Image.open(BytesIO(kept.content))
    picture.load()
    assert picture.get_format_mimetype() == kept.media_type
    assert (picture.width, picture.height) == (kept.width, kept.height)
    assert not picture.getexif()
    assert getattr(picture, "n_frames", 1) == 1
    assert not set(picture.info) - OF_THE_FORM, name


def _check_paper(kept: Clean) -> None:
    said = readable(kept.content)
    for never in NEVER:
        assert never not in said, never
    assert kept.pages == len(pikepdf.open(BytesIO(kept.content)).pages)
    assert b"Two officers walk." in said
    assert b"/Helvetica" in said


def test_pictures_stand_upright_and_in_their_colours() -> None:
    kept = cleaned(GOOD["photo-with-gps.jpg"])
    picture = Image.open(BytesIO(kept.content)).convert("RGB")
    assert picture.size == (32, 48)
    top, bottom = picture.getpixel((16, 6)), picture.getpixel((16, 42))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200 > 60 > bottom[0]


def test_a_page_keeps_its_pictures_and_its_filled_fields() -> None:
    paper = pikepdf.open(BytesIO(cleaned(GOOD["pictured.pdf"]).content))
    page = paper.pages[0]
    assert sorted(page.obj.Resources.XObject.keys()) == ["/Fm", "/JS"]
    assert sorted(page.obj.Resources.Font.keys()) == ["/AA", "/F"]
    assert b"(filled)" in readable(cleaned(GOOD["filled.pdf"]).content)


@pytest.mark.parametrize("name", BAD, ids=label)
def test_a_bad_file_is_refused_with_what_to_do(name: str) -> None:
    data, code = BAD[name]
    with pytest.raises(errors.EvidenceRefused) as refused:
        clean(data)
    assert refused.value.extra["fault"] == code
    assert refused.value.detail == sentence_of(code)
    assert refused.value.detail.count(".") >= 2


def test_a_file_that_is_too_large_is_refused_unopened(settings: Any) -> None:
    settings.EVIDENCE_LARGEST = 1000
    with pytest.raises(errors.EvidenceRefused, match="larger than 0"):
        clean(b"\xff\xd8\xff" + b"\0" * 1000)


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("true", None),
        ("false", "infected"),
        ("sh -c 'exit 2'", "not_scanned"),
        ("sh -c 'kill -9 $$'", "not_scanned"),
        ("/no/such/scanner", "not_scanned"),
        ("grep -q orange", "infected"),
        ("'unclosed", "not_scanned"),
    ],
)
def test_a_scanner_that_does_not_say_clean_refuses(settings: Any, command: str, fault: str | None) -> None:
    settings.EVIDENCE_SCANNER = command
    if fault is None:
        assert clean(pictures.photo()).media_type == "image/jpeg"
        return
    with pytest.raises(errors.EvidenceRefused) as refused:
        clean(pictures.photo())
    assert refused.value.extra["fault"] == fault


def test_a_scanner_gets_none_of_our_secrets(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "a-key-of-ours")
    settings.EVIDENCE_SCANNER = "sh -c 'cat >/dev/null; test -z \"$SECRET_KEY\"'"
    assert clean(pictures.photo()).media_type == "image/jpeg"


def test_a_scanner_that_takes_too_long_refuses(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EVIDENCE_SCANNER = "sleep 60"
    monkeypatch.setattr("commitments.evidence.scanning.SECONDS", 0.1)
    with pytest.raises(errors.EvidenceRefused) as refused:
        clean(pictures.photo())
    assert refused.value.extra["fault"] == "not_scanned"


def test_the_child_can_open_nothing_once_it_reads_a_file() -> None:
    tried = "child.shut(); {}; print('opened')"
    for attempt in ("open('/proc/self/environ')", "__import__('socket').socket()"):
        words = (
            f"import sys, socket; sys.path.insert(0, {str(CHILD.parent)!r}); import child; "
            + tried.format(attempt)
        )
        done = subprocess.run(
            [sys.executable, "-I", "-c", words], capture_output=True, text=True, check=False
        )
        assert "opened" not in done.stdout
        assert "Too many open files" in done.stderr


def test_what_takes_too_long_to_unpack_kills_the_child_alone(settings: Any) -> None:
    settings.EVIDENCE_SECONDS = 1
    huge = papers.bomb()
    assert len(huge) < 100_000
    with pytest.raises(errors.EvidenceRefused) as refused:
        clean(huge)
    assert refused.value.extra["fault"] == "too_much"
