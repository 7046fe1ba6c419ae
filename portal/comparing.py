"""Whether communities experience a theme differently, from published figures alone, as people read it."""

from collections import defaultdict
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from ratings import comparisons
from ratings.choices import COMMUNITIES
from ratings.counting import NEVER_SHOWN
from ratings.figures import NUMBERS, estimate_of
from ratings.models import Figure

QUESTIONS = {
    "age_band": later("Age"),
    "sex": later("Sex"),
    "ethnic_group": later("Ethnic group"),
    "disability": later("Disability"),
    "religion": later("Religion"),
    "orientation": later("Sexual orientation"),
    "gender_identity": later("Gender identity"),
}
GROUPS = {
    "under_16": later("people under 16"),
    "16_24": later("people of 16 to 24"),
    "25_34": later("people of 25 to 34"),
    "35_44": later("people of 35 to 44"),
    "45_54": later("people of 45 to 54"),
    "55_64": later("people of 55 to 64"),
    "65_74": later("people of 65 to 74"),
    "75_over": later("people of 75 and over"),
    "female": later("women and girls"),
    "male": later("men and boys"),
    "asian": later("Asian people"),
    "black": later("Black people"),
    "mixed": later("people of mixed ethnic groups"),
    "white": later("white people"),
    "disabled": later("disabled people"),
    "not_disabled": later("people who are not disabled"),
    "none": later("people of no religion"),
    "christian": later("Christians"),
    "buddhist": later("Buddhists"),
    "hindu": later("Hindus"),
    "jewish": later("Jewish people"),
    "muslim": later("Muslims"),
    "sikh": later("Sikhs"),
    "straight": later("straight people"),
    "gay_or_lesbian": later("gay and lesbian people"),
    "bisexual": later("bisexual people"),
    "same_as_at_birth": later("people whose gender is the same as at birth"),
    "different": later("people whose gender differs from the one at birth"),
}
OTHERS = {
    "ethnic_group": later("people of other ethnic groups"),
    "religion": later("people of other religions"),
    "orientation": later("people of other orientations"),
}


class Compared(NamedTuple):
    """One question: its quarter, the groups with their figures, and what may be said of differences."""

    question: Any
    period: str
    groups: list[dict[str, Any]]
    said: list[str]


def name_of(question: str, group: str) -> Any:
    """A group in plain words."""
    return OTHERS[question] if group == "other" else GROUPS[group]


def compared(subject: str) -> list[Compared]:
    """Every question of which a quarter is published and not set aside, the newest quarter of each. One query."""
    rows = Figure.objects.filter(subject=subject, latest=True, n__isnull=False, set_aside=False)
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    columns = ("by", "group", "period__name", *NUMBERS)
    for row in rows.filter(by__in=COMMUNITIES).exclude(group__in=NEVER_SHOWN).values(*columns):
        found[row["by"]][row["period__name"]][row["group"]] = row
    return [_compared(question, found[question]) for question in COMMUNITIES if question in found]


def _compared(question: str, quarters: dict[str, dict[str, Any]]) -> Compared:
    period = max(quarters)
    figures = quarters[period]
    published = [group for group in COMMUNITIES[question] if group in figures]
    groups = [_group(question, group, figures.get(group)) for group in COMMUNITIES[question]]
    estimates = {group: estimate_of(figures[group]) for group in published}
    named = [one for one in comparisons.differences(estimates) if one.is_named]
    return Compared(QUESTIONS[question], period, groups, [_said(question, one) for one in named])


def _group(question: str, group: str, row: dict[str, Any] | None) -> dict[str, Any]:
    label = name_of(question, group)
    if row is None:
        return {"label": label, **dict.fromkeys(NUMBERS)}
    return {"label": label, "n": row["n"], **{name: float(row[name]) for name in NUMBERS[1:]}}


def _said(question: str, one: comparisons.Difference) -> str:
    first, second = (name_of(question, group) for group in (one.first, one.second))
    if one.value < 0:
        first, second = second, first
    low, high = sorted((abs(one.low), abs(one.high)))
    parts = {
        "first": first,
        "second": second,
        "points": f"{abs(one.value):.1f}",
        "low": f"{low:.1f}",
        "high": f"{high:.1f}",
    }
    return (
        _(
            "Higher among %(first)s than among %(second)s: by %(points)s points (between %(low)s and %(high)s)."
        )
        % parts
    )
