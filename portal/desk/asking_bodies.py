"""Asking organisations to answer a recommendation: from then on their clock runs, in public."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from accounts.models import Organisation
from commitments import actions, deadlines, permissions
from commitments.models import Asked, Assembly, Recommendation
from portal.desk import guard
from portal.desk.door import desk
from portal.desk.reading import day_of, line
from portal.desk.sending import Sending
from portal.private import Fault
from portal.templatetags.desk_forms import Option
from record.refusals import Missing

BODIES, DUE = "organisations", "due_on"
MOST = 300


@desk
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Who is asked and by when they should answer; what everybody will see; and asking."""
    rows = Recommendation.objects.select_related("assembly")
    found = rows.filter(reference=reference).first()
    if found is None:
        raise Missing
    return Asking(request, found).answer()


class Asking(Sending):
    """Several can be asked at once, all by the same day."""

    form, preview = "portal/desk/convenor/ask.html", "portal/desk/convenor/ask_preview.html"
    fields = {"organisation": BODIES, DUE: DUE}
    title = later("Ask organisations to answer")

    def __init__(self, request: HttpRequest, it: Recommendation) -> None:
        super().__init__(request)
        self.it = it
        self.assembly: Assembly = it.assembly
        permissions.check_convenor(self.by, self.assembly.slug)
        asked = Asked.objects.filter(recommendation=it).select_related("organisation")
        self.asked = list(asked.order_by("asked_on", "pk"))
        self.bodies = list(Organisation.objects.order_by("name", "pk")[:MOST])

    @property
    def usual(self) -> date:
        """By when an answer is due, where nothing else is said."""
        return deadlines.days_after(self.today, self.assembly.response_days)

    @property
    def due_on(self) -> date | None:
        """The day that was typed."""
        text = line(self.request.POST.get(DUE, ""))
        return day_of(text) if text else self.usual

    def chosen(self) -> list[Organisation]:
        """Who was ticked."""
        ticked = set(self.request.POST.getlist(BODIES))
        return [one for one in self.bodies if one.slug in ticked]

    def faults(self) -> list[Fault]:
        """Somebody, and a day."""
        found = [] if self.chosen() else [Fault(BODIES, _("Choose whom you ask."))]
        if self.due_on is None:
            found.append(Fault(DUE, _("Write a day such as 30/9/2027.")))
        return found

    def context(self) -> dict[str, Any]:
        """The recommendation, who was asked, and who can be."""
        post = self.request.POST
        known = {one.organisation_id for one in self.asked}
        return self._page() | {
            "bodies": [Option(one.slug, one.name) for one in self.bodies if one.pk not in known],
            "ticked": post.getlist(BODIES),
            "due_on": post.get(DUE, "") or self.usual.isoformat(),
        }

    def shown(self) -> dict[str, Any]:
        """Who will stand there, and by when."""
        return self._page() | {"chosen": self.chosen(), "due_on": self.due_on}

    def words(self) -> Sequence[guard.Typed]:
        """Nothing is typed."""
        return ()

    def send(self) -> str:
        """Ask each; all or none."""
        due = self.due_on
        for one in self.chosen():
            actions.ask(
                self.it,
                by=self.by,
                today=self.today,
                organisation=one,
                due_on=None if due == self.usual else due,
            )
        return reverse("desk_ask", args=[self.it.reference])

    def _page(self) -> dict[str, Any]:
        return {
            "it": self.it,
            "assembly": self.assembly,
            "title": self.title,
            "asked": self.asked,
            "days": self.assembly.response_days,
        }
