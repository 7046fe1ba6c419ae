"""Invented ballots for the demonstration: some three hundred over two quarters, cast and published by the verbs.

The opinions are drawn with a fixed seed and marked as invented, like everything else there. One promise that is claimed
complete is judged badly, one has too few ratings to be shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from accounts import roles
from accounts.models import User
from commitments.choices import Status
from commitments.models import Assembly, Commitment, Theme
from ratings import actions, periods
from ratings.models import Ballot
from ratings.subjects import Rated, Said
from record import clock

VOTERS, LOCALS = 45, 18
FEW = 6
GOOD, MIXED, BAD = (1, 2, 4, 8, 5), (4, 5, 5, 4, 2), (11, 5, 2, 1, 1)


@dataclass(frozen=True)
class _Poll:
    subject: Rated
    weights: tuple[int, ...]
    voters: int


def invent(assembly: Assembly, today: date) -> int:
    """Cast and publish invented ballots, once; how many there are. Raises SimulationRefused in production."""
    if Ballot.objects.exists():
        return 0
    drawn = Random(2024)  # noqa: S311 (invented opinions, the same every time)
    with clock.invented():
        voters = _people(VOTERS)
        _make_local(assembly, voters[:LOCALS])
        polls = list(_polls(assembly))
        for day in _days(today):
            with clock.at(datetime.combine(day, time(12), tzinfo=clock.LONDON)):
                _vote(polls, voters, day, drawn)
            slot = min(day + timedelta(days=7), today)
            with clock.at(datetime.combine(slot, time(18), tzinfo=clock.LONDON)):
                actions.cut_figures(slot)
    actions.destroy_keys(today)
    return Ballot.objects.count()


def _people(number: int) -> list[User]:
    """Residents of nowhere, who cannot sign in."""
    return [User.objects.create_user(f"demo-voter{one}@example.org") for one in range(1, number + 1)]


def _make_local(assembly: Assembly, people: list[User]) -> None:
    convenor = roles.convenors(assembly.slug)[0]
    _, codes = actions.issue_codes(assembly, by=convenor, number=len(people))
    for person, code in zip(people, codes, strict=True):
        actions.redeem(assembly, by=person, code=code)


def _polls(assembly: Assembly) -> Iterator[_Poll]:
    """What is rated, how, and by how many."""
    theme = Theme.objects.filter(assembly=assembly).select_related("assembly").order_by("order", "pk").first()
    if theme is not None:
        yield _Poll(theme, MIXED, VOTERS)
    promises = Commitment.objects.filter(assembly=assembly, invented=True).select_related("assembly")
    lived = promises.filter(stage__in=("published", "accepted")).order_by("pk")
    for status, weights, voters in (
        (Status.COMPLETED, BAD, VOTERS),
        (Status.IN_PROGRESS, GOOD, VOTERS),
        (Status.NOT_STARTED, BAD, FEW),
    ):
        promise = lived.filter(status=status).first()
        if promise is not None:
            yield _Poll(promise, weights, voters)


def _days(today: date) -> tuple[date, date]:
    """A day of the quarter before, and one of this quarter."""
    before = periods.previous(periods.of(today))
    return periods.first_day(before) + timedelta(days=40), periods.first_day(periods.of(today))


def _vote(polls: list[_Poll], voters: list[User], day: date, drawn: Random) -> None:
    for poll in polls:
        for voter in voters[: poll.voters]:
            score = drawn.choices([1, 2, 3, 4, 5, None], weights=[*poll.weights, 1])[0]
            actions.cast(poll.subject, by=voter, today=day, said=Said(score, dont_know=score is None))
