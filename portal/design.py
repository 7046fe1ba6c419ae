"""The page of the design system, read from the style sheet itself, so that it cannot tell anything else."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as later

from portal import wording
from portal.kept import kept

SHEET = Path(__file__).resolve().parent / "static" / "portal" / "portal.css"
SCHEMES = {"light": later("Light"), "dark": later("Dark")}
BLOCK = re.compile(r":root\s*\{([^}]*)\}")
TOKEN = re.compile(r"--([\w-]+):\s*([^;]+);")
AA, AA_LARGE = 4.5, 3.0
ON = ("paper", "tint")
PAIRS: tuple[tuple[str, str, float], ...] = (
    *((name, on, AA) for name in ("ink", "soft", "accent", "brick", "ochre") for on in ON),
    ("on-accent", "accent", AA),
    ("ink", "accent-tint", AA),
    ("accent", "accent-tint", AA),
    ("ink", "brick-tint", AA),
    ("brick", "brick-tint", AA),
    ("ink", "ochre-tint", AA),
    ("ochre", "ochre-tint", AA),
    ("edge", "paper", AA_LARGE),
)
"""What stands on what, and the contrast that WCAG 2.2 wants of it: text 4.5, the edges of fields 3."""
SPACES = tuple(f"s{number}" for number in range(1, 9))
SIZES = ("small", "body", "lead", "h2", "h1", "figure")


class Pair(NamedTuple):
    """A colour on a ground, and how much they differ."""

    name: str
    on: str
    ratio: float
    needed: float
    is_enough: bool


@cache
def tokens() -> dict[str, dict[str, str]]:
    """The names of the sheet in each scheme."""
    light, *others = (
        dict(TOKEN.findall(block)) for block in BLOCK.findall(SHEET.read_text(encoding="utf-8"))
    )
    dark = next(one for one in others if "paper" in one)
    return {"light": light, "dark": light | dark}


@cache
def pairs(scheme: str) -> list[Pair]:
    """Every pair with its contrast."""
    known = tokens()[scheme]
    return [_pair(name, on, contrast(known[name], known[on]), needed) for name, on, needed in PAIRS]


def _pair(name: str, on: str, ratio: float, needed: float) -> Pair:
    return Pair(name, on, ratio, needed, ratio >= needed)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2.2 works it out: 1 to 21, rounded down to a tenth."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return int(10 * (lighter + 0.05) / (darker + 0.05)) / 10


def _luminance(colour: str) -> float:
    parts = (int(colour.strip()[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@kept
def design(request: HttpRequest) -> HttpResponse:
    """The design system."""
    known = tokens()["light"]
    context = {
        "schemes": [(label, pairs(scheme)) for scheme, label in SCHEMES.items()],
        "spaces": [(name, known[name]) for name in SPACES],
        "sizes": [(name, known[name]) for name in SIZES],
        "standings": wording.STANDINGS.values(),
        "findings": wording.FINDINGS.values(),
    }
    return render(request, "portal/about/design.html", context)
