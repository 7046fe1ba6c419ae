"""What the source says, read strictly: numbers out of strings, text out of HTML, and a trouble that names the field."""

from datetime import date
from typing import Any

import pytest

from commitments.policeuk import reading
from commitments.policeuk.reading import Listed, Neighbourhood, Priority
from commitments.policeuk.texts import LONGEST, plain_text
from commitments.policeuk.trouble import PoliceUKTrouble
from tests.policeuk.recorded import ELSEWHERE, FORCE, source


def test_numbers_come_out_of_strings() -> None:
    asking = source()
    assert asking.neighbourhood(FORCE, "E05013891") == Neighbourhood(
        "E05013891", "High Street ward team", 12985, 51.58306, -0.027995
    )
    assert asking.neighbourhood(ELSEWHERE, "E05013891").population == 7


def test_nobody_counted_is_not_nobody_there() -> None:
    assert source().neighbourhood(FORCE, "E05013893").population is None


def test_almost_everything_may_be_missing() -> None:
    assert source().neighbourhood(FORCE, "55.CR3001") == Neighbourhood("55.CR3001", "Wood Street & Market")
    assert reading.neighbourhood({"id": "C1"}, "x") == Neighbourhood("C1", None)
    assert reading.neighbourhood({"id": "C1", "centre": {"latitude": "51.5"}}, "x") == Neighbourhood(
        "C1", None
    )
    assert (
        reading.priorities([{}, {"issue": " "}, {"issue": "<p> </p>", "issue-date": "2026-01-01"}], "x") == []
    )


def test_nothing_of_officers_or_how_to_reach_them_is_read() -> None:
    found = repr(source().neighbourhood(FORCE, "E05013891"))
    assert not [word for word in ("Sergeant", "example.org", "7946", "07700") if word in found]


def test_priorities_become_text_that_can_be_read() -> None:
    first, second = source().priorities(FORCE, "E05013891")
    assert first == Priority(
        "Street drinking in the market square & around it (invented).",
        "Patrols on Fridays.\n\n- Two officers\n- A table in the market",
        date(2026, 4, 14),
        date(2026, 5, 20),
    )
    assert (second.action, second.action_date) == (None, None)
    [third] = source().priorities(FORCE, "E05013893")
    assert third.issue == "Burglary\n\n(invented)"
    assert third.action == "A first paragraph.\n\nA second one,\nwith a line."
    assert (third.issue_date, third.action_date) == (date(2026, 3, 1), None)


def test_the_same_line_twice_is_one_priority_and_two_actions_are_two() -> None:
    row = {"issue": "Burglary", "action": "Locks.", "issue-date": "2026-01-01T00:00:00"}
    assert len(reading.priorities([row, dict(row), {**row, "action": "Lights."}], "x")) == 2


def test_an_id_that_is_listed_twice_is_taken_once_in_its_place() -> None:
    rows = [{"id": "A", "name": "First"}, {"id": "B", "name": None}, {"id": "A", "name": "Again"}]
    assert reading.listed(rows, "x") == [Listed("A", "First"), Listed("B", None)]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"issue": 7}, "p[1]: issue: text or null is expected, and not 7."),
        ({"action": ["x"]}, "p[1]: action: text or null is expected, and not ['x']."),
        (
            {"issue": "x", "issue-date": "14/04/2026"},
            "p[1]: issue-date: a date is expected, and not '14/04/2026'.",
        ),
        ({"issue": "x", "action-date": "2026-02-30T00:00:00"}, "p[1]: action-date: a date is expected"),
        ({"issue": "x", "issue-date": 20260414}, "p[1]: issue-date: text or null is expected"),
        ("issue", "p[1]: an object is expected, and not 'issue'."),
    ],
)
def test_an_unexpected_shape_names_the_field(row: Any, sentence: str) -> None:
    with pytest.raises(PoliceUKTrouble) as told:
        reading.priorities([{"issue": "fine"}, row], "p")
    assert str(told.value).startswith(sentence)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"population": "7,985"}, "population"),
        ({"population": "-1"}, "population"),
        ({"population": True}, "population"),
        ({"population": "1e400"}, "population"),
        ({"centre": []}, "centre"),
        ({"centre": {"latitude": "north", "longitude": "0"}}, "centre: latitude"),
        ({"centre": {"latitude": "51", "longitude": "181"}}, "centre: longitude"),
        ({"name": {"en": "x"}}, "name"),
        ({"id": None}, "id"),
        ({"id": 12}, "id"),
        ({"id": "x" * 61}, "id"),
        ({"id": "a\x00b"}, "id"),
    ],
)
def test_an_unexpected_neighbourhood_names_the_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(PoliceUKTrouble) as told:
        reading.neighbourhood({"id": "C1", "name": "Centre", **change}, "n")
    assert str(told.value).startswith(f"n: {field}: ")
    assert len(str(told.value)) < 200


@pytest.mark.parametrize("found", [None, {}, "x", 7, {"error": "over capacity"}])
def test_a_list_that_is_none_is_trouble(found: Any) -> None:
    for read in (reading.listed, reading.priorities):
        with pytest.raises(PoliceUKTrouble, match="x: a list is expected"):
            read(found, "x")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Plain words", "Plain words"),
        ("one\r\ntwo", "one\ntwo"),
        ("<p>one\r\ntwo</p>", "one two"),
        ("<P>One</P><P>Two</P>", "One\n\nTwo"),
        ("<ol><li>One<li>Two</ol>After", "- One\n- Two\n\nAfter"),
        ("<ul><li></li><li>One</li></ul>", "- One"),
        ("a < b & c > d", "a < b & c > d"),
        ("a &amp;lt; b", "a &lt; b"),
        ("<a href='https://example.org/?t=1' onclick='x()'>Read</a> on", "Read on"),
        ("<img src=x onerror=alert(1)>Look<iframe src='x'></iframe>", "Look"),
        ("<style>p{}</style><!-- note -->Words<script>x</script>", "Words"),
        ("&lt;p&gt;Twice&lt;/p&gt;", "Twice"),
        ("zero\u200bwidth\u202e\x00 \u00a0and\x07 bell", "zerowidth and bell"),
        ("", ""),
    ],
)
def test_html_becomes_plain_text(html: str, text: str) -> None:
    assert plain_text(html) == text


def test_what_is_too_long_is_cut() -> None:
    assert len(plain_text(f"<p>{'word ' * 10_000}</p>")) <= LONGEST


def test_the_cells_of_a_table_are_words_of_their_own() -> None:
    table = "<table><tr><th>When</th><th>Where</th></tr><tr><td>Mon</td><td>Market</td></tr></table>"
    [read] = reading.priorities([{"issue": table}], "p")
    assert read.issue == "When Where\n\nMon Market"
