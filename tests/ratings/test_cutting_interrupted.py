"""A cut that is killed in its midst goes on where it stopped; of two cuts at once each subject is cut by one."""

import multiprocessing
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, connections

from accounts.models import User
from commitments.models import Commitment
from ratings import actions
from ratings.actions import cutting, showing
from ratings.models import Counted, Figure
from ratings.subjects import Rated, Said
from record.models import Entry
from tests import make
from tests.make import TODAY

SUBJECTS, NEXT_MONDAY = 7, date(2026, 6, 8)


@pytest.fixture
def rated(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> list[Commitment]:
    """Seven commitments with twelve ratings each; two of them are one transaction."""
    monkeypatch.setattr(cutting, "TOGETHER", 2)
    assembly, team = make.assembly(), make.team()
    found = [make.commitment(assembly, lead=team) for _ in range(SUBJECTS)]
    User.objects.bulk_create(
        User(email=f"voter{one}@example.org", password="!", confirmed_at=make.noon(TODAY))
        for one in range(12)
    )
    for voter in User.objects.filter(email__startswith="voter"):
        for subject in found:
            actions.cast(subject, by=voter, today=TODAY, said=Said(voter.pk % 5 + 1))
    return found


def cut_until_killed(after: int) -> None:
    """Cut, and die with no goodbye once so many subjects were shown."""
    seen: list[Rated] = []

    def show(*subjects: Rated) -> None:
        showing.show(*subjects)
        seen.extend(subjects)
        if len(seen) > after:
            os.kill(os.getpid(), signal.SIGKILL)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(cutting, "show", show)
        actions.cut_figures(TODAY)


def killed(after: int) -> int | None:
    """How a process of its own ended."""
    connections.close_all()
    child = multiprocessing.get_context("fork").Process(target=cut_until_killed, args=(after,))
    child.start()
    child.join(60)
    return child.exitcode


def cut_of() -> list[str]:
    return sorted(Figure.objects.filter(by="all").values_list("subject", flat=True))


def check_whole(subjects: list[Commitment]) -> None:
    """Every subject has one figure of all, one entry, and one count."""
    names = sorted(one.record_subject for one in subjects)
    assert cut_of() == names
    assert sorted(Entry.objects.filter(type="figures.cut").values_list("subject", flat=True)) == names
    assert sorted(Counted.objects.values_list("subject", flat=True)) == names
    positions = list(Entry.objects.order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))


@pytest.mark.parametrize(("after", "left"), [(0, 0), (2, 2), (3, 2), (5, 4)])
def test_what_was_cut_before_the_kill_stands_and_the_rest_is_cut_by_the_next_run(
    rated: list[Commitment], after: int, left: int
) -> None:
    assert killed(after) == -signal.SIGKILL
    assert len(cut_of()) == left
    assert actions.cut_figures(TODAY) == SUBJECTS - left
    check_whole(rated)
    assert actions.cut_figures(make.days(3)) == 0


def test_two_jobs_at_once_cut_each_subject_once(rated: list[Commitment]) -> None:
    def cut() -> int:
        try:
            return actions.cut_figures(TODAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(cut) for _ in range(2)]
        assert sum(job.result() for job in jobs) == SUBJECTS
    check_whole(rated)
