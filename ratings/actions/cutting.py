"""Cutting figures: once a week what residents said is counted, passed through the gate, and published as entries."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from commitments import events
from ratings import counting, disclosure, periods, statistics
from ratings.actions import setting_aside
from ratings.actions.mixing import mix_ballots, sweep
from ratings.actions.showing import put_in_order, show
from ratings.counting import ALL, Part
from ratings.disclosure import Shown, Slot, Tally
from ratings.models import Changed, Figure, RatingPeriod
from ratings.subjects import Rated, locked
from record import clock
from record.guarded import Recorded
from record.ledger import action, append

CUT_ON = 0
"""The weekly slot: Monday, as `date.weekday` counts."""
STAYS_OPEN = timedelta(days=14)
"""So long after its end a quarter is still cut, so that its last ratings come out."""
NUMBERS = ("n", "dont_know", "mean", "low", "high")


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
        if (period.last_slot is None or period.last_slot < slot) and _is_cut(period, today):
            cut += _cut_period(period, slot, today)
    put_in_order()
    return cut


def _is_cut(period: RatingPeriod, today: date) -> bool:
    return periods.first_day(period.name) <= today <= periods.last_day(period.name) + STAYS_OPEN


def _cut_period(period: RatingPeriod, slot: date, today: date) -> int:
    subjects = counting.changed_subjects(period)
    tallies = counting.tallies(period, subjects)
    cut = sum(_cut(period, subjects[name], tallies[name], slot, today) for name in sorted(subjects))
    _close_slot(period, slot)
    return cut


@action
def _close_slot(period: RatingPeriod, slot: date) -> None:
    RatingPeriod.objects.filter(pk=period.pk).update(last_slot=slot)


@action
def _cut(period: RatingPeriod, subject: Rated, tallies: Mapping[Part, Tally], slot: date, today: date) -> int:
    """Publish what the gate lets through of one subject, unless this slot has it already; 1 if anything."""
    RatingPeriod.objects.select_for_update(of=("self",)).get(pk=period.pk)
    subject = locked(subject)
    earlier = list(
        Figure.objects.filter(period=period, subject=subject.record_subject).order_by("slot", "pk")
    )
    if earlier and earlier[-1].slot >= slot:
        return 0
    figures = _released(subject, tallies, earlier)
    if not figures:
        return 0
    _publish(period, subject, figures, slot, _tell(period, subject, figures, slot, today))
    show(subject)
    return 1


def _released(subject: Rated, tallies: Mapping[Part, Tally], earlier: list[Figure]) -> dict[Part, Shown]:
    """What the gate lets through: each breakdown is audited with the whole, and one that objects stops all of it."""
    figures: dict[Part, Shown] = {}
    for by in counting.breakdowns(subject):
        mine = [row for row in earlier if row.by in (by, ALL.by)]
        found = disclosure.release(
            tallies[ALL],
            {part.group: tally for part, tally in tallies.items() if part.by == by},
            _slots(mine, by),
            known={_name(row): _shown(row) for row in mine if row.latest},
            never=counting.NEVER_SHOWN,
        )
        if not found:
            return {}
        figures |= {_part(by, name): figure for name, figure in found.items()}
    return figures


def _part(by: str, name: str) -> Part:
    return ALL if name == disclosure.WHOLE else Part(by, name)


def _name(row: Figure) -> str:
    return disclosure.WHOLE if row.by == ALL.by else row.group


def _slots(figures: Iterable[Figure], by: str) -> list[Slot]:
    """What earlier slots showed, in their order."""
    found: dict[date, Slot] = {}
    for row in figures:
        slot = found.setdefault(row.slot, Slot(None, dict.fromkeys(counting.GROUPS[by])))
        if row.by == ALL.by:
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
    is_aside = setting_aside.is_set_aside(period, name)
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
            set_aside=is_aside,
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
