"""Requests that the convenor decides: another due date, a corrected wording."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_safe

from commitments import actions, errors, lifecycle, permissions
from commitments.choices import RequestState
from commitments.models import Assembly, Correction, DueDateChange
from portal import days, promised, redlines
from portal.desk.assembly import Row, convened, listing, waited
from portal.desk.decision import Decision, Words
from portal.desk.door import desk
from portal.happenings import FIELDS
from portal.templatetags.desk_forms import Option
from record.refusals import Missing

APPROVE, REFUSE = "approve", "refuse"
SHOWN = 200
"""So many requests stand on a page; what is decided makes room."""


@desk
@require_safe
def date_changes(request: HttpRequest, slug: str) -> HttpResponse:
    """Those of one assembly that wait, the oldest first."""
    assembly = convened(request, slug)
    waiting = DueDateChange.objects.filter(
        commitment__assembly=assembly, state=RequestState.REQUESTED
    ).select_related("commitment", "team")
    rows = [
        Row(
            title=one.commitment.title,
            href=reverse("desk_date_change", args=[one.pk]),
            ref=one.commitment.reference,
            said=(
                _("%(who)s asks to move it from %(old)s to %(new)s.")
                % {
                    "who": one.team.name,
                    "old": days.promised(one.old_on, one.old_precision, one.old_text).said,
                    "new": days.promised(one.on, one.precision, one.text).said,
                },
                one.reason,
            ),
            end=waited(one.requested_on),
        )
        for one in waiting.order_by("requested_on", "pk")[:SHOWN]
    ]
    lead = _("Lateness runs on until you decide, and no rule sets a date for it.")
    return listing(request, assembly, _("Dates to decide"), lead, rows)


@desk
@require_safe
def corrections(request: HttpRequest, slug: str) -> HttpResponse:
    """Those of one assembly that wait, the oldest first."""
    assembly = convened(request, slug)
    waiting = Correction.objects.filter(
        commitment__assembly=assembly, state=RequestState.REQUESTED
    ).select_related("commitment")
    rows = [
        Row(
            title=one.commitment.title,
            href=reverse("desk_correction", args=[one.pk]),
            ref=one.commitment.reference,
            said=(FIELDS.get(one.field, one.field), one.reason),
            end=waited(one.requested_on),
        )
        for one in waiting.order_by("requested_on", "pk")[:SHOWN]
        if one.commitment
    ]
    lead = _("A correction changes words and not their meaning. You judge whether it is one.")
    return listing(request, assembly, _("Corrections to decide"), lead, rows)


@desk
def date_change(request: HttpRequest, key: UUID) -> HttpResponse:
    """One request for another date, with every move before it; then what everybody will see."""
    rows = DueDateChange.objects.select_related("commitment__assembly", "team")
    found = rows.filter(pk=key).first()
    if found is None:
        raise Missing
    return DateChange(request, found).answer()


@desk
def correction(request: HttpRequest, key: UUID) -> HttpResponse:
    """One request for another wording, old and new side by side; then what everybody will see."""
    rows = Correction.objects.select_related("commitment__assembly", "milestone")
    found = rows.filter(pk=key).exclude(commitment=None).first()
    if found is None:
        raise Missing
    return CorrectionDecision(request, found).answer()


class _Request(Decision):
    """Something that an owner asked for."""

    def __init__(self, request: HttpRequest, it: Any) -> None:
        super().__init__(request)
        self.it = it
        self.assembly: Assembly = it.commitment.assembly
        permissions.check_convenor(self.by, self.assembly.slug)
        if it.author_id == self.by.pk:
            raise errors.OwnRequest
        if request.method != "POST":
            lifecycle.check_request_move(it.state, APPROVE)

    def needs_reason(self) -> bool:
        """Who is refused something is told why; at the desk, who is allowed something is too."""
        return True


class DateChange(_Request):
    """Agreeing to another due date, or not."""

    title = later("Another due date")
    about, seen = "portal/desk/convenor/date_change.html", "portal/desk/convenor/date_change_seen.html"

    def __init__(self, request: HttpRequest, it: DueDateChange) -> None:
        super().__init__(request, it)
        self.row = promised.row_of(it.commitment.reference, self.today)
        self.moves = promised.moves(it.commitment.pk)

    def options(self) -> Sequence[Option]:
        """Yes or no."""
        return (
            Option(APPROVE, _("Agree to the new date"), _("The old one stays to be read, struck through.")),
            Option(REFUSE, _("Refuse it"), _("The present date stays.")),
        )

    def facts(self) -> dict[str, Any]:
        """The promise, its present date, and how often and why it moved before."""
        due = promised.due(self.row, self.today, self.moves)
        return {
            "assembly": self.assembly,
            "back": reverse("desk_date_changes", args=[self.assembly.slug]),
            "back_name": _("Dates to decide"),
            "it": self.row,
            "due": due,
            "moved": len(due["moves"]),
            "wanted": self._moved(),
        }

    def shown(self) -> dict[str, Any]:
        """The section of dates as it will stand on the promise's page."""
        return super().shown() | {"after": promised.due(self._row_after(), self.today, self._moves_after())}

    def effects(self) -> Sequence[Words]:
        """What a yes does not do."""
        late = promised.due(self.row, self.today, self.moves)["late"]
        if self.chosen != APPROVE or not late:
            return ()
        return [_("It is late already. That stays in the record: the new date does not unmake it.")]

    def send(self) -> str:
        """Decide it."""
        verb = actions.approve_due_date if self.chosen == APPROVE else actions.refuse_due_date
        verb(self.it, by=self.by, today=self.today, reason=self.reason)
        return reverse("desk_date_changes", args=[self.assembly.slug])

    def _moved(self) -> dict[str, Any]:
        return next(move for move in self.moves if move["position"] == self.it.position)

    def _row_after(self) -> dict[str, Any]:
        if self.chosen != APPROVE:
            return self.row
        new = {"due_on": self.it.on, "due_precision": self.it.precision, "due_text": self.it.text}
        return self.row | new | {"first_due_on": self.row["first_due_on"] or self.it.on}

    def _moves_after(self) -> list[dict[str, Any]]:
        state = RequestState.APPROVED if self.chosen == APPROVE else RequestState.REFUSED
        new = {"state": state, "decided_on": self.today, "decision_reason": self.reason}
        return [move | new if move["position"] == self.it.position else move for move in self.moves]


