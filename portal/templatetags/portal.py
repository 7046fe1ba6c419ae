"""Tags of our pages: languages, standings, sources, and figures in words."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi

from portal import languages, wording

register = template.Library()

LANG = {"en-gb": "en-GB"}


@register.simple_tag(takes_context=True)
def languages_here(context: dict[str, Any]) -> list[languages.Language]:
    """Every language, with the address of this page in it."""
    request = context.get("request")
    return languages.languages_at(request.path, request.META.get("QUERY_STRING", "")) if request else []


@register.simple_tag
def lang() -> str:
    """The language of the page, for `<html lang>`."""
    code = get_language() or "en-gb"
    return LANG.get(code, code)


@register.simple_tag
def direction() -> str:
    """Which way the language runs, for `<html dir>`."""
    return "rtl" if get_language_bidi() else "ltr"


@register.simple_tag
def is_machine_made() -> bool:
    """Whether the page's language was translated by a machine and nobody has checked it yet."""
    return get_language() in languages.MACHINE_MADE


@register.simple_tag
def said_in_english() -> SafeString:
    """The attributes of an element that holds people's own words: they are English, whatever the page speaks."""
    is_english = lang().startswith("en")
    return SafeString("" if is_english else ' lang="en" dir="ltr"')


@register.inclusion_tag("portal/components/standing.html")
def standing(value: str | None) -> dict[str, Any]:
    """What the record shows of a commitment: symbol and word."""
    return {"standing": wording.standing(value)}


@register.filter
def reliability(value: str | None) -> str:
    """How good a source is, in words."""
    return str(wording.RELIABILITY.get(value or "", ""))
