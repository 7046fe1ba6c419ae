"""My commitments: all that one's teams and bodies own, the most urgent first, with what is owed, by when, in words."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.models import User
from commitments.cards import with_clocks
from commitments.choices import ChallengeState, RequestState
from commitments.lifecycle import UNDER_WAY
from commitments.models import Challenge, Commitment, DueDateChange, Milestone, Owner
from commitments.models.commitments import CLOSED, LIVE
from commitments.standing import Facts, has_standing_claim
from portal import days
from portal.desk.door import desk
from portal.desk.once import token
from portal.desk.sending import person
from portal.desk.speaking import OF, spoken_for
from record import clock

SOON = timedelta(days=30)
"""So long before its day something is urgent; an update and a reply half as long."""
PAGE = 40
Row = dict[str, Any]
COLUMNS = (
    "id", "reference", "title", "due_on", "due_precision", "due_text", "update_due_on", "status", "accepted_on",
    "refuted_on", "standing", "overdue", "silent", "invented",
)  # fmt: skip
OF_THE_OWNER = ("commitment_id", "team__slug", "team__name", "lead", "team_status", "accepted_on")


class Owed(NamedTuple):
    """Something that is owed: by when, in words, and the page where it is done."""

    on: date
    says: str
    path: str
    is_over: bool


class Mine(NamedTuple):
    """A commitment of one's own in the list, with the part that is one's own."""

    row: Row
    own: Row
    owed: list[Owed]
    due: days.Promised
    waiting: date | None
    """Since when the convenor has been asked for another date."""
    can_say_nothing: bool
    once: str

    @property
    def urgency(self) -> tuple[bool, bool, date, str]:
        """What is over comes first, the longest; then what comes, the nearest; then all that is quiet."""
        first = min((one.on for one in self.owed), default=self.row["update_due_on"] or date.max)
        is_over = any(one.is_over for one in self.owed)
        return not is_over, not self.owed, first, self.row["reference"]


class Told(NamedTuple):
    """How something that is owed is said: before its day, and after it."""

    coming: str | Promise
    over: str | Promise


REPLY = Told(
    later("A challenge waits for your answer, by %(day)s: %(left)s."),
    later("A challenge has no answer: it was due by %(day)s, %(left)s. It is still taken."),
)
DUE = Told(later("It is due by %(day)s: %(left)s."), later("It is late: it was due by %(day)s, %(left)s."))
UPDATE = Told(
    later("An update is due by %(day)s: %(left)s."),
    later("Silent: an update was due by %(day)s, %(left)s, and none came."),
)
STEP = Told(
    later("A step is due by %(day)s: %(left)s."), later("A step is overdue: it was due by %(day)s, %(left)s.")
)


@desk
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The list; `of` is what was just done. A constant number of questions, whatever is owned."""
    today = clock.today()
    listed = Paginator(_listed(person(request), today), PAGE).get_page(request.GET.get("page"))
    page = {"page": listed, "of": _known(request.GET.get(OF, "")), "today": today}
    return render(request, "portal/desk/mine.html", page)


def _known(reference: str) -> str:
    """What was done, by its reference; nothing else that an address may say."""
    return reference if reference and Commitment.objects.filter(reference=reference).exists() else ""


def _listed(by: User, today: date) -> list[Mine]:
    owned = _owned(by)
    rows = with_clocks(today).filter(pk__in=owned, stage__in=LIVE).order_by("pk")
    replies, steps, asked = _replies(owned, today), _steps(owned, today), _asked(owned)
    found = []
    for row in rows.values(*COLUMNS):
        key, owed = row["id"], []
        if owned[key]["accepted_on"]:
            owed = replies[key] + (_own_dates(row, today) + steps[key] if _runs(row) else [])
        found.append(_mine(row, owned[key], sorted(owed), asked.get(key)))
    return sorted(found, key=lambda one: one.urgency)


def _owned(by: User) -> dict[int, Row]:
    """By commitment the part that is one's own; the one that leads where there are several."""
    live = Owner.objects.filter(spoken_for(by), ended_on=None).order_by("-lead", "pk")
    found: dict[int, Row] = {}
    for row in live.values(*OF_THE_OWNER):
        found.setdefault(row["commitment_id"], row)
    return found


def _mine(row: Row, own: Row, owed: list[Owed], waiting: date | None) -> Mine:
    due = days.promised(row["due_on"], row["due_precision"], row["due_text"])
    said = row["status"] if own["lead"] else own["team_status"]
    return Mine(row, own, owed, due, waiting, own["accepted_on"] is not None and said in UNDER_WAY, token())


def _runs(row: Row) -> bool:
    """Whether there is still something to do: an owner said yes, and it is neither over nor claimed done."""
    claimed = has_standing_claim(Facts(status=row["status"], refuted=row["refuted_on"] is not None))
    return row["accepted_on"] is not None and row["status"] not in CLOSED and not claimed


def _own_dates(row: Row, today: date) -> list[Owed]:
    """Its due date and its next update, where they are over or near."""
    report = reverse("desk_update", args=[row["reference"]])
    dates = ((row["due_on"], DUE, SOON), (row["update_due_on"], UPDATE, SOON / 2))
    return [_owed(on, told, report, today) for on, told, soon in dates if on and on <= today + soon]


def _replies(keys: Collection[int], today: date) -> dict[int, list[Owed]]:
    """Challenges that wait for an answer, however far the day is."""
    rows = Challenge.objects.filter(commitment__in=keys, state=ChallengeState.OPEN)
    found: dict[int, list[Owed]] = defaultdict(list)
    for key, pk, on in rows.values_list("commitment_id", "pk", "reply_due_on"):
        found[key].append(_owed(on or today, REPLY, reverse("desk_reply", args=[pk]), today))
    return found


def _steps(keys: Collection[int], today: date) -> dict[int, list[Owed]]:
    """Steps that are overdue or near."""
    rows = Milestone.objects.filter(commitment__in=keys, done_on=None, due_on__lte=today + SOON)
    found: dict[int, list[Owed]] = defaultdict(list)
    for key, reference, on in rows.values_list("commitment_id", "commitment__reference", "due_on"):
        found[key].append(_owed(on, STEP, reverse("desk_milestones", args=[reference]), today))
    return found


def _asked(keys: Collection[int]) -> dict[int, date]:
    """Since when the convenor has been asked for another date."""
    rows = DueDateChange.objects.filter(commitment__in=keys, state=RequestState.REQUESTED)
    return dict(rows.values_list("commitment_id", "requested_on"))


def _owed(on: date, told: Told, path: str, today: date) -> Owed:
    is_over = on < today
    says = str(told.over if is_over else told.coming) % {"day": days.day(on), "left": _left(on, today)}
    return Owed(on, says, path, is_over)


def _left(on: date, today: date) -> str:
    """How many days there are, or were."""
    number = abs((on - today).days)
    if number == 0:
        return _("today is the last day")
    if on < today:
        return ngettext("%(n)d day ago", "%(n)d days ago", number) % {"n": number}
    return ngettext("%(n)d day left", "%(n)d days left", number) % {"n": number}
