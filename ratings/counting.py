"""What stands behind figures: ratings counted by subject, stratum and community. Exact, so it passes the gate first."""

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Count

from commitments.models import Commitment, Theme
from ratings.choices import COMMUNITIES, UNSAID, Stratum, answers
from ratings.disclosure import ALL, Breakdowns, Cell, Part
from ratings.models import Ballot, RatingPeriod
from ratings.subjects import Rated

__all__ = ["ALL", "GROUPS", "NEVER_SHOWN", "Part", "breakdowns", "found", "groups_of", "standing_behind"]

STRATUM = "stratum"
UNANSWERED = ""
NEVER_SHOWN = frozenset({UNSAID, UNANSWERED})
"""Groups that are no community; counted, since what is left over could be worked out from them."""

GROUPS: dict[str, tuple[str, ...]] = {
    STRATUM: tuple(Stratum.values),
    **{question: (*answers(question), UNANSWERED) for question in COMMUNITIES},
}
"""The groups of each breakdown; together they are all who rated."""

THEME = "theme:"


def groups_of(name: str) -> dict[str, tuple[str, ...]]:
    """What the figures of a subject of this name are broken down by: strata, and for themes communities."""
    return GROUPS if name.startswith(THEME) else {STRATUM: GROUPS[STRATUM]}


def breakdowns(subject: Rated) -> tuple[str, ...]:
    """What a subject's figures are broken down by."""
    return tuple(groups_of(subject.record_subject))


def standing_behind(period: RatingPeriod) -> dict[str, Breakdowns]:
    """For each rated subject of a quarter what stands behind its figures. A query for each breakdown."""
    counts: dict[str, dict[str, dict[str, list[int]]]] = {}
    for by in GROUPS:
        for name, group, score, number in _counted(period, by):
            if name not in counts:
                groups = groups_of(name)
                counts[name] = {one: {each: [0] * 6 for each in groups[one]} for one in groups}
            counts[name][by][group][score or 0] += number
    return {
        name: {
            by: {group: cell(numbers) for group, numbers in groups.items()} for by, groups in parts.items()
        }
        for name, parts in counts.items()
    }


def _counted(period: RatingPeriod, by: str) -> Iterator[tuple[str, str, int | None, int]]:
    rows = Ballot.objects.filter(period=period).order_by()
    if by != STRATUM:
        rows = rows.filter(subject__startswith=THEME)
    yield from rows.values_list("subject", by, "score").annotate(number=Count("pk"))


def cell(numbers: Sequence[int]) -> Cell:
    """Six numbers as a cell."""
    none, one, two, three, four, five = numbers
    return (none, one, two, three, four, five)


def found(period: RatingPeriod, names: Iterable[str]) -> list[Rated]:
    """The subjects of these names as they are now, locked in one order; they stay so until the transaction ends."""
    listed = list(names)
    references = [name.partition(":")[2] for name in listed if name.startswith("commitment:")]
    slugs = [name.rpartition("/")[2] for name in listed if name.startswith(THEME)]
    commitments = Commitment.objects.filter(reference__in=references)
    themes = Theme.objects.filter(assembly=period.assembly, slug__in=slugs)
    return [
        *commitments.select_for_update(of=("self",)).select_related("assembly").order_by("pk"),
        *themes.select_for_update(of=("self",)).select_related("assembly").order_by("pk"),
    ]
