"""Sheets for ward panels: everything that concerns a ward, the day, and the position of the record."""

from collections.abc import Iterator

import pytest
from django.test import Client

from commitments.models import Commitment
from commitments.narrowing import by_area
from portal import printing
from record import clock
from record.models import Head
from tests import make
from tests.portal.finding import TODAY, Town, asks, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Iterator[Town]:
    """The town at noon of TODAY."""
    with clock.at(make.noon(TODAY)):
        yield Town()


def test_a_sheet_says_what_concerns_the_ward_when_and_as_of_which_entry(town: Town) -> None:
    page = text("/print/areas/E05013893/")
    assert town.reference("late") in page
    assert town.reference("very_late") in page, "what holds for the borough around it"
    assert town.reference("verified") not in page, "another ward's"
    assert page.count("1 June 2026") >= 2
    assert f"at position {Head.objects.get().position} of the record" in page
    assert "this is not a survey of everyone" in page


def test_a_theme_has_its_sheet(town: Town) -> None:
    page = text("/print/assemblies/anytown-2025/themes/be-there/")
    assert town.reference("late") in page
    assert town.reference("claimed") in page
    assert town.reference("silent") not in page


def test_a_sheet_says_what_it_leaves_out(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "MOST", 1)
    page = text("/print/areas/E09000031/")
    assert page.count('<span class="ref">') == 1
    left = by_area(Commitment.objects.all(), ["E09000031"]).count() - 1
    assert left > 1
    assert f"{left} more are not on this sheet" in page


def test_sheets_ask_few_questions(town: Town) -> None:
    few = asks("/print/areas/E05013893/")
    for _ in range(3):
        make.commitment(town.assembly, lead=town.lead, areas=[town.ward])
    assert asks("/print/areas/E05013893/") == few <= 10


def test_nothing_has_no_sheet() -> None:
    assert Client().get("/print/areas/E99999999/").status_code == 404
    assert Client().get("/print/assemblies/a/themes/b/").status_code == 404
