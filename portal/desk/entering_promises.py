"""Entering a promise from a source: whose it is, as far as the source says; no clock runs until an owner accepts it."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from accounts.models import Organisation, Team
from commitments import actions
from commitments.models import Assembly
from commitments.promises import Ownership, Promise
from portal import days, promised
from portal.desk import guard
from portal.desk.assembly import convened
from portal.desk.door import desk
from portal.desk.entering import Entering
from portal.desk.promise_form import Typed, places_of
from portal.desk.promising import LABELS, PRECISIONS
from portal.private import Fault
from portal.templatetags.desk_forms import Option
from portal.typed import fault_of_prose

STATE, LEAD, OTHERS = "reported_state", "lead", "others"
MOST = 300
LONGEST_STATE = 500


@desk
def commitment(request: HttpRequest, slug: str) -> HttpResponse:
    """What owners promised, as a source has it."""
    return EnteringCommitment(request, convened(request, slug)).answer()


class EnteringCommitment(Entering):
    """A promise of which much may be unknown."""

    form = "portal/desk/convenor/enter_commitment.html"
    preview = "portal/desk/convenor/enter_commitment_preview.html"
    fields: ClassVar[dict[str, str]] = {
        "owners": LEAD, "recommendations": "recommendations", "due": "due_on", "on": "due_on",
        "source": "source_url", "areas": "areas",
    }  # fmt: skip
    title = later("Enter a promise from a source")

    def __init__(self, request: HttpRequest, assembly: Assembly) -> None:
        super().__init__(request, assembly)
        self.said = Typed.of(request.POST)
        self.recommendations = list(assembly.recommendations.order_by("number")[:MOST])
        self.areas = list(places_of(assembly))
        self.owners = self._owners()

    def faults(self) -> list[Fault]:
        """A title, a source; and nothing that is not on offer."""
        chosen = ((self.said.recommendations, self._by_reference(), "recommendations"),
                  (self.said.areas, self._by_code(), "areas"),
                  ([one for one in (self.said.lead, *self.said.others) if one], self.owners, LEAD))  # fmt: skip
        wrong = [
            Fault(field, _("One of these cannot be chosen here; choose again."))
            for names, known, field in chosen
            if any(name not in known for name in names)
        ]
        state = fault_of_prose(STATE, self.typed(STATE), longest=LONGEST_STATE)
        return [*self.said.faults(), *wrong, *([state] if state else []), *self.source.faults()]

    def context(self) -> dict[str, Any]:
        """What can be chosen."""
        owners = [
            Option(key, one.team.name if one.team else _("%(body)s, team unknown") % {"body": one.body.name},
                   group=one.body.name)
            for key, one in self.owners.items()
        ]  # fmt: skip
        return super().context() | {
            "said": self.said,
            "owners": owners,
            "precisions": PRECISIONS,
            "recommendations": [
                Option(one.reference, f"{one.reference} {one.title}") for one in self.recommendations
            ],
            "areas": [Option(one.code, one.name) for one in self.areas],
        }

    def shown(self) -> dict[str, Any]:
        """The promise as its page will show it, with what stays unknown."""
        due = self.said.due
        until, precision, words = (due.ends_on, due.precision, due.text) if due else (None, "", "")
        return super().shown() | {
            "told": self.said,
            "texts": [(LABELS[name], text) for name, text in self.said.texts.items() if text],
            "due": days.promised(until, precision, words),
            "by": self._ownership(),
            "answers": [self._by_reference()[one] for one in self.said.recommendations],
            "missing": [str(promised.NEEDED[name]) for name in self.said.missing],
            "state": self.typed(STATE),
        }

    def words(self) -> Sequence[guard.Typed]:
        """All that was typed."""
        texts = {"title": self.said.title, **self.said.texts, "due_text": self.said.due_text}
        return [
            *(guard.Typed(name, str(LABELS[name]), text) for name, text in texts.items()),
            guard.Typed(STATE, _("What the source says of its state"), self.typed(STATE)),
            *super().words(),
        ]

    def send(self) -> str:
        """Enter it."""
        made = actions.enter_commitment(
            self.assembly,
            by=self.by,
            today=self.today,
            promise=Promise(
                title=self.said.title,
                recommendations=[self._by_reference()[one] for one in self.said.recommendations],
                owners=self._ownership(),
                due=self.said.due,
                areas=[self._by_code()[one] for one in self.said.areas],
                **self.said.texts,
            ),
            source=self.source.sources(),
            reported_state=self.typed(STATE),
        )
        return f"{reverse('desk_assembly', args=[self.assembly.slug])}?entered={made.reference}"

    def _ownership(self) -> list[Ownership]:
        """Who promised it, the lead first; nobody, where the source names nobody."""
        lead = [self.said.lead] if self.said.lead else []
        others = [one for one in self.said.others if one != self.said.lead]
        return [
            Ownership(
                team=self.owners[one].team, organisation=self.owners[one].organisation, lead=one in lead
            )
            for one in (*lead, *others)
        ]

    def _owners(self) -> dict[str, Ownership]:
        teams = (
            Team.objects.filter(ended_on=None).select_related("organisation").order_by("name", "pk")[:MOST]
        )
        by_body: dict[int, list[Team]] = {}
        for team in teams:
            by_body.setdefault(team.organisation_id, []).append(team)
        found: dict[str, Ownership] = {}
        for body in Organisation.objects.order_by("name", "pk")[:MOST]:
            found[f"organisation:{body.slug}"] = Ownership(organisation=body)
            found |= {f"team:{one.slug}": Ownership(team=one) for one in by_body.get(body.pk, [])}
        return found

    def _by_reference(self) -> dict[str, Any]:
        return {one.reference: one for one in self.recommendations}

    def _by_code(self) -> dict[str, Any]:
        return {one.code: one for one in self.areas}
