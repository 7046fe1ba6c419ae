"""Promises that become others: replaced by one that stands already, split into several, merged into one."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from commitments import actions, lifecycle, permissions
from commitments.models import Commitment, Owner
from commitments.models.commitments import LIVE
from commitments.promises import Promise
from portal.desk import guard
from portal.desk.accepting import commitment_at
from portal.desk.door import desk
from portal.desk.handing import REASON, fault_of_reason, reason_of
from portal.desk.promise_form import MOST, Offer, Typed
from portal.desk.promising import Drafted, choosable, mark_of
from portal.desk.sending import MORE, SEND, Sending
from portal.private import Fault
from portal.templatetags.desk_forms import Option
from record.refusals import Missing

FEWEST, MOST_PARTS = 2, 20
SUCCESSOR, OTHERS, PARTS = "successor", "merged", "parts"


@desk
def supersede(request: HttpRequest, reference: str) -> HttpResponse:
    """By which other promise, and why."""
    return Superseding(request, commitment_at(reference)).answer()


@desk
def split(request: HttpRequest, reference: str) -> HttpResponse:
    """Into which new promises, and why."""
    return Splitting(request, commitment_at(reference)).answer()


@desk
def merge(request: HttpRequest, reference: str) -> HttpResponse:
    """With which others, into which new promise, and why."""
    return Merging(request, commitment_at(reference)).answer()


class Replacing(Sending):
    """What puts another promise in the place of this one."""

    def __init__(self, request: HttpRequest, commitment: Commitment) -> None:
        super().__init__(request)
        self.commitment = commitment
        permissions.check_lead_responder(self.by, commitment)
        self.lead: Owner = permissions.lead_of(commitment)
        lifecycle.check_reportable(commitment, self.lead)

    def faults(self) -> list[Fault]:
        """A reason."""
        reason = fault_of_reason(self.typed(REASON))
        return [reason] if reason else []

    def context(self) -> dict[str, Any]:
        """The promise, and the reason."""
        return {"it": self.commitment, "body": self.lead.organisation, "reason": self.typed(REASON)}

    def shown(self) -> dict[str, Any]:
        """The same, as it will stand in public."""
        return self.context()

    def words(self) -> Sequence[guard.Typed]:
        """The reason."""
        return [reason_of(self)]

    def send(self) -> str:
        """Replace it."""
        self.replace(by=self.by, today=self.today, reason=self.typed(REASON))
        return reverse("desk_commitment", args=[self.commitment.reference])

    def replace(self, **said: Any) -> None:
        """The verb."""
        raise NotImplementedError

    def kin(self) -> list[Commitment]:
        """Other promises of the assembly that still stand and that the same body leads."""
        rows = Commitment.objects.filter(assembly=self.commitment.assembly_id, stage__in=LIVE)
        led = rows.filter(
            owners__lead=True, owners__ended_on=None, owners__organisation=self.lead.organisation_id
        )
        return list(led.exclude(pk=self.commitment.pk).exclude(accepted_on=None).order_by("number")[:MOST])


class Superseding(Replacing):
    """Another promise that stands already."""

    form, preview = "portal/desk/supersede.html", "portal/desk/supersede_preview.html"
    fields = {SUCCESSOR: SUCCESSOR, REASON: REASON}

    def faults(self) -> list[Fault]:
        """One that is there."""
        missing = [Fault(SUCCESSOR, _("Choose the promise that takes its place, or type its reference."))]
        return [*([] if self.successor else missing), *super().faults()]

    @property
    def successor(self) -> Commitment | None:
        """The one that was named."""
        named = self.request.POST.get(SUCCESSOR, "").strip()
        rows = Commitment.objects.select_related("assembly")
        found: Commitment | None = rows.filter(reference=named.upper()).first() if named else None
        return found

    def context(self) -> dict[str, Any]:
        """With those that could."""
        chosen = self.request.POST.get(SUCCESSOR, "").strip()
        return super().context() | {"successor": chosen, "kin": self.kin()}

    def shown(self) -> dict[str, Any]:
        """With the one that will."""
        return super().context() | {"later": self.successor}

    def replace(self, **said: Any) -> None:
        """Supersede."""
        if self.successor is None:
            raise Missing
        actions.supersede(self.commitment, successor=self.successor, **said)


class Drafting(Replacing):
    """New promises in the place of old ones."""

    fields = {REASON: REASON}

    def __init__(self, request: HttpRequest, commitment: Commitment) -> None:
        super().__init__(request, commitment)
        self.offer = Offer.of(commitment.assembly, self.lead.organisation)
        self.parts = [Typed.of(request.POST, prefix) for prefix in self.prefixes()]
        self.misfits: list[Fault] = []
        self.promises: list[Promise] = [self._promise(part) for part in self.parts]

    def prefixes(self) -> list[str]:
        """How the fields of each new promise begin."""
        raise NotImplementedError

    def faults(self) -> list[Fault]:
        """Of every part."""
        typed = [fault for part in self.parts for fault in part.faults()]
        return [*typed, *self.misfits, *super().faults()]

    def context(self) -> dict[str, Any]:
        """With every part, and what can be chosen for it."""
        return super().context() | {"parts": self.parts, "lead": self._usual_lead(), **choosable(self.offer)}

    def shown(self) -> dict[str, Any]:
        """With every part as its page will show it."""
        return super().context() | {
            "pages": [one.page() for one in self._drafted()],
            "told": mark_of(self.parts),
            "cannot": any(part.missing for part in self.parts),
        }

    def words(self) -> Sequence[guard.Typed]:
        """Of every part."""
        return [*(word for one in self._drafted() for word in one.words()), *super().words()]

    def agreed(self) -> bool:
        """Whether the button that was pressed stood beside what each of them lacks."""
        return self.request.POST.get(SEND) == mark_of(self.parts)

    def _promise(self, part: Typed) -> Promise:
        made, faults = self.offer.promise(part)
        self.misfits += faults
        return made

    def _drafted(self) -> list[Drafted]:
        return [
            Drafted(part, promise, self.today)
            for part, promise in zip(self.parts, self.promises, strict=True)
        ]

    def _usual_lead(self) -> str:
        return self.lead.team.slug if self.lead.team else ""


class Splitting(Drafting):
    """Several in the place of one."""

    form, preview = "portal/desk/split.html", "portal/desk/split_preview.html"

    def prefixes(self) -> list[str]:
        """One more where that was asked for."""
        given = self.request.POST.get(PARTS, "")
        count = int(given) if given.isascii() and given.isdigit() and len(given) < 3 else FEWEST
        count = min(max(count, FEWEST) + (MORE in self.request.POST), MOST_PARTS)
        return [f"p{number}-" for number in range(1, count + 1)]

    def context(self) -> dict[str, Any]:
        """With their number."""
        return super().context() | {"count": len(self.parts), "is_full": len(self.parts) >= MOST_PARTS}

    def replace(self, **said: Any) -> None:
        """Split."""
        actions.split(self.commitment, parts=self.promises, **said)


class Merging(Drafting):
    """One in the place of several."""

    form, preview = "portal/desk/merge.html", "portal/desk/merge_preview.html"
    fields = {OTHERS: OTHERS, "others": OTHERS, REASON: REASON}

    def prefixes(self) -> list[str]:
        """One."""
        return [""]

    def faults(self) -> list[Fault]:
        """At least one other."""
        nobody = [Fault(OTHERS, _("Choose at least one other promise that goes into the new one."))]
        return [*([] if self.others() else nobody), *super().faults()]

    def others(self) -> list[Commitment]:
        """Those that were chosen."""
        named = self.request.POST.getlist(OTHERS)
        rows = Commitment.objects.filter(reference__in=named[:MOST]).select_related("assembly")
        return list(rows.order_by("number"))

    def context(self) -> dict[str, Any]:
        """With those that could be merged."""
        listed = [Option(one.reference, f"{one.reference} {one.title}") for one in self.kin()]
        return super().context() | {"merging": listed, "merged": self.request.POST.getlist(OTHERS)}

    def shown(self) -> dict[str, Any]:
        """With those that will be."""
        return super().shown() | {"together": [self.commitment, *self.others()]}

    def replace(self, **said: Any) -> None:
        """Merge."""
        actions.merge(self.commitment, others=self.others(), promise=self.promises[0], **said)
