"""Tags of the pages of commitments and challenges: the domain's words, quarters, lateness, and places in the record."""

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from portal import days, sharing, wording
from portal.wording import Words

register = template.Library()

CLIPPED = 1500
"""Characters of a reason or an answer that stand on the page of a commitment; the rest is a link away."""
LINEAGE: dict[str, Words] = {
    "superseded": later("one took the place of the other"),
    "split": later("split"),
    "merged": later("merged"),
}
HAND_OVER: dict[str, Words] = {
    "offered": later("waiting for its answer; until then the owners stay owners"),
    "accepted": later("it said yes"),
    "refused": later("it said no"),
    "withdrawn": later("the offer was taken back"),
}


@register.simple_tag
def entry_address(position: int) -> str:
    """Where an entry of the record can be checked."""
    try:
        return reverse("entry", args=[position])
    except NoReverseMatch:
        return f"/api/v1/events/{position}/"


@register.simple_tag
def site_share() -> dict[str, str]:
    """What a page without a picture of its own tells those who make a preview of it; its address is not in it."""
    says = str(_("What was promised, and what came of it. Everybody can check it."))
    shared = sharing.of("Said & Done", says, "/", reverse("site_picture"))
    return {name: shared[name] for name in ("title", "description", "image")}


@register.simple_tag
def theme_share(theme: Any, says: str) -> dict[str, str]:
    """The same of a theme."""
    named = [theme.assembly.slug, theme.slug]
    return sharing.of(theme.title, says, reverse("theme", args=named), reverse("theme_picture", args=named))


@register.simple_tag
def challenge_standing(one: dict[str, Any]) -> SafeString:
    """Where a challenge is, or how it was decided: sign and word."""
    word = wording.OUTCOMES.get(one["outcome"] or "") or wording.CHALLENGE_STATES[one["shown_state"]]
    return _signed(word)


@register.simple_tag
def signed(word: wording.Word) -> SafeString:
    """A word of the domain with its sign."""
    return _signed(word)


def _signed(word: wording.Word) -> SafeString:
    return format_html(
        '<span class="standing standing--{}"><span class="standing__sign" aria-hidden="true">{}</span> {}</span>',
        word.tone,
        word.symbol,
        word.label,
    )


@register.filter
def status(value: str | None) -> str:
    """What an owner says, in words."""
    return str(wording.STATUSES.get(value or "", ""))


@register.filter
def challenge_state(value: str) -> str:
    """Where a challenge is, in words."""
    return str(wording.CHALLENGE_STATES[value].label)


@register.filter
def outcome(value: str) -> str:
    """How a challenge was decided, in words."""
    return str(wording.OUTCOMES[value].label)


@register.filter
def refused_because(value: str | None) -> str:
    """Why words were not admitted."""
    return str(wording.REFUSED_BECAUSE.get(value or "", ""))


@register.filter
def lineage(value: str) -> str:
    """How one commitment came from another, in words."""
    return str(LINEAGE.get(value, value))


@register.filter
def hand_over(value: str) -> str:
    """Where an offer to another body stands, in words."""
    return str(HAND_OVER.get(value, value))


@register.filter
def late(value: int | None) -> str:
    """How late something is, in words."""
    return days.late(value)


@register.filter
def clipped(text: str | None, whole: object = None) -> str:
    """Words as far as a page can hold many such; `whole` where it holds these alone. Elsewhere they stand in full."""
    said = text or ""
    return said if whole or len(said) <= CLIPPED else f"{said[:CLIPPED].rstrip()} […]"


@register.filter
def quarter(value: str | None) -> str:
    """A quarter such as 2026-Q4 as people say it."""
    return days.quarter(value)


@register.filter
def bare(address: str) -> str:
    """An address as it is read aloud: without its scheme."""
    return address.partition("://")[2].rstrip("/") or address


@register.filter
def plus_minus(value: float) -> str:
    """A gap with its sign, to two decimals."""
    sign = "−" if value < 0 else "+" if value > 0 else ""
    return f"{sign}{formats.number_format(abs(value), 2)}"
