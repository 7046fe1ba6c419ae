"""Saying whose words are meant, and seeing which those are, before they are held, hidden or asked to be erased."""

from typing import Any, ClassVar, NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext as _

from commitments import errors
from commitments.models import Assembly, Withholding
from commitments.withholding import offices, stories
from commitments.withholding.reach import Reach, aimed, reach_of
from portal.desk.decision import DECISION, Decision
from portal.desk.pointing import Pointed, Pointer
from portal.private import Fault
from record.guarded import Recorded
from record.models import Words

WHAT = "what"
SHOWN = 60
"""So many texts are shown whole; of more it is said how many there are."""


class Meant(NamedTuple):
    """The texts that are meant: the first of them, and how many in all, of how many entries."""

    texts: list[Words]
    number: int
    entries: int


class Aiming(Decision):
    """A form with a field for what is meant; what that reaches is shown before it is sent."""

    form = "portal/desk/convenor/aiming.html"
    seen: ClassVar[str] = "portal/desk/convenor/aimed.html"
    fields: ClassVar[dict[str, str]] = {
        "subject": WHAT, "entries": WHAT, "ground": DECISION, "category": "category",
    }  # fmt: skip
    wants_words = True

    def __init__(self, request: HttpRequest, assembly: Assembly) -> None:
        super().__init__(request)
        self.assembly = assembly
        self.typed_what = request.POST.get(WHAT, request.GET.get(WHAT, ""))
        self.pointed: Pointed | None = None

    def needs_reason(self) -> bool:
        """A note is nobody's duty."""
        return False

    def faults(self) -> list[Fault]:
        """What was meant has to be found, and to have words."""
        return [*self._what(), *super().faults()]

    def _what(self) -> list[Fault]:
        read = Pointer(self.typed_what).read(WHAT)
        if isinstance(read, Fault):
            return [read]
        root = stories.root_of(read.thing)
        offices.office_for(self.by, root)
        self.pointed = read
        self.meant = meant(self.reach(read, root))
        if not self.meant.number and self.wants_words:
            return [Fault(WHAT, _("No words stand there; name another thing, or an entry of its own."))]
        return []

    def reach(self, pointed: Pointed, root: Recorded) -> Reach:
        """How far it reaches."""
        return aimed(pointed.thing, stories.story(root), pointed.entries)

    def context(self) -> dict[str, Any]:
        """The form, with the field for what is meant."""
        return super().context() | {"what": self.typed_what}

    def shown(self) -> dict[str, Any]:
        """Which texts those are."""
        return super().shown() | {"meant": self.meant, "subject": self.named().thing.record_subject}

    def named(self) -> Pointed:
        """What is meant, once it was found."""
        if self.pointed is None:
            self._what()
        if self.pointed is None:
            raise errors.UnknownSubject(field=WHAT, subject=self.typed_what)
        return self.pointed


def held_reach(thing: Recorded, root: Recorded, kind: str) -> Reach:
    """How far a hold of this thing would reach."""
    return reach_of(Withholding(kind=kind, entries=[]), thing, stories.story(root))


def meant(reach: Reach) -> Meant:
    """The texts of the record that are reached. Two questions."""
    rows = (
        Words.objects.filter(pk__in=reach.words)
        .exclude(text=None)
        .exclude(text="")
        .order_by("position", "name")
    )
    texts = list(rows[:SHOWN])
    return Meant(texts, rows.count(), len(reach.positions))
