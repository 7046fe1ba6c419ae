"""What a list of commitments is narrowed by, in words: for its form, and for a line above the list."""

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal import days, wording
from portal.asking import CURSOR, ORDERING, PAGE_SIZE, Asked

Words = str | Promise
ORDERS: tuple[tuple[str, Words], ...] = (
    ("due", _("Due soonest first")),
    ("-due", _("Due latest first")),
    ("-updated_at", _("Changed most recently first")),
    ("-position", _("Newest in the record first")),
    ("title", _("By title")),
    ("-gap", _("Largest gap between claim and residents first")),
    ("residents", _("Lowest rated by residents first")),
    ("-residents", _("Highest rated by residents first")),
)
FACTS: dict[str, Words] = {
    "overdue": _("Past the due date"),
    "silent": _("No update when one was due"),
    "contested": _("Disputed, or found wanting"),
    "measurable": _("Nobody can judge it"),
}
"""As boxes to tick: true, but of `measurable`, where what matters is that it is not."""
NOT_SO: dict[str, Words] = {
    "overdue": _("Not past the due date"),
    "silent": _("No update is missing"),
    "contested": _("Not disputed"),
    "measurable": _("It can be judged"),
}
KINDS: dict[str, Words] = {
    "recommendation": _("Recommendation"),
    "commitment": _("Commitment"),
    "update": _("Progress update"),
}
NAMES: dict[str, Words] = {
    "q": _("Says"),
    "assembly": _("Assembly"),
    "theme": _("Theme"),
    "area": _("Area"),
    "organisation": _("Organisation"),
    "team": _("Team"),
    "recommendation": _("Recommendation"),
    "status": _("Owner says"),
    "standing": _("The record shows"),
    "due_before": _("Due before"),
    "due_after": _("Due after"),
    "priority": _("Police priority"),
    "updated_since": _("Changed since"),
    "residents_min": _("Residents’ mean at least"),
    "residents_max": _("Residents’ mean at most"),
    "gap_min": _("Gap at least"),
    "gap_max": _("Gap at most"),
    "rated": _("Residents’ figure"),
}
RATED: dict[str, Words] = {"published": _("published"), "withheld": _("withheld")}
STATUSES: dict[str, Words] = {**wording.STATUSES, "none": _("nothing yet")}
CHOSEN_ONCE = ("theme", "organisation", "area")
WITH_A_FIELD = {"q", *CHOSEN_ONCE, "standing", "due_before", "due_after", *FACTS, ORDERING}


class Narrowing(NamedTuple):
    """One thing that the list is narrowed by, and the address of the list without it."""

    name: Words
    said: str
    without: str


def said(asked: Asked, names: dict[str, dict[str, str]]) -> list[Narrowing]:
    """Everything that narrows the list. `names` are what slugs and codes are called, by parameter."""
    beside = (CURSOR, ORDERING, PAGE_SIZE)
    return [
        Narrowing(
            "" if name in FACTS else NAMES[name], _said(asked, name, names), asked.address(**{name: None})
        )
        for name in asked.found
        if name not in beside
    ]


def _said(asked: Asked, name: str, names: dict[str, dict[str, str]]) -> str:
    value: Any = asked.found[name]
    if name in FACTS:
        return str((NOT_SO if is_unusual(asked, name) else FACTS)[name])
    if name in ("due_before", "due_after"):
        return days.day(value)
    if name == "standing":
        return ", ".join(str(wording.STANDINGS[one].label) for one in value)
    if name == "status":
        return ", ".join(str(STATUSES[one]) for one in value)
    if name == "rated":
        return str(RATED[value])
    if isinstance(value, list):
        return ", ".join(str(names.get(name, {}).get(one, one)) for one in value)
    return str(asked.words[name])


def is_unusual(asked: Asked, name: str) -> bool:
    """Whether a fact is asked for as no box of the form asks for it."""
    return name in asked.found and asked.found[name] is (name == "measurable")


def not_in_form(asked: Asked) -> dict[str, str]:
    """What the fields cannot hold, and the form takes along unseen: several names where a field offers one."""
    several = {name for name in CHOSEN_ONCE if len(asked.found.get(name, ())) > 1}
    unusual = {name for name in FACTS if is_unusual(asked, name)}
    ordered = {ORDERING} - {ORDERING for word, _words in ORDERS if word == asked.words.get(ORDERING)}
    unseen = set(asked.words) - WITH_A_FIELD - {CURSOR}
    return {name: word for name, word in asked.words.items() if name in several | unusual | ordered | unseen}
