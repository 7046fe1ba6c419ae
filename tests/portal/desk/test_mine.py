"""My commitments: the most urgent first, with what is owed, by when, in words."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Team
from commitments import actions
from commitments.models import Commitment
from commitments.promises import Due
from record import clock
from tests import make
from tests.portal.desk.windows import at_desk

pytestmark = pytest.mark.django_db
TODAY = make.days(100)
LISTED = re.compile(r'<li id="(AT25-C\d+)">')


@pytest.fixture(autouse=True)
def _counted_anew() -> Any:
    cache.clear()
    with clock.at(make.noon(TODAY)):
        yield


@pytest.fixture
def team() -> Team:
    return make.team(slug="north-team")


def promised(team: Team, due: date | None, **more: Any) -> Commitment:
    """A commitment of the team, of which it spoke today."""
    more.setdefault("today", make.TODAY)
    found = make.commitment(lead=team, due=Due(due) if due else None, of=more.pop("of"), **more)
    make.update(found, today=TODAY)
    return found


def seen(window: Client) -> str:
    """The page, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", window.get("/desk/commitments/").content.decode()).split())


def test_what_is_over_comes_first_then_what_comes_then_what_is_quiet(team: Team) -> None:
    of = make.assembly(prefix="AT25")
    quiet = promised(team, make.days(300), of=of)
    soon = promised(team, make.days(110), of=of)
    late = promised(team, make.days(97), of=of)
    silent = make.commitment(of, lead=team)
    disputed = promised(team, make.days(400), of=of)
    make.open_challenge(make.claim(disputed, today=TODAY), today=TODAY)
    window = at_desk(make.member(team))
    listed = LISTED.findall(window.get("/desk/commitments/").content.decode())
    assert listed == [one.reference for one in (silent, late, soon, disputed, quiet)]
    page = seen(window)
    for said in (
        "Silent: an update was due by 30 August 2026, 10 days ago, and none came.",
        "It is late: it was due by 6 September 2026, 3 days ago.",
        "It is due by 19 September 2026: 10 days left.",
        "A challenge waits for your answer, by 7 October 2026: 28 days left.",
        "Nothing is due soon. It is promised for 28 March 2027.",
    ):
        assert said in page, said


def test_steps_requests_and_what_nobody_accepted_are_said(team: Team) -> None:
    of = make.assembly(prefix="AT25")
    commitment = promised(team, make.days(300), of=of)
    member = make.member(team)
    actions.add_milestone(commitment, by=member, today=make.TODAY, title="Begin", due_on=TODAY)
    due = Due(make.days(500))
    actions.request_due_date(commitment, by=member, today=TODAY, due=due, reason="Money.")
    page = seen(at_desk(member))
    assert "A step is due by 9 September 2026: today is the last day." in page
    assert "Another date was asked for on 9 September 2026; the convenor has not decided." in page
    with clock.at(make.noon(make.days(101))):
        assert "A step is overdue: it was due by 9 September 2026, 1 day ago." in seen(at_desk(member))
    other = make.team(slug="south-team")
    make.commitment(of, lead=team, co_owners=(other,))
    page = seen(at_desk(make.member(other)))
    assert "Your body has not said yes to it here" in page
    assert "Report" not in page


def test_what_is_not_ones_own_is_not_there_and_what_ended_is_gone(team: Team) -> None:
    of = make.assembly(prefix="AT25")
    promised(make.team(slug="south-team"), None, of=of)
    assert "No commitment is yours" in seen(at_desk(make.member(team)))
    mine = promised(team, None, of=of)
    window = at_desk(make.responder(team.organisation))
    assert LISTED.findall(window.get("/desk/commitments/").content.decode()) == [mine.reference]
    answer = window.get("/desk/commitments/?of=<b>x&page=nonsense")
    assert b"as everybody sees it" not in answer.content


def test_the_list_asks_as_much_for_many_as_for_one(team: Team) -> None:
    of = make.assembly(prefix="AT25")
    member = make.member(team)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            at_desk(member).get("/desk/commitments/")
        return len(asked)

    promised(team, make.days(90), of=of)
    few = questions()
    for number in range(3):
        disputed = promised(team, make.days(90 + number), of=of)
        make.open_challenge(make.claim(disputed, today=TODAY), today=TODAY)
        actions.add_milestone(disputed, by=member, today=TODAY, title="Step", due_on=TODAY)
    assert questions() == few
    assert few <= 30
