"""Lists that people narrow: the same lists as the API's, strictly read, in few questions."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from api.commitment_filters import CommitmentFilters
from api.commitments import Commitments
from api.search import FoundFilters
from commitments import actions
from portal import filters, lists
from record import clock
from record.shelf import SHELF
from tests import make
from tests.contract import CheckingClient
from tests.portal.finding import TODAY, Town, asks, text

pytestmark = pytest.mark.django_db
REFERENCE = re.compile(r'<span class="ref">([A-Z0-9]+-C[0-9]+)</span>')


@pytest.fixture
def town() -> Iterator[Town]:
    """The town at noon of TODAY."""
    with clock.at(make.noon(TODAY)):
        yield Town()


def shown(**asked: Any) -> list[str]:
    """The references on the page, in order."""
    return REFERENCE.findall(text(f"/commitments/?{urlencode(asked)}"))


def test_the_page_takes_what_the_api_takes() -> None:
    assert set(filters.VALUES) == set(CommitmentFilters.parameters())
    assert set(filters.ORDERS) == set(Commitments.ordering.names)
    assert set(lists.SEARCHED) == set(FoundFilters.parameters())
    for name, parameter in CommitmentFilters.parameters().items():
        assert filters.VALUES[name].schema() == parameter.value.schema(), name


ASKED: list[dict[str, Any]] = [
    {},
    *({"standing": one} for one in ("late", "very_late", "silent", "verified", "contested", "no_word")),
    {"standing": "late,very_late,claimed", "organisation": "police"},
    *({"status": one} for one in ("none", "in_progress,none", "completed", "abandoned")),
    *(
        {fact: said}
        for fact in ("overdue", "silent", "contested", "measurable")
        for said in ("true", "false")
    ),
    {"theme": "be-there"},
    {"theme": "none"},
    {"theme": "none,be-there", "overdue": "true"},
    {"area": "E09000031"},
    {"area": "E05013893,E05013896"},
    {"area": "E05013893"},
    {"assembly": "anytown-2025"},
    {"assembly": "anytown-2025,othertown-2025"},
    {"assembly": "othertown-2025"},
    {"team": "youth-team"},
    {"team": "north-team,youth-team"},
    {"due_before": "2026-06-01"},
    {"due_after": "2026-05-01", "ordering": "-due"},
    {"priority": "none"},
    {"priority": "01234567-89ab-cdef-0123-456789abcdef"},
    {"updated_since": "2026-01-01T00:00:00Z"},
    {"updated_since": "2999-01-01T00:00:00Z"},
    *({"rated": one} for one in ("published", "withheld")),
    {"residents_min": "1"},
    {"gap_max": "1", "ordering": "-gap"},
    {"q": "street"},
    {"q": "street late"},
    {"q": "street", "ordering": "title", "standing": "verified,claimed"},
    {"q": "nothing of that"},
    *({"ordering": f"{sign}{one}"} for one in filters.ORDERS for sign in ("", "-")),
]


def test_every_list_is_the_list_of_the_api(town: Town, api: CheckingClient) -> None:
    """The same references in the same order, for each filter, for both ways round, and for orders."""
    asked = [*ASKED, {"recommendation": town.recommendation.reference}]
    found = []
    for one in asked:
        theirs = [row["reference"] for row in api.get("/api/v1/commitments/", one).json()["results"]]
        assert shown(**one) == theirs, one
        found.append(tuple(theirs))
    assert len(set(found)) > 20, "the combinations must tell filters apart"


def test_pages_follow_one_another_and_lead_back(town: Town) -> None:
    whole, path, seen = shown(ordering="-due"), "?ordering=-due&page_size=4", []
    page = ""
    while path:
        page = text(f"/commitments/{path}")
        seen += REFERENCE.findall(page)
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        path = unescape(onward[1]) if onward else ""
    assert seen == whole
    back = re.search(r'rel="prev" href="([^"]+)"', page)
    assert back
    assert REFERENCE.findall(text(f"/commitments/{unescape(back[1])}")) == whole[4:8]


def test_a_field_left_blank_asks_nothing(town: Town) -> None:
    assert shown(q="", theme="", standing="", due_before=" ", ordering="") == shown()


def test_boxes_of_one_name_are_read_together(town: Town) -> None:
    page = text("/commitments/?standing=late&standing=very_late")
    assert set(REFERENCE.findall(page)) == {town.reference("late"), town.reference("very_late")}


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("colour=red", "colour"),
        ("standing=tardy", "standing"),
        ("due_before=soon", "due_before"),
        ("overdue=yes", "overdue"),
        ("q=a&q=b", "q"),
        ("q=%00", "q"),
        ("area=E1", "area"),
        ("cursor=abc", "cursor"),
        ("page_size=0", "page_size"),
        ("ordering=--title", "ordering"),
        ("gap_min=2", "gap_min"),
        ("%3Cscript%3E=1", "&lt;script&gt;"),
        (f"q={'x' * 201}", "q"),
    ],
)
def test_what_cannot_be_read_is_named(asked: str, name: str) -> None:
    page = text(f"/commitments/?{asked}", 400)
    assert f"<code>{name}</code>" in page
    assert "Show the whole list" in page


def test_a_place_of_another_list_is_refused(town: Town) -> None:
    onward = re.search(r'rel="next" href="([^"]+)"', text("/commitments/?page_size=2"))
    assert onward
    assert "<code>cursor</code>" in text(f"/commitments/{unescape(onward[1])}&ordering=title", 400)
    assert "<code>cursor</code>" in text(f"/search/{unescape(onward[1])}&q=street", 400)


def test_the_form_holds_what_was_asked_and_loses_nothing(town: Town) -> None:
    page = text(
        "/commitments/?q=street&standing=late&theme=a,b&measurable=true&gap_min=0&due_after=2026-01-01"
    )
    assert 'name="q" type="search" value="street"' in page
    assert 'value="late" checked' in page
    assert '<input type="hidden" name="theme" value="a,b">' in page
    assert '<input type="hidden" name="measurable" value="true">' in page
    assert '<input type="hidden" name="gap_min" value="0">' in page
    assert page.count('name="measurable"') == 1


def test_the_same_list_is_a_link_away_as_data_table_and_feed(town: Town, api: CheckingClient) -> None:
    page = text("/commitments/?standing=late&page_size=5")
    for path in ("/api/v1/commitments/?", "/api/v1/commitments.csv?", "/api/v1/commitments/feed.atom?"):
        link = re.search(rf'<li><a href="({re.escape(path)}[^"]*)"', page)
        assert link, path
        assert "standing=late" in link[1]
        assert api.get(unescape(link[1])).status_code == 200, path


def test_lists_ask_few_questions_however_long_they_are(town: Town) -> None:
    SHELF.clear()
    few = asks("/commitments/?page_size=2")
    assert few == asks("/commitments/?page_size=100") <= 8
    assert asks("/search/?q=street&page_size=2") == asks("/search/?q=street&page_size=100") <= 7


def test_search_finds_what_the_api_finds(town: Town, api: CheckingClient) -> None:
    for asked in (
        {"q": "street"},
        {"q": "street", "kind": "update"},
        {"q": "engage", "kind": "recommendation,update"},
    ):
        theirs = [row["reference"] for row in api.get("/api/v1/search/", asked).json()["results"]]
        ours = re.findall(
            r"<br>([A-Z0-9-]+)</span>", text(f"/search/?{urlencode({**asked, 'page_size': 50})}")
        )
        assert ours == theirs, asked
        assert theirs
    assert "Nothing says all of these words" in text("/search/?q=zebra")


def test_held_words_are_neither_listed_nor_found(town: Town) -> None:
    held = town.promises["silent"]
    actions.place_hold(held, by=make.convenor(), today=TODAY, ground="live_case")
    for page in (
        text("/commitments/"),
        text("/search/?q=street"),
        text("/search/?q=silent"),
        text("/changes/"),
    ):
        assert "street: silent" not in page
    assert "words held back for now" in text("/commitments/")


def test_lists_set_no_cookie_and_are_kept(town: Town) -> None:
    for path in ("/commitments/", "/search/?q=street"):
        first = Client().get(path)
        assert not first.cookies
        assert Client().get(path, headers={"if-none-match": first["ETag"]}).status_code == 304
