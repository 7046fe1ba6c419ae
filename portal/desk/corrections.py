"""Correcting a wording, not its meaning: of a commitment, which the convenor decides, and of one's own update.

Old and new text stand beside each other for ever.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from commitments import actions, deadlines, errors, events, lifecycle
from commitments.actions.corrections import LONGEST_TITLE, MILESTONE, TEXTS
from commitments.models import Commitment, Milestone, ProgressUpdate
from portal import days, happenings, promised
from portal.desk.door import desk
from portal.desk.guard import Typed
from portal.desk.reading import day_of, fault_of_line
from portal.desk.speaking import Speaking, commitment_at, part_at
from portal.private import Fault
from portal.templatetags.desk_forms import Option
from portal.typed import fault_of_prose
from record.stand_ins import STAND_INS

FIELD, TEXT, REASON = "field", "text", "reason"
BODY = "body"
STEP = "milestone:"
"""What stands before the id of a step whose date is corrected."""


@desk
def correct(request: HttpRequest, reference: str) -> HttpResponse:
    """Which wording; then how it should read, what everybody will see, and the request."""
    return Correcting(request, commitment_at(reference)).answer()


@desk
def correct_update(request: HttpRequest, key: UUID) -> HttpResponse:
    """How the words of an update should have read; it takes effect at once, and both stay."""
    rows = ProgressUpdate.objects.select_related("team")
    return CorrectingAnUpdate(request, part_at(rows, key)).answer()


class Correcting(Speaking):
    """A correction of a commitment's text, or of the date of a step. Owners are corrected by handing over."""

    form, preview = "portal/desk/correct.html", "portal/desk/correct_preview.html"
    fields = {FIELD: FIELD, TEXT: TEXT, REASON: REASON}
    kind = events.CORRECTION_REQUESTED.name
    waits = True

    def __init__(self, request: HttpRequest, commitment: Commitment) -> None:
        super().__init__(request, commitment)
        lifecycle.check_reportable(commitment, self.owner)
        self.field = request.POST.get(FIELD) or request.GET.get(FIELD) or ""

    @property
    def milestone(self) -> Milestone | None:
        """The step whose date is corrected."""
        if not self.field.startswith(STEP):
            return None
        try:
            key = UUID(self.field.removeprefix(STEP))
        except ValueError:
            return None
        found: Milestone | None = self.commitment.milestones.filter(pk=key).first()
        return found

    @property
    def old(self) -> str | None:
        """As it reads now; None where no such wording can be corrected."""
        if self.field in TEXTS:
            return str(getattr(self.commitment, self.field))
        step = self.milestone
        return step.due_on.isoformat() if step else None

    @property
    def new(self) -> str:
        """As it should read."""
        if not self.field.startswith(STEP):
            return self.typed(TEXT)
        on = day_of(self.typed(TEXT))
        return on.isoformat() if on else ""

    def faults(self) -> list[Fault]:
        """A wording, another one than there is, and a reason."""
        if self.old is None:
            return [Fault(FIELD, _("Choose what is to be corrected."))]
        if self.old in STAND_INS:
            return [Fault(TEXT, _("These words are held back or were erased."))]
        found = [self._fault_of_text(), fault_of_prose(REASON, self.typed(REASON))]
        if not self.typed(REASON):
            found.append(Fault(REASON, _("Say what was wrong. Everybody reads it beside both wordings.")))
        return [one for one in found if one]

    def _fault_of_text(self) -> Fault | None:
        if self.field.startswith(STEP):
            on = day_of(self.typed(TEXT))
            if on is None or not deadlines.is_plausible(on):
                return Fault(TEXT, _("Give the right day, such as 30/9/2027."))
        if not self.new:
            return Fault(TEXT, _("Write how it should read."))
        if self.new == self.old:
            return Fault(TEXT, _("This is how it reads now; change what is wrong in it."))
        if self.field == "title":
            return fault_of_line(TEXT, self.new, LONGEST_TITLE)
        return fault_of_prose(TEXT, self.new)

    def context(self) -> dict[str, Any]:
        """What can be corrected; once that is chosen, how it reads now."""
        return super().context() | {
            "options": self._options(),
            "field": self.field if self.old is not None else "",
            "field_name": self._name(),
            "is_day": self.field.startswith(STEP),
            "is_line": self.field == "title",
            "withheld": self.old in STAND_INS,
            "old": self.old or "",
            "typed": {
                TEXT: self.request.POST.get(TEXT, self.old or ""), REASON: self.typed(REASON)
            },
            "waits": self.waits,
        }  # fmt: skip

    def _options(self) -> list[Option]:
        texts = [Option(name, promised.field(name)) for name in TEXTS]
        steps = self.commitment.milestones.order_by("due_on", "pk").values_list("pk", "title", "due_on")
        said = later("The date of a step: %(title)s, %(day)s")
        return texts + [
            Option(f"{STEP}{key}", str(said) % {"title": title, "day": days.day(on)})
            for key, title, on in steps
        ]

    def _name(self) -> str:
        return promised.field(MILESTONE if self.field.startswith(STEP) else self.field)

    def words(self) -> Sequence[Typed]:
        """The new wording and the reason."""
        return [
            Typed(TEXT, _("As it should read"), self.new),
            Typed(REASON, _("The reason"), self.typed(REASON)),
        ]

    def shown(self) -> dict[str, Any]:
        """The entry of the story, with what is taken out and put in."""
        field = MILESTONE if self.field.startswith(STEP) else self.field
        old, new = (_as_read(text, field) for text in (self.old or "", self.new))
        words = {"old": old, "new": new, "reason": self.typed(REASON)}
        entry = happenings.to_be(self.kind, self.office, {"field": field}, words, on=self.today)
        return super().shown() | {"entry": entry, "waits": self.waits, "withheld": self.old in STAND_INS}

    def send(self) -> str:
        """Ask for it."""
        step = self.milestone
        actions.correct_commitment(
            self.commitment,
            by=self.by,
            today=self.today,
            field=MILESTONE if step else self.field,
            text=self.new,
            reason=self.typed(REASON),
            milestone=step,
            team=self.team,
        )
        return self.after()


class CorrectingAnUpdate(Correcting):
    """A correction of the words of an update, by the team that posted it."""

    kind = events.UPDATE_CORRECTED.name
    waits = False

    def __init__(self, request: HttpRequest, update: ProgressUpdate) -> None:
        super().__init__(request, update.commitment)
        its = [one for one in self.owners if one.team_id == update.team_id]
        if not its:
            raise errors.NotAnOwner(reference=update.commitment.reference)
        if update.nothing_to_report:
            raise errors.NothingToCorrect
        self.owner, self.owners = its[0], its
        self.update, self.field = update, BODY

    @property
    def old(self) -> str | None:
        """As it reads now."""
        return self.update.body

    def _options(self) -> list[Option]:
        return []

    def _name(self) -> str:
        return _("the words of your update")

    def send(self) -> str:
        """Correct it."""
        actions.correct_update(
            self.update, by=self.by, today=self.today, field=BODY, text=self.new, reason=self.typed(REASON)
        )
        return self.after()


def _as_read(text: str, field: str) -> str:
    return days.day(date.fromisoformat(text)) if field == MILESTONE and text else text
