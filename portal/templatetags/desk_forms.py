"""Fields of the desk's forms: label, hint, what is to be mended, and the field, tied together for all readers."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import template

register = template.Library()
Context = dict[str, Any]


class Option(NamedTuple):
    """Something to choose."""

    value: str
    label: Any
    hint: Any = ""
    group: str = ""


@register.inclusion_tag("portal/desk/forms/prose.html", takes_context=True)
def prose(context: Context, name: str, label: str, value: str = "", hint: str = "", rows: int = 4) -> Context:
    """Words of several lines."""
    return _field(context, name, label, hint) | {"value": value, "rows": rows}


@register.inclusion_tag("portal/desk/forms/line.html", takes_context=True)
def line(
    context: Context, name: str, label: str, value: str = "", hint: str = "", kind: str = "text"
) -> Context:
    """One line; `kind` is the type of the input."""
    return _field(context, name, label, hint) | {"value": value, "kind": kind}


@register.inclusion_tag("portal/desk/forms/choices.html", takes_context=True)
def choices(
    context: Context, name: str, label: str, options: Iterable[Option], chosen: Any = "", hint: str = ""
) -> Context:
    """One of a few, each to be seen with what it means."""
    return _field(context, name, label, hint) | {"options": options, "chosen": [chosen], "kind": "radio"}


@register.inclusion_tag("portal/desk/forms/choices.html", takes_context=True)
def ticks(
    context: Context, name: str, label: str, options: Iterable[Option], chosen: Any = (), hint: str = ""
) -> Context:
    """Any of these."""
    return _field(context, name, label, hint) | {
        "options": options,
        "chosen": list(chosen),
        "kind": "checkbox",
    }


@register.inclusion_tag("portal/desk/forms/picks.html", takes_context=True)
def picks(
    context: Context, name: str, label: str, options: Iterable[Option], chosen: str = "", hint: str = ""
) -> Context:
    """One of many, in groups."""
    return _field(context, name, label, hint) | {"options": options, "chosen": chosen}


def _field(context: Context, name: str, label: str, hint: str) -> Context:
    wrong = [one for one in context.get("faults") or () if one.field == name]
    described = [f"{name}-hint"] * bool(hint) + [f"{name}-error"] * bool(wrong)
    return {
        "name": name,
        "label": label,
        "hint": hint,
        "wrong": wrong[:1],
        "described": " ".join(described),
    }
