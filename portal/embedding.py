"""A commitment or a theme on other people's pages: a badge, a card in a frame, and oEmbed, which offers the card.

The cards are the only pages of ours that others may frame: nothing can be pressed on them but links out of the frame.
"""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_exempt

from commitments import summaries
from commitments.choices import Standing
from commitments.models import Theme
from portal import promised, wording
from portal.kept import kept
from record import clock

Row = dict[str, Any]
View = Callable[..., HttpResponseBase]
WIDTH, HEIGHT = 480, 320
NARROWEST, LOWEST, LONGEST_ADDRESS = 260, 200, 2000
CHARACTER, PADDING, SHORTEST = 7, 10, 40
"""Of a badge: how wide a character is at most, the room at each end, and how short a title is cut."""


class Seen(NamedTuple):
    """What a badge or card says of something."""

    name: str
    title: str
    says: str
    tone: str
    symbol: str
    page: str
    invented: bool


def commitment_seen(reference: str) -> tuple[Seen, Row]:
    """A commitment in few words, and its row. One query. Raises Http404."""
    today = clock.today()
    row = promised.row_of(reference, today)
    word, late = wording.standing(row["standing"]), promised.due(row, today, [])["late"]
    says = promised.in_short(row, late)
    page = reverse("commitment", args=[reference])
    return Seen(reference, row["title"], says, word.tone, word.symbol, page, row["invented"]), row


def theme_seen(slug: str, theme: str) -> tuple[Seen, Row]:
    """A theme in few words, and what is counted under it. Raises Http404."""
    found = Theme.objects.filter(assembly__slug=slug, slug=theme).select_related("assembly").first()
    if found is None:
        raise Http404
    counted = summaries.of_themes([found.pk], clock.today())[found.pk]
    total, verified = counted["commitments"], counted["standings"][Standing.VERIFIED]
    says = ngettext(
        "%(done)d of %(all)d promise verified", "%(done)d of %(all)d promises verified", total
    ) % {
        "done": verified,
        "all": total,
    }
    page = f"/assemblies/{slug}/themes/{theme}/"
    return Seen(found.title, found.title, says, "calm", "", page, found.invented), counted


def _badge(request: HttpRequest, seen: Seen) -> HttpResponse:
    """Name and state as an image: for `<img>`, where nothing else of ours may come along."""
    name = seen.name if len(seen.name) <= SHORTEST else f"{seen.name[: SHORTEST - 1]}…"
    says = f"{seen.symbol} {seen.says}".strip()
    left, right = (CHARACTER * len(text) + 2 * PADDING for text in (name, says))
    context = {"seen": seen, "name": name, "says": says, "left": left, "right": right, "wide": left + right}
    context |= {"middle": left + right // 2, "start": left // 2}
    return render(request, "portal/cards/badge.svg", context, content_type="image/svg+xml; charset=utf-8")


@kept
def commitment_badge(request: HttpRequest, reference: str) -> HttpResponse:
    """A commitment's badge."""
    return _badge(request, commitment_seen(reference)[0])


@kept
def theme_badge(request: HttpRequest, slug: str, theme: str) -> HttpResponse:
    """A theme's badge."""
    return _badge(request, theme_seen(slug, theme)[0])


def framed(view: View) -> View:
    """A page that others may show in a frame of theirs."""
    return xframe_options_exempt(csp_replace({"frame-ancestors": ["*"]})(view))


@framed
@kept
def commitment_card(request: HttpRequest, reference: str) -> HttpResponse:
    """A commitment's card."""
    seen, row = commitment_seen(reference)
    today = clock.today()
    due = promised.due(row, today, promised.moves(row["id"]))
    context = {"seen": seen, "it": row, "due": due, "standing": wording.standing(row["standing"])}
    lead = promised.owners(row["id"])["lead"]
    return render(request, "portal/cards/commitment.html", context | {"lead": lead})


@framed
@kept
def theme_card(request: HttpRequest, slug: str, theme: str) -> HttpResponse:
    """A theme's card."""
    seen, counted = theme_seen(slug, theme)
    named = [(wording.standing(name), n) for name, n in counted["standings"].items() if n]
    return render(request, "portal/cards/theme.html", {"seen": seen, "counted": counted, "named": named})


@kept
def oembed(request: HttpRequest) -> HttpResponse:
    """What a page of ours looks like on another: asked by its address, answered in JSON (oembed.com)."""
    if request.GET.get("format", "json") != "json":
        return JsonResponse({"error": "Only format=json is spoken here."}, status=501)
    seen, card = _asked(request.GET.get("url", ""))
    wide = _within(request.GET.get("maxwidth"), NARROWEST, WIDTH)
    high = _within(request.GET.get("maxheight"), LOWEST, HEIGHT)
    frame = format_html(
        '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy" frameborder="0"></iframe>',
        f"{settings.PUBLIC_URL}{card}",
        wide,
        high,
        seen.title,
    )
    return JsonResponse(
        {
            "version": "1.0",
            "type": "rich",
            "title": seen.title,
            "author_name": _("Said & Done"),
            "provider_name": "Said & Done",
            "provider_url": f"{settings.PUBLIC_URL}/",
            "cache_age": 0,
            "html": frame,
            "width": wide,
            "height": high,
        }
    )


def _asked(address: str) -> tuple[Seen, str]:
    """What one of our own addresses shows, and the path of its card. Raises Http404 for any other address."""
    parts, own = urlsplit(address[:LONGEST_ADDRESS]), urlsplit(settings.PUBLIC_URL)
    if (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
        raise Http404
    try:
        found = resolve(parts.path)
    except Resolver404:
        raise Http404 from None
    if found.url_name == "commitment":
        return commitment_seen(**found.kwargs)[0], reverse("commitment_card", kwargs=found.kwargs)
    if found.url_name == "theme":
        return theme_seen(**found.kwargs)[0], reverse("theme_card", kwargs=found.kwargs)
    raise Http404


def _within(text: str | None, least: int, most: int) -> int:
    """A size that was asked for, as far as a card can be made so."""
    asked = int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else most
    return min(max(asked, least), most)
