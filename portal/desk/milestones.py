"""The dated steps of a commitment: adding one, and saying that one is done."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from commitments import actions, deadlines, events, lifecycle
from commitments.models import Commitment, Milestone
from portal import happenings, promised
from portal.desk.door import desk
from portal.desk.guard import Typed
from portal.desk.reading import day_of, fault_of_line, line
from portal.desk.speaking import Speaking, commitment_at, part_at
from portal.private import Fault

TITLE, DUE, DONE = "title", "due_on", "done_on"
LONGEST = 300


@desk
def milestones(request: HttpRequest, reference: str) -> HttpResponse:
    """All steps, and a form for one more."""
    return Adding(request, commitment_at(reference)).answer()


@desk
def done(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """On which day a step was done."""
    return Finishing(
        request, part_at(Milestone.objects.filter(commitment__reference=reference), key)
    ).answer()


class Adding(Speaking):
    """One more step."""

    form, preview = "portal/desk/milestones.html", "portal/desk/milestone_preview.html"
    fields = {TITLE: TITLE, DUE: DUE}

    def __init__(self, request: HttpRequest, commitment: Commitment) -> None:
        super().__init__(request, commitment)
        lifecycle.check_reportable(commitment, self.owner)
        self.title = line(request.POST.get(TITLE, ""))
        self.typed_day = request.POST.get(DUE, "").strip()

    def faults(self) -> list[Fault]:
        """What it is, and by when."""
        found = [fault_of_line(TITLE, self.title, LONGEST)]
        if not self.title:
            found = [Fault(TITLE, _("Say what the step is."))]
        on = day_of(self.typed_day)
        if on is None or not deadlines.is_plausible(on):
            found.append(Fault(DUE, _("Give the day by which it will be done, such as 30/9/2027.")))
        return [one for one in found if one]

    def context(self) -> dict[str, Any]:
        """The steps that there are, and what was typed."""
        row = promised.row_of(self.commitment.reference, self.today)
        return super().context() | {
            "steps": promised.steps(self.commitment.pk, row, self.today),
            "typed": {TITLE: self.title, DUE: self.typed_day},
        }

    def words(self) -> Sequence[Typed]:
        """What it is called."""
        return [Typed(TITLE, _("The step"), self.title)]

    def shown(self) -> dict[str, Any]:
        """The entry of the story."""
        on = day_of(self.typed_day)
        facts = {"due_on": on.isoformat() if on else None}
        entry = happenings.to_be(
            events.MILESTONE_ADDED.name, self.office, facts, {"title": self.title}, on=self.today
        )
        return super().shown() | {"entry": entry}

    def send(self) -> str:
        """Add it."""
        on = day_of(self.typed_day)
        if on is None:
            raise ValueError("The form was read before it is sent.")
        actions.add_milestone(
            self.commitment, by=self.by, today=self.today, title=self.title, due_on=on, team=self.team
        )
        return self.after()


class Finishing(Speaking):
    """A step that is done."""

    form, preview = "portal/desk/milestone_done.html", "portal/desk/milestone_preview.html"
    fields = {DONE: DONE}

    def __init__(self, request: HttpRequest, milestone: Milestone) -> None:
        super().__init__(request, milestone.commitment)
        lifecycle.check_reportable(milestone.commitment, self.owner)
        self.milestone = milestone
        self.typed_day = request.POST.get(DONE, self.today.isoformat()).strip()

    def answer(self) -> HttpResponse:
        """One that is done already says so at once."""
        if self.request.method != "POST":
            lifecycle.check_milestone_can_finish(self.milestone, self.today, self.today)
        return super().answer()

    def faults(self) -> list[Fault]:
        """A day that has been."""
        on = day_of(self.typed_day)
        if on is None or on > self.today or not deadlines.is_plausible(on):
            return [Fault(DONE, _("Give the day on which it was done: today, or an earlier one."))]
        return []

    def context(self) -> dict[str, Any]:
        """The step, and the day."""
        return super().context() | {"milestone": self.milestone, "typed_day": self.typed_day}

    def words(self) -> Sequence[Typed]:
        """None: a day is no word."""
        return []

    def shown(self) -> dict[str, Any]:
        """The entry of the story."""
        on = day_of(self.typed_day)
        facts = {"done_on": on.isoformat() if on else None}
        entry = happenings.to_be(
            events.MILESTONE_DONE.name, self.office, facts, {}, on=self.today, title=self.milestone.title
        )
        return super().shown() | {"entry": entry}

    def send(self) -> str:
        """Say so."""
        done_on = day_of(self.typed_day)
        actions.finish_milestone(
            self.milestone, by=self.by, today=self.today, done_on=done_on, team=self.team
        )
        return self.after()
