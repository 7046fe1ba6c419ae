"""Invented ballots for the demonstration: some three hundred over two quarters, cast and published by the verbs.

The opinions are drawn with a fixed seed and marked as invented, like everything else there. One promise that is claimed
complete is judged badly, one has too few ratings to be shown; and upon one a crowd descends, which is flagged, and
whose quarter two invented convenors set aside. Some say a few words, which the convenor lets be read; those in which
somebody is named still wait, and those on what few have rated stay sealed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from types import MappingProxyType

from accounts import actions as accounts
from accounts import roles
from accounts.models import Role, User
from commitments.choices import Status
from commitments.marks import marked
from commitments.models import Assembly, Commitment, Theme
from ratings import actions, detection, periods
from ratings.models import Ballot, Flag, RatingWords, WordsStage
from ratings.subjects import Rated, Said
from record import clock

VOTERS, LOCALS, CROWD = 40, 18, 45
FEW = 6
GOOD, MIXED, BAD = (1, 2, 4, 8, 5), (4, 5, 5, 4, 2), (11, 5, 2, 1, 1)
MORNING, EVENING, HOURS = 8, 20, 12
WEEK = timedelta(days=7)
WHY = (
    "Forty-five people gave this promise five points within one hour of an evening, where forty before them were of "
    "many minds. Nothing happened that day that would explain it."
)
Weights = tuple[int, ...]
WORDS: dict[Weights, tuple[str, ...]] = {
    GOOD: (
        "It took longer than they said, but I can see it now.",
        "Jo Sample came round to explain it, and left us a mobile number that somebody answers.",
    ),
    MIXED: ("Some evenings yes, most evenings no.", "Better near the station than on our side of the road."),
    BAD: ("I go past every day and have seen nothing of it.", "A notice went up. Nothing else has changed."),
}
"""What some say beside their rating, by how what they rate is judged."""
SPEAKERS = (3, 11)
"""Whose turn it is to say something."""
AGREED = "I looked at the hours and the answers for myself, and agree. Both figures stay to be read."


@dataclass(frozen=True)
class _Poll:
    subject: Rated
    weights: Weights
    voters: int


def invent(assembly: Assembly, today: date) -> int:
    """Cast and publish invented ballots, once; how many there are. Raises SimulationRefused in production."""
    if Ballot.objects.exists():
        return 0
    drawn = Random(2024)  # noqa: S311 (invented opinions, the same every time)
    with clock.invented():
        voters = _people("voter", VOTERS)
        _make_local(assembly, voters[:LOCALS])
        polls = list(_polls(assembly))
        before, present = _days(today)
        _vote(polls, voters, before, drawn)
        _each_day(before + WEEK)
        _storm(assembly, polls, before + 2 * WEEK)
        _vote(polls, voters, present, drawn, WORDS)
        _each_day(min(present + WEEK, today))
        _moderate(assembly, min(present + WEEK, today))
        actions.close(today)
    return Ballot.objects.count()


def _people(what: str, number: int) -> list[User]:
    """People of nowhere, who cannot sign in."""
    return [User.objects.create_user(f"demo-{what}{one}@example.org") for one in range(1, number + 1)]


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


def _vote(
    polls: list[_Poll],
    voters: list[User],
    day: date,
    drawn: Random,
    spoken: Mapping[Weights, Sequence[str]] = MappingProxyType({}),
) -> None:
    """Everybody rates within the day, each at an hour of their own; some say something."""
    for poll in polls:
        words = dict(zip(SPEAKERS, spoken.get(poll.weights, ()), strict=False))
        for turn, voter in enumerate(voters[: poll.voters]):
            score = drawn.choices([1, 2, 3, 4, 5, None], weights=[*poll.weights, 1])[0]
            said = Said(score, dont_know=score is None, words=words.get(turn, ""))
            with clock.at(_moment(day, MORNING + turn % HOURS)):
                actions.cast(poll.subject, by=voter, today=day, said=said)
    _watch(day)


def _moderate(assembly: Assembly, day: date) -> None:
    """The convenor lets words be read; those in which something is marked still wait for somebody to look at them."""
    convenor = roles.convenors(assembly.slug)[0]
    with clock.at(_moment(day, EVENING - 2)):
        actions.bring_words(day)
        for words in RatingWords.objects.filter(stage=WordsStage.WAITING).order_by("subject", "text"):
            if not marked(words.text):
                actions.publish_words(words, by=convenor, today=day)


def _storm(assembly: Assembly, polls: list[_Poll], day: date) -> None:
    """A crowd rates one promise within an hour; it is flagged, and two convenors set its quarter aside."""
    good = next((poll.subject for poll in polls if poll.weights == GOOD), None)
    if good is None:
        return
    for person in _people("crowd", CROWD):
        with clock.at(_moment(day, EVENING)):
            actions.cast(good, by=person, today=day, said=Said(5))
    _each_day(day + timedelta(days=1))
    flag = Flag.objects.get(subject=good.record_subject, rule=detection.SHIFT_RULE)
    one, other = (_convenor(assembly, person) for person in _people("convenor", 2))
    with clock.at(_moment(day + timedelta(days=2), EVENING)):
        asked = actions.propose_setting_aside(flag, by=one, today=clock.today(), reason=WHY)
    with clock.at(_moment(day + timedelta(days=3), MORNING)):
        actions.approve_setting_aside(asked, by=other, today=clock.today(), reason=AGREED)


def _convenor(assembly: Assembly, person: User) -> User:
    accounts.grant_role(person, Role.CONVENOR, assembly=assembly.slug)
    return person


def _each_day(day: date) -> None:
    """What the operator's machine does each day."""
    with clock.at(_moment(day, EVENING - 2)):
        actions.cut_figures(day)
    _watch(day)


def _watch(day: date) -> None:
    with clock.at(_moment(day, EVENING + 1)):
        actions.watch(day)


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.LONDON)
