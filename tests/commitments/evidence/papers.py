"""PDFs as offices, phones and attackers make them, each with a canary wherever one can stand."""

import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from tests.commitments.evidence.pictures import CANARY, MARK, archive, photo

SAID = String(CANARY)
Change = Callable[[pikepdf.Pdf], None]


def script() -> Any:
    """An action that runs a script."""
    return Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{CANARY}')"))


def paper(*changes: Change, pages: int = 1, **saving: Any) -> bytes:
    """A PDF of some pages, changed."""
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(200, 200))
    page = pdf.pages[0].obj
    page.Contents = Stream(pdf, b"BT /F 12 Tf 20 20 Td (Two officers walk.) Tj ET")
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    # Named as keys are that never stay elsewhere: what a page calls its own things is nobody's business.
    page.Resources = Dictionary(Font=pdf.make_indirect(Dictionary({"/F": font, "/AA": font})))
    for change in changes:
        change(pdf)
    written = BytesIO()
    pdf.save(written, **saving)
    return written.getvalue()


def runs_when_opened(pdf: pikepdf.Pdf) -> None:
    """Scripts of the document, its pages and its names."""
    pdf.Root.OpenAction = script()
    pdf.Root.AA = Dictionary(WC=script())
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([SAID, script()])))
    pdf.pages[0].obj.AA = Dictionary(O=script())


def links(pdf: pikepdf.Pdf) -> None:
    """What leads elsewhere, or starts something."""
    launch = Dictionary(S=Name.Launch, F=String(CANARY))
    elsewhere = Dictionary(S=Name.URI, URI=String(f"https://{CANARY}.example/"))
    sends = Dictionary(S=Name.SubmitForm, F=SAID)
    pdf.pages[0].obj.Annots = Array(
        [
            pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action))
            for action in (launch, elsewhere, sends, script())
        ]
    )


def attached(pdf: pikepdf.Pdf) -> None:
    """A file in the file."""
    pdf.attachments[f"{CANARY}.txt"] = MARK
    pdf.Root.AF = Array([Dictionary(Type=Name.Filespec, F=SAID)])


def described(pdf: pikepdf.Pdf) -> None:
    """Who made it, when and with what."""
    pdf.docinfo["/Author"] = pdf.docinfo["/Title"] = SAID
    with pdf.open_metadata() as metadata:
        metadata["dc:creator"] = [CANARY]
    page = pdf.pages[0].obj
    page.PieceInfo = Dictionary(Program=Dictionary(LastModified=SAID, Private=SAID))
    page.Metadata = Stream(pdf, MARK)
    page.Thumb = Stream(pdf, MARK)
    pdf.trailer.ID = Array([SAID, SAID])
    pdf.Root.Lang, pdf.Root.Outlines = SAID, Dictionary(Title=SAID)


def pictured(pdf: pikepdf.Pdf) -> None:
    """A photo of a telephone within, and a drawing, with all that came with them."""
    colours = Array([Name.ICCBased, pdf.make_indirect(Stream(pdf, MARK, N=3))])
    seen = Stream(
        pdf, photo(), Type=Name.XObject, Subtype=Name.Image, Width=48, Height=32, BitsPerComponent=8
    )
    seen.Filter, seen.ColorSpace, seen.Metadata = Name.DCTDecode, colours, Stream(pdf, MARK)
    drawn = Stream(pdf, b"0 0 5 5 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    drawn["/PTEX.InfoDict"], drawn.Ref = Dictionary(Author=SAID), Dictionary(F=SAID)
    resources = pdf.pages[0].obj.Resources
    resources.XObject = Dictionary({"/JS": seen, "/Fm": drawn})
    resources.Properties = Dictionary(P0=Dictionary(ActualText=SAID))


def filled(pdf: pikepdf.Pdf) -> None:
    """A form with a filled field, whose look is drawn already, and a script for when it changes."""
    look = Stream(pdf, b"BT (filled) Tj ET", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 50, 9])
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=SAID, V=String("filled"), F=4,
            Rect=[10, 10, 60, 19], AP=Dictionary(N=look), AA=Dictionary(K=script()),
        )
    )  # fmt: skip
    pdf.pages[0].obj.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), XFA=Stream(pdf, MARK), CO=Array([field]))


def _waiting_form(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Stream(pdf, MARK))


def _portfolio(pdf: pikepdf.Pdf) -> None:
    attached(pdf)
    pdf.Root.Collection = Dictionary(Type=Name.Collection)


def _jpeg_2000(pdf: pikepdf.Pdf) -> None:
    seen = Stream(pdf, MARK, Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, Filter=Name.JPXDecode)
    pdf.pages[0].obj.Resources.XObject = Dictionary(Im=seen)


def _drawn_photo(packed: bytes, content: bytes) -> Change:
    """A photo that is written into the drawing of the page."""

    def change(pdf: pikepdf.Pdf) -> None:
        head = b"BI /W 48 /H 32 /CS /RGB /BPC 8 /F %b ID " % packed
        pdf.pages[0].obj.Contents = Stream(pdf, head + content + b"\nEI")

    return change


def bomb() -> bytes:
    """A page of four thousand million zeros, packed twice; written by hand, since a library would unpack it."""
    packing = zlib.compressobj(9)
    head = packing.compress(b"\0") + packing.flush(zlib.Z_FULL_FLUSH)
    block = packing.compress(b"\0" * 2**20) + packing.flush(zlib.Z_FULL_FLUSH)
    packed = zlib.compress(head + block * 4_000, 9)
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
        b"<< /Filter [/FlateDecode /FlateDecode] /Length %d >>\nstream\n%b\nendstream"
        % (len(packed), packed),
    ]
    written, places = b"%PDF-1.5\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 5\n0000000000 65535 f \n" + rows + b"trailer\n<< /Root 1 0 R /Size 5 >>\n"
    return written + table + b"startxref\n%d\n%%%%EOF\n" % len(written)


def good() -> dict[str, bytes]:
    """By name, all of these are taken."""
    return {
        "plain.pdf": paper(),
        "runs.pdf": paper(runs_when_opened),
        "links.pdf": paper(links),
        "attached.pdf": paper(attached),
        "described.pdf": paper(described, pages=3),
        "pictured.pdf": paper(pictured),
        "filled.pdf": paper(filled),
        "everything.jpg": paper(runs_when_opened, links, attached, described, pictured) + b"\n" + MARK,
    }


def bad() -> dict[str, tuple[bytes, str]]:
    """By name, what none is taken of, with the code of the fault."""
    whole = paper(described)
    return {
        "locked.pdf": (paper(encryption=pikepdf.Encryption(user="secret", owner="secret")), "locked"),
        "half-locked.pdf": (paper(encryption=pikepdf.Encryption(user="", owner="secret")), "locked"),
        "cut-off.pdf": (whole[: len(whole) // 2], "broken"),
        "head-alone.pdf": (b"%PDF-1.7\n", "broken"),
        "too-long.pdf": (paper(pages=201), "too_many_pages"),
        "form-for-one-program.pdf": (paper(_waiting_form), "waiting_form"),
        "portfolio.pdf": (paper(_portfolio), "portfolio"),
        "jpeg-2000.pdf": (paper(_jpeg_2000), "jpeg_2000"),
        "photo-in-drawing.pdf": (paper(_drawn_photo(b"/DCT", photo())), "hides_another"),
        "packed-photo-in-drawing.pdf": (paper(_drawn_photo(b"[/A85 /DCT]", b"~>")), "hides_another"),
        "pdf-and-zip.pdf": (whole + archive(), "hides_another"),
    }
