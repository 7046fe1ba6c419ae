"""Asking for another due date at the desk: which, how exactly, in whose words, and why."""

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from commitments.models import Commitment, DueDateChange
from record import clock
from tests import make
from tests.portal.desk.windows import at_desk
from tests.portal.people import fill

pytestmark = pytest.mark.django_db
PATH = "/desk/commitments/AT25-C001/dates/"
ASKED = {
    "on": "14/2/2027",
    "precision": "quarter",
    "text": "by spring",
    "reason": "The money comes in April.",
}


@pytest.fixture(autouse=True)
def _counted_anew() -> Any:
    cache.clear()
    with clock.at(make.noon(make.TODAY)):
        yield


@pytest.fixture
def window() -> Client:
    commitment = make.commitment(make.assembly(prefix="AT25"), due=make.DUE)
    return at_desk(make.member(make.lead_team(commitment)))


def text(answer: Any) -> str:
    """What a page says."""
    return str(answer.content.decode())


def test_another_date_is_asked_for_with_its_precision_its_words_and_a_reason(window: Client) -> None:
    page = window.get(PATH)
    assert "July to September 2026" in text(page)
    assert "by the end of summer" in text(page)
    preview = fill(window, page, PATH, needing="reason", **ASKED)
    assert "asks to move the due date from July to September 2026 to January to March 2027." in text(preview)
    assert all(one in text(preview) for one in ("by spring", "The money comes in April."))
    answers = [fill(window, preview, PATH, needing="reason", send="1") for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    asked = DueDateChange.objects.get()
    assert (asked.on, asked.precision, asked.text) == (date(2027, 3, 31), "quarter", "by spring")
    assert Commitment.objects.get().due_on == make.DUE.ends_on
    assert "was asked for on 1 June 2026, and waits for the convenor" in text(window.get(PATH))
    more = fill(window, preview, PATH, needing="reason", send="1", once="")
    assert more.status_code == 409
    assert "The money comes in April." in text(more)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"on": "soon"}, "on"),
        ({"on": "31/2/2027"}, "on"),
        ({"on": "1/1/0900", "send": "1"}, "on"),
        ({"precision": ""}, "precision"),
        ({"reason": ""}, "reason"),
        ({"text": "x" * 501}, "text"),
        ({"on": "30/9/2026", "send": "1"}, "on"),
    ],
)
def test_what_is_wrong_is_named_at_its_field_and_the_rest_stays(
    window: Client, change: dict[str, str], field: str
) -> None:
    answer = fill(window, window.get(PATH), PATH, needing="reason", **{**ASKED, **change})
    assert answer.status_code == 400
    assert f'<a href="#{field}">' in text(answer)
    assert {**ASKED, **change}["text"][:20] in text(answer)
    assert not DueDateChange.objects.exists()


def test_what_has_no_end_needs_no_day(window: Client) -> None:
    typed = {**ASKED, "on": "", "precision": "ongoing"}
    preview = fill(window, window.get(PATH), PATH, needing="reason", **typed)
    assert "ongoing, with no end" in text(preview)
    assert fill(window, preview, PATH, needing="reason", send="1").status_code == 302
