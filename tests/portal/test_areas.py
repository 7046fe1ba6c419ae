"""Finding an area: by map, list, name and postcode; and what its page shows."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import actions as accounts
from commitments import actions
from commitments.models import Area
from commitments.preparing import REAL_RECORD
from portal import postcodes
from portal.tilemaps import LONGEST_LINE, Place, drawn, in_lines
from record import clock
from record.models import Entry
from tests import make
from tests.portal.finding import TODAY, Town, asks, text

pytestmark = pytest.mark.django_db
ONSPD = Path(__file__).resolve().parents[3] / "shared" / "data" / "geography"


@pytest.fixture
def town() -> Iterator[Town]:
    """The town at noon of TODAY."""
    with clock.at(make.noon(TODAY)):
        yield Town()


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """A data folder of this test's own."""
    settings.DATA_DIR = tmp_path
    return tmp_path


def placed() -> None:
    """A borough of three wards, two of which have positions."""
    borough = make.area("E09000031")
    for code, name, where in (
        ("E05000001", "North Ward", (51.62, 0.0)),
        ("E05000002", "South Ward", (51.56, 0.01)),
        ("E05000003", "Lost & Found", None),
    ):
        position: dict[str, Any] = {"latitude": where[0], "longitude": where[1]} if where else {}
        actions.publish_area(
            code, by=make.convenor(), today=TODAY, name=name, kind="ward", parent=borough, **position
        )


def test_each_placed_ward_is_a_tile_and_every_ward_is_in_the_list() -> None:
    placed()
    page = text("/areas/")
    tiles = re.findall(r'<a class="tile" href="/areas/(E[0-9]+)/"><title>([^<]+)', page)
    assert tiles == [("E05000001", "North Ward"), ("E05000002", "South Ward")]
    for code in ("E05000001", "E05000002", "E05000003"):
        assert f'<li><a href="/areas/{code}/">' in page
    assert "north is up" in page


def test_wards_without_positions_stand_in_order_and_the_page_says_so(town: Town) -> None:
    page = text("/areas/")
    assert page.count('class="tile"') == 2
    assert "does not say where these parts lie" in page
    assert "north is up" not in page


def test_the_real_record_has_a_map_out_of_the_box() -> None:
    """Its file carries positions of all wards, each from a source under the Open Government Licence."""
    wards = [one for one in json.loads(REAL_RECORD.read_text())["areas"] if one["kind"] == "ward"]
    found = drawn([Place(one["code"], one["name"], one["latitude"], one["longitude"]) for one in wards], {})
    assert found is not None
    assert found.is_placed
    assert len(found.tiles) == len(wards) == 22
    assert all("Open Government Licence" in one["sources"][0]["note"] for one in wards)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Leyton", ["Leyton"]),
        ("Hale End & Highams Park South", ["Hale End &", "Highams", "Park South"]),
        (
            "One two three four five six seven eight nine ten",
            ["One two", "three four", "five six", "seven …"],
        ),
    ],
)
def test_names_are_broken_between_words(name: str, lines: list[str]) -> None:
    assert in_lines(name) == lines
    assert max(map(len, lines)) <= LONGEST_LINE + 2


def test_a_ward_is_found_by_any_part_of_its_name(town: Town) -> None:
    page = text("/areas/?q=place 13893")
    assert '<li class="plain-row"><a href="/areas/E05013893/">' in page
    assert "No area here has that name" in text("/areas/?q=atlantis")
    assert "<code>ward</code>" in text("/areas/?ward=x", 400)


def test_an_area_shows_what_is_inside_and_what_holds_around_it(town: Town) -> None:
    ward, borough = text("/areas/E05013893/"), text("/areas/E09000031/")
    here = ward.partition("Promised for all of")[0]
    assert town.reference("late") in here
    assert town.reference("very_late") not in here
    assert town.reference("very_late") in ward, "what holds for the borough holds in the ward"
    assert town.reference("verified") not in ward, "another ward's is not"
    for name in ("late", "very_late", "verified"):
        assert town.reference(name) in borough
    assert Client().get("/areas/E99999999/").status_code == 404


def test_teams_of_an_area_are_those_there_and_around_it(town: Town) -> None:
    accounts.publish_team(
        "ward-team",
        by=make.convenor(),
        today=TODAY,
        name="Ward Team",
        organisation=town.police,
        area="E05013893",
    )
    assert "Ward Team" in text("/areas/E05013893/")
    assert "Ward Team" in text("/areas/E09000031/")
    assert "Ward Team" not in text("/areas/E05013896/")


def test_priorities_that_nobody_committed_to_are_shown_with_where_they_were_seen(town: Town) -> None:
    make.look("Mopeds on the pavement", "Shop theft", area=town.ward)
    tied = town.ward.neighbourhoods.get().priorities.get(issue="Shop theft")
    actions.tie(tied, by=make.convenor(), today=TODAY, commitment=town.promises["late"])
    page = text("/areas/E05013893/")
    assert "Mopeds on the pavement" in page
    assert "Shop theft" not in page
    assert "work on: 2. Without a commitment behind them: 1." in page
    assert "Open Government Licence" in page
    assert "No priorities of the police have been read" in text("/areas/E05013896/")


