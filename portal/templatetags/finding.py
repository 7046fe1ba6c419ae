"""Words of lists and sheets."""

from django import template

from portal import wording

register = template.Library()


@register.filter
def status_word(value: str) -> str:
    """What an owner says."""
    return str(wording.STATUSES.get(value, value))


@register.filter
def finding_word(value: str) -> str:
    """What the panel found."""
    return str(wording.FINDINGS[value].label)
