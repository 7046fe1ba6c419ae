"""Figures for tests of what is shown: counts of ratings, cut by the job itself, with its gate, entries and order."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

import pytest

from accounts.models import User
from ratings import actions, counting
from ratings.counting import GROUPS, STRATUM, UNANSWERED
from ratings.disclosure import Breakdowns
from ratings.models import Flag, RatingPeriod, SettingAside
from ratings.subjects import Rated, Said
from record.guarded import opened
from tests import make

Counts = tuple[int, int, int, int, int]
Parts = Mapping[str, Mapping[str, Counts]]
"""What a breakdown's groups rated; otherwise everybody is another resident, and answered no question on communities."""


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
    counted = {one.record_subject: _behind(one, counts, parts or {}) for one, counts in rated.items()}
    monkeypatch.setattr(counting, "standing_behind", lambda period: counted)
    actions.cut_figures(today)
    monkeypatch.undo()


def set_aside(period: str, today: date, subject: Rated | None = None) -> SettingAside:
    """A quarter is flagged, and two convenors set it aside: of a subject, or of the whole assembly."""
    return asked_aside(period, today, subject)()


def asked_aside(period: str, today: date, subject: Rated | None = None) -> Callable[[], SettingAside]:
    """One convenor has asked for it; what is answered is the other's approval."""
    with opened():
        flag = Flag.objects.create(
            period=RatingPeriod.objects.get(name=period),
            rule="burst/1",
            day=today,
            hour=make.noon(today),
            about=20,
            chance=1e-12,
            found_on=today,
        )
    one, other = make.convenor(), make.convenor()
    asked = actions.propose_setting_aside(flag, by=one, today=today, reason="All alike.", subject=subject)
    return partial(actions.approve_setting_aside, asked, by=other, today=today)


def _behind(subject: Rated, counts: Counts, parts: Parts) -> Breakdowns:
    said: Any = {by: {UNANSWERED: counts} for by in GROUPS} | {STRATUM: {"other": counts}} | dict(parts)
    return {
        by: {group: counting.cell((0, *said.get(by, {}).get(group, (0, 0, 0, 0, 0)))) for group in GROUPS[by]}
        for by in counting.breakdowns(subject)
    }
