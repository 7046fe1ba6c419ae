"""Words with ratings for tests: said, mixed with a crowd, brought to the convenor, published."""

from datetime import date

from accounts.models import User
from ratings import actions
from ratings.models import RatingWords, WordsStage
from ratings.subjects import Rated, Said
from tests import make
from tests.make import TODAY

SAID = "The patrols come now, every evening."


def say(subject: Rated, by: User, text: str = SAID, score: int = 4) -> None:
    actions.cast(subject, by=by, today=TODAY, said=Said(score, words=text))


def crowd(subject: Rated, number: int = 12) -> None:
    there = User.objects.count()
    people = User.objects.bulk_create(
        User(email=f"crowd{there + one}@example.org", password="!", confirmed_at=make.noon(TODAY))
        for one in range(number)
    )
    for person in people:
        actions.cast(subject, by=person, today=TODAY, said=Said(3))


def waiting(subject: Rated, by: User, text: str = SAID, today: date = TODAY) -> RatingWords:
    """Words that the convenor can look at: others rated too, and there is a figure."""
    say(subject, by, text)
    crowd(subject)
    actions.cut_figures(today)
    actions.bring_words(today)
    return RatingWords.objects.get(stage=WordsStage.WAITING)


def published(subject: Rated, by: User, text: str = SAID) -> RatingWords:
    return actions.publish_words(waiting(subject, by, text), by=make.convenor(), today=TODAY)


def state(subject: Rated, by: User) -> tuple[str, str | None, str | None]:
    own = actions.own_words(subject, by=by, today=TODAY)
    return own.said, own.state, own.shown


def mix_anew(subject: Rated) -> None:
    crowd(subject)
    actions.mix_ballots(TODAY)
