"""Suspicious quarters: what a detector flagged, what one convenor asks to set aside, what another decides."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_safe

from commitments import errors as domain
from commitments import lifecycle, permissions
from commitments.choices import RequestState
from commitments.models import Assembly
from portal import days
from portal.desk.assembly import Row, convened, listing, waited
from portal.desk.decision import Decision, Words
from portal.desk.door import desk
from portal.templatetags.desk_forms import Option
from ratings import actions
from ratings.choices import PeriodChange
from ratings.models import Flag, SettingAside
from record.refusals import Missing

APPROVE, REFUSE, ASK = "approve", "refuse", "ask"
SHOWN = 100
RULES = {
    "burst/1": later("Many more people rated in a short time than chance brings."),
    "shift/1": later("The answers of one day lie quite otherwise than those before."),
}


@desk
@require_safe
def set_asides(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for a second convenor, what was decided, and what was flagged."""
    assembly = convened(request, slug)
    mine = SettingAside.objects.filter(period__assembly=assembly).select_related("period")
    waiting = mine.filter(state=RequestState.REQUESTED).order_by("requested_on", "pk")[:SHOWN]
    decided = mine.exclude(state=RequestState.REQUESTED).order_by("-updated_position")[:SHOWN]
    flags = Flag.objects.filter(period__assembly=assembly).select_related("period")[:SHOWN]
    rows = [
        *(_asked(one, waited(one.requested_on)) for one in waiting),
        *(_flagged(one) for one in flags),
        *(_asked(one, one.get_state_display()) for one in decided),
    ]
    lead = _("Nothing is deleted or counted anew. Two convenors decide, and both figures stay public.")
    return listing(request, assembly, _("Quarters set aside"), lead, rows)


@desk
def flag(request: HttpRequest, key: UUID) -> HttpResponse:
    """Asking that what was flagged be set aside."""
    found = Flag.objects.select_related("period__assembly").filter(pk=key).first()
    if found is None:
        raise Missing
    return Flagged(request, found).answer()


@desk
def set_aside(request: HttpRequest, key: UUID) -> HttpResponse:
    """Deciding what another convenor asked for; of what was decided, asking that it count again."""
    rows = SettingAside.objects.select_related("period__assembly", "flag")
    found = rows.filter(pk=key).first()
    if found is None:
        raise Missing
    return Second(request, found).answer()


@desk
def restore(request: HttpRequest, key: UUID) -> HttpResponse:
    """Asking that what was set aside count again."""
    found = SettingAside.objects.select_related("period__assembly", "flag").filter(pk=key).first()
    if found is None:
        raise Missing
    return Restoring(request, found).answer()


class _OfQuarter(Decision):
    """Something about the ratings of one quarter."""

    about = "portal/desk/convenor/quarter.html"

    def __init__(self, request: HttpRequest, it: Any) -> None:
        super().__init__(request)
        self.it = it
        self.assembly: Assembly = it.period.assembly
        permissions.check_convenor(self.by, self.assembly.slug)

    def facts(self) -> dict[str, Any]:
        """Which quarter of whose ratings, and what was found in it."""
        flagged = self.it if isinstance(self.it, Flag) else self.it.flag
        return {
            "assembly": self.assembly,
            "back": reverse("desk_set_asides", args=[self.assembly.slug]),
            "back_name": _("Quarters set aside"),
            "it": self.it,
            "quarter": days.quarter(self.it.period.name),
            "flag": flagged,
            "rule": RULES.get(flagged.rule, flagged.rule) if flagged else "",
            "again": getattr(self.it, "change", "") == PeriodChange.RESTORE,
        }

    def done(self) -> str:
        """Where one goes back to."""
        return reverse("desk_set_asides", args=[self.assembly.slug])


class Flagged(_OfQuarter):
    """The first of two."""

    title = later("Something rare in the ratings")
    question = later("What do you ask for?")

    def options(self) -> Sequence[Option]:
        """Only one: who sees nothing wrong leaves the page, and nothing changes."""
        return (
            Option(ASK, _("Set these ratings aside"), _("Another convenor decides. Until then they count.")),
        )

    def send(self) -> str:
        """Ask."""
        actions.propose_setting_aside(self.it, by=self.by, today=self.today, reason=self.reason)
        return self.done()


class Restoring(_OfQuarter):
    """The first of two, the other way."""

    title = later("Count these ratings again")
    question = later("What do you ask for?")

    def options(self) -> Sequence[Option]:
        """Only one."""
        return (
            Option(ASK, _("Count them again"), _("Another convenor decides. Until then they stay aside.")),
        )

    def send(self) -> str:
        """Ask."""
        actions.propose_restoring(self.it, by=self.by, today=self.today, reason=self.reason)
        return self.done()


class Second(_OfQuarter):
    """The second of two."""

    title = later("What another convenor asked for")

    def __init__(self, request: HttpRequest, it: SettingAside) -> None:
        super().__init__(request, it)
        if it.author_id == self.by.pk and it.state == RequestState.REQUESTED:
            raise domain.OwnRequest
        if request.method != "POST" and not self._is_aside():
            lifecycle.check_request_move(it.state, APPROVE)

    def options(self) -> Sequence[Option]:
        """Yes or no."""
        if self.it.change == PeriodChange.RESTORE:
            return Option(APPROVE, _("Agree: they count again")), Option(REFUSE, _("Refuse: they stay aside"))
        return Option(APPROVE, _("Agree: set them aside")), Option(REFUSE, _("Refuse: they count as before"))

    def facts(self) -> dict[str, Any]:
        """With the way back, where it was decided."""
        way = reverse("desk_restore", args=[self.it.pk]) if self._is_aside() else ""
        return super().facts() | {"restore": way}

    def effects(self) -> Sequence[Words]:
        """What stays."""
        return [_("Every figure stays to be read, and says whether it counts.")]

    def send(self) -> str:
        """Decide it."""
        verb = actions.approve_setting_aside if self.chosen == APPROVE else actions.refuse_setting_aside
        verb(self.it, by=self.by, today=self.today, reason=self.reason)
        return self.done()

    def _is_aside(self) -> bool:
        return bool(self.it.state == RequestState.APPROVED and self.it.change == PeriodChange.SET_ASIDE)


def _asked(one: SettingAside, end: Any) -> Row:
    again = one.change == PeriodChange.RESTORE
    is_aside = one.state == RequestState.APPROVED and not again
    name = "desk_restore" if is_aside else "desk_set_aside"
    return Row(
        title=_("Count them again") if again else _("Set them aside"),
        href=reverse(name, args=[one.pk]),
        ref=one.period.name,
        said=(one.subject or _("the whole assembly"), one.reason),
        end=end,
    )


def _flagged(one: Flag) -> Row:
    return Row(
        title=RULES.get(one.rule, one.rule),
        href=reverse("desk_flag", args=[one.pk]),
        ref=one.period.name,
        said=(one.subject or _("the whole assembly"), _("about %(n)s, on") % {"n": one.about}),
        end=one.day,
    )