def test_areas_ask_few_questions_however_much_there_is(town: Town) -> None:
    before = asks("/areas/"), asks("/areas/E09000031/")
    for number in range(4):
        make.area(f"E0501400{number}", kind="ward", parent=town.borough)
        make.commitment(town.assembly, lead=town.lead, areas=[town.borough])
    after = asks("/areas/"), asks("/areas/E09000031/")
    assert before == after
    assert after[0] <= 6
    assert after[1] <= 16


def test_postcodes_are_written_in_many_ways() -> None:
    for typed in ("E17 4JF", "e174jf", "  e17   4jf ", "E1 74JF"):
        assert postcodes.normal(typed) == "E174JF"
    for typed in ("", "E17", "E17 4J", "17 4JF", "E17 4JFX", "x" * 500, "E17\x004JF", "Ｅ17 4JF"):
        assert postcodes.normal(typed) is None, typed


def table(folder: Path, head: str, *rows: str) -> Path:
    """A table as ONS publishes it."""
    file = folder / "table.csv"
    file.write_text("\n".join([head, *rows]), encoding="utf-8-sig")
    return file


HEAD = "pcd,pcds,dointr,osward,oslaua"
ROWS = ("E174JF,E17 4JF,1980,E05013893,E09000031", "SW1A1AA,SW1A 1AA,1980,E05013806,E09000033")


def test_without_a_table_there_is_no_box_and_looking_up_says_so(folder: Path, town: Town) -> None:
    assert 'name="postcode"' not in text("/areas/")
    answer = Client().post("/areas/postcode/", {"postcode": "E17 4JF"})
    assert answer.status_code == 404
    assert "cannot look up postcodes" in answer.content.decode()


@pytest.mark.parametrize("head", [HEAD, "x,PCDS,y,WD24CD,LAD24CD", "pcd7,pcd8,z,ward,laua"])
def test_a_postcode_leads_to_its_ward_and_leaves_no_trace(
    head: str, folder: Path, town: Town, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing of it in the address, in a cookie, in a log, or in a statement that the database sees."""
    call_command("load_postcodes", str(table(folder, head, *ROWS)))
    said = capsys.readouterr().out
    assert "1 of 2 postcodes" in said
    assert "E05013896" in said, "wards without any postcode are named"
    page = text("/areas/")
    assert 'method="post" action="/areas/postcode/"' in page
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as asked:
        answer = Client(enforce_csrf_checks=True).post("/areas/postcode/", {"postcode": "e17 4jf"})
    assert (answer.status_code, answer["Location"]) == (303, "/areas/E05013893/")
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    seen = " ".join(
        [caplog.text, capsys.readouterr().err, *(one["sql"] for one in asked), str(answer.headers)]
    )
    assert not re.search(r"e17\s*4jf", seen, re.IGNORECASE)


def test_what_is_no_postcode_or_lies_elsewhere_is_told_beside_the_field(folder: Path, town: Town) -> None:
    call_command("load_postcodes", str(table(folder, HEAD, *ROWS)))
    for typed, status, said in (
        ("E17", 400, "Type a whole postcode"),
        ("N1 1AA", 404, "none of the areas here"),
    ):
        answer = Client().post("/areas/postcode/", {"postcode": typed})
        page = answer.content.decode()
        assert answer.status_code == status
        assert said in page
        assert 'aria-invalid="true"' in page
        assert "no-store" in answer["Cache-Control"]
    assert Client().get("/areas/postcode/")["Location"] == "/areas/"


def test_a_table_that_does_not_fit_leaves_the_old_one(folder: Path, town: Town) -> None:
    call_command("load_postcodes", str(table(folder, HEAD, *ROWS)))
    for head, row, said in (
        ("a,b,c", "1,2,3", "--postcode NAME"),
        ("pcds,code", "E17 4JF,E05013893", "--ward NAME"),
        (HEAD, ROWS[1], "stays as it was"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("load_postcodes", str(table(folder, head, row)))
        assert postcodes.area_of("E174JF") == "E05013893"
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_postcodes", str(folder / "missing.csv"))
    assert [one.name for one in folder.iterdir() if "loading" in one.name] == []
    named = table(folder, "a,b", "E17 4JF,E05013896")
    call_command("load_postcodes", str(named), "--postcode", "a", "--ward", "b")
    assert postcodes.area_of("E174JF") == "E05013896"


def test_a_postcode_of_a_ward_that_is_not_entered_leads_to_its_borough(folder: Path, town: Town) -> None:
    call_command("load_postcodes", str(table(folder, HEAD, "E175AA,E17 5AA,1980,E05000600,E09000031")))
    assert postcodes.area_of("E175AA") == "E09000031"


def test_looking_up_writes_nothing(folder: Path, town: Town) -> None:
    call_command("load_postcodes", str(table(folder, HEAD, *ROWS)))
    before = Entry.objects.count(), Area.objects.count()
    Client().post("/areas/postcode/", {"postcode": "E17 4JF"})
    assert (Entry.objects.count(), Area.objects.count()) == before
