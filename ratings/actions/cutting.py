"""Cutting figures: once a week what residents said is counted, passed through the gate, and published as entries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from commitments import events
from ratings import counting, disclosure, periods, statistics
from ratings.actions import setting_aside
from ratings.actions.mixing import mix_ballots, sweep
from ratings.actions.showing import put_in_order, show
from ratings.disclosure import Breakdowns, Part, Publication, Shown
from ratings.models import Counted, Figure, RatingPeriod
from ratings.subjects import Rated
from record import clock
from record.guarded import Recorded
from record.ledger import action, append

CUT_ON = 0
"""The weekly slot: Monday, as `date.weekday` counts."""
STAYS_OPEN = timedelta(days=14)
"""So long after its end a quarter is still cut, so that its last ratings come out."""
TOGETHER = 50
"""So many subjects are one transaction."""
NUMBERS = ("n", "dont_know", "mean", "low", "high")
Passed = tuple[Rated, Mapping[Part, Shown]]


def slot_of(today: date) -> date:
    """The weekly slot that `today` belongs to."""
    return today - timedelta(days=(today.weekday() - CUT_ON) % 7)


def cut_figures(today: date) -> int:
    """Publish what may be published at this week's slot; how many subjects. Again in the same week does nothing.

    Some subjects at a time are one transaction, so that others write in between; after a crash the next run goes on
    where it stopped, and of two runs at once each subject is cut by one.
    """
    mix_ballots(today)
    sweep()
    slot, cut = slot_of(today), 0
    for period in _open_periods():
        if _is_over(period, today):
            _forget_counts(period)
        elif periods.first_day(period.name) <= today and (
            period.last_slot is None or period.last_slot < slot
        ):
            cut += _cut_period(period, slot, today)
    put_in_order()
    return cut


def _open_periods() -> list[RatingPeriod]:
    rows = RatingPeriod.objects.filter(key_destroyed_on=None)
    return list(rows.select_related("assembly").order_by("pk"))


def _is_over(period: RatingPeriod, today: date) -> bool:
    return today > periods.last_day(period.name) + STAYS_OPEN


@action
def _forget_counts(period: RatingPeriod) -> None:
    """What stood behind figures is asked for by the next cut alone; after the last one nobody needs it."""
    Counted.objects.filter(period=period).delete()


def _cut_period(period: RatingPeriod, slot: date, today: date) -> int:
    behind = _count(period)
    known = set(Figure.objects.filter(period=period).values_list("subject", flat=True).order_by().distinct())
    names = sorted(name for name, now in behind.items() if name in known or disclosure.is_enough(now))
    cut = 0
    for start in range(0, len(names), TOGETHER):
        some = {name: behind[name] for name in names[start : start + TOGETHER]}
        cut += _cut(period, some, slot, today)
    _close_slot(period, slot)
    return cut


@action
def _count(period: RatingPeriod) -> dict[str, Breakdowns]:
    """All counts of one moment: while it lasts nobody mixes this quarter's ballots."""
    _lock(period)
    return counting.standing_behind(period)


@action
def _close_slot(period: RatingPeriod, slot: date) -> None:
    RatingPeriod.objects.filter(pk=period.pk).update(last_slot=slot)


def _lock(period: RatingPeriod) -> None:
    """Hold the quarter's row, in a way that lets people go on casting."""
    RatingPeriod.objects.select_for_update(of=("self",), no_key=True).get(pk=period.pk)


@action
def _cut(period: RatingPeriod, behind: Mapping[str, Breakdowns], slot: date, today: date) -> int:
    """Publish what the gate lets through of these subjects, those left out that have this slot; how many come out."""
    _lock(period)
    passed = _passed(period, behind, slot)
    told = [(subject, figures, _tell(period, subject, figures, slot, today)) for subject, figures in passed]
    _publish(period, told, slot)
    names = [subject.record_subject for subject, _ in passed]
    Counted.objects.bulk_create(
        Counted(period=period, subject=name, slot=slot, behind=behind[name]) for name in names
    )
    show(*(subject for subject, _ in passed))
    return len(passed)


def _passed(period: RatingPeriod, behind: Mapping[str, Breakdowns], slot: date) -> list[Passed]:
    """What passes the gate; asked before anything is written, since whoever writes holds the head of the record."""
    earlier = _earlier(period, behind)
    found: list[Passed] = []
    for subject in counting.found(period, behind):
        before = earlier.get(subject.record_subject, {})
        if before and (max(before) >= slot or None in before.values()):
            continue
        past = [one for one in before.values() if one is not None]
        figures = disclosure.release(behind[subject.record_subject], past, never=counting.NEVER_SHOWN)
        if figures:
            found.append((subject, figures))
    return found


def _earlier(period: RatingPeriod, names: Iterable[str]) -> dict[str, dict[date, Publication | None]]:
    """What earlier slots published of each subject, in their order; None where what stood behind it is not known."""
    among = {"period": period, "subject__in": list(names)}
    counted = {(row.subject, row.slot): _read(row.behind) for row in Counted.objects.filter(**among)}
    figures: dict[tuple[str, date], dict[Part, Shown]] = {}
    for row in Figure.objects.filter(**among).order_by("slot", "pk"):
        figures.setdefault((row.subject, row.slot), {})[Part(row.by, row.group)] = _shown(row)
    found: dict[str, dict[date, Publication | None]] = {}
    for (name, slot), published in figures.items():
        behind = counted.get((name, slot))
        found.setdefault(name, {})[slot] = None if behind is None else Publication(published, behind)
    return found


def _read(behind: Mapping[str, Mapping[str, list[int]]]) -> Breakdowns:
    return {
        by: {group: counting.cell(numbers) for group, numbers in groups.items()}
        for by, groups in behind.items()
    }


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
    period: RatingPeriod, told: Sequence[tuple[Rated, Mapping[Part, Shown], int]], slot: date
) -> None:
    """Keep the figures for reading; after their entries, whose positions they carry."""
    _take_the_place(period, {subject.record_subject: figures for subject, figures, _ in told})
    aside = setting_aside.aside_in(period)
    now, invented = clock.now(), clock.is_invented()
    Figure.objects.bulk_create(
        Figure(
            period=period,
            subject=subject.record_subject,
            by=part.by,
            group=part.group,
            **{number: getattr(figure, number) for number in NUMBERS},
            slot=slot,
            cut_at=now,
            shares=list(figure.shares) if figure.shares else None,
            position=position,
            set_aside=not aside.isdisjoint({"", subject.record_subject}),
            updated_at=now,
            invented=invented,
        )
        for subject, figures, position in told
        for part, figure in figures.items()
    )


def _take_the_place(period: RatingPeriod, figures: Mapping[str, Mapping[Part, Shown]]) -> None:
    """The figures that stood until now, of what is published anew, are the latest no more."""
    standing = Figure.objects.filter(period=period, subject__in=list(figures), latest=True)
    rows = standing.values_list("pk", "subject", "by", "group")
    old = [key for key, name, by, group in rows if Part(by, group) in figures[name]]
    Figure.objects.filter(pk__in=old).update(latest=False)


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
