"""Pages about the site itself: figures, privacy, licence, accessibility, rules; documents as they are written."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import nh3
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from markdown_it import MarkdownIt

from portal.kept import kept

TAGS = {
    *("h2", "h3", "h4", "p", "ul", "ol", "li", "a", "em", "strong", "code", "pre", "blockquote", "hr", "br"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ELSEWHERE = re.compile(r'<a href="(?!https?://|#)[^"]*"[^>]*>(.*?)</a>', re.DOTALL)
"""Links between files of the project: they lead nowhere from a page."""
OWN = re.compile(r"\A# .*\n")
HEADING = re.compile(r"<(/?)h([123])\b")


@kept
def method(request: HttpRequest) -> HttpResponse:
    """How figures are made."""
    return _page(request, "method", "docs/method.md")


@kept
def privacy(request: HttpRequest) -> HttpResponse:
    """What is known about people."""
    return _page(request, "privacy", "docs/privacy.md")


@kept
def rating_rules(request: HttpRequest) -> HttpResponse:
    """When ratings are set aside, and who may."""
    return _page(request, "rating_rules", "docs/ratings-rules.md")


@kept
def licence(request: HttpRequest) -> HttpResponse:
    """What may be done with the words, the data and the program."""
    return render(request, "portal/about/licence.html", {"text": _text("LICENCE")})


@kept
def accessibility(request: HttpRequest) -> HttpResponse:
    """How this is made so that everybody can use it, and whom to tell where it fails."""
    return render(request, "portal/about/accessibility.html")


def _page(request: HttpRequest, name: str, file: str) -> HttpResponse:
    return render(request, f"portal/about/{name}.html", {"document": document(file)})


@cache
def document(name: str) -> str:
    """A document of ours as HTML without its title; "" where it did not come along."""
    source = OWN.sub("", _text(name))
    html = MarkdownIt("commonmark").enable("table").render(source)
    html = nh3.clean(HEADING.sub(_lower, html), tags=TAGS, attributes={"a": {"href"}}, link_rel="nofollow")
    return (
        ELSEWHERE.sub(r"\1", html)
        .replace("<table>", '<div class="scroll" tabindex="0"><table>')
        .replace("</table>", "</table></div>")
        .replace("<pre>", '<pre tabindex="0">')
    )


def _lower(found: re.Match[str]) -> str:
    return f"<{found[1]}h{max(2, int(found[2]))}"


def _text(name: str) -> str:
    file: Any = Path(settings.BASE_DIR) / name
    return file.read_text(encoding="utf-8") if file.exists() else ""
