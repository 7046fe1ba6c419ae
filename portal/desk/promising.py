"""Publishing a promise: before it goes out, what it lacks for anybody to judge it, and what that means in public.

Whoever is told so may publish it all the same; it is then counted, in public, among those that cannot be judged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as later

from accounts.models import Organisation
from commitments import actions, permissions
from commitments.choices import Precision
from commitments.models import Assembly, Recommendation
from commitments.promises import Ownership, Promise
from portal import days, promised
from portal.desk import guard
from portal.desk.door import desk
from portal.desk.promise_form import Offer, Typed, is_past
from portal.desk.sending import SEND, Sending, person
from portal.private import Fault
from portal.templatetags.desk_forms import Option
from record.refusals import Missing

LABELS = {
    "title": later("The promise in one line"),
    "body": later("The promise in full"),
    "measure": later("How it is measured"),
    "baseline": later("Where it starts from"),
    "target": later("The target"),
    "proof": later("Where anybody can check it"),
    "due_text": later("Your own words for the date"),
}
MENDS = {
    "measure": later("how it is measured: what is counted, and by whom"),
    "target": later("a target: how much of it, so that one can say whether it was reached"),
    "due_on": later(
        "a due date: a day, a month, a season or a year; “ongoing” has no end and cannot be judged by one"
    ),
    "proof": later("a source of proof: where anybody can look it up"),
}
PRECISIONS = (
    Option(Precision.DAY, later("on that day")),
    Option(Precision.MONTH, later("in that month")),
    Option(Precision.QUARTER, later("in that quarter of the year")),
    Option(Precision.SEASON, later("in that season")),
    Option(Precision.YEAR, later("in that year")),
    Option(Precision.ONGOING, later("it goes on, without an end")),
)


@desk
def promise(request: HttpRequest, slug: str) -> HttpResponse:
    """In which assembly; then the form, what it will look like, and publishing it."""
    body = Organisation.objects.filter(slug=slug).first()
    if body is None:
        raise Missing
    permissions.check_responder(person(request), body)
    assembly = _assembly(request)
    if assembly is None:
        listed = Assembly.objects.order_by("title", "pk")
        return render(request, "portal/desk/promise_where.html", {"body": body, "assemblies": listed})
    return Publishing(request, body, assembly).answer()


@dataclass(frozen=True)
class Drafted:
    """A promise as it would be published, with what it would look like."""

    typed: Typed
    promise: Promise
    today: date

    def page(self) -> dict[str, Any]:
        """What the public page of a commitment says of it, for the same template."""
        due = self.promise.due
        until, precision, words = (due.ends_on, due.precision, due.text) if due else (None, "", "")
        texts = {"title": self.promise.title, **self.typed.texts}
        return {
            "it": {**texts, "published_at": self.today, "its_areas": self._areas()},
            "said": {
                "first": texts,
                "is_reworded": False,
                "sources": None,
                "owners": owner_rows(self.promise.owners, self.today),
                "recommendations": self.promise.recommendations,
                "missing": [str(promised.NEEDED[name]) for name in self.typed.missing],
            },
            "due": {"present": days.promised(until, precision, words), "moves": []},
            "mends": [MENDS[name] for name in self.typed.missing],
            "is_past": is_past(due, self.today),
        }

    def words(self) -> list[guard.Typed]:
        """All that was typed."""
        texts = {"title": self.typed.title, **self.typed.texts, "due_text": self.typed.due_text}
        return [
            guard.Typed(self.typed.prefix + name, str(LABELS[name]), text) for name, text in texts.items()
        ]

    def _areas(self) -> list[tuple[str, str]]:
        return [(area.code, area.name) for area in self.promise.areas]


class Publishing(Sending):
    """A new promise."""

    form, preview = "portal/desk/promise.html", "portal/desk/promise_preview.html"

    def __init__(self, request: HttpRequest, body: Organisation, assembly: Assembly) -> None:
        super().__init__(request)
        self.body, self.assembly = body, assembly
        self.offer = Offer.of(assembly, body)
        self.typed_promise = Typed.of(request.POST)
        self.promise, self.misfits = self.offer.promise(self.typed_promise)

    @property
    def drafted(self) -> Drafted:
        """The promise as it would be."""
        return Drafted(self.typed_promise, self.promise, self.today)

    def faults(self) -> list[Fault]:
        """What is to be mended; what it lacks to be judged is none of it."""
        return [*self.typed_promise.faults(), *self.misfits]

    def context(self) -> dict[str, Any]:
        """What was typed, and what can be chosen; at first, the recommendation that one comes from."""
        asked = self.request.GET.get("recommendation")
        return {
            "body": self.body,
            "assembly": self.assembly,
            "typed": self.typed_promise,
            "draft": f"{self.request.path}?assembly={self.assembly.slug}",
            "chosen": self.typed_promise.recommendations or [asked],
            **choosable(self.offer),
        }

    def shown(self) -> dict[str, Any]:
        """As its page will show it, and what it lacks."""
        return {"body": self.body, "assembly": self.assembly, "told": mark_of([self.typed_promise])} | (
            self.drafted.page()
        )

    def words(self) -> Sequence[guard.Typed]:
        """All of it."""
        return self.drafted.words()

    def agreed(self) -> bool:
        """Whether the button that was pressed stood beside what the promise lacks."""
        return self.request.POST.get(SEND) == mark_of([self.typed_promise])

    def send(self) -> str:
        """Publish it."""
        made = actions.publish_commitment(self.assembly, by=self.by, today=self.today, promise=self.promise)
        return reverse("desk_commitment", args=[made.reference])


def mark_of(promises: Iterable[Typed]) -> str:
    """What the button says that the sender was told: what each promise lacks."""
    return "; ".join(",".join(one.missing) or "whole" for one in promises)


def choosable(offer: Offer) -> dict[str, Any]:
    """The choices of a promise's form."""
    return {
        "precisions": PRECISIONS,
        "recommendations": [Option(one.reference, _titled(one)) for one in offer.recommendations],
        "leads": [Option(one.slug, one.name) for one in offer.own],
        "own": offer.own,
        "partners": offer.partners,
        "sharing": [
            *(Option(one.slug, one.name) for one in offer.own),
            *(Option(one.slug, one.name, one.organisation.name) for one in offer.partners),
        ],
        "areas": [Option(one.code, one.name) for one in offer.areas],
    }


