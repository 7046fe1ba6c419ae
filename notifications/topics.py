"""What an entry of the record is about: every topic by which it may be followed, asked for many at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from accounts.models import Team
from commitments.models import (
    Answering,
    Asked,
    Commitment,
    CommitmentArea,
    Owner,
    ProgressUpdate,
    Recommendation,
)
from record.models import Entry

Topics = set[str]
PASSING = frozenset({"commitment.handed_over", "commitment.corrected"})
"""What may take a promise away from an owner."""


class Read(NamedTuple):
    """What of an entry is needed: its place and time, its type, who acted, and what it is about."""

    position: int
    at: datetime
    type: str
    actor: str
    subject: str
    root: str
    assembly: str
    occurred_on: date


def read(after: int, most: int) -> list[Read]:
    """The next entries of the record."""
    rows = Entry.objects.filter(position__gt=after).order_by("position")[:most]
    return [Read(*row) for row in rows.values_list(*Read._fields)]


def at(positions: Any) -> list[Read]:
    """The entries at these positions, a list or a question that gives them."""
    rows = Entry.objects.filter(position__in=positions).order_by("position")
    return [Read(*row) for row in rows.values_list(*Read._fields)]


def of_entries(entries: Sequence[Read]) -> dict[int, Topics]:
    """The topics of each entry, by its position."""
    named = {entry.position: {entry.subject, entry.root} for entry in entries}
    story = _stories({name for names in named.values() for name in names})
    found = {}
    for entry in entries:
        topics = set(named[entry.position])
        for name in named[entry.position]:
            topics |= story.get(name, set())
        found[entry.position] = topics | ({f"assembly:{entry.assembly}"} if entry.assembly else set())
    for position, topics in _former_owners(entries).items():
        found[position] |= topics
    return found


def _former_owners(entries: Sequence[Read]) -> dict[int, Topics]:
    """Whom an entry takes a promise away from: who follows them hears that it passed on."""
    passing = {entry.position: entry for entry in entries if entry.type in PASSING}
    if not passing:
        return {}
    references = _keys({entry.root for entry in passing.values()}, "commitment")
    ended = Owner.objects.filter(commitment__reference__in=references, ended_on__isnull=False)
    rows = list(ended.values_list("commitment__reference", "ended_on", "team__slug", "organisation__slug"))
    found: dict[int, Topics] = defaultdict(set)
    for position, entry in passing.items():
        for reference, on, team, organisation in rows:
            if (f"commitment:{reference}", on) == (entry.root, entry.occurred_on):
                found[position] |= {f"organisation:{organisation}"} | ({f"team:{team}"} if team else set())
    return found


def _stories(names: set[str]) -> dict[str, Topics]:
    """For each name (`commitment:WF24-C012`) what belongs to it beside itself."""
    updates = _commitments_of_updates(_keys(names, "update"))
    references = _keys(names, "commitment") | set(updates.values())
    commitments = _of_commitments(references)
    found: dict[str, Topics] = {f"commitment:{name}": topics for name, topics in commitments.items()}
    for update, reference in updates.items():
        found[f"update:{update}"] = {f"commitment:{reference}"} | commitments.get(reference, set())
    found |= {
        f"recommendation:{name}": t for name, t in _of_recommendations(_keys(names, "recommendation")).items()
    }
    found |= {f"team:{name}": t for name, t in _of_teams(_keys(names, "team")).items()}
    return found


def _keys(names: Iterable[str], kind: str) -> set[str]:
    return {name.partition(":")[2] for name in names if name.startswith(f"{kind}:")}


def _commitments_of_updates(keys: set[str]) -> dict[str, str]:
    if not keys:
        return {}
    rows = ProgressUpdate.objects.filter(pk__in=[UUID(key) for key in keys])
    return {str(key): reference for key, reference in rows.values_list("pk", "commitment__reference")}


def _of_commitments(references: set[str]) -> dict[str, Topics]:
    """Recommendations, themes, areas and all that they lie in, owners and their bodies."""
    found: dict[str, Topics] = defaultdict(set)
    if not references:
        return found
    mine = Commitment.objects.filter(reference__in=references).values("pk")
    answering = Answering.objects.filter(commitment__in=mine).values_list(
        "commitment__reference",
        "recommendation__reference",
        "recommendation__theme__assembly__slug",
        "recommendation__theme__slug",
    )
    for reference, recommendation, assembly, theme in answering:
        found[reference] |= {f"recommendation:{recommendation}", *_theme(assembly, theme)}
    owners = Owner.objects.filter(commitment__in=mine, ended_on=None).values_list(
        "commitment__reference", "team__slug", "organisation__slug"
    )
    for reference, team, organisation in owners:
        found[reference] |= {f"organisation:{organisation}"} | ({f"team:{team}"} if team else set())
    placed = CommitmentArea.objects.filter(commitment__in=mine).values_list(
        "commitment__reference", "area__path"
    )
    for reference, path in placed:
        found[reference] |= {f"area:{code}" for code in path.split("/") if code}
    return found


def _of_recommendations(references: set[str]) -> Mapping[str, Topics]:
    """The theme, and who was asked."""
    found: dict[str, Topics] = defaultdict(set)
    if not references:
        return found
    themes = Recommendation.objects.filter(reference__in=references).values_list(
        "reference", "theme__assembly__slug", "theme__slug"
    )
    for reference, assembly, theme in themes:
        found[reference] |= set(_theme(assembly, theme))
    asked = Asked.objects.filter(recommendation__reference__in=references)
    for reference, slug in asked.values_list("recommendation__reference", "organisation__slug"):
        found[reference].add(f"organisation:{slug}")
    return found


def _of_teams(slugs: set[str]) -> Mapping[str, Topics]:
    """The body that a team belongs to."""
    rows = Team.objects.filter(slug__in=slugs).values_list("slug", "organisation__slug") if slugs else ()
    return {slug: {f"organisation:{organisation}"} for slug, organisation in rows}


def _theme(assembly: str | None, theme: str | None) -> list[str]:
    return [f"theme:{assembly}/{theme}"] if theme else []
