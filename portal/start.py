"""The first page: what was asked and promised, what was kept, what is late, and what nobody knows."""

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commitments import summaries
from commitments.choices import RecommendationState, Standing
from commitments.models import Assembly, Commitment, Recommendation, Theme
from notifications import telling
from portal.cards import Card, cards
from portal.kept import kept
from record import clock
from record.models import Entry

Row = dict[str, Any]
Rows = QuerySet[Any]
LATE = (Standing.VERY_LATE, Standing.LATE)
SAID_DONE = (Standing.CLAIMED, Standing.UNVERIFIED, Standing.CONTESTED)
SHOWN, CHANGES = 4, 6
MOST_ASSEMBLIES = 12
"""On the page; `/assemblies/` has them all."""


@kept
def start(request: HttpRequest) -> HttpResponse:
    """The first page. Sixteen questions at most, however much is published."""
    today = clock.today()
    counted = summaries.of_everything(today)
    done, late = _some((Standing.VERIFIED,), "-position", today), _some(LATE, "due_on", today)
    context = {
        "assemblies": _assemblies(counted),
        "counts": _counts(counted, today),
        "kept": done,
        "late": late,
        "said": [] if done or late else _some(tuple(Standing), "-position", today),
        "changes": telling.lines(Entry.objects.order_by("-position")[:CHANGES], with_names=True),
    }
    return render(request, "portal/start.html", context)


def _counts(counted: Row, today: date) -> Row:
    """Every commitment by what the record shows of it, and how many of them an owner has made their own here."""
    by = {name: row["n"] for name, row in counted["standings"].items()}
    sums = {
        name: sum(row[name] for row in counted["standings"].values()) for name in ("promised", "invented")
    }
    waiting: Rows = Recommendation.objects.with_state(today)
    return {
        **sums,
        "total": sum(by.values()),
        "entered": sum(by.values()) - sums["promised"],
        "verified": by.get(Standing.VERIFIED, 0),
        "said_done": sum(by.get(one, 0) for one in SAID_DONE),
        "late": sum(by.get(one, 0) for one in LATE),
        "no_word": by.get(Standing.NO_WORD, 0),
        "recommendations": Recommendation.objects.count(),
        "waiting": waiting.filter(state=RecommendationState.NO_RESPONSE).count(),
    }


def _some(standings: tuple[Standing, ...], order: str, today: date) -> list[Card]:
    """The first few of these standings, in an order that has an index: so few rows are looked at."""
    rows: Rows = Commitment.objects.with_standing(today)
    found = rows.filter(standing__in=standings).order_by(order, "position")
    return cards(found.values_list("pk", flat=True)[:SHOWN], today)


def _assemblies(counted: Row) -> list[Row]:
    """Each assembly with its themes, and how much was asked and promised under each. Two questions."""
    assemblies = list(Assembly.objects.select_related("area").order_by("position")[:MOST_ASSEMBLIES])
    themes = defaultdict(list)
    for theme in Theme.objects.filter(assembly__in=assemblies).order_by("assembly_id", "order", "slug"):
        numbers = {name: counted[name].get(theme.pk, 0) for name in ("asked", "answered")}
        themes[theme.assembly_id].append({"theme": theme, **numbers})
    return [{"assembly": row, "themes": themes[row.pk]} for row in assemblies]


@require_safe
def readme(request: HttpRequest) -> HttpResponse:
    """The README as it is, where it came with the code. Raises Http404 where it did not."""
    file = Path(settings.BASE_DIR) / "README.md"
    if not file.exists():
        raise Http404
    return HttpResponse(file.read_bytes(), content_type="text/plain; charset=utf-8")