class CorrectionDecision(_Request):
    """Agreeing to another wording, or not."""

    title = later("A correction")
    about, seen = "portal/desk/convenor/correction.html", "portal/desk/convenor/correction_seen.html"

    def options(self) -> Sequence[Option]:
        """Whether the meaning stays."""
        return (
            Option(
                APPROVE, _("Agree: the meaning stays"), _("The new words are shown, the old beside them.")
            ),
            Option(
                REFUSE,
                _("Refuse it: it would change what was promised"),
                _("A changed promise is a new one, which takes the place of this."),
            ),
        )

    def facts(self) -> dict[str, Any]:
        """The promise, and what would change in which words."""
        return {
            "assembly": self.assembly,
            "back": reverse("desk_corrections", args=[self.assembly.slug]),
            "back_name": _("Corrections to decide"),
            "it": self.it,
            "field": FIELDS.get(self.it.field, self.it.field),
            "pieces": redlines.between(self.it.old, self.it.new),
            "agreed": self.chosen == APPROVE,
        }

    def send(self) -> str:
        """Decide it."""
        verb = actions.approve_correction if self.chosen == APPROVE else actions.refuse_correction
        verb(self.it, by=self.by, today=self.today, reason=self.reason)
        return reverse("desk_corrections", args=[self.assembly.slug])
