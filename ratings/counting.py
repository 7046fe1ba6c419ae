"""What stands behind figures: ratings counted by subject, stratum and community, and how many changed since."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import Count

from commitments.models import Commitment, Theme
from ratings.choices import COMMUNITIES, UNSAID, Stratum, answers
from ratings.disclosure import Tally
from ratings.models import Ballot, Changed, RatingPeriod
from ratings.subjects import Rated

STRATUM = "stratum"
UNANSWERED = ""
NEVER_SHOWN = frozenset({UNSAID, UNANSWERED})
"""Groups that are no community; counted, since what is left over could be worked out from them."""


class Part(NamedTuple):
    """Which figure of a subject: all of it, or one group of one breakdown."""

    by: str
    group: str


ALL = Part("all", "")
GROUPS: dict[str, tuple[str, ...]] = {
    STRATUM: tuple(Stratum.values),
    **{question: (*answers(question), UNANSWERED) for question in COMMUNITIES},
}
"""The groups of each breakdown; together they are all who rated."""

Numbers = list[int]
"""How many did not know (place 0), and how many rated 1 to 5."""


def breakdowns(subject: Rated) -> tuple[str, ...]:
    """What a subject's figures are broken down by: strata, and for themes communities."""
    return tuple(GROUPS) if isinstance(subject, Theme) else (STRATUM,)


def changed_subjects(period: RatingPeriod) -> dict[str, Rated]:
    """The subjects behind which ratings changed since their figures were published, by name."""
    names = set(
        Changed.objects.filter(period=period, ratings__gt=0).values_list("subject", flat=True).distinct()
    )
    references = [name.partition(":")[2] for name in names if name.startswith("commitment:")]
    slugs = [name.rpartition("/")[2] for name in names if name.startswith("theme:")]
    found: list[Rated] = list(Commitment.objects.filter(reference__in=references).select_related("assembly"))
    found += Theme.objects.filter(assembly=period.assembly, slug__in=slugs).select_related("assembly")
    return {one.record_subject: one for one in found}


def tallies(period: RatingPeriod, subjects: Mapping[str, Rated]) -> dict[str, dict[Part, Tally]]:
    """What stands behind every figure of these subjects. A query for each breakdown, and one for the changes."""
    counts: dict[str, dict[Part, Numbers]] = {
        name: {Part(by, group): [0] * 6 for by in breakdowns(subject) for group in GROUPS[by]}
        for name, subject in subjects.items()
    }
    for by in GROUPS:
        broken_down = [name for name, subject in subjects.items() if by in breakdowns(subject)]
        for name, group, score, number in _counted(period, broken_down, by):
            counts[name][Part(by, group)][score or 0] += number
    changes = _changes(period)
    return {
        name: {
            part: _tally(numbers, changes.get((name, part), 0)) for part, numbers in _with_all(parts).items()
        }
        for name, parts in counts.items()
    }


def _counted(
    period: RatingPeriod, subjects: Iterable[str], by: str
) -> Iterable[tuple[str, str, int | None, int]]:
    rows = Ballot.objects.filter(period=period, subject__in=list(subjects)).order_by()
    return rows.values_list("subject", by, "score").annotate(number=Count("pk"))


def _changes(period: RatingPeriod) -> dict[tuple[str, Part], int]:
    rows = Changed.objects.filter(period=period, ratings__gt=0)
    return {(row.subject, Part(row.by, row.group)): row.ratings for row in rows}


def _with_all(parts: dict[Part, Numbers]) -> dict[Part, Numbers]:
    """With the whole, which is the sum of its strata."""
    strata = [numbers for part, numbers in parts.items() if part.by == STRATUM]
    return {ALL: [sum(numbers) for numbers in zip(*strata, strict=True)], **parts}


def _tally(numbers: Numbers, changed: int) -> Tally:
    one, two, three, four, five = numbers[1:]
    return Tally((one, two, three, four, five), numbers[0], changed)
