"""Cutting figures: once a week what residents said is counted, passed through the gate, and published as entries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Count

from commitments import events
from commitments.models import Commitment, Theme
from ratings import disclosure, periods, statistics
from ratings.actions.mixing import mix_ballots, sweep
from ratings.choices import Stratum
from ratings.disclosure import Shown, Slot, Tally
from ratings.models import Ballot, Changed, Figure, RatingPeriod
from ratings.subjects import Rated
from record import clock
from record.guarded import Recorded
from record.ledger import action, append

CUT_ON = 0
"""The weekly slot: Monday, as `date.weekday` counts."""
STAYS_OPEN = timedelta(days=14)
"""So long after its end a quarter is still cut, so that its last ratings come out."""
NUMBERS = ("n", "dont_know", "mean", "low", "high")


class Part(NamedTuple):
    """Which figure of a subject: all of it, or one group."""

    by: str
    group: str


ALL = Part("all", "")


def slot_of(today: date) -> date:
    """The weekly slot that `today` belongs to."""
    return today - timedelta(days=(today.weekday() - CUT_ON) % 7)


def cut_figures(today: date) -> int:
    """Publish what may be published at this week's slot; how many subjects. Again in the same week does nothing.

    A subject is one transaction, so that others write in between; after a crash the next run goes on where it stopped.
    """
    mix_ballots(today)
    sweep()
    slot, cut = slot_of(today), 0
    for period in (
        RatingPeriod.objects.filter(key_destroyed_on=None).select_related("assembly").order_by("pk")
    ):
        if (period.last_slot is None or period.last_slot < slot) and _still_cut(period, today):
            cut += _cut_period(period, slot, today)
    return cut


def _still_cut(period: RatingPeriod, today: date) -> bool:
    return today <= periods.last_day(period.name) + STAYS_OPEN


def _cut_period(period: RatingPeriod, slot: date, today: date) -> int:
    tallies = _tallies(period)
    named = _subjects(tallies)
    cut = sum(_cut(period, named[name], tallies[name], slot, today) for name in sorted(named))
    _close_slot(period, slot)
    return cut


@action
def _close_slot(period: RatingPeriod, slot: date) -> None:
    RatingPeriod.objects.filter(pk=period.pk).update(last_slot=slot)


def _tallies(period: RatingPeriod) -> dict[str, dict[Part, Tally]]:
    """What stands behind every figure of the period, where anything changed since the last slot."""
    changed: dict[tuple[str, Part], int] = {}
    for row in Changed.objects.filter(period=period, ratings__gt=0):
        changed[row.subject, Part(row.by, row.group)] = row.ratings
    subjects = {subject for subject, _ in changed}
    counts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0] * 6))
    for subject, stratum, score, number in _counted(period, subjects):
        counts[subject][stratum][score or 0] += number
    return {
        subject: {
            part: _tally(numbers, changed.get((subject, part), 0))
            for part, numbers in _parts(counts[subject]).items()
        }
        for subject in subjects
    }


def _counted(period: RatingPeriod, subjects: Iterable[str]) -> Iterable[tuple[str, str, int | None, int]]:
    rows = Ballot.objects.filter(period=period, subject__in=subjects).order_by()
    return rows.values_list("subject", "stratum", "score").annotate(number=Count("pk"))


def _parts(strata: Mapping[str, list[int]]) -> dict[Part, list[int]]:
    """All of a subject's ratings, and those of each stratum; place 0 counts those who do not know."""
    found = {Part("stratum", name): list(strata.get(name, [0] * 6)) for name in Stratum.values}
    return {ALL: [sum(numbers) for numbers in zip(*found.values(), strict=True)], **found}


def _tally(numbers: list[int], changed: int) -> Tally:
    one, two, three, four, five = numbers[1:]
    return Tally((one, two, three, four, five), numbers[0], changed)


