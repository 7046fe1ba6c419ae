"""Whatever somebody typed about what they entered is a word that can go, and is in no leaf."""

from typing import Any

import pytest

from commitments import actions
from commitments.promises import Promise
from record.entries import shown_words
from record.models import Entry
from tests import make
from tests.make import TODAY
from tests.recording import one, telling

pytestmark = pytest.mark.django_db

NOTED = [
    {"url": "https://example.org/report", "date": None, "reliability": "press", "note": "Secretly noted"}
]


def check_words_apart(entry: Entry, **words: str) -> None:
    """The words are words, and no part of any of them stands in the leaf."""
    kept = entry_words(entry)
    leaf = bytes(entry.body).decode()
    for name, text in words.items():
        assert kept[name] == text
        assert not [line for line in text.splitlines() if line in leaf]
    assert "Secret" not in leaf
    assert "https://example.org/report" in leaf


def entry_words(entry: Entry) -> dict[str, Any]:
    """The words of an entry."""
    return shown_words([entry.position])[entry.position]


def test_notes_and_what_a_source_says_of_the_state_of_a_commitment() -> None:
    assembly, by = make.assembly(), make.convenor()
    notes: list[dict[str, Any]] = [
        {"kind": "reading", "about": "likely_recommendation", "value": 6, "text": "Secret reading"},
        {"kind": "source", "about": "duration", "value": "Secret years", "text": "Two Secret years"},
    ]
    with telling() as entries:
        made = actions.enter_commitment(
            assembly,
            by=by,
            today=TODAY,
            promise=Promise(title="Review"),
            source=NOTED,
            reported_state="Secretly under way",
            notes=notes,
        )
    check_words_apart(
        one(entries),
        reported_state="Secretly under way",
        notes="Secret reading\nTwo Secret years",
        source_notes="Secretly noted",
    )
    assert (made.notes, made.entered_from) == (notes, NOTED)


def test_what_sources_report_of_an_assembly() -> None:
    by = make.convenor()
    facts: list[dict[str, Any]] = [
        {"name": "members", "value": 44, "sources": NOTED},
        {"name": "commissioner", "value": "The Secret Council", "sources": []},
        {"name": "partners", "value": ["Secret One", "Secret Two"], "sources": []},
    ]
    with telling() as entries:
        made = actions.publish_assembly(
            make.SLUG, by=by, today=TODAY, prefix="AT", title="Assembly", facts=facts, source=NOTED
        )
    check_words_apart(
        one(entries),
        reported="commissioner: The Secret Council\npartners: Secret One; Secret Two",
        source_notes="Secretly noted\nSecretly noted",
    )
    assert '"value":44' in bytes(one(entries).body).decode()
    assert made.facts == facts


def test_findings_areas_recommendations_and_answers() -> None:
    assembly, by, body = make.assembly(), make.convenor(), make.organisation()
    with telling() as entries:
        make.theme(assembly, findings=[{"text": "Secret finding", "sources": NOTED}])
        actions.publish_area("E09000031", by=by, today=TODAY, name="Here", kind="borough", source=NOTED)
        entered = make.recommendation(assembly, source=NOTED)
        actions.enter_response(
            entered, by=by, today=TODAY, organisation=body, stance="accepted", body="Yes", source=NOTED
        )
    for entry in entries:
        check_words_apart(entry, source_notes="Secretly noted")
