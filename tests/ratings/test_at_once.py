"""What happens at the same moment: decisions, first casts of an hour, and jobs that run while people act."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import Sum

from accounts.models import User
from commitments.errors import AlreadyDecided
from commitments.models import Commitment
from ratings import actions
from ratings.actions import codes, setting_aside, watching, words
from ratings.models import (
    Belonging,
    FreshBallot,
    HourlyCount,
    RatingWords,
    SettingAside,
    SpentCode,
    WordsStage,
)
from ratings.subjects import Said
from record.models import Entry
from tests import make
from tests.make import TODAY, days
from tests.ratings.crowds import burst
from tests.ratings.dumps import asked

SOON, LATE = 0.7, 20
"""Seconds: so long another thread is let run."""


@pytest.fixture(autouse=True)
def _nobody_cast_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def commitment(committed_db: None) -> Commitment:
    return make.commitment()


def apart(verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """In a thread of its own, with a connection of its own."""
    try:
        return verb(*args, **kwargs)
    finally:
        connection.close()


def until_it_waits(job: Future[Any]) -> None:
    """Until the other thread is done, or waits for what we hold."""
    until = time.monotonic() + (SOON if connection.vendor == "sqlite" else LATE)
    while time.monotonic() < until and not job.done():
        time.sleep(0.05)
        if connection.vendor == "postgresql" and asked("SELECT 1 FROM pg_locks WHERE NOT granted"):
            return


def meanwhile(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, job: Callable[[], Any]
) -> Callable[[], Any]:
    """Start the job once somebody comes to this function, and let it run into what they hold; how it ended."""
    really = getattr(module, name)
    pool = ThreadPoolExecutor(1)
    started: list[Any] = []

    def first(*args: Any, **kwargs: Any) -> Any:
        if not started:
            started.append(pool.submit(apart, job))
            until_it_waits(started[0])
        return really(*args, **kwargs)

    monkeypatch.setattr(module, name, first)
    return lambda: started[0].result(timeout=60)


def test_of_two_who_approve_at_once_one_decides(commitment: Commitment) -> None:
    request = actions.propose_setting_aside(
        burst(commitment), by=make.convenor(), today=days(20), reason="All the same."
    )

    def approve(by: User) -> bool:
        try:
            actions.approve_setting_aside(request, by=by, today=days(20), reason="I agree.")
        except AlreadyDecided:
            return False
        return True

    others = [make.convenor() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        decided = list(pool.map(lambda by: apart(approve, by), others))
    assert sorted(decided) == [False, False, False, True]
    assert SettingAside.objects.get().decided_by == others[decided.index(True)]
    assert Entry.objects.filter(type="period.set_aside").count() == 1


def test_everybody_who_casts_in_the_same_moment_is_counted_once(commitment: Commitment) -> None:
    voters = [make.person() for _ in range(30)]

    def cast(voter: User, score: int) -> None:
        actions.cast(commitment, by=voter, today=TODAY, said=Said(score))

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(apart, cast, voter, score) for score in (1, 5) for voter in voters]:
            done.result()
    assert FreshBallot.objects.count() == 30
    assert HourlyCount.objects.aggregate(number=Sum("people"))["number"] == 30
    assert HourlyCount.objects.values("drawer").distinct().count() <= watching.DRAWERS


def test_who_redeems_a_code_while_lists_are_written_anew_and_the_job_both_come_through(
    commitment: Commitment, monkeypatch: pytest.MonkeyPatch
) -> None:
    assembly = commitment.assembly
    _, [code, other, *_] = actions.issue_codes(assembly, by=make.convenor(), number=3)
    actions.redeem(assembly, by=make.person(), code=other)
    ended = meanwhile(monkeypatch, codes, "mark", actions.mix_redemptions)
    assert actions.redeem(assembly, by=make.person(), code=code) == ("local", False)
    ended()
    assert (Belonging.objects.count(), SpentCode.objects.count()) == (2, 2)


def test_who_takes_words_back_while_they_are_opened_and_the_job_both_come_through(
    commitment: Commitment, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [make.person() for _ in range(12)]
    for one in people:
        actions.cast(commitment, by=one, today=TODAY, said=Said(3, words=f"Said by {one.pk}."))
    actions.cut_figures(TODAY)
    assert RatingWords.objects.filter(stage=WordsStage.SEALED).count() == 12
    ended = meanwhile(monkeypatch, words, "_row", lambda: actions.bring_words(TODAY))
    actions.take_back_words(commitment, by=people[0], today=TODAY)
    ended()
    assert RatingWords.objects.filter(stage=WordsStage.WAITING).count() == 11


def test_casting_goes_on_while_a_convenor_decides(
    commitment: Commitment, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    flag, voter = burst(commitment), make.person()
    today = days(9)
    was = FreshBallot.objects.count()

    def cast() -> int:
        actions.cast(commitment, by=voter, today=today, said=Said(2))
        return FreshBallot.objects.count()

    really, pool = setting_aside._ask, ThreadPoolExecutor(1)

    def ask(*args: Any, **kwargs: Any) -> Any:
        assert pool.submit(apart, cast).result(timeout=LATE) == was + 1
        return really(*args, **kwargs)

    monkeypatch.setattr(setting_aside, "_ask", ask)
    actions.propose_setting_aside(flag, by=make.convenor(), today=today, reason="All the same.")
