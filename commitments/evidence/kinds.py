"""What a file is, by its bytes alone: its name and what the sender calls it are never asked."""

import re
import zipfile
from io import BytesIO

from commitments.evidence.faults import Fault

JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"
EXTENSIONS = {JPEG: "jpg", PNG: "png", WEBP: "webp", PDF: "pdf"}
"""All that is taken, with the ending that a download of it has."""

BEGINNINGS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"(MZ|\x7fELF|\xca\xfe\xba\xbe|[\xce\xcf]\xfa\xed\xfe|\xfe\xed\xfa[\xce\xcf]|#!)"), "program"),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|\{\\rtf"), "office"),
    (re.compile(rb"(7z\xbc\xaf'\x1c|Rar!\x1a\x07|\x1f\x8b|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd)"), "archive"),
    (re.compile(rb".{4}ftyp(hei|hev|mif1|msf1)", re.DOTALL), "heic"),
    (re.compile(rb".{4}ftypavi[fs]", re.DOTALL), "other_picture"),
    (re.compile(rb".{4}(ftyp|moov|mdat)", re.DOTALL), "film"),
    (re.compile(rb"(RIFF.{4}(AVI |WAVE)|OggS|ID3|\x1aE\xdf\xa3|\xff[\xfb\xf3\xf2])", re.DOTALL), "film"),
    (re.compile(rb"(BM.{4}\x00\x00|II\*\x00|MM\x00\*|\x00\x00\x01\x00|8BPS|\xff\x0a|\x00\x00\x00\x0cJXL)", re.DOTALL),
     "other_picture"),
)  # fmt: skip
"""How files begin that are told apart only so that the refusal can say what to do."""
HTML = re.compile(rb"<(!doctype\s+html|html|head|body|script|iframe|meta|a\s|img\s|div|p>)", re.IGNORECASE)
SVG = re.compile(rb"<(!doctype\s+)?svg[\s>]", re.IGNORECASE)
HIDDEN = re.compile(
    rb"<script|<html|<svg[\s>]|<!doctype|<\?php|%PDF-1|7z\xbc\xaf'\x1c|Rar!\x1a\x07|\x7fELF[\x01\x02][\x01\x02]\x01",
    re.IGNORECASE,
)
"""What no camera writes into a picture. Each is so long that pixels hardly ever say it by chance."""
LOOKED_AT = 4096


def media_type(data: bytes) -> str:
    """Which of the kinds that are taken this is. Raises Fault for everything else, and for two files in one."""
    if not data:
        raise Fault("empty")
    found = _taken(data)
    if found is None:
        raise Fault(_other(data))
    if _hides(data, found):
        raise Fault("hides_another")
    return found


def _taken(data: bytes) -> str | None:
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return WEBP
    return PDF if data.startswith(b"%PDF-") else None


def _hides(data: bytes, kind: str) -> bool:
    """Whether another program would take this for an archive, a page or a document."""
    if zipfile.is_zipfile(BytesIO(data)):
        return True
    return kind != PDF and HIDDEN.search(data) is not None


def _other(data: bytes) -> str:
    """What it is instead, as far as that helps whoever sent it."""
    for beginning, code in BEGINNINGS:
        if beginning.match(data):
            return code
    if data.startswith(b"PK"):
        return "office" if b"[Content_Types].xml" in data or b"mimetypeapplication/vnd" in data else "archive"
    return _written(data[:LOOKED_AT])


def _written(beginning: bytes) -> str:
    """What kind of text it is; the unknown where it is none."""
    beginning = beginning.replace(b"\x00", b"")  # UTF-16, as far as this matters
    if SVG.search(beginning):
        return "svg"
    if HTML.search(beginning):
        return "html"
    if b"%PDF-" in beginning:
        return "hides_another"
    try:
        beginning.decode("utf-8")
    except UnicodeDecodeError as error:
        return "text" if error.start > LOOKED_AT - 8 else "unknown"
    return "text"
