"""In which offices somebody sits today, read once for everything that waits for them."""

from dataclasses import dataclass, replace

from accounts import roles
from accounts.models import Role, User
from commitments.models import Owner


@dataclass(frozen=True)
class Seats:
    """What a person may do things for: teams and bodies (by key, with their slugs), assemblies by slug.

    `within` are all bodies to which the person belongs. `shut` are the independent offices in which they may not act,
    because a body of theirs owns something there.
    """

    user: int = 0
    email: str = ""
    teams: tuple[tuple[int, str], ...] = ()
    bodies: tuple[tuple[int, str], ...] = ()
    convened: tuple[str, ...] = ()
    panels: tuple[str, ...] = ()
    within: frozenset[int] = frozenset()
    shut: tuple[str, ...] = ()

    @property
    def team_keys(self) -> list[int]:
        """The teams, by key."""
        return [key for key, _slug in self.teams]

    @property
    def body_keys(self) -> list[int]:
        """The bodies that the person answers for, by key."""
        return [key for key, _slug in self.bodies]

    @property
    def owners(self) -> tuple[tuple[int, str], ...]:
        """Everything in whose name a promise is kept."""
        return (*self.teams, *self.bodies)

    @property
    def anyone(self) -> bool:
        """What waits for the person, whatever their office."""
        return bool(self.email)

    @property
    def registers(self) -> tuple[str | tuple[int, str], ...]:
        """Whoever takes part in deciding who holds which role."""
        return (*self.convened, *self.bodies)


def of(user: User) -> Seats:
    """The seats of somebody who acts in an office. Two queries at most."""
    columns = ("role", "assembly", "organisation_id", "organisation__slug", "team_id", "team__slug")
    found = Seats(user=user.pk, email=user.email)
    for role, assembly, body, body_slug, team, team_slug in (
        roles.exercised(user).order_by("pk").values_list(*columns)
    ):
        if body:
            found = replace(found, within=found.within | {body})
        if role == Role.TEAM_MEMBER:
            found = replace(found, teams=(*found.teams, (team, team_slug)))
        elif role == Role.RESPONDER:
            found = replace(found, bodies=(*found.bodies, (body, body_slug)))
        elif role == Role.CONVENOR:
            found = replace(found, convened=(*found.convened, assembly))
        else:
            found = replace(found, panels=(*found.panels, assembly))
    return _independent(found)


def of_convenor(assembly: str) -> Seats:
    """The office itself, whoever works in it."""
    return Seats(convened=(assembly,))


def _independent(seats: Seats) -> Seats:
    """Without the assemblies in which a body of theirs owns something: there they may neither read nor decide."""
    both = {*seats.convened, *seats.panels}
    if not both or not seats.within:
        return seats
    owned = Owner.objects.filter(
        commitment__assembly__slug__in=both, ended_on=None, organisation_id__in=seats.within
    )
    shut = set(owned.values_list("commitment__assembly__slug", flat=True))
    return replace(
        seats,
        convened=tuple(one for one in seats.convened if one not in shut),
        panels=tuple(one for one in seats.panels if one not in shut),
        shut=tuple(
            f"{kind}:{one}"
            for kind, held in (("convenor", seats.convened), ("panel", seats.panels))
            for one in held
            if one in shut
        ),
    )
