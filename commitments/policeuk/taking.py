"""One run: a force's neighbourhoods are asked, one after the other, and what was read whole is kept.

First everything is read, then it is written, each neighbourhood in a transaction of its own; so nobody waits for the
source with the record held, and one neighbourhood that cannot be read or kept ends nothing.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import DatabaseError, transaction

from commitments import actions
from commitments.actions.snapshots import Look
from commitments.models import Area, Neighbourhood
from commitments.policeuk.client import PoliceUK
from commitments.policeuk.placing import Places, area_of_force
from commitments.policeuk.reading import Listed
from commitments.policeuk.trouble import PoliceUKTrouble

MOST_FAILURES = 5
"""After so many neighbourhoods in a row that could not be read, the source is not asked any further."""
FEW = 3
"""So many neighbourhoods may go at once; more than that and than half of those known are hardly all gone."""

log = logging.getLogger(__name__)


@dataclass
class Report:
    """What one run did. `told` counts entries by type; `failed` and `unplaced` are sentences for the operator."""

    force: str
    listed: int = 0
    read: int = 0
    dry_run: bool = False
    told: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return "\n".join([self._first_line(), *self._entries(), *self._places()])

    def _first_line(self) -> str:
        told = sum(self.told.values())
        done = "would be written (dry run: nothing was)" if self.dry_run else "written"
        return (
            f"{self.force}: {self.read} of {self.listed} neighbourhoods read; "
            f"{told} {'entry' if told == 1 else 'entries'} {done}."
        )

    def _entries(self) -> list[str]:
        return [f"  {name}: {number}" for name, number in sorted(self.told.items())]

    def _places(self) -> list[str]:
        if not self.unplaced:
            return []
        return ["In no area of ours until a convenor says which:", *(f"  {one}" for one in self.unplaced)]


def take(
    source: PoliceUK,
    force: str,
    *,
    today: date,
    area: Area | None = None,
    only: Sequence[str] = (),
    accept_losses: bool = False,
    dry_run: bool = False,
) -> Report:
    """Read a force and keep what is seen; a second run with the same answer records nothing.

    `area` is the force's own, where its name does not say; `only` are ids of neighbourhoods, all of them by default.
    `dry_run` rolls everything back. Raises PoliceUKTrouble where the list cannot be read, or does not name `only`.
    """
    listed = source.neighbourhoods(force)
    if not listed:
        raise PoliceUKTrouble(f"{source.address(force, 'neighbourhoods')} lists nothing; nothing was taken.")
    wanted = _wanted(listed, only, force)
    places = Places(area or area_of_force(source.force(force).name), listed)
    report = Report(force, listed=len(wanted), dry_run=dry_run)
    looks = _looks(source, force, wanted, places, report)
    undone: Any = transaction.atomic() if dry_run else nullcontext()
    with undone:
        for look in looks:
            _keep(look, today, report)
        if not only:
            _lose({one.id for one in listed}, today, report, accept_losses=accept_losses)
        report.unplaced = _unplaced(force, {one.id for one in wanted})
        if dry_run:
            transaction.set_rollback(True)
    return report


def _wanted(listed: Sequence[Listed], only: Sequence[str], force: str) -> list[Listed]:
    unknown = sorted(set(only) - {one.id for one in listed})
    if unknown:
        raise PoliceUKTrouble(f"{force} lists no neighbourhood {', '.join(unknown)}; check the ids.")
    return [one for one in listed if not only or one.id in only]


def _looks(
    source: PoliceUK, force: str, wanted: Sequence[Listed], places: Places, report: Report
) -> list[Look]:
    looks: list[Look] = []
    in_a_row = 0
    for number, one in enumerate(wanted):
        if in_a_row == MOST_FAILURES:
            left = len(wanted) - number
            report.failed.append(f"{left} more were not asked, after {in_a_row} failures in a row.")
            break
        try:
            looks.append(_look(source, force, one, places))
            in_a_row = 0
        except PoliceUKTrouble as trouble:
            report.failed.append(str(trouble))
            in_a_row += 1
    return looks


def _look(source: PoliceUK, force: str, one: Listed, places: Places) -> Look:
    seen = source.neighbourhood(force, one.id)
    if seen.id != one.id:
        raise PoliceUKTrouble(f"{source.address(force, one.id)} answers for another id, {seen.id}.")
    said = source.priorities(force, one.id)
    return Look(force, seen, said, source.address(force, one.id), places.of(seen))


def _keep(look: Look, today: date, report: Report) -> None:
    try:
        report.told += actions.keep_look(look, today=today)
        report.read += 1
    except DatabaseError as broken:
        log.exception("What a neighbourhood said could not be kept.")
        report.failed.append(f"{look.source} could not be kept ({type(broken).__name__}); the log says why.")


def _lose(listed: set[str], today: date, report: Report, *, accept_losses: bool) -> None:
    known = Neighbourhood.objects.filter(force=report.force, gone_on=None)
    lost = [one for one in known.order_by("code") if one.code not in listed]
    if len(lost) > max(FEW, known.count() // 2) and not accept_losses:
        report.failed.append(
            f"{len(lost)} known neighbourhoods, more than half, are not listed any more; nothing was recorded of them. "
            "If it is so, say --accept-losses."
        )
        return
    for one in lost:
        report.told += actions.lose_neighbourhood(one, today=today)


def _unplaced(force: str, codes: set[str]) -> list[str]:
    rows = Neighbourhood.objects.filter(force=force, area=None, gone_on=None).order_by("code")
    return [
        f"{one.code} {one.name}".rstrip() for one in rows.exclude(placed_by="convenor") if one.code in codes
    ]
