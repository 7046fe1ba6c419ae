"""What lists show and order by: the figure that speaks for a subject stands with the subject, rounded as published.

Whatever changes which figure that is (a cut, a period that is set aside or counts again) calls `show` for the subject.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet

from commitments.models import Commitment, Theme
from ratings import comparisons, statistics
from ratings.figures import set_aside, speaking, tenths
from ratings.models import Figure
from ratings.subjects import Rated
from record.ledger import action, revise

THOUSANDTHS = 1000
_FIGURE = ("residents_mean", "residents_low", "residents_high")


def show(*subjects: Rated) -> None:
    """Put the figure that speaks for each subject in its row, or nothing where none does. Inside an action.

    Where all that could speak is set aside, only the quarter stands there.
    """
    names = [subject.record_subject for subject in subjects]
    speaks = _first_of_each(speaking().filter(subject__in=names))
    aside = _first_of_each(set_aside().filter(subject__in=[name for name in names if name not in speaks]))
    for name, subject in zip(names, subjects, strict=True):
        said = _said(speaks.get(name), aside.get(name))
        rows: Any = type(subject).objects
        rows.filter(pk=subject.pk).update(**{f"residents_{part}": value for part, value in said.items()})


def _first_of_each(figures: QuerySet[Figure]) -> dict[str, Figure]:
    """The first figure of each subject, as they come."""
    found: dict[str, Figure] = {}
    for figure in figures.select_related("period"):
        found.setdefault(figure.subject, figure)
    return found


def _said(figure: Figure | None, aside: Figure | None) -> dict[str, Any]:
    """What stands in a row: its figure, or else of one that is set aside the quarter alone."""
    said: dict[str, Any] = dict.fromkeys(("period", "n", "mean", "low", "high", "order"))
    if figure is not None and figure.mean is not None:
        said |= {"period": figure.period.name, "n": figure.n, "order": int(figure.mean * THOUSANDTHS)}
        said |= {name: tenths(getattr(figure, name)) for name in ("mean", "low", "high")}
    elif aside is not None:
        said["period"] = aside.period.name
    return said


@action
def put_in_order() -> bool:
    """Order what has figures by shrunken means (`docs/method.md`), commitments and themes apart; whether any moved.

    Made of published figures alone: what is withheld weighs nothing, here as anywhere.
    """
    is_moved = order_anew()
    if is_moved:
        revise()
    return is_moved


def order_anew() -> bool:
    """The same inside an action that writes an entry afterwards, and that holds the rows (`lock_all_ordered`)."""
    moved = [_ordered(model) for model in (Commitment, Theme)]
    return any(moved)


def lock_all_ordered(also: Mapping[type[Model], QuerySet[Any]]) -> None:
    """Hold every row that has a place in the order, and those of `also`, in the one order in which all lock them."""
    for model in (Commitment, Theme):
        rows: Any = model._default_manager.filter(Q(residents_mean__isnull=False) | Q(pk__in=also[model]))
        list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def _ordered(model: type[Model]) -> bool:
    """As many updates as there are different figures: some hundred at most, whatever the number of rows."""
    rows: Any = model._default_manager.filter(residents_mean__isnull=False).order_by()
    # Locked in one order, so that nobody who locks several waits for us while we wait for them.
    found = list(rows.select_for_update().order_by("pk").values_list(*_FIGURE, "residents_order"))
    order = places(figure for *figure, _ in found)
    moved = {tuple(figure) for *figure, place in found if order[tuple(figure)] != place}
    for figure in sorted(moved):
        same = rows.filter(**dict(zip(_FIGURE, figure, strict=True)))
        same.update(residents_order=order[figure])
    return bool(moved)


def places(figures: Iterable[Sequence[int]]) -> dict[tuple[int, ...], int]:
    """Where each published figure (mean and limits, in tenths) belongs among all of them, in thousandths of points."""
    listed = [tuple(figure) for figure in figures]
    found = [comparisons.published(*(number / 10 for number in figure)) for figure in listed]
    drawn = statistics.shrunken([(one.value, statistics.variance_of(one)) for one in found])
    return {figure: round(THOUSANDTHS * place) for figure, place in zip(listed, drawn, strict=True)}
