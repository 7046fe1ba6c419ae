"""A JPEG without its comments, as it stands inside a PDF: the picture's own bytes stay as they are."""

from commitments.evidence.faults import Fault

START, END, SCAN, ADOBE, COMMENT = 0xD8, 0xD9, 0xDA, 0xEE, 0xFE
APPLICATIONS = range(0xE0, 0xF0)
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a segment."""


def bare(data: bytes) -> bytes:
    """Without the segments of cameras and programs, and without what follows the end.

    Of these only Adobe's stays, which says how colours are mixed, cut to the bytes that say so. Raises Fault.
    """
    if data[:2] != b"\xff\xd8":
        raise Fault("broken")
    kept, at = [b"\xff\xd8"], 2
    while True:
        at, marker = _marker(data, at)
        if marker == END:
            return b"".join([*kept, b"\xff\xd9"])
        if marker in ALONE:
            kept.append(bytes([0xFF, marker]))
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        if length < 2 or at + length > len(data):
            raise Fault("broken")
        kept.append(_segment(marker, data[at : at + length]))
        at += length
        if marker == SCAN:
            end = _end_of_scan(data, at)
            kept.append(data[at:end])
            at = end


def _marker(data: bytes, at: int) -> tuple[int, int]:
    if data[at : at + 1] != b"\xff":
        raise Fault("broken")
    while data[at : at + 1] == b"\xff":
        at += 1
    if at >= len(data):
        raise Fault("broken")
    return at + 1, data[at]


def _segment(marker: int, content: bytes) -> bytes:
    if marker == ADOBE and content[2:7] == b"Adobe":
        return b"\xff\xee\x00\x0e" + content[2:14]
    if marker in APPLICATIONS or marker == COMMENT:
        return b""
    return bytes([0xFF, marker]) + content


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next marker is; within a scan FF is followed by 00 or says that it begins anew."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise Fault("broken")
        if data[at + 1] not in (0x00, 0xFF) and data[at + 1] not in ALONE:
            return at
        at += 1 if data[at + 1] == 0xFF else 2
