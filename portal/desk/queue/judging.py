"""What waits for a panel: claims on which it has not said anything."""

from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from commitments.choices import Status
from commitments.models import Commitment
from commitments.models.commitments import LIVE
from portal.desk.queue.kinds import Columns, Kind, Said, office
from portal.desk.queue.seats import Seats


def _claims(seats: Seats, today: date) -> QuerySet[Any]:
    rows = Commitment.objects.filter(assembly__slug__in=seats.panels, stage__in=LIVE)
    return rows.filter(status=Status.COMPLETED, finding=None)


def _claims_columns(seats: Seats) -> Columns:
    return Columns(
        office=office("panel", "assembly__slug"), story=F("reference"), title=F("title"), held=F("held_on"),
        since=F("claimed_on"), due=F("verify_by"), invented=F("invented"), barred=Q(claim__author=seats.user),
    )  # fmt: skip


KINDS = (
    Kind(
        "verify", "panels", _("Claims to verify"),
        _("The panel looks at a claim within 28 days, or within what the assembly set. After that it is shown as not"
          " verified in time; a finding is still taken."),
        _claims, _claims_columns,
        Said(_("Its owner says that it is done. A finding is due by %(on)s, %(when)s."),
             _("Its owner says that it is done. A finding was due by %(on)s, %(when)s.")),
        ("desk_verify", ("story",)),
        frozenset({
            "Commitment.status=completed", "Standing=claimed", "Standing=unverified", "Commitment.claimed_on",
            "Commitment.verify_by",
        }),
    ),
)  # fmt: skip
