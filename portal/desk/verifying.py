"""The panel: claims that wait for its finding, each with its window, and a finding with reasons on one of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts import roles
from accounts.models import Role, User
from commitments import actions, errors, permissions
from commitments.choices import Finding, Status
from commitments.models import Commitment, ProgressUpdate
from portal import done, wording
from portal.desk import guard
from portal.desk.accepting import commitment_at
from portal.desk.door import desk
from portal.desk.handing import REASON
from portal.desk.sending import Sending, person
from portal.private import Fault
from portal.templatetags.desk_forms import Option
from portal.typed import fault_of_prose
from record import clock
from record.refusals import Missing
from record.values import UUID_FORM

FINDING, CLAIM, LOOKED = "finding", "claim", "looked"
MOST = 200
"""So many claims stand on one page; how many there are is said."""


@desk
@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """What is claimed done and the panel has not judged, the window that ends first at the top. Four questions."""
    by, today = person(request), clock.today()
    assemblies = panels(by)
    if not assemblies:
        raise errors.NotOnThePanel(assembly=_("an assembly"))
    waiting = Commitment.objects.filter(
        assembly__slug__in=assemblies, status=Status.COMPLETED, claim__isnull=False, finding=None
    )
    rows = waiting.select_related("assembly", "claim__team").order_by("verify_by", "position")[:MOST]
    listed = [{"it": row, **window(row, today)} for row in rows]
    page = {"claims": listed, "count": waiting.count(), "most": MOST, "sent": "sent" in request.GET}
    return render(request, "portal/desk/claims.html", page)


@desk
def verify(request: HttpRequest, reference: str) -> HttpResponse:
    """The claim with its evidence; then the finding as everybody will see it; then publishing it."""
    return Verifying(request, commitment_at(reference)).answer()


class OnAClaim(Sending):
    """Something that the panel says of the claim that was on the page, which need not be the present one any more."""

    def __init__(self, request: HttpRequest, commitment: Commitment) -> None:
        super().__init__(request)
        self.commitment = commitment
        permissions.check_panel(self.by, commitment)
        self.claim = self._claim()
        self.reported = done.reports(commitment.pk, self.claim.pk)

    def context(self) -> dict[str, Any]:
        """The claim, its evidence, what was found and disputed before, and what was typed."""
        return {
            "it": self.commitment,
            "claim": self.reported["claim"],
            "evidence": self._evidence(),
            "found": done.findings(self.commitment.pk, self.claim.pk),
            "challenges": done.challenges(self.commitment.pk, self.today)[:3],
            "reason": self.typed(REASON),
            **window(self.commitment, self.today),
            **wording_of_challenges(),
        }

    def words(self) -> Sequence[guard.Typed]:
        """The reasons."""
        return [guard.Typed(REASON, _("The panel’s reasons"), self.typed(REASON))]

    def _evidence(self) -> list[dict[str, Any]]:
        return [one for one in self.reported["evidence"] if one["update_id"] == self.claim.pk]

    def _claim(self) -> ProgressUpdate:
        """The claim that the form was about; at first the present one. Raises NothingClaimed, Missing."""
        named = self.request.POST.get(CLAIM)
        if named is None:
            if self.commitment.claim is None:
                raise errors.NothingClaimed(reference=self.commitment.reference)
            return self.commitment.claim
        known = self.commitment.updates.filter(pk=named) if UUID_FORM.fullmatch(named) else None
        found: ProgressUpdate | None = known.first() if known is not None else None
        if found is None:
            raise Missing
        return found


class Verifying(OnAClaim):
    """A finding."""

    form, preview = "portal/desk/verify.html", "portal/desk/verify_preview.html"
    fields = {FINDING: FINDING, REASON: REASON}

    def __init__(self, request: HttpRequest, commitment: Commitment) -> None:
        super().__init__(request, commitment)
        self.finding = request.POST.get(FINDING, "")

    def faults(self) -> list[Fault]:
        """One of three findings, and its reasons."""
        found = [fault_of_prose(REASON, self.reason)]
        if self.finding not in Finding.values:
            found.insert(0, Fault(FINDING, _("Choose what the panel found.")))
        if not self.typed(REASON):
            found.append(Fault(REASON, _("Say what you looked at, and what you saw.")))
        return [one for one in found if one]

    def context(self) -> dict[str, Any]:
        """With the three findings."""
        return super().context() | {
            "findings": [Option(one.key, one.label, one.meaning) for one in wording.FINDINGS.values()],
            "finding": self.finding,
            "looks": [Option(str(number), one["title"] or one["url"]) for number, one in self._numbered()],
            "looked": [str(number) for number in self._looked()],
        }

    def shown(self) -> dict[str, Any]:
        """As the page of the commitment will show it."""
        told = {"word": wording.FINDINGS[self.finding], "found_on": self.today, "reason": self.reason}
        return {"it": self.commitment, "told": told, "is_verified": self.finding == Finding.VERIFIED}

    @property
    def reason(self) -> str:
        """The reasons, and which evidence was looked at: by number, so that no words of others are said again."""
        numbers, every = self._looked(), len(self._evidence())
        if not numbers:
            return self.typed(REASON)
        looked = ngettext(
            "Of the %(every)d piece of evidence given with the claim, the panel looked at number %(numbers)s.",
            "Of the %(every)d pieces of evidence given with the claim, the panel looked at number %(numbers)s.",
            every,
        ) % {"every": every, "numbers": ", ".join(str(one) for one in numbers)}
        return f"{self.typed(REASON)}\n\n{looked}"

    def send(self) -> str:
        """Publish the finding."""
        actions.verify(
            self.commitment,
            by=self.by,
            today=self.today,
            claim=self.claim,
            finding=self.finding,
            reason=self.reason,
        )
        return reverse("desk_commitment", args=[self.commitment.reference])

    def _numbered(self) -> list[tuple[int, dict[str, Any]]]:
        return list(enumerate(self._evidence(), start=1))

    def _looked(self) -> list[int]:
        chosen = self.request.POST.getlist(LOOKED)
        return [number for number, _one in self._numbered() if str(number) in chosen]


def window(of: Commitment, today: date) -> dict[str, int]:
    """How many days the panel has left for a finding on the present claim, or how many have passed since."""
    left = (of.verify_by - today).days if of.verify_by else 0
    return {"left": left, "over": -left}


def panels(by: User) -> list[str]:
    """The assemblies on whose panels the person sits."""
    seats = roles.exercised(by).filter(role=Role.PANEL).order_by("pk")
    return list(seats.values_list("assembly", flat=True))


def wording_of_challenges() -> dict[str, Any]:
    """What the public block of a challenge needs."""
    return {"not_shown": wording.NOT_SHOWN, "whole": False, "on_its_own": False}
