"""How far hiding and redaction reach: what the program copied goes too, and never what somebody else said alike."""

from datetime import date
from typing import Any

import pytest

from commitments import actions
from commitments.models import Commitment, Correction, DueDateChange, Lineage, ProgressUpdate, Redaction
from commitments.promises import Due
from record.models import Words
from tests import make
from tests.make import TODAY

pytestmark = pytest.mark.django_db
WHY: dict[str, Any] = {"ground": "data_protection", "category": "identity"}
GONE, HIDDEN = "[redacted]", "[hidden by the convenor]"


def redacted(thing: Any, **more: Any) -> Redaction:
    """A redaction that two convenors agreed on."""
    asked = actions.ask_redaction(thing, by=make.convenor(), today=TODAY, **WHY, **more)
    return actions.approve_redaction(asked, by=make.convenor(), today=TODAY)


def corrected(commitment: Commitment, text: str, reason: str = "A slip.") -> Correction:
    """A correction of the title that the convenor agreed to."""
    by = make.member(make.lead_team(commitment))
    said: dict[str, Any] = {"field": "title", "text": text, "reason": reason}
    asked = actions.correct_commitment(commitment, by=by, today=TODAY, **said)
    return actions.approve_correction(asked, by=make.convenor(), today=TODAY)


def shown(text: str) -> int:
    """In how many places of the record these words are shown."""
    return Words.objects.filter(text=text, state="published").count()


@pytest.mark.parametrize("by_entry", [True, False])
def test_two_who_say_the_same_are_two_and_one_redaction_erases_one(by_entry: bool) -> None:
    commitment = make.commitment(body="Yes.")
    one, other = make.update(commitment, body="Yes."), make.update(commitment, body="Yes.")
    done = redacted(one, entries=[one.position] if by_entry else [])
    assert done.erased == [one.position]
    said = dict(ProgressUpdate.objects.values_list("pk", "body"))
    assert said == {one.pk: GONE, other.pk: "Yes."}
    assert Commitment.objects.get().body == "Yes."
    assert shown("Yes.") == 2


def test_hiding_reaches_no_further_than_redaction() -> None:
    commitment = make.commitment()
    one, other = make.update(commitment, body="Yes."), make.update(commitment, body="Yes.")
    hiding = actions.hide_words(one, by=make.convenor(), today=TODAY, ground="personal_data")
    make.update(commitment, body="Yes.")
    assert ProgressUpdate.objects.filter(body="Yes.").count() == 2
    assert ProgressUpdate.objects.get(pk=other.pk).body == "Yes."
    actions.restore_words(hiding, by=make.convenor(), today=TODAY)
    assert ProgressUpdate.objects.filter(body="Yes.").count() == 3


def test_what_a_correction_said_goes_from_what_it_corrected_and_from_the_next_correction() -> None:
    commitment = make.commitment(title="Walk")
    one = corrected(commitment, "Walk with Jo")
    corrected(commitment, "Walk the street")
    redacted(one)
    assert shown("Walk with Jo") == 0
    texts = list(Correction.objects.order_by("position").values_list("old", "new", "reason"))
    assert texts == [(GONE, GONE, GONE), (GONE, "Walk the street", "A slip.")]


def test_the_wording_of_a_date_goes_with_the_promise_and_the_reason_for_moving_it_stays() -> None:
    commitment = make.commitment(due=Due(date(2026, 6, 30), "day", "When Jo is back"))
    by = make.member(make.lead_team(commitment))
    later = Due(date(2026, 9, 30), "day", "Later")
    actions.request_due_date(commitment, by=by, today=TODAY, due=later, reason="No staff.")
    redacted(commitment)
    change = DueDateChange.objects.get()
    assert (change.old_text, change.text, change.reason) == (GONE, "Later", "No staff.")


def test_the_wording_of_a_date_goes_from_the_promise_that_took_it() -> None:
    commitment = make.commitment()
    by = make.member(make.lead_team(commitment))
    later = Due(date(2026, 9, 30), "day", "When Jo is back")
    change = actions.request_due_date(commitment, by=by, today=TODAY, due=later, reason="No staff.")
    actions.approve_due_date(change, by=make.convenor(), today=TODAY)
    redacted(change)
    assert Commitment.objects.get().due_text == GONE
    assert shown("When Jo is back") == 0


def test_the_reason_for_an_end_goes_from_all_that_ended_with_it() -> None:
    commitment = make.commitment()
    lead = make.lead_team(commitment)
    by = make.member(lead)
    later = Due(date(2026, 9, 30), "day", "Later")
    actions.request_due_date(commitment, by=by, today=TODAY, due=later, reason="No staff.")
    successor = make.commitment(commitment.assembly)
    actions.supersede(
        commitment, by=make.responder(lead.organisation), today=TODAY, successor=successor, reason="Jo left."
    )
    update = ProgressUpdate.objects.get(commitment=commitment)
    redacted(update, entries=[update.position])
    assert (Lineage.objects.get().reason, shown("Jo left.")) == (GONE, 0)
    assert DueDateChange.objects.get().reason == "No staff."


def test_what_is_hidden_of_a_priority_stays_hidden_when_it_is_seen_again() -> None:
    seen = "Ask Jo of 4 Elm Road"
    neighbourhood = make.look(seen)
    priority = neighbourhood.priorities.get()
    hiding = actions.hide_words(priority, by=make.convenor(), today=TODAY, ground="personal_data")
    make.look(seen, code=neighbourhood.code)
    again = neighbourhood.priorities.get()
    assert (again.pk, again.gone_on, again.edits) == (priority.pk, None, 0)
    assert (again.issue, again.wordings.get().issue, shown(seen)) == (HIDDEN, HIDDEN, 0)
    make.look(f"{seen}.", code=neighbourhood.code)
    again = neighbourhood.priorities.get()
    assert (again.issue, again.edits, shown(f"{seen}.")) == (HIDDEN, 1, 0)
    actions.restore_words(hiding, by=make.convenor(), today=TODAY)
    assert neighbourhood.priorities.get().issue == f"{seen}."
