"""Offices, as entries name them: which role somebody holds there, and where; `organisation:` is its responders'."""

from dataclasses import dataclass
from typing import Any

from accounts import errors
from accounts.models import Membership, Organisation, Role, Team

ROLES = {
    "convenor": Role.CONVENOR,
    "panel": Role.PANEL,
    "organisation": Role.RESPONDER,
    "team": Role.TEAM_MEMBER,
}


@dataclass(frozen=True, slots=True)
class Office:
    """One office: of an assembly (by its slug), of a body, or of a team and so of its body."""

    role: Role
    assembly: str = ""
    organisation: Organisation | None = None
    team: Team | None = None

    @property
    def key(self) -> str:
        """As entries name it: `convenor:anytown-2025`, `team:safer-schools`."""
        if self.team is not None:
            return f"team:{self.team.slug}"
        return (
            f"{self.role}:{self.assembly}"
            if self.organisation is None
            else f"organisation:{self.organisation.slug}"
        )

    @property
    def where(self) -> dict[str, Any]:
        """What a membership in it says beside the person."""
        return {
            "role": self.role,
            "assembly": self.assembly,
            "organisation": self.organisation,
            "team": self.team,
        }

    def __str__(self) -> str:
        """As people say it."""
        if self.organisation is None:
            return f"{'the panel' if self.role == Role.PANEL else 'the convenors'} of {self.assembly}"
        return str(self.team or self.organisation)


def named(key: str) -> Office:
    """The office of this name. Whether its assembly exists is another room's question. Raises NoSuchOffice."""
    kind, _, slug = key.partition(":")
    role = ROLES.get(kind)
    if role is None or not slug:
        raise errors.NoSuchOffice
    if role == Role.RESPONDER:
        return Office(role, organisation=_found(Organisation.objects.filter(slug=slug)))
    if role == Role.TEAM_MEMBER:
        team = _found(Team.objects.select_related("organisation").filter(slug=slug, ended_on=None))
        return Office(role, organisation=team.organisation, team=team)
    return Office(role, assembly=slug)


def of(membership: Membership) -> Office:
    """The office in which somebody holds a role."""
    return Office(Role(membership.role), membership.assembly, membership.organisation, membership.team)


def _found(rows: Any) -> Any:
    row = rows.first()
    if row is None:
        raise errors.NoSuchOffice
    return row
