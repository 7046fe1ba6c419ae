"""Asking the convenor for another due date: which, how exactly, in whose words, and why. Nothing moves before a yes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from commitments import actions, events, lifecycle
from commitments.choices import Precision
from commitments.models import Commitment
from commitments.models.commitments import LONGEST_DEADLINE
from commitments.promises import Due
from portal import days, happenings, promised
from portal.desk.door import desk
from portal.desk.guard import Typed
from portal.desk.reading import day_of, fault_of_line, line
from portal.desk.speaking import Speaking, commitment_at
from portal.private import Fault
from portal.templatetags.desk_forms import Option
from portal.typed import fault_of_prose

ON, PRECISION, TEXT, REASON = "on", "precision", "text", "reason"
CHOICES = (
    Option(Precision.DAY, later("On that day")),
    Option(Precision.MONTH, later("In that month")),
    Option(Precision.QUARTER, later("In that quarter")),
    Option(Precision.SEASON, later("In that season")),
    Option(Precision.YEAR, later("In that year")),
    Option(Precision.ONGOING, later("It has no end"), later("Then no day is needed, and it is never late.")),
)


@desk
def dates(request: HttpRequest, reference: str) -> HttpResponse:
    """The form, what everybody will see, and the request."""
    return AskingForADate(request, commitment_at(reference)).answer()


class AskingForADate(Speaking):
    """A request for another due date."""

    form, preview = "portal/desk/dates.html", "portal/desk/dates_preview.html"
    fields = {ON: ON, PRECISION: PRECISION, REASON: REASON}

    def __init__(self, request: HttpRequest, commitment: Commitment) -> None:
        super().__init__(request, commitment)
        lifecycle.check_reportable(commitment, self.owner)
        lifecycle.check_due_some_day(commitment)
        self.typed_day = request.POST.get(ON, "").strip()
        self.precision = request.POST.get(PRECISION, "")
        self.text = line(request.POST.get(TEXT, ""))

    @property
    def due(self) -> Due:
        """The date that is asked for."""
        if self.precision == Precision.ONGOING:
            return Due(None, self.precision, self.text)
        return Due(day_of(self.typed_day), self.precision, self.text)

    def faults(self) -> list[Fault]:
        """A day, how exactly, and a reason."""
        found: list[Fault | None] = []
        if self.precision not in Precision.values:
            found.append(Fault(PRECISION, _("Choose how exactly the date is meant.")))
        elif self.precision != Precision.ONGOING and day_of(self.typed_day) is None:
            found.append(Fault(ON, _("Give a day, such as 30/9/2027.")))
        if not self.typed(REASON):
            found.append(Fault(REASON, _("Say why. Everybody reads it beside both dates.")))
        found += [
            fault_of_line(TEXT, self.text, LONGEST_DEADLINE), fault_of_prose(REASON, self.typed(REASON))
        ]  # fmt: skip
        return [one for one in found if one]

    def context(self) -> dict[str, Any]:
        """When it is due now, when it was first, and what was typed."""
        return super().context() | self._dates() | {
            "choices_of_precision": CHOICES,
            "typed": {
                ON: self.typed_day, PRECISION: self.precision or Precision.DAY, TEXT: self.text,
                REASON: self.typed(REASON),
            },
        }  # fmt: skip

    def words(self) -> Sequence[Typed]:
        """The words for the date, and the reason."""
        return [
            Typed(TEXT, _("The date in your words"), self.text),
            Typed(REASON, _("The reason"), self.typed(REASON)),
        ]

    def shown(self) -> dict[str, Any]:
        """The entry of the story."""
        it = self.commitment
        facts = {"old": _told(it.due_on, it.due_precision), "new": _told(self.due.ends_on, self.precision)}
        words = {"text": self.text, "reason": self.typed(REASON)}
        entry = happenings.to_be(events.DUE_DATE_REQUESTED.name, self.office, facts, words, on=self.today)
        return super().shown() | self._dates() | {"entry": entry}

    def send(self) -> str:
        """Ask for it."""
        actions.request_due_date(
            self.commitment,
            by=self.by,
            today=self.today,
            due=self.due,
            reason=self.typed(REASON),
            team=self.team,
        )
        return self.after()

    def _dates(self) -> dict[str, Any]:
        it = self.commitment
        return {
            "present": days.promised(it.due_on, it.due_precision, it.due_text),
            "first_on": it.first_due_on,
            "is_over": it.due_on is not None and it.due_on < self.today,
            "moves": [one for one in promised.moves(it.pk) if one["state"] in ("requested", "refused")],
        }


def _told(on: date | None, precision: str) -> dict[str, Any] | None:
    if on is None and not precision:
        return None
    return {"on": on.isoformat() if on else None, "precision": precision}
