"""The start page: what this is, what was recommended, and where to read on."""

from collections import defaultdict
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commitments.choices import RecommendationState
from commitments.models import Asked, Assembly, Recommendation
from record import clock

STATES = dict(RecommendationState.choices)
MOST_SHOWN = 100
"""Recommendations of one assembly on the page; the API has them all."""


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The start page. Two queries, however much is published."""
    recommendations = defaultdict(list)
    columns = ("assembly_id", "reference", "title", "state", "invented", "asked_invented", "theme__title")
    asked = Asked.objects.filter(recommendation=OuterRef("pk"), invented=True)
    rows = Recommendation.objects.with_state(clock.today()).annotate(asked_invented=Exists(asked))
    for row in rows.order_by("number").values(*columns):
        recommendations[row["assembly_id"]].append({**row, "state": STATES[row["state"]]})
    assemblies = [
        {"assembly": assembly, "recommendations": recommendations[assembly.pk][:MOST_SHOWN]}
        for assembly in Assembly.objects.select_related("area").order_by("position")
    ]
    return render(request, "portal/start.html", {"assemblies": assemblies})


@require_safe
def readme(request: HttpRequest) -> HttpResponse:
    """The README as it is, where it came with the code. Raises Http404 where it did not."""
    file = Path(settings.BASE_DIR) / "README.md"
    if not file.exists():
        raise Http404
    return HttpResponse(file.read_bytes(), content_type="text/plain; charset=utf-8")
