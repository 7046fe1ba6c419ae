"""Whoever checks the record finds nothing wrong with what is held, hidden or erased."""

from typing import Any

import pytest

from commitments import actions
from commitments.promises import Due
from record.guarded import Recorded
from record.projections import projections
from tests import make
from tests.canaries import told
from tests.make import TODAY, days

pytestmark = pytest.mark.django_db
WHY: dict[str, Any] = {"ground": "anonymity", "category": "victim"}


def faults() -> list[str]:
    """What a check of the shown words against the record finds."""
    return [str(fault) for fault in projections()]


def test_a_hold_and_its_lifting_leave_nothing_that_a_check_finds() -> None:
    story = told()
    assert faults() == []
    hold = actions.place_hold(story.commitment, by=make.convenor(), today=TODAY, ground="court_order")
    actions.hide_words(story.recommendation, by=make.convenor(), today=TODAY, ground="unlawful")
    assert faults() == []
    actions.lift_hold(hold, by=make.convenor(), today=TODAY)
    assert faults() == []


def test_words_that_were_erased_are_not_missed() -> None:
    story = told()
    redact(story.commitment)
    redact(story.recommendation)
    assert faults() == []


def test_words_that_went_from_beside_words_that_stay_are_not_missed() -> None:
    commitment = make.commitment(due=make.DUE)
    by = make.member(make.lead_team(commitment))
    actions.request_due_date(
        commitment, by=by, today=TODAY, due=Due(days(200)), reason="Two posts are vacant."
    )
    redact(commitment)
    assert commitment.due_date_changes.get().old_text == "[redacted]"
    assert faults() == []


def redact(thing: Recorded) -> None:
    """Erase its words, as two convenors."""
    asked = actions.ask_redaction(thing, by=make.convenor(), today=TODAY, **WHY)
    actions.approve_redaction(asked, by=make.convenor(), today=TODAY)
