"""What changed in a week: by day and thing, with lateness and silence that nobody has written yet."""

from datetime import date
from typing import Any

import pytest

from commitments import actions
from commitments.actions import clock as ticking
from commitments.models import Commitment
from commitments.promises import Due
from portal import changes, missed
from record import clock
from record.models import Entry
from tests import make
from tests.portal.finding import asks, text

pytestmark = pytest.mark.django_db
TODAY = make.TODAY


def promised(on: date, **more: Any) -> Commitment:
    """A promise that was published on a day."""
    with clock.at(make.noon(on)):
        return make.commitment(today=on, **more)


def seen(on: date = TODAY, path: str = "/changes/", status: int = 200) -> str:
    """The page as it is on a day."""
    with clock.at(make.noon(on)):
        return text(path, status)


def test_lateness_and_silence_are_there_though_no_clock_ticked() -> None:
    late = promised(make.days(-91), due=Due(make.days(-2), "day"))
    page = seen()
    assert late.reference in page
    assert page.count("the record’s own entry follows") == 2, "late since yesterday, silent since today"
    assert "The due date passes: 30 May 2026." in page
    assert "Silence: an update was due by" in page


def test_what_the_clock_wrote_is_told_once() -> None:
    late = promised(make.days(-20), due=Due(make.days(-2), "day"))
    with clock.at(make.noon(TODAY)):
        ticking.tick(TODAY)
    page = seen()
    assert page.count("The due date passes") == 1
    assert "own entry follows" not in page
    assert "It happened on 31 May 2026." in page
    assert late.reference in page


@pytest.mark.parametrize("after", [1, 91])
def test_a_date_that_passed_shows_in_its_own_week_alone(after: int) -> None:
    promised(make.days(-150), due=Due(make.days(-100), "day"), **make.MEASURABLE)
    day = make.days(-100 + after)
    found = {one.type for one in missed.passed(day, day, TODAY)}
    assert found == {"commitment.overdue" if after == 1 else "commitment.very_late"}
    assert "commitment.overdue" not in {
        one.type for one in missed.passed(make.days(-95), make.days(-20), TODAY)
    }


def test_unanswered_recommendations_and_challenges_are_missed_too() -> None:
    promise = promised(make.days(-100))
    with clock.at(make.noon(make.days(-57))):
        recommendation = make.recommendation(promise.assembly)
        actions.ask(
            recommendation, by=make.convenor(), today=make.days(-57), organisation=make.organisation("police")
        )
        make.open_challenge(make.claim(promise, today=make.days(-57)), today=make.days(-57))
    found = {one.type: one.on for one in missed.passed(make.days(-60), TODAY, TODAY)}
    assert found["recommendation.no_response"] == TODAY
    assert found["challenge.unanswered"] == make.days(-28)
    with clock.at(make.noon(TODAY)):
        ticking.tick(TODAY)
    assert missed.passed(make.days(-60), TODAY, TODAY) == []


def test_weeks_follow_one_another_without_a_gap_or_a_repeat() -> None:
    with clock.at(make.noon(make.days(-100))):
        assembly, lead = make.assembly(), make.team()
    for ago in (14, 13, 7, 6, 0):
        promised(make.days(-ago), of=assembly, lead=lead, title=f"Promise {ago} days ago")
    this = seen()
    assert "Promise 0 days ago" in this
    assert "Promise 6 days ago" in this
    assert "Promise 7 days ago" not in this
    before = seen(path="/changes/?from=2026-05-19")
    assert "?from=2026-05-19" in this
    assert "Promise 7 days ago" in before
    assert "Promise 13 days ago" in before
    assert "Promise 14 days ago" not in before
    assert "Promise 6 days ago" not in before
    assert "?from=2026-05-26" in before


@pytest.mark.parametrize(
    "asked", ["from=2026-13-01", "from=1999-01-01", "from=2026-06-02", "from=0001-01-01", "since=x"]
)
def test_weeks_that_are_none_are_told(asked: str) -> None:
    name = asked.partition("=")[0]
    assert f"<code>{name}</code>" in seen(path=f"/changes/?{asked}", status=400)


def test_a_busy_week_goes_on_over_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "MOST", 3)
    made = promised(TODAY)
    for number in range(5):
        with clock.at(make.noon(TODAY)):
            make.update(made, body=f"Report {number}")
    shown, path, pages = 0, "/changes/", 0
    while path:
        page = seen(path=path)
        shown += page.count(">Check<")
        pages += 1
        onward = page.partition('rel="next" href="?from=2026-05-26&amp;before=')[2].partition('"')[0]
        path = f"/changes/?from=2026-05-26&before={onward}" if onward else ""
    with clock.at(make.noon(TODAY)):
        assert shown == Entry.objects.count()
    assert pages > 2


def test_areas_that_are_entered_together_stand_together() -> None:
    with clock.at(make.noon(TODAY)):
        for _ in range(9):
            make.area()
    page = seen()
    assert page.count("<h3>Areas</h3>") == 1
    assert "and 4 more" in page
    with clock.at(make.noon(make.days(7))):
        make.organisation()
    alone = seen(make.days(7))
    assert "<h3>Organisations</h3>" in alone
    assert " more</p>" not in alone, "one is all there is"


def test_a_week_asks_few_questions() -> None:
    made = promised(make.days(-100), due=Due(make.days(-2), "day"))
    with clock.at(make.noon(TODAY)):
        few = asks("/changes/")
        for _ in range(4):
            make.update(made)
            make.commitment(made.assembly, lead=make.lead_team(made), due=Due(make.days(10), "day"))
        assert asks("/changes/") <= few + 2
    assert few <= 20
