"""The guard before sending: it marks what leads to people, and leaves bodies, teams and places alone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.desk.guard import Typed, marked, marks
from tests import make

REAL = Path(__file__).parents[3] / "commitments" / "data" / "waltham-forest.json"
PLANS = ("themes", "recommendations", "action_plan", "commitments", "local_policing_structure")
WRONGLY_MARKED = 4
"""Of the sentences of the real record: a research body that is not published here, and a kind of meeting."""
REPORTED = [
    "Two patrols a week walk Hoe Street since 3 March 2026; the log is at our own page.",
    "The Safer Neighbourhood Team for High Street ward met 40 residents at the library on Saturday.",
    "Training is complete: 112 of 120 officers attended, in 6 sessions. See WF24-C003.",
    "Nothing has changed since the autumn; the budget is decided in Q2 2027.",
    "We trained with Waltham Forest Council and the Metropolitan Police, and met MOPAC in May.",
    "The drop-in at Leytonstone Library opens on Mondays from 5 PM to 7 PM.",
]


def sentences(thing: Any) -> Iterator[str]:
    """All that is said in a record."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict | list):
        for one in thing.values() if isinstance(thing, dict) else thing:
            yield from sentences(one)


@pytest.mark.django_db
def test_what_leads_to_people_is_marked_with_what_stands_around_it() -> None:
    text = "We visited Sarah Jones at 14 Hoe Street, E17 4QH; ring 07700 900123 or jo@example.org about AB12 CDE."
    found = marked([Typed("body", "What was done", text), Typed("reason", "Why", "")])
    assert [one.kind for one in found] == ["name", "address", "postcode", "phone", "email", "vehicle"]
    first = found[0]
    assert (first.before, first.text, first.field, first.words) == (
        "We visited ",
        "Sarah Jones",
        "body",
        "a person’s name",
    )
    assert "".join((found[-1].before, found[-1].text, found[-1].after)).endswith("about AB12 CDE.")


@pytest.mark.django_db
def test_names_of_bodies_teams_and_places_are_not_marked_and_a_person_beside_them_is() -> None:
    make.area("E05013902", kind="ward")
    make.organisation("neighbourly-lab", kind="other")
    make.team(slug="william-morris")
    assert marks("Asked of Neighbourly-Lab and William-Morris in Place E05013902.") == []
    assert marks("William Morris came.") != []
    found = marks("William-Morris met Sarah Jones.")
    assert [one.kind for one in found] == ["name"]


@pytest.mark.django_db
@pytest.mark.parametrize("text", REPORTED)
def test_what_teams_report_is_not_marked(text: str) -> None:
    assert marks(text) == []


@pytest.mark.django_db
def test_in_the_words_of_the_real_record_next_to_nothing_is_marked() -> None:
    record = json.loads(REAL.read_text())
    told = [text for part in PLANS for text in sentences(record.get(part)) if not text.startswith("http")]
    assert len(told) > 60
    assert sum(len(marks(text)) for text in told) <= WRONGLY_MARKED


@pytest.mark.django_db
def test_names_are_asked_for_only_where_a_name_is_marked(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        marks("Ring 07700 900123.")
    with django_assert_num_queries(1):
        marks("Sarah Jones came.")
