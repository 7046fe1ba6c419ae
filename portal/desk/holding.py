"""Holds, put on while a case is live and lifted; words hidden after they were looked at, and shown again."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_safe

from commitments import actions, errors
from commitments.choices import WithholdingKind
from commitments.models import Assembly, Withholding
from commitments.withholding import offices, stories
from commitments.withholding.reach import Reach, reach_of
from portal.desk.aiming import Aiming, held_reach, meant
from portal.desk.assembly import Row, convened, listing
from portal.desk.decision import Decision, Words
from portal.desk.door import desk
from portal.desk.pointing import Pointed
from portal.desk.wordings import HIDING, HOLDING
from portal.templatetags.desk_forms import Option
from record.guarded import Recorded
from record.refusals import Missing

LIFT = "lift"
SHOWN = 200


@desk
@require_safe
def holds(request: HttpRequest, slug: str) -> HttpResponse:
    """What is held or hidden now in one assembly, and in what belongs to all; the oldest first."""
    assembly = convened(request, slug)
    present = Withholding.objects.filter(Q(assembly=assembly) | Q(assembly=None), lifted_on=None)
    rows = [
        Row(
            title=one.subject,
            href=reverse("desk_hold", args=[one.pk]),
            ref=_("held") if one.kind == WithholdingKind.HELD else _("hidden"),
            said=(one.get_ground_display(), _("by %(office)s") % {"office": one.office}),
            end=one.placed_on,
        )
        for one in present.order_by("placed_on", "pk")[:SHOWN]
    ]
    ways = (
        (_("Hold words while a case is live"), reverse("desk_hold_new", args=[slug])),
        (_("Hide words"), reverse("desk_hide", args=[slug])),
    )
    lead = _(
        "Held: for a time, and judging nothing. Hidden: after they were looked at. Both are public as facts."
    )
    return listing(request, assembly, _("Held and hidden words"), lead, rows, ways)


@desk
def place(request: HttpRequest, slug: str) -> HttpResponse:
    """Holding words back while a case is live."""
    return Placing(request, convened(request, slug)).answer()


@desk
def hide(request: HttpRequest, slug: str) -> HttpResponse:
    """Hiding words after looking at them."""
    return Hiding(request, convened(request, slug)).answer()


@desk
def hold(request: HttpRequest, key: UUID) -> HttpResponse:
    """Lifting a hold, or showing again what was hidden."""
    found = Withholding.objects.select_related("assembly").filter(pk=key).first()
    if found is None:
        raise Missing
    return Lifting(request, found).answer()


class _OfHolds(Aiming):
    """Something put on from the list of what is held and hidden."""

    def facts(self) -> dict[str, Any]:
        """Where one comes from."""
        return {
            "assembly": self.assembly,
            "back": reverse("desk_holds", args=[self.assembly.slug]),
            "back_name": _("Held and hidden words"),
        }


class Placing(_OfHolds):
    """A hold: all words of a thing and of what belongs to it, also those that come later."""

    title = later("Hold words while a case is live")
    question = later("On which ground?")
    takes_reason = wants_words = False

    def options(self) -> Sequence[Option]:
        """The grounds; they are public."""
        return [Option(key, label) for key, label in HOLDING.items()]

    def reach(self, pointed: Pointed, root: Recorded) -> Reach:
        """Everything beneath the thing."""
        return held_reach(pointed.thing, root, WithholdingKind.HELD)

    def effects(self) -> Sequence[Words]:
        """What a hold is and is not."""
        return [
            _(
                "These words go from every page, list, feed, mail and export, with all that is said there later."
            ),
            _(
                "Facts stay to be seen: that it is held, on which ground, dates and clocks. It judges nothing."
            ),
            _("When you lift it, everything is shown again as it was."),
        ]

    def send(self) -> str:
        """Put it on."""
        actions.place_hold(self.named().thing, by=self.by, today=self.today, ground=self.chosen)
        return reverse("desk_holds", args=[self.assembly.slug])


class Hiding(_OfHolds):
    """Hiding words that were looked at."""

    title = later("Hide words")
    question = later("On which ground?")
    reason_label = later("A note for convenors")
    reason_hint = later("If you like. It is never published.")
    tells = False

    def options(self) -> Sequence[Option]:
        """The grounds; they are public."""
        return [Option(key, label) for key, label in HIDING.items()]

    def effects(self) -> Sequence[Words]:
        """What hiding does."""
        return [
            _(
                "These words go from every page, list, feed, mail and export. That they are hidden, and why, is public."
            ),
            _("You can show them again. For words that must go for ever, ask for an erasure."),
        ]

    def send(self) -> str:
        """Hide them."""
        pointed = self.named()
        actions.hide_words(
            pointed.thing,
            by=self.by,
            today=self.today,
            ground=self.chosen,
            entries=pointed.entries,
            note=self.reason,
        )
        return reverse("desk_holds", args=[self.assembly.slug])


class Lifting(Decision):
    """Showing again what is held or hidden."""

    title = later("Show words again")
    question = later("Show these words again?")
    about, seen = "portal/desk/convenor/withheld.html", "portal/desk/convenor/aimed.html"
    takes_reason = False

    def __init__(self, request: HttpRequest, it: Withholding) -> None:
        super().__init__(request)
        self.it = it
        self.thing = offices.named(it.subject)
        root = stories.root_of(self.thing)
        office = offices.office_for(self.by, root)
        self.assembly: Assembly = it.assembly or Assembly.objects.get(slug=office.partition(":")[2])
        if request.method != "POST" and it.lifted_on is not None:
            raise errors.NotHeld
        self.meant = meant(reach_of(it, self.thing, stories.story(root)))

    def options(self) -> Sequence[Option]:
        """Only one: who does not want to leaves the page."""
        return (Option(LIFT, _("Show them again, as they were")),)

    def facts(self) -> dict[str, Any]:
        """What is withheld, since when and why."""
        return {
            "assembly": self.assembly,
            "back": reverse("desk_holds", args=[self.assembly.slug]),
            "back_name": _("Held and hidden words"),
            "it": self.it,
            "meant": self.meant,
            "subject": self.it.subject,
        }

    def effects(self) -> Sequence[Words]:
        """What may keep some of them back all the same."""
        return [_("Everybody can read them again, but for what another hold or hiding covers.")]

    def send(self) -> str:
        """Lift it."""
        is_hold = self.it.kind == WithholdingKind.HELD
        (actions.lift_hold if is_hold else actions.restore_words)(self.it, by=self.by, today=self.today)
        return reverse("desk_holds", args=[self.assembly.slug])
