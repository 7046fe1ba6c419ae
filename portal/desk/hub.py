"""The convenor's page of one assembly: what waits, and everything that a convenor does, each a link away."""

from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_safe

from commitments.choices import ChallengeState, RedactionState, RequestState
from commitments.models import (
    Assembly,
    Challenge,
    Correction,
    DueDateChange,
    Recommendation,
    Redaction,
    Withholding,
)
from portal.desk.assembly import convened
from portal.desk.door import desk
from ratings.models import RatingWords, Report, SettingAside, WordsStage
from record import clock


class Way(NamedTuple):
    """Something that a convenor does; `number` of what waits there, where anything can."""

    name: str | Promise
    path: str
    number: int | None = None


@desk
@require_safe
def hub(request: HttpRequest, slug: str) -> HttpResponse:
    """All of it on one page; as many questions however much there is."""
    assembly = convened(request, slug)
    waiting = _waiting(assembly, clock.today())
    listed = (
        Recommendation.objects.filter(assembly=assembly).annotate(asked_of=Count("asked")).order_by("number")
    )
    page = {
        "assembly": assembly,
        "decide": _ways(slug, DECIDE, waiting),
        "enter": _ways(slug, ENTER, waiting),
        "keep": _ways(slug, KEEP, waiting),
        "recommendations": listed,
        "entered": request.GET.get("entered", "")[:20],
        "sent": "sent" in request.GET,
    }
    return render(request, "portal/desk/assembly.html", page)


DECIDE = (
    (later("Dates to decide"), "desk_date_changes"),
    (later("Corrections to decide"), "desk_corrections"),
    (later("Challenges"), "desk_challenges"),
    (later("Residents’ words to read"), "desk_words"),
    (later("Reports to look at"), "desk_reports"),
    (later("Erasures"), "desk_redactions"),
    (later("Quarters set aside"), "desk_set_asides"),
)
ENTER = (
    (later("Enter a recommendation"), "desk_enter_recommendation"),
    (later("Enter a promise from a source"), "desk_enter_commitment"),
    (later("Import a spreadsheet"), "desk_import"),
)
KEEP = (
    (later("Held and hidden words"), "desk_holds"),
    (later("Codes for letters"), "desk_codes"),
    (later("The weekly sheet"), "desk_sheet"),
)


def _ways(slug: str, listed: Any, waiting: dict[str, int]) -> list[Way]:
    found = []
    for name, to in listed:
        path = _path(to, slug)
        if path:
            found.append(Way(name, path, waiting.get(to)))
    return found


def _path(to: str, slug: str) -> str:
    try:
        return reverse(to, args=[slug])
    except NoReverseMatch:
        return f"{reverse(to)}?assembly={slug}"


def _waiting(assembly: Assembly, today: date) -> dict[str, int]:
    """How much waits behind each link. One question each."""
    of = Q(commitment__assembly=assembly)
    asked = Q(state=RequestState.REQUESTED)
    proposed = Q(state=ChallengeState.PROPOSED, claim=F("commitment__claim"))
    ready = Q(state=ChallengeState.ANSWERED) | Q(state=ChallengeState.OPEN, reply_due_on__lt=today)
    here = Q(assembly=assembly) | Q(assembly=None)
    return {
        "desk_date_changes": DueDateChange.objects.filter(of, asked).count(),
        "desk_corrections": Correction.objects.filter(of, asked).count(),
        "desk_challenges": Challenge.objects.filter(of, proposed | ready).count(),
        "desk_words": RatingWords.objects.filter(stage=WordsStage.WAITING, period__assembly=assembly).count(),
        "desk_reports": Report.objects.filter(decided_on=None, assembly__in=(assembly.slug, "")).count(),
        "desk_redactions": Redaction.objects.filter(here, state=RedactionState.ASKED).count(),
        "desk_set_asides": SettingAside.objects.filter(asked, period__assembly=assembly).count(),
        "desk_holds": Withholding.objects.filter(here, lifted_on=None).count(),
    }
