"""What a link to us looks like where people share it: a title, a sentence, and a picture that we draw ourselves."""

from io import BytesIO
from textwrap import wrap
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from PIL import Image, ImageDraw, ImageFont

from commitments.models import Theme
from portal import promised, wording
from portal.kept import kept
from record import clock

SIZE = (1200, 630)
EDGE = 80
PAPER, INK, SOFT, RULE = "#fbf9f4", "#1c2430", "#4b535f", "#d8d1c1"
TONES = {"done": "#0f5c55", "bad": "#9a3412", "wait": "#744f00", "calm": "#1c2430"}
LINES, LETTERS = 4, 36
"""So much of a title stands on a picture."""


def of(title: str, says: str, path: str, image: str) -> dict[str, str]:
    """What a page tells those who make a preview of it: whole addresses."""
    asked = urlencode({"url": whole(path), "format": "json"})
    return {
        "title": title,
        "description": says,
        "url": whole(path),
        "image": whole(image),
        "oembed": whole(f"/oembed?{asked}"),
    }


def whole(path: str) -> str:
    """A path of ours as an address that others can open."""
    return f"{settings.PUBLIC_URL}{path}"


@kept
def commitment_picture(request: HttpRequest, reference: str) -> HttpResponse:
    """The picture of a commitment. In English: the letters that we draw with know no others."""
    today = clock.today()
    row = promised.row_of(reference, today)
    with translation.override(settings.LANGUAGE_CODE):
        word, due = wording.standing(row["standing"]), promised.due(row, today, [])
        says = promised.in_short(row, due["late"])
        under = (
            f"{reference} · due {due['present'].said}"
            if due["present"].is_known
            else f"{reference} · no due date"
        )
    drawn = picture(row["title"], says, under, word.tone, invented=row["invented"])
    return HttpResponse(drawn, content_type="image/png")


@kept
def theme_picture(request: HttpRequest, slug: str, theme: str) -> HttpResponse:
    """The picture of a theme."""
    found = Theme.objects.filter(assembly__slug=slug, slug=theme).select_related("assembly").first()
    if found is None:
        raise Http404
    under = found.assembly.title
    drawn = picture(found.title, "Three voices, side by side", under, "done", invented=found.invented)
    return HttpResponse(drawn, content_type="image/png")


@kept
def site_picture(request: HttpRequest) -> HttpResponse:
    """The picture of all other pages."""
    title = "What neighbourhood policing promised, and what it did"
    drawn = picture(
        title, "Promise by promise", "A public record that anybody can check", "done", invented=False
    )
    return HttpResponse(drawn, content_type="image/png")


def picture(title: str, says: str, under: str, tone: str, *, invented: bool) -> bytes:
    """The picture as PNG."""
    image = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(image)
    pen.text((EDGE, 64), "Said & Done", INK, _letters(40))
    pen.line((EDGE, 132, SIZE[0] - EDGE, 132), INK, 2)
    if invented:
        pen.text(
            (SIZE[0] - EDGE, 72), "Invented, for demonstration", TONES["wait"], _letters(28), anchor="ra"
        )
    pen.multiline_text((EDGE, 176), "\n".join(lines(title)), INK, _letters(58), spacing=16)
    pen.rectangle((EDGE, 500, EDGE + 8, 566), TONES.get(tone, INK))
    pen.text((EDGE + 28, 496), says, TONES.get(tone, INK), _letters(40))
    pen.text((EDGE + 28, 546), under, SOFT, _letters(26))
    kept_as = BytesIO()
    image.save(kept_as, "PNG", optimize=True)
    return kept_as.getvalue()


def lines(title: str) -> list[str]:
    """A title in lines; a longer one says that it goes on."""
    found = wrap(title, LETTERS) or [""]
    return found if len(found) <= LINES else [*found[: LINES - 1], f"{found[LINES - 1].rstrip('.,;')} …"]


def _letters(size: int) -> Any:
    return ImageFont.load_default(size)
