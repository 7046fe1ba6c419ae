"""The pages of an assembly and its themes: what residents said and asked for, and how the answers stand."""

from collections import Counter, defaultdict
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from commitments import summaries, voices
from commitments.models import Answering, Asked, Assembly, Commitment, Recommendation, Theme
from portal import charts, comparing, done, wording
from portal.cards import cards
from portal.kept import kept
from portal.sources import Source, sources
from record import clock

Row = dict[str, Any]
MOST = 100
"""Recommendations or commitments on one page; the lists have them all."""
OWN_WORDS = frozenset({"note", "compiled", "question"})
"""Facts that are about how the record was made, or stand elsewhere on the page."""


class Fact(NamedTuple):
    """What a source says of an assembly; several sources may say it differently."""

    name: str
    value: Any
    sources: list[Source]


@kept
def assemblies(request: HttpRequest) -> HttpResponse:
    """Every assembly. One question."""
    counted = Assembly.objects.select_related("area").annotate(asked=Count("recommendations"))
    return render(request, "portal/assemblies.html", {"assemblies": counted.order_by("position")[:MOST]})


@kept
def assembly(request: HttpRequest, slug: str) -> HttpResponse:
    """One assembly: what it asked for, by theme, and where the answers stand. About ten questions."""
    today, row = clock.today(), _one(Assembly.objects.select_related("area"), slug=slug)
    themes = list(row.themes.order_by("order", "slug"))
    listed = recommendations(row.recommendations.all(), today)
    context = {
        "it": row,
        "themes": _by_theme(themes, listed, today),
        "unplaced": [one for one in listed if one["theme_id"] is None],
        "states": _states(listed),
        "is_long": len(listed) == MOST,
        "commitments": Commitment.objects.filter(assembly=row).count(),
        "facts": _facts(row.facts),
        "sources": sources(row.entered_from),
    }
    return render(request, "portal/assembly.html", context)


def recommendations(rows: QuerySet[Recommendation], today: date) -> list[Row]:
    """Recommendations with the state of their answers, what is invented of it, and how many promises answer them."""
    asked = Asked.objects.filter(recommendation=OuterRef("pk"), invented=True)
    known = rows.with_state(today).annotate(  # type: ignore[attr-defined]
        asked_invented=Exists(asked), promised=Count("answered_by", distinct=True)
    )
    columns = ("reference", "title", "theme_id", "state", "invented", "asked_invented", "promised", "held_on")
    return [
        {**one, "word": wording.RECOMMENDATION_STATES[one["state"]]}
        for one in known.order_by("number").values(*columns)[:MOST]
    ]


def _one(rows: QuerySet[Any], **lookup: Any) -> Any:
    found = rows.filter(**lookup).first()
    if found is None:
        raise Http404
    return found


def _states(listed: list[Row]) -> list[tuple[wording.Word, int]]:
    counted = Counter(one["state"] for one in listed)
    return [(word, counted[state]) for state, word in wording.RECOMMENDATION_STATES.items() if counted[state]]


def _by_theme(themes: list[Theme], listed: list[Row], today: date) -> list[Row]:
    """Each theme with its recommendations, and in a line what its three voices say."""
    under = defaultdict(list)
    for one in listed:
        under[one["theme_id"]].append(one)
    counted = summaries.of_themes([theme.pk for theme in themes], today)
    return [
        {"theme": theme, "recommendations": under[theme.pk], "counted": counted[theme.pk]} for theme in themes
    ]


def _facts(given: list[Row]) -> list[Fact]:
    return [
        Fact(str(one.get("name", "")).replace("_", " "), one.get("value"), sources(one.get("sources")))
        for one in given
        if one.get("name") not in OWN_WORDS and one.get("value") not in (None, "")
    ]


@kept
def theme(request: HttpRequest, slug: str, theme: str) -> HttpResponse:
    """One theme: its three voices, what residents said, what was asked and promised. About fifteen questions."""
    today = clock.today()
    row = _one(Theme.objects.select_related("assembly"), assembly__slug=slug, slug=theme)
    counted = summaries.of_themes([row.pk], today)[row.pk]
    heard = done.residents(row.record_subject, _figure_of(row))
    promises = Commitment.objects.filter(pk__in=_answering(row)).order_by("position")
    context = {
        "it": row,
        "counted": counted,
        "standings": _standings(counted["standings"]),
        "heard": heard,
        "gap": voices.gap_to(counted["claims"]["mean"], row.residents_mean)["value"],
        "chart": charts.intervals(heard["groups"], _("What residents say, from 1 to 5")),
        "found": [(wording.FINDINGS[name], n) for name, n in counted["findings"].items() if n],
        "findings": [(one.get("text"), sources(one.get("sources"))) for one in row.findings],
        "origin": row.origin or {},
        "compared": comparing.compared(row.record_subject),
        "recommendations": recommendations(row.recommendations.all(), today),
        "cards": cards(promises.values_list("pk", flat=True)[:MOST], today),
        "spoken": done.spoken(theme=row.pk),
        "ground": wording.GROUNDS.get(row.held_ground or ""),
    }
    return render(request, "portal/theme.html", context)


def _answering(row: Theme) -> QuerySet[Any]:
    found: QuerySet[Any] = Answering.objects.filter(recommendation__theme=row).values("commitment")
    return found


def _figure_of(row: Theme) -> Row:
    return {name: getattr(row, name) for name in voices.RESIDENTS}


def _standings(counted: dict[str, int]) -> list[tuple[wording.Word, int]]:
    return [(wording.STANDINGS[name], n) for name, n in counted.items() if n]