def owner_rows(
    owners: Iterable[Ownership], accepts: date | None, known: Iterable[int | None] = ()
) -> dict[str, Any]:
    """Owners as the public page names them.

    Where `accepts` is a day, those of the body that leads say yes on it; the teams of `known` have said so before.
    """
    listed, before = list(owners), set(known)
    leading = {one.body.pk for one in listed if one.lead}
    rows = [
        {
            "lead": one.lead,
            "accepted_on": accepts
            if one.body.pk in leading or (one.team and one.team.pk in before)
            else None,
            "team__slug": one.team.slug if one.team else None,
            "team_name": one.team.name if one.team else None,
            "organisation__slug": one.body.slug,
            "body_name": one.body.name,
        }
        for one in listed
    ]
    return {
        "lead": next((row for row in rows if row["lead"]), None),
        "others": [row for row in rows if not row["lead"]],
        "former": [],
    }


def _titled(one: Recommendation) -> str:
    return f"{one.reference} {one.title}"


def _assembly(request: HttpRequest) -> Assembly | None:
    """The one that the address or the recommendation names; the only one there is; None where one is to be chosen."""
    slug, reference = request.GET.get("assembly"), request.GET.get("recommendation")
    rows = Assembly.objects.select_related("area")
    if slug is not None or reference is not None:
        named = (
            rows.filter(slug=slug) if slug is not None else rows.filter(recommendations__reference=reference)
        )
        found = named.first()
        if found is None:
            raise Missing
        return found
    listed = list(rows[:2])
    return listed[0] if len(listed) == 1 else None