def _subjects(tallies: Mapping[str, Any]) -> dict[str, Rated]:
    """The commitments and themes of these names, in two queries."""
    references = [name.partition(":")[2] for name in tallies if name.startswith("commitment:")]
    found: list[Rated] = list(Commitment.objects.filter(reference__in=references).select_related("assembly"))
    slugs = [name.rpartition("/")[2] for name in tallies if name.startswith("theme:")]
    found += Theme.objects.filter(slug__in=slugs).select_related("assembly")
    return {one.record_subject: one for one in found if one.record_subject in tallies}


@action
def _cut(period: RatingPeriod, subject: Rated, tallies: Mapping[Part, Tally], slot: date, today: date) -> int:
    """Publish what the gate lets through of one subject, unless this slot has it already; 1 if anything."""
    RatingPeriod.objects.select_for_update(of=("self",)).get(pk=period.pk)
    earlier = list(
        Figure.objects.filter(period=period, subject=subject.record_subject).order_by("slot", "pk")
    )
    if earlier and earlier[-1].slot >= slot:
        return 0
    released = disclosure.release(
        tallies[ALL],
        {part.group: tally for part, tally in tallies.items() if part.by == "stratum"},
        _slots(earlier),
        known={row.group: _shown(row) for row in earlier if row.latest},
    )
    if not released:
        return 0
    figures = {_part(group): figure for group, figure in released.items()}
    _publish(period, subject, figures, slot, _tell(period, subject, figures, slot, today))
    return 1


def _part(group: str) -> Part:
    return Part("stratum", group) if group else ALL


def _slots(figures: Iterable[Figure]) -> list[Slot]:
    """What earlier slots showed, in their order."""
    found: dict[date, Slot] = {}
    for row in figures:
        slot = found.setdefault(row.slot, Slot(None, dict.fromkeys(Stratum.values)))
        if row.by == "all":
            slot.total = row.n
        else:
            slot.groups[row.group] = row.n
    return list(found.values())


def _shown(row: Figure) -> Shown:
    shares = tuple(row.shares) if row.shares else None
    return Shown(row.n, row.dont_know, row.mean, row.low, row.high, shares)


def _tell(
    period: RatingPeriod, subject: Rated, figures: Mapping[Part, Shown], slot: date, today: date
) -> int:
    """Write the entry; its position."""
    thing: Recorded = subject
    facts = {
        "assembly": period.assembly.slug,
        "period": period.name,
        "method": f"{statistics.MEAN_METHOD}; {disclosure.RULES}",
        "figures": [_fact(part, figure) for part, figure in figures.items()],
    }
    entry = append(
        events.FIGURES_CUT,
        thing,
        actor="clock",
        today=today,
        occurred_on=slot,
        facts=facts,
        assembly=period.assembly.slug,
        edits=False,
    )
    return entry.position


def _publish(
    period: RatingPeriod, subject: Rated, figures: Mapping[Part, Shown], slot: date, position: int
) -> None:
    """Keep the figures for reading; after the entry, whose position they carry."""
    name = subject.record_subject
    for part, figure in figures.items():
        mine = {"period": period, "subject": name, "by": part.by, "group": part.group}
        Figure.objects.filter(**mine, latest=True).update(latest=False)
        Changed.objects.filter(**mine).update(ratings=0)
        values = {number: getattr(figure, number) for number in NUMBERS}
        Figure.objects.create(
            **mine,
            **values,
            slot=slot,
            cut_at=clock.now(),
            shares=list(figure.shares) if figure.shares else None,
            position=position,
            invented=clock.is_invented(),
        )


def _fact(part: Part, figure: Shown) -> dict[str, Any]:
    numbers = {name: getattr(figure, name) for name in NUMBERS}
    return {
        "by": part.by,
        "group": part.group or None,
        **{
            name: float(value) if name in ("mean", "low", "high") and value else value
            for name, value in numbers.items()
        },
        "shares": list(figure.shares) if figure.shares else None,
        "withheld": "few" if figure.is_withheld else None,
    }
