"""Windows on the domain; which person wrote, decided, verified, proposed or supported something is shown to nobody."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import Model

from commitments import models
from record.admin import Window

PEOPLE = ("author", "decided_by", "proposer", "verified_by", "claimed_by", "sender")
UNREAD = ("reason",)


class DomainWindow(Window):
    """A model of the domain without its people."""

    hidden: ClassVar[tuple[str, ...]] = PEOPLE


class NamedWindow(DomainWindow):
    """One that is known by its reference."""

    list_display = ("reference", "title", "position", "version", "invented")
    search_fields = ("reference", "title")


class StatedWindow(DomainWindow):
    """One that waits or is decided."""

    list_display = ("__str__", "commitment", "state", "position", "invented")
    list_filter = ("state",)


class ChallengeWindow(StatedWindow):
    """Challenges; the words of those that no convenor has read are for the convenor alone."""

    hidden = (*PEOPLE, *UNREAD)


class WithholdingWindow(DomainWindow):
    """Holds and hidden words, without who placed or lifted them, and without the convenor's note."""

    hidden = ("placed_by", "lifted_by", "note")
    list_display = ("subject", "kind", "ground", "placed_on", "lifted_on", "position")
    list_filter = ("kind", "ground")


WINDOWS: dict[type[Model], type[Window]] = {
    models.Recommendation: NamedWindow,
    models.Commitment: NamedWindow,
    models.DueDateChange: StatedWindow,
    models.Correction: StatedWindow,
    models.Challenge: ChallengeWindow,
    models.Withholding: WithholdingWindow,
}
OTHERS = (
    models.Answering,
    models.Area,
    models.Asked,
    models.Assembly,
    models.CommitmentArea,
    models.Evidence,
    models.EvidenceFile,
    models.HandOver,
    models.ImportedItem,
    models.Lineage,
    models.Milestone,
    models.Missed,
    models.Neighbourhood,
    models.OfferedOwner,
    models.Owner,
    models.Priority,
    models.PriorityWording,
    models.ProgressUpdate,
    models.Response,
    models.Theme,
    models.Tie,
    models.Verification,
)

admin.site.register(OTHERS, DomainWindow)
for model, window in WINDOWS.items():
    admin.site.register(model, window)
