"""Who works in an office, as entries name it: who is told what concerns it, and whose own doing is not told to them."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from accounts.models import Membership, Organisation, Role, Team
from accounts.roles import present
from commitments.sentences import clean

ROLES = {
    "convenor": (Role.CONVENOR, "assembly"),
    "panel": (Role.PANEL, "assembly"),
    "organisation": (Role.RESPONDER, "organisation__slug"),
    "team": (Role.TEAM_MEMBER, "team__slug"),
}


def addresses(actor: str) -> list[str]:
    """The mail addresses of an office such as `team:safer-schools`; none for residents and the clock."""
    kind, _, key = actor.partition(":")
    if kind not in ROLES:
        return []
    role, named = ROLES[kind]
    held = Membership.objects.filter(present(), role=role, user__is_active=True, **{named: key})
    return sorted(set(held.values_list("user__email", flat=True)))


def people(offices: Iterable[str]) -> dict[str, set[int]]:
    """The accounts that work in each office; a team in which nobody does is read by its body's responders.

    Six queries at most, however many offices.
    """
    wanted = set(offices)
    found = _held(wanted)
    empty = {one for one in wanted if one.startswith("team:") and not found[one]}
    if empty:
        slugs = [_key(one) for one in empty]
        bodies = dict(Team.objects.filter(slug__in=slugs).values_list("slug", "organisation__slug"))
        above = _held({f"organisation:{slug}" for slug in bodies.values()})
        for one in empty:
            found[one] = above[f"organisation:{bodies.get(_key(one))}"]
    return {one: found[one] for one in wanted}


def _held(offices: Collection[str]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for kind, (role, named) in ROLES.items():
        keys = [_key(one) for one in offices if one.startswith(f"{kind}:")]
        if keys:
            held = Membership.objects.filter(
                present(), role=role, user__is_active=True, **{f"{named}__in": keys}
            )
            for key, user in held.values_list(named, "user_id"):
                found[f"{kind}:{key}"].add(user)
    return found


def of(user: int) -> set[str]:
    """The offices in which somebody works."""
    found = set()
    rows = Membership.objects.filter(present(), user=user, user__is_active=True)
    for role, assembly, organisation, team in rows.values_list(
        "role", "assembly", "organisation__slug", "team__slug"
    ):
        if role == Role.RESPONDER:
            found.add(f"organisation:{organisation}")
        else:
            found.add(f"team:{team}" if team else f"{role}:{assembly}")
    return found


def names(offices: Iterable[str]) -> dict[str, str]:
    """What people call teams, bodies and the convenor's office."""
    wanted = set(offices)
    found = {one: f"The convenor of {_key(one)}" for one in wanted}
    for kind, rows in (("team", Team.objects), ("organisation", Organisation.objects)):
        keys = [_key(one) for one in wanted if one.startswith(f"{kind}:")]
        for slug, name in rows.filter(slug__in=keys).values_list("slug", "name") if keys else ():
            found[f"{kind}:{slug}"] = " ".join(clean(name).split())
    return found


def without_people(assembly: str) -> list[str]:
    """The bodies and teams that own something in an assembly and have nobody who would read a word to them."""
    from_owners = Team.objects.filter(owned__commitment__assembly__slug=assembly, owned__ended_on=None)
    wanted = {f"team:{slug}" for slug in from_owners.values_list("slug", flat=True)}
    return sorted(one for one, there in people(wanted).items() if not there)


def _key(office: str) -> str:
    return office.partition(":")[2]
