"""For whom somebody speaks at the desk: the teams that own a commitment and are theirs, one of them chosen."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from accounts import roles
from accounts.models import User
from commitments import errors, permissions
from commitments.actions.updates import office_of
from commitments.models import Commitment, Owner
from portal.desk.sending import Sending
from portal.templatetags.desk_forms import Option
from record.refusals import Missing

TEAM, OF = "team", "of"


def commitment_at(reference: str) -> Commitment:
    """The commitment at this address. Raises Missing."""
    found: Commitment | None = (
        Commitment.objects.select_related("assembly").filter(reference=reference).first()
    )
    if found is None:
        raise Missing
    return found


def part_at(rows: Any, key: UUID) -> Any:
    """A part of a commitment, with the commitment. Raises Missing."""
    found = rows.select_related("commitment__assembly").filter(pk=key).first()
    if found is None:
        raise Missing
    return found


def spoken_for(by: User) -> Q:
    """Which owners are this person's: of their teams, or of bodies for which they answer. Two questions."""
    mine = set(roles.teams(by).values_list("pk", flat=True))
    return Q(team__in=mine) | Q(organisation__in=roles.responds_for(by), team__isnull=False)


def owners_of(by: User, commitment: Commitment) -> list[Owner]:
    """The owners in whose name this person speaks, the lead first. Raises NotAnOwner where there is none."""
    rows = permissions.present_owners(commitment).filter(spoken_for(by))
    found = list(rows.select_related("team", "organisation").order_by("-lead", "pk"))
    if not found:
        raise errors.NotAnOwner(reference=commitment.reference)
    return found


class Speaking(Sending):
    """A form about a commitment in the name of one of its owners."""

    def __init__(self, request: HttpRequest, commitment: Commitment) -> None:
        super().__init__(request)
        self.commitment = commitment
        self.owners = owners_of(self.by, commitment)
        given = request.POST.get(TEAM) or request.GET.get(TEAM) or ""
        self.owner = next((one for one in self.owners if _slug(one) == given), self.owners[0])

    @property
    def team(self) -> str:
        """The team that speaks, by its slug."""
        return _slug(self.owner)

    @property
    def office(self) -> str:
        """The office under which it is recorded."""
        return office_of(self.owner)

    def context(self) -> dict[str, Any]:
        """The commitment, and for whom one can speak."""
        named: Sequence[Option] = [
            Option(_slug(one), one.team.name if one.team else "", one.organisation.name)
            for one in self.owners
        ]
        return {"it": self.commitment, "teams": named if len(named) > 1 else (), "owner": self.owner}

    def shown(self) -> dict[str, Any]:
        """What every preview names."""
        return {"it": self.commitment, "owner": self.owner}

    def after(self) -> str:
        """The page after it: all that is one's own, which tells what was done."""
        return f"{reverse('desk_mine')}?{urlencode({OF: self.commitment.reference})}"


def _slug(owner: Owner) -> str:
    return owner.team.slug if owner.team else ""
