"""Every event of DOMAIN.md is declared, and each keeps what people typed apart from what is plain fact."""

from accounts import events as of_accounts
from commitments import events as of_commitments
from record.event_types import EVENT_TYPES, EventType

DOMAIN = """
assembly.published recommendation.published recommendation.asked recommendation.corrected recommendation.no_response
response.published commitment.published commitment.entered commitment.accepted commitment.corrected commitment.overdue
commitment.very_late commitment.silent commitment.abandoned commitment.superseded commitment.split commitment.merged
commitment.handed_over update.posted update.corrected milestone.added milestone.done milestone.overdue
due_date.requested due_date.approved due_date.refused verification.published challenge.proposed challenge.opened
challenge.answered challenge.unanswered challenge.resolved challenge.withdrawn figures.cut period.set_aside
period.restored words.published words.hidden words.redacted hold.placed hold.lifted key.destroyed
"""
TYPED = {"title", "body", "question", "summary", "findings", "reason", "reply", "text", "decision_reason"}


def test_every_event_of_the_domain_is_declared() -> None:
    assert set(DOMAIN.split()) <= set(EVENT_TYPES)


def test_every_event_of_ours_is_in_the_register() -> None:
    ours = [*vars(of_accounts).values(), *vars(of_commitments).values()]
    declared = {one.name: one for one in ours if isinstance(one, EventType)}
    assert declared.items() <= EVENT_TYPES.items()


def test_each_is_kept_under_its_own_name() -> None:
    assert all(name == event.name for name, event in EVENT_TYPES.items())


def test_nothing_that_people_type_is_among_the_facts() -> None:
    assert not {name for name, event in EVENT_TYPES.items() if event.facts & TYPED}


def test_no_name_is_both_a_fact_and_a_word() -> None:
    assert not {name for name, event in EVENT_TYPES.items() if event.facts & event.words}
