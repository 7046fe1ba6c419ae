"""PDFs saved anew: pages as they are seen, and nothing that acts, is attached or tells of who made them.

Only pages are carried over, each with what it needs to be drawn. What stands upon them (filled fields, stamps, marks)
is drawn into them first. Runs in the bounded child alone.
"""

import re
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from commitments.evidence import jpegs
from commitments.evidence.faults import Fault


def _named(keys: str) -> frozenset[str]:
    return frozenset(f"/{key}" for key in keys.split())


OF_A_PAGE = _named(
    "Type Parent Resources Contents MediaBox CropBox BleedBox TrimBox ArtBox Rotate UserUnit Group"
)
OF_A_STREAM = _named("Length Filter DecodeParms")
OF_A_FORM = OF_A_STREAM | _named("Type Subtype FormType BBox Matrix Resources Group")
OF_AN_IMAGE = OF_A_STREAM | _named(
    "Type Subtype Width Height ColorSpace BitsPerComponent Intent ImageMask Mask Decode Interpolate SMask "
    "SMaskInData Matte"
)
OF_RESOURCES = _named("ExtGState ColorSpace Pattern Shading XObject Font ProcSet Properties")
NEVER = _named(
    "AA AF Annots EF ID JS LastModified Metadata OC OPI OpenAction PieceInfo Ref StructParent StructParents Thumb XFA"
)
"""Keys that go wherever they stand, but for the names that a page gives its own fonts and pictures."""
ELSEWHERE = _named("F FDecodeParms FFilter")
"""By these a stream says that its content is in another file."""
TELLS = re.compile(
    rb"Exif\x00\x00|http://ns\.adobe\.com/xap/|Photoshop 3\.0\x00|/F(ilter)?\s*\[[^\]]{0,80}/DCT"
)
"""What a photo tells beside its picture, where it stands within the drawing of a page; or that it is packed there."""
DEVICES = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}


def cleaned(data: bytes, most_pages: int, most_parts: int) -> tuple[bytes, dict[str, int]]:
    """The same pages without anything beside them, and how many.

    Raises Fault, or whatever pikepdf raises for what is broken.
    """
    old = _opened(data)
    pages = _check(old, most_pages, most_parts)
    if "/AcroForm" in old.Root:
        old.generate_appearance_streams()
    old.flatten_annotations("screen")
    for page in old.pages:
        _keep_only(page.obj, OF_A_PAGE)
    new = pikepdf.new()
    new.pages.extend(old.pages)
    for part in new.objects:
        if isinstance(part, Dictionary | Stream) and "/Resources" in part:
            part.Resources = _own_resources(part.Resources)
    for part in new.objects:
        if isinstance(part, Array | Dictionary | Stream):
            _clean(part)
    written = BytesIO()
    new.save(
        written,
        deterministic_id=True,
        compress_streams=True,
        recompress_flate=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return written.getvalue(), {"pages": pages}


def _opened(data: bytes) -> pikepdf.Pdf:
    try:
        return pikepdf.open(BytesIO(data), attempt_recovery=False)
    except pikepdf.PasswordError:
        raise Fault("locked") from None
    except RuntimeError as error:
        # What is locked without a password asks for random numbers, and so for a file, which the child cannot open.
        raise Fault("locked" if b"/Encrypt" in data else "broken") from error


def _check(pdf: pikepdf.Pdf, most_pages: int, most_parts: int) -> int:
    if pdf.is_encrypted:
        raise Fault("locked")
    if len(pdf.objects) > most_parts:
        raise Fault("too_many_parts")
    if "/Collection" in pdf.Root:
        raise Fault("portfolio")
    form = pdf.Root.get("/AcroForm")
    if bool(pdf.Root.get("/NeedsRendering", False)) or _is_drawn_elsewhere(form):
        raise Fault("waiting_form")
    pages = len(pdf.pages)
    if not pages:
        raise Fault("broken")
    if pages > most_pages:
        raise Fault("too_many_pages")
    return pages


def _is_drawn_elsewhere(form: Any) -> bool:
    """Whether a form has fields that its pages do not show."""
    return isinstance(form, Dictionary) and "/XFA" in form and not len(form.get("/Fields", []))


def _keep_only(thing: Any, keys: frozenset[str]) -> None:
    for key in set(thing.keys()) - keys:
        del thing[key]


def _own_resources(resources: Any) -> Any:
    """What a page or drawing calls its fonts and pictures, as parts of its own: their names may be any."""
    if not isinstance(resources, Dictionary):
        raise Fault("broken")
    _keep_only(resources, OF_RESOURCES)
    found = {}
    for kind, named in resources.items():
        found[kind] = Dictionary(dict(named.items())) if isinstance(named, Dictionary) else named
    if "/Properties" in found:
        found["/Properties"] = Dictionary({name: Dictionary() for name in list(found["/Properties"].keys())})
    return Dictionary(found)


def _clean(thing: Any, *, is_names: bool = False) -> None:
    """Clean one thing and all that is a direct part of it; what it only refers to comes by itself."""
    if isinstance(thing, Stream):
        _check_drawing(thing)
        _clean_stream(thing)
    if not is_names and not isinstance(thing, Array):
        for key in NEVER & set(thing.keys()):
            del thing[key]
    for place in _places(thing):
        value = thing[place]
        device = _device(value)
        if device is not None:
            thing[place] = device
        elif isinstance(value, Array | Dictionary) and not value.is_indirect:
            _clean_part(str(place), value)


def _clean_part(place: str, part: Any) -> None:
    if place != "/Resources":
        _clean(part)
        return
    for kind in list(part.keys()):
        if isinstance(part[kind], Dictionary):
            _clean(part[kind], is_names=True)


def _places(thing: Any) -> list[Any]:
    if isinstance(thing, Array):
        return list(range(len(thing)))
    return [key for key in list(thing.keys()) if key != "/Parent"]


def _check_drawing(stream: Any) -> None:
    """Refuse a photo that is no part of its own, and so cannot be made bare, where it says more than it shows."""
    if stream.get("/Subtype") == Name.Image:
        return
    try:
        drawn = stream.read_bytes()
    except pikepdf.PdfError:
        drawn = stream.read_raw_bytes()
    if TELLS.search(drawn):
        raise Fault("hides_another")


def _clean_stream(stream: Any) -> None:
    for key in ELSEWHERE & set(stream.keys()):
        del stream[key]
    kind = stream.get("/Subtype")
    if kind in (Name.Form, Name.Image):
        _keep_only(stream, OF_A_FORM if kind == Name.Form else OF_AN_IMAGE)
    filters = _filters(stream)
    if "/JPXDecode" in filters:
        raise Fault("jpeg_2000")
    if filters == ["/DCTDecode"]:
        stream.write(
            jpegs.bare(stream.read_raw_bytes()),
            filter=Name.DCTDecode,
            decode_parms=stream.get("/DecodeParms"),
        )
    elif "/DCTDecode" in filters:
        stream.write(stream.read_bytes(pikepdf.StreamDecodeLevel.all))


def _filters(stream: Any) -> list[str]:
    said = stream.get("/Filter", [])
    return [str(one) for one in said] if isinstance(said, Array) else [str(said)] if said else []


def _device(value: Any) -> Any:
    """The plain colours that stand in for a colour profile; None for everything else."""
    if not (isinstance(value, Array) and len(value) == 2 and value[0] == Name.ICCBased):
        return None
    profile = value[1]
    other = profile.get("/Alternate")
    if isinstance(other, Array) and other[0] != Name.ICCBased:
        return other
    return DEVICES.get(int(profile.get("/N", 0)), Name.DeviceRGB)
