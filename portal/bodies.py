"""Organisations and teams: their scorecards in plain words, each number with the list of what it counts."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, OrganisationKind, Succession, Team
from commitments import summaries, tallies, voices
from commitments.choices import ChallengeState
from commitments.models import Area, Asked, Challenge, Owner
from portal import asking, wording
from portal.asking import Asked as AskedFor
from portal.cards import Card, cards
from portal.kept import kept
from record import clock, values
from record.keyset import By, page_of

Words = str | Promise
Numbers = Mapping[str, Any]
UNANSWERED = "unanswered"
MOST_WAITING, MOST_TEAMS = 100, 300
KINDS: dict[str, Words] = {
    OrganisationKind.POLICE_FORCE: _("Police force"),
    OrganisationKind.COUNCIL: _("Council"),
    OrganisationKind.OVERSIGHT: _("Oversight body"),
    OrganisationKind.OTHER: _("Other body"),
}


class Count(NamedTuple):
    """A number of a scorecard as people read it; `tone` is for the style sheet."""

    name: str
    label: Words
    meaning: Words
    tone: str


COUNTS: dict[str, Count] = {
    one.name: one
    for one in (
        Count("promised", _("promised"), _("Commitments that it made or accepted itself."), ""),
        Count(
            "verified",
            _("verified"),
            _("It says they are done, and an independent panel agrees. Only these count as delivered."),
            "good",
        ),
        Count(
            "claimed",
            _("claimed done"),
            _("It says they are done, whatever the panel or residents found."),
            "",
        ),
        Count(
            "late",
            _("late"),
            _("Past the due date as it is now, and it has not said that they are done."),
            "bad",
        ),
        Count(
            "late_first",
            _("late against the first date"),
            _("Past the date that was promised first, before anybody moved it."),
            "bad",
        ),
        Count("silent", _("silent"), _("It has not given an update when one was due."), "bad"),
        Count("contested", _("disputed"), _("Residents or the panel dispute what it claims."), "bad"),
        Count(
            UNANSWERED,
            _("unanswered"),
            _("Recommendations or challenges that it had to answer by a day which has passed."),
            "bad",
        ),
        Count(
            "not_measurable",
            _("cannot be judged"),
            _("Promised without a measure, target, due date or source of proof."),
            "",
        ),
    )
}
SHOW = {"show": values.Choice(list(COUNTS))}
ORDER = {"title": By("title"), "slug": By("slug"), "position": By("position")}


class Number(NamedTuple):
    """A count with its number and the address of what it counts."""

    what: Count
    n: int
    address: str
    is_shown: bool


@kept
@asking.understood
def organisations(request: HttpRequest) -> HttpResponse:
    """Every organisation with the main numbers, a page at a time. At most six questions."""
    asked = asking.read(request.GET, asking.paging(["slug"]))
    order = asking.order_of(asked, ORDER, "slug", "/organisations/", tie="slug")
    page = page_of(Organisation.objects.all(), order, asking.place_of(asked, order), asking.size_of(asked))
    counted = summaries.of_organisations([row.pk for row in page.rows], clock.today())
    bodies = [{"body": row, "kind": KINDS[row.kind], "card": counted[row.pk]} for row in page.rows]
    context = {"bodies": bodies, "pages": asking.pages(asked, page), "counts": COUNTS}
    return render(request, "portal/organisations.html", context)


@kept
@asking.understood
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """One organisation: its scorecard, its teams, three voices, and what a number counts."""
    body = _found(Organisation.objects.all(), slug)
    teams = list(Team.objects.filter(organisation=body).order_by("name")[:MOST_TEAMS])
    more = {
        "kind": KINDS[body.kind],
        "teams": [team for team in teams if team.ended_on is None],
        "ended": [team for team in teams if team.ended_on is not None],
    }
    return _page(request, "organisation", body, more)


@kept
@asking.understood
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """One team: a post, never a person."""
    body = _found(Team.objects.select_related("organisation"), slug)
    links = Succession.objects.select_related("earlier", "later").order_by("on", "pk")
    more = {
        "later": list(links.filter(earlier=body)),
        "earlier": list(links.filter(later=body)),
    }
    return _page(request, "team", body, more)


def _found(rows: QuerySet[Any], slug: str) -> Any:
    row = rows.filter(slug=slug).first()
    if row is None:
        raise Http404
    return row


def _page(request: HttpRequest, owner: str, body: Any, more: dict[str, Any]) -> HttpResponse:
    asked = asking.read(request.GET, {**SHOW, **asking.paging(["position"])})
    today, show = clock.today(), asked.found.get("show", "promised")
    summary = summaries.of_owners(owner, [body.pk], today)[body.pk]
    said = voices.of_body(summary["voices"])
    context = {
        "body": body,
        "owner": owner,
        "numbers": _numbers(owner, summary["scorecard"], asked, show),
        "voices": said,
        "withheld": wording.withheld(said["residents"]["withheld"]),
        "shown": COUNTS[show],
        "place": Area.objects.filter(code=body.area_code).first() if body.area_code else None,
        "not_accepted": _not_accepted(owner, body),
        **_counted(owner, body, show, asked, today),
        **more,
    }
    return render(request, f"portal/{owner}.html", context)


def _numbers(owner: str, card: Numbers, asked: AskedFor, show: str) -> list[Number]:
    return [
        Number(one, card[one.name], asked.address(show=one.name), one.name == show) for one in COUNTS.values()
    ]


def _counted(owner: str, body: Any, show: str, asked: AskedFor, today: date) -> dict[str, Any]:
    """What a number counts: commitments, or what waits for an answer."""
    if show == UNANSWERED:
        return {"cards": [], "pages": {}, **_waiting(owner, body, today)}
    path = f"/{owner}s/{body.slug}/{show}/"
    order = asking.order_of(asked, ORDER, "position", path)
    rows = tallies.counted(owner, body.pk, show, today).values("id", "position")
    page = page_of(rows, order, asking.place_of(asked, order), asking.size_of(asked))
    shown: list[Card] = cards([row["id"] for row in page.rows], today)
    return {"cards": shown, "pages": asking.pages(asked, page), "recommendations": [], "challenges": []}


def _waiting(owner: str, body: Any, today: date) -> dict[str, Any]:
    """Recommendations that a body was asked about, and challenges to which a lead owner has not replied, in time."""
    challenges = Challenge.objects.filter(state=ChallengeState.OPEN, reply_due_on__lt=today)
    leads = Owner.objects.filter(**{owner: body.pk}, lead=True, ended_on=None).values("commitment")
    asked = Asked.objects.filter(answered_on=None, due_on__lt=today, organisation=body.pk)
    rows = asked.select_related("recommendation").order_by("due_on")
    return {
        "recommendations": list(rows[:MOST_WAITING]) if owner == "organisation" else [],
        "challenges": list(
            challenges.filter(commitment__in=leads)
            .select_related("commitment")
            .order_by("reply_due_on")[:MOST_WAITING]
        ),
    }


def _not_accepted(owner: str, body: Any) -> int:
    """Commitments that a source or a co-owner says are its own, and it has not accepted: no number counts them."""
    rows = Owner.objects.filter(**{owner: body.pk}, accepted_on=None, ended_on=None)
    return rows.values("commitment").distinct().count()
