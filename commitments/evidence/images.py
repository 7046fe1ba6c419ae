"""Pictures drawn anew: what is seen stays, and nothing else. Runs in the bounded child alone."""

from contextlib import suppress
from importlib import import_module
from io import BytesIO

from PIL import Image, ImageCms, ImageOps

from commitments.evidence.faults import Fault
from commitments.evidence.kinds import JPEG, PNG, WEBP

NAMES = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
DRAWN_AS = {JPEG: ("L", "RGB"), PNG: ("1", "L", "LA", "RGB", "RGBA"), WEBP: ("RGB", "RGBA")}
"""The modes in which each kind is kept."""
SAVED = {
    JPEG: {"quality": 90},
    PNG: {},
    WEBP: {"quality": 90, "method": 4},
}
SIXTEEN_BITS = ("I", "I;16", "I;16B", "I;16L", "I;16N")
# All that Pillow loads later by itself: the child can open no file then.
Image.preinit()
PARTS_OF_PILLOW = [import_module(f"PIL.{name}ImagePlugin") for name in ("Mpo", "Tiff", "WebP")]


def cleaned(data: bytes, kind: str, most_pixels: int) -> tuple[bytes, dict[str, int]]:
    """The same picture, upright and in plain colours, without anything beside it; its width and height.

    Of several frames the first. Raises Fault, or whatever Pillow raises for what it cannot read.
    """
    Image.MAX_IMAGE_PIXELS = None  # the size that it says is looked at here, before anything is unpacked
    picture: Image.Image = Image.open(BytesIO(data), formats=[NAMES[kind]])
    if picture.width * picture.height > most_pixels:
        raise Fault("too_many_pixels")
    picture.load()
    picture = _upright(picture)
    picture = _in_plain_colours(picture)
    picture = _drawn_as(picture, kind)
    # Made from its pixels alone, so that nothing that came with them can go along.
    picture = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    written = BytesIO()
    picture.save(written, NAMES[kind], **SAVED[kind])
    return written.getvalue(), {"width": picture.width, "height": picture.height}


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as the camera says; a camera that says nonsense turns nothing."""
    with suppress(SyntaxError, ValueError, TypeError, KeyError, OSError):
        return ImageOps.exif_transpose(picture)
    return picture


def _in_plain_colours(picture: Image.Image) -> Image.Image:
    """As its colour profile means it, in sRGB, since the profile does not stay."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK"):
        return picture
    mode = "RGB" if picture.mode == "CMYK" else picture.mode
    with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
        source, plain = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, source, plain, outputMode=mode) or picture
    return picture


def _drawn_as(picture: Image.Image, kind: str) -> Image.Image:
    if picture.mode in SIXTEEN_BITS:
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode in DRAWN_AS[kind]:
        return picture
    see_through = picture.mode in ("PA", "La", "LA", "RGBa", "RGBA") or "transparency" in picture.info
    return picture.convert("RGBA" if see_through and kind != JPEG else "RGB")
