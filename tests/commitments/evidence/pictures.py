"""Pictures as phones, programs and attackers make them, each with a canary wherever one can stand."""

import zipfile
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

CANARY = "qzxkanariqz"
MARK = CANARY.encode()
SCRIPT = b"<script>alert('" + MARK + b"')</script>"
ORIENTATION, DESCRIPTION, GPS = 0x0112, 0x010E, 0x8825


def plain(size: tuple[int, int] = (48, 32), mode: str = "RGB") -> Image.Image:
    """Something with a left and a right side."""
    picture = Image.new("RGB", size, "navy")
    picture.paste("orange", (0, 0, size[0] // 2, size[1]))
    return picture.convert(mode)


def exif(orientation: int = 6) -> Image.Exif:
    """As a telephone writes it: which way up, what is seen, and where."""
    found = Image.Exif()
    found[ORIENTATION], found[DESCRIPTION] = orientation, CANARY
    place = found.get_ifd(GPS)
    place[1], place[2], place[3], place[4], place[29] = "N", (51.0, 35.0, 1.0), "W", (0.0, 0.0, 9.0), CANARY
    return found


def profile() -> bytes:
    """A colour profile with a canary behind it."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + MARK


def saved(picture: Image.Image, kind: str, **more: Any) -> bytes:
    """As bytes."""
    written = BytesIO()
    picture.save(written, kind, **more)
    return written.getvalue()


def photo(**more: Any) -> bytes:
    """A JPEG of a telephone."""
    return saved(
        plain(), "JPEG", exif=exif(), comment=MARK, xmp=b"<x:xmpmeta>" + MARK + b"</x:xmpmeta>", **more
    )


def png(mode: str = "RGB", **more: Any) -> bytes:
    """A PNG with every chunk of text."""
    told = PngInfo()
    told.add_text("Author", CANARY)
    told.add_text("Software", CANARY, zip=True)
    told.add_itxt("XML:com.adobe.xmp", CANARY)
    return saved(plain(mode=mode), "PNG", pnginfo=told, exif=exif(), icc_profile=profile(), **more)


def archive(name: str = "a.txt") -> bytes:
    """A ZIP."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        file.writestr(name, MARK)
    return written.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    """Of a PNG."""
    return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")


def bomb(width: int, height: int) -> bytes:
    """A PNG that says that it is so large, and is small."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


def _jpeg_bomb() -> bytes:
    data = saved(plain(), "JPEG")
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + b"\xff\xdc\xff\xdc" + data[at + 4 :]


def good() -> dict[str, bytes]:
    """By name, all of these are taken."""
    frames = [plain(), plain(mode="L").convert("RGB")]
    return {
        "photo-with-gps.jpg": photo(),
        "photo-with-a-profile.jpg": photo(icc_profile=profile()),
        "grey-photo.jpg": saved(plain(mode="L"), "JPEG", exif=exif(3)),
        "printers-colours.jpg": saved(plain(mode="CMYK"), "JPEG", exif=exif(1), comment=MARK),
        "progressive.jpg": photo(progressive=True),
        "photo-with-what-phones-append.jpg": photo() + b"\x00\x00SEFH" + MARK + b"\x00" * 40,
        "with-text.png": png(),
        "see-through.png": png("RGBA"),
        "palette.png": png("P"),
        "black-and-white.png": png("1"),
        "sixteen-bits.png": saved(Image.new("I;16", (8, 8), 40_000), "PNG", exif=exif()),
        "moving.png": saved(frames[0], "PNG", save_all=True, append_images=frames[1:], comment=CANARY) + MARK,
        "photo.webp": saved(plain(), "WEBP", exif=exif(), xmp=MARK, icc_profile=profile()),
        "moving.webp": saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], xmp=MARK),
        "wrong-ending.pdf": photo(),
        "a-png-called.jpg": png(),
        "no ending at all": photo(),
        "../../../etc/passwd": photo(),
        "<img src=x onerror=alert(1)>.jpg": photo(),
        'quote".jpg\r\nSet-Cookie: a=b': photo(),
        "turned-\u202egpj.exe": photo(),
        "null\x00byte.jpg": photo(),
        "n" * 4000 + ".jpg": photo(),
    }


def bad() -> dict[str, tuple[bytes, str]]:
    """By name, what none is taken of, with the code of the fault."""
    whole, head = photo(), b"\x00\x00\x00\x18ftyp"
    svg = (
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">'
        + SCRIPT
        + b"</svg>"
    )
    office = archive("[Content_Types].xml")
    return {
        "empty.jpg": (b"", "empty"),
        "drawing.svg": (svg, "svg"),
        "drawing.png": (svg, "svg"),
        "page.html": (b"<!DOCTYPE html><html>" + SCRIPT, "html"),
        "page.jpg": (b"\xef\xbb\xbf  <script>alert(1)</script>", "html"),
        "page-in-two-bytes.html": ("<html>".encode("utf-16") + SCRIPT, "html"),
        "moving.gif": (saved(plain(), "GIF"), "gif"),
        "gif-and-script.gif": (
            b"GIF89a/*" + saved(plain(), "GIF")[8:] + b"*/=1;alert('" + MARK + b"')",
            "gif",
        ),
        "photo.heic": (head + b"heic\x00\x00\x00\x00mif1heic", "heic"),
        "photo.jpg": (head + b"mif1\x00\x00\x00\x00mif1heic", "heic"),
        "photo.avif": (head + b"avif\x00\x00\x00\x00mif1avif", "other_picture"),
        "scan.tiff": (saved(plain(), "TIFF"), "other_picture"),
        "picture.bmp": (saved(plain(), "BMP"), "other_picture"),
        "film.mp4": (head + b"isom\x00\x00\x02\x00isomiso2", "film"),
        "files.zip": (archive(), "archive"),
        "letter.docx": (office, "office"),
        "old-letter.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "office"),
        "program.exe": (b"MZ\x90\x00" + b"\0" * 200, "program"),
        "program.jpg": (b"\x7fELF\x02\x01\x01" + b"\0" * 200, "program"),
        "script.png": (b"#!/bin/sh\ntouch /tmp/" + MARK, "program"),
        "notes.txt": (b"Two officers walked.\n", "text"),
        "noise.jpg": (bytes(range(128, 256)) * 8, "unknown"),
        "photo-and-zip.jpg": (whole + archive(), "hides_another"),
        "photo-and-jar.png": (png() + archive("META-INF/MANIFEST.MF"), "hides_another"),
        "photo-and-page.jpg": (saved(plain(), "JPEG", comment=b"*/" + SCRIPT), "hides_another"),
        "photo-and-php.png": (png() + b"<?php system($_GET['c']); ?>", "hides_another"),
        "photo-and-pdf.jpg": (whole + b"%PDF-1.7\n" + MARK, "hides_another"),
        "pdf-behind-something.pdf": (b"x" * 40 + b"%PDF-1.7\n" + MARK, "hides_another"),
        "cut-off.jpg": (whole[: len(whole) // 2], "broken"),
        "cut-off.png": (png()[:-40], "broken"),
        "head-alone.webp": (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "broken"),
        "bomb.png": (bomb(60_000, 60_000), "too_many_pixels"),
        "bomb.jpg": (_jpeg_bomb(), "too_many_pixels"),
    }
