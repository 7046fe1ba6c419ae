"""Erasing words for ever where the law demands it: one convenor asks, another sees what will be gone, and decides."""

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
from commitments.choices import RedactionState
from commitments.models import Assembly, Redaction
from commitments.withholding import offices, stories
from commitments.withholding.reach import aimed
from portal.desk.aiming import Aiming, meant
from portal.desk.assembly import Row, convened, listing, waited
from portal.desk.decision import Decision, Words
from portal.desk.door import desk
from portal.desk.wordings import ERASING, SORTS
from portal.private import Fault
from portal.templatetags.desk_forms import Option
from record.refusals import Missing

APPROVE, REFUSE, WITHDRAW, SORT = "approve", "refuse", "withdraw", "category"
SHOWN = 200


@desk
@require_safe
def redactions(request: HttpRequest, slug: str) -> HttpResponse:
    """What is asked for in one assembly, and in what belongs to all; the oldest first."""
    assembly = convened(request, slug)
    asked = Redaction.objects.filter(Q(assembly=assembly) | Q(assembly=None), state=RedactionState.ASKED)
    rows = [
        Row(
            title=one.subject,
            href=reverse("desk_redaction", args=[one.pk]),
            ref=_("yours") if one.asked_by_id == request.user.pk else "",
            said=(one.get_ground_display(), one.get_category_display()),
            end=waited(one.asked_on),
        )
        for one in asked.order_by("asked_on", "pk")[:SHOWN]
    ]
    ways = ((_("Ask for an erasure"), reverse("desk_redaction_new", args=[slug])),)
    lead = _("Two convenors are needed: one asks, another agrees. What is erased cannot be brought back.")
    return listing(request, assembly, _("Erasures"), lead, rows, ways)


@desk
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Asking for words to be erased."""
    return Asking(request, convened(request, slug)).answer()


@desk
def redaction(request: HttpRequest, key: UUID) -> HttpResponse:
    """Agreeing, refusing or taking back."""
    found = Redaction.objects.select_related("assembly").filter(pk=key).first()
    if found is None:
        raise Missing
    return Deciding(request, found).answer()


class Asking(Aiming):
    """What is asked for is shown to convenors alone, since it points to the words."""

    title = later("Ask for words to be erased")
    question = later("Why does the law demand it?")
    takes_reason = False

    @property
    def sort(self) -> str:
        """What sort of words they are."""
        return self.request.POST.get(SORT, "")

    def faults(self) -> list[Fault]:
        """A ground and a category."""
        wrong = [] if self.sort in SORTS else [Fault(SORT, _("Choose one of the answers."))]
        return [*super().faults(), *wrong]

    def options(self) -> Sequence[Option]:
        """The grounds."""
        return [Option(key, label) for key, label in ERASING.items()]

    def context(self) -> dict[str, Any]:
        """With the category."""
        sorts = [Option(key, label) for key, label in SORTS.items()]
        return super().context() | {"sorts": sorts, "sort": self.sort}

    def facts(self) -> dict[str, Any]:
        """Where one comes from."""
        return {
            "assembly": self.assembly,
            "back": reverse("desk_redactions", args=[self.assembly.slug]),
            "back_name": _("Erasures"),
            "category": SORTS.get(self.sort, ""),
            "for_ever": True,
        }

    def effects(self) -> Sequence[Words]:
        """What comes next."""
        return [
            _("Nothing is erased or published yet: another convenor of the assembly decides."),
            _("Once carried out the words are gone for ever, from every page and from the record itself."),
            _("That words were erased, where, on which ground and of what sort stays public."),
            _("To keep them from being read meanwhile, hold or hide them as well."),
        ]

    def send(self) -> str:
        """Ask."""
        pointed = self.named()
        actions.ask_redaction(
            pointed.thing,
            by=self.by,
            today=self.today,
            ground=self.chosen,
            category=self.sort,
            entries=pointed.entries,
        )
        return reverse("desk_redactions", args=[self.assembly.slug])


class Deciding(Decision):
    """What the second convenor sees, or the first one who thinks better of it."""

    title = later("An erasure")
    about, seen = "portal/desk/convenor/redaction.html", "portal/desk/convenor/redaction_seen.html"
    takes_reason = False

    def __init__(self, request: HttpRequest, it: Redaction) -> None:
        super().__init__(request)
        self.it = it
        thing = offices.named(it.subject)
        root = stories.root_of(thing)
        office = offices.office_for(self.by, root)
        self.assembly: Assembly = it.assembly or Assembly.objects.get(slug=office.partition(":")[2])
        if request.method != "POST" and it.state != RedactionState.ASKED:
            raise errors.AlreadyDecided(state=RedactionState(it.state).label)
        self.meant = meant(aimed(thing, stories.story(root), it.entries))

    def options(self) -> Sequence[Option]:
        """Who asked can only take it back."""
        if self.it.asked_by_id == self.by.pk:
            return (
                Option(
                    WITHDRAW,
                    _("Take it back"),
                    _("Nothing is erased. Another convenor is to decide it."),
                ),
            )
        return (
            Option(
                APPROVE,
                _("Erase these words for ever"),
                _("Nobody can bring them back, not even who runs this."),
            ),
            Option(REFUSE, _("Leave the words where they are")),
        )

    def facts(self) -> dict[str, Any]:
        """What would be gone, and why."""
        return {
            "assembly": self.assembly,
            "back": reverse("desk_redactions", args=[self.assembly.slug]),
            "back_name": _("Erasures"),
            "it": self.it,
            "ground": ERASING[self.it.ground],
            "category": SORTS[self.it.category],
            "meant": self.meant,
            "subject": self.it.subject,
            "mine": self.it.asked_by_id == self.by.pk,
            "erases": self.chosen == APPROVE,
            "for_ever": self.chosen in ("", APPROVE),
        }

    def effects(self) -> Sequence[Words]:
        """What an erasure leaves."""
        if self.chosen != APPROVE:
            return [_("Nothing is published of it.")]
        return [
            _("The entries stay, and prove that something stood there; the words and their salt are gone.")
        ]

    def send(self) -> str:
        """Decide it."""
        verbs = {
            APPROVE: actions.approve_redaction,
            REFUSE: actions.refuse_redaction,
            WITHDRAW: actions.withdraw_redaction,
        }
        verbs[self.chosen](self.it, by=self.by, today=self.today)
        return reverse("desk_redactions", args=[self.assembly.slug])
