"""The first page: what was asked and promised, what was kept, what is late, and what nobody knows."""

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

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
PROMISED = Q(accepted_on__isnull=False)


@kept
def start(request: HttpRequest) -> HttpResponse:
    """The first page. A dozen questions, however much is published."""
    today = clock.today()
    context = {
        "assemblies": _assemblies(today),
        "counts": _counts(today),
        "kept": _some(_standing(today, Standing.VERIFIED).order_by("-position"), today),
        "late": _some(_standing(today, *LATE).order_by("due_on", "position"), today),
        "changes": telling.lines(Entry.objects.order_by("-position")[:CHANGES], with_names=True),
    }
    return render(request, "portal/start.html", context)


def _counts(today: date) -> Row:
    """Every commitment by what the record shows of it, and how many of them an owner has made their own here."""
    rows: Rows = Commitment.objects.with_standing(today).order_by()
    counted = list(
        rows.values("standing").annotate(
            n=Count("pk"),
            promised=Count("pk", filter=PROMISED),
            invented=Count("pk", filter=Q(invented=True)),
        )
    )
    by = {row["standing"]: row["n"] for row in counted}
    total, promised, invented = (sum(row[name] for row in counted) for name in ("n", "promised", "invented"))
    waiting: Rows = Recommendation.objects.with_state(today)
    return {
        "total": total,
        "promised": promised,
        "entered": total - promised,
        "invented": invented,
        "verified": by.get(Standing.VERIFIED, 0),
        "said_done": sum(by.get(one, 0) for one in SAID_DONE),
        "late": sum(by.get(one, 0) for one in LATE),
        "silent": by.get(Standing.SILENT, 0),
        "no_word": by.get(Standing.NO_WORD, 0),
        "recommendations": Recommendation.objects.count(),
        "waiting": waiting.filter(state=RecommendationState.NO_RESPONSE).count(),
    }


def _standing(today: date, *standings: str) -> Rows:
    rows: Rows = Commitment.objects.with_standing(today)
    return rows.filter(standing__in=standings)


def _some(rows: Rows, today: date) -> list[Card]:
    return cards(rows.values_list("pk", flat=True)[:SHOWN], today)


def _assemblies(today: date) -> list[Row]:
    """Each assembly with its themes, and how much was asked and promised under each. Three questions."""
    themes = defaultdict(list)
    counted = Theme.objects.annotate(
        asked=Count("recommendations", distinct=True),
        promised=Count("recommendations__answered_by__commitment", distinct=True),
    )
    for theme in counted.order_by("assembly_id", "order", "slug"):
        themes[theme.assembly_id].append(theme)
    rows = Assembly.objects.select_related("area").order_by("position")
    return [{"assembly": row, "themes": themes[row.pk]} for row in rows]


@require_safe
def readme(request: HttpRequest) -> HttpResponse:
    """The README as it is, where it came with the code. Raises Http404 where it did not."""
    file = Path(settings.BASE_DIR) / "README.md"
    if not file.exists():
        raise Http404
    return HttpResponse(file.read_bytes(), content_type="text/plain; charset=utf-8")
