"""What a promise is made of before it is published: its due date, its owners, its wording."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from accounts.models import Organisation, Team
from commitments import deadlines
from commitments.choices import Precision
from commitments.models import Area, Recommendation


@dataclass(frozen=True)
class Due:
    """When it is promised: a day inside the period, how exactly, and the owner's own words."""

    on: date | None = None
    precision: str = Precision.DAY
    text: str = ""

    @property
    def ends_on(self) -> date | None:
        """The last day of the promised period; None when ongoing or unknown."""
        return deadlines.period_end(self.on, Precision(self.precision)) if self.on else None


@dataclass(frozen=True)
class Ownership:
    """A team that will own a promise, or, where a source names no team, only its body."""

    team: Team | None = None
    organisation: Organisation | None = None
    lead: bool = False

    @property
    def body(self) -> Organisation:
        """The body that this owner is, or is part of."""
        owner = self.team.organisation if self.team else self.organisation
        if owner is None:
            raise ValueError("An owner is a team or an organisation.")
        return owner


@dataclass(frozen=True)
class Promise:
    """All that a commitment says when it is published; unknown parts stay empty and are shown as unknown."""

    title: str
    body: str = ""
    recommendations: Sequence[Recommendation] = ()
    owners: Sequence[Ownership] = ()
    due: Due | None = None
    measure: str = ""
    baseline: str = ""
    target: str = ""
    proof: str = ""
    areas: Sequence[Area] = ()


@dataclass(frozen=True)
class EvidenceLink:
    """What shows that an update is so: a link, or a file that was sent before, by its id."""

    title: str
    url: str = ""
    dated: date | None = None
    file: UUID | None = None
