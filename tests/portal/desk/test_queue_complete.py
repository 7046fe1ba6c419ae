"""Nothing that the domain lets wait is missing from the queue: states, open dates, facts, reminders and lists."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from pytest_django.fixtures import Settings

from commitments.choices import ChallengeState, RecommendationState, Standing
from commitments.models.commitments import FACTS
from notifications import duties, waiting
from notifications.models import ReminderKind
from portal.desk.queue import gathering, seats
from portal.desk.queue.registry import BY_NAME, KINDS
from record import clock
from tests import make
from tests.portal.desk.settled import CLASSES, SETTLED, WHOLE
from tests.portal.desk.waiting import Waiting

APPS = ("accounts", "commitments", "ratings", "notifications", "portal")
WATCHED = frozenset(mark for kind in KINDS for mark in kind.watches)
"""What the kinds of the queue say that they show."""
COMPUTED = {
    "Fact": FACTS,
    "Standing": Standing.values,
    "RecommendationState": RecommendationState.values,
    "ReminderKind": ReminderKind.values,
    "Challenge.state": [ChallengeState.UNANSWERED],
}
PILES = {
    "Due dates to decide": "date_change", "Corrections to decide": "correction",
    "Challenges whose words are to be read": "admit", "Words of residents to be read": "words",
    "Reports of words that should not be shown": "report",
    "Erasures that wait for a second person": "redaction", "Quarters that wait for a second person": "set_aside",
}  # fmt: skip
"""What the convenor's weekly list calls them."""


def _marks() -> Iterator[str]:
    """Every value of every field with choices, every date that may be open, every fact and computed state."""
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            yield model.__name__
            for field in model._meta.concrete_fields:
                if field.name not in WHOLE:
                    yield from _of_field(f"{model.__name__}.{field.name}", field)
    for name, values in COMPUTED.items():
        yield from (f"{name}={value}" for value in values)


def _of_field(name: str, field: "models.Field[object, object]") -> Iterator[str]:
    if field.choices:
        yield from (f"{name}={value}" for value, _label in field.flatchoices)
    if field.null and isinstance(field, models.DateField | models.DateTimeField):
        yield name


def _model(mark: str) -> str:
    return mark.partition("=")[0].partition(".")[0]


def test_the_queue_knows_everything_that_the_domain_lets_wait() -> None:
    there = set(_marks())
    named = WATCHED | SETTLED.keys()
    told = {_model(mark) for mark in named}
    unknown = sorted(mark for mark in there - named - told if _model(mark) not in CLASSES)
    assert unknown == [], "a kind in portal/desk/queue shows it, or settled.py says why nobody waits for it"
    assert sorted(named - there) == [], "the domain has it no more"
    assert sorted(WATCHED & SETTLED.keys()) == []
    assert sorted(told & CLASSES.keys()) == []


@pytest.mark.django_db
def test_what_post_says_of_offices_stands_in_their_queues(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    town = Waiting()
    with clock.at(make.noon(town.on)):
        office = seats.of_convenor(town.assembly.slug)
        _owed, mine = waiting.piles(town.assembly.slug, town.on)
        assert {pile.name for pile in mine} == PILES.keys()
        for pile in mine:
            counted = len(gathering.items(BY_NAME[PILES[pile.name]], office, town.on))
            first = pile.items[0].text.partition(",")[0]
            assert counted == (int(first) if first.isdigit() else len(pile.items) + pile.more), pile.name
        owned = [one for who in (town.responder, town.other) for one in _stories(town, seats.of(who))]
        for duty in (*duties.between(town.on, make.days(38)), *duties.passed(town.on, town.on)):
            assert duty.story.partition(":")[2] in owned, duty


def _stories(town: Waiting, held: seats.Seats) -> list[str]:
    kinds = (kind for kind in KINDS if kind.is_for(held))
    return [one.story for kind in kinds for one in gathering.items(kind, held, town.on)]
