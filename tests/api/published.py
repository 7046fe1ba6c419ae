"""Figures for tests of what is shown: counts of ratings, cut by the job itself, with its gate, entries and order."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from accounts.models import User
from ratings import actions, counting
from ratings.counting import ALL, GROUPS, STRATUM, Part
from ratings.disclosure import Tally
from ratings.subjects import Rated, Said
from tests import make

Counts = tuple[int, int, int, int, int]
Parts = Mapping[str, Mapping[str, Counts]]
"""What a breakdown's groups rated; of strata, what is not said is everybody as other residents."""


def publish(
    monkeypatch: pytest.MonkeyPatch,
    rated: Mapping[Rated, Counts],
    today: date,
    parts: Parts | None = None,
    voter: User | None = None,
) -> None:
    """Cut as if these numbers of people had rated 1 to 5; one ballot is cast, so that the quarter has begun."""
    for subject in list(rated)[:1]:
        actions.cast(subject, by=voter or make.person(), today=today, said=Said(None, dont_know=True))
    subjects = {one.record_subject: one for one in rated}
    counted = {one.record_subject: _tallies(one, counts, parts or {}) for one, counts in rated.items()}
    monkeypatch.setattr(counting, "changed_subjects", lambda period: subjects)
    monkeypatch.setattr(counting, "tallies", lambda period, named: counted)
    actions.cut_figures(today)
    monkeypatch.undo()


def _tallies(subject: Rated, counts: Counts, parts: Parts) -> dict[Part, Tally]:
    said: Any = {STRATUM: {"other": counts}, **parts}
    found = {ALL: Tally(counts, 0, sum(counts))}
    for by in counting.breakdowns(subject):
        for group in GROUPS[by]:
            own = said.get(by, {}).get(group, (0, 0, 0, 0, 0))
            found[Part(by, group)] = Tally(own, 0, sum(own))
    return found
