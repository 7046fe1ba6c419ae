"""Spreadsheets of promises with several owners each pass through whole, and the counts add up."""

from collections import Counter

import pytest
from django.utils.text import slugify

from accounts.models import Organisation
from tests.contract import CheckingClient
from tests.foreign import mandate
from tests.foreign.holding import check_bodies, check_whole, entered
from tests.foreign.mandate import CONSOLIDATED, MANDATES, PLATFORM, Sheet
from tests.foreign.shaping import Bodies, titled, unescaped
from tests.foreign.sources import MADE_UP, Row, of_others, table

pytestmark = pytest.mark.django_db


def owners_said(rows: list[Row], sheet: Sheet) -> tuple[int, int]:
    """How many owners the rows name, counted plainly: each body once a row, whatever its spaces and capitals."""
    leads, named = set(), 0
    for row in rows:
        lead = slugify(unescaped(row[sheet.lead]))
        others = {slugify(unescaped(part)) for part in row[sheet.others].split(";")} - {""}
        leads.add(lead)
        named += len(others | {lead})
    return len(leads), named


def check_sheet(api: CheckingClient, rows: list[Row], sheet: Sheet) -> Counter[str]:
    """Bring a spreadsheet in, and count what came."""
    file = mandate.record_of(rows, sheet)
    report = entered(file)
    check_whole(api, file)
    check_bodies(file)
    leads, named = owners_said(rows, sheet)
    owners = [owner for one in file["commitments"] for owner in one["owners"]]
    assert len({owner["organisation"] for owner in owners if owner.get("lead")}) == leads
    assert len(owners) == named
    assert [one["body"] or one["title"] for one in file["commitments"]] == [
        unescaped(row[sheet.text]) for row in rows
    ]
    assert set(rows[0]) == sheet.columns
    return Counter(name.split(":")[0] for name in report.added) + Counter(leads=leads, owners=named)


def test_760_mandates_with_38_leads_and_all_their_owners_pass_through(api: CheckingClient) -> None:
    rows = table(of_others("buildcanada/2021-mandate-commitments.csv"))
    counts = check_sheet(api, rows, MANDATES)
    assert counts == {"assembly": 1, "commitment": 760, "organisation": 49, "leads": 38, "owners": 2036}
    assert max(len(row["Commitment"]) for row in rows) == 455


def test_348_promises_of_a_platform_pass_through_without_the_names_of_persons(api: CheckingClient) -> None:
    rows = table(of_others("buildcanada/2025-LPC-platform.csv"))
    counts = check_sheet(api, rows, PLATFORM)
    assert counts == {"assembly": 1, "commitment": 348, "organisation": 43, "leads": 31, "owners": 1059}
    said = str(mandate.record_of(rows, PLATFORM))
    assert [row["Reporting Lead Name"] for row in rows if row["Reporting Lead Name"] in said] == []


def test_352_promises_put_together_from_two_documents_pass_through(api: CheckingClient) -> None:
    rows = table(of_others("buildcanada/consolidated_2025_LPC_promises_final.csv"))
    counts = check_sheet(api, rows, CONSOLIDATED)
    assert counts == {"assembly": 1, "commitment": 352, "organisation": 45, "leads": 32, "owners": 1082}


def test_a_made_up_spreadsheet_passes_through_the_same_way(api: CheckingClient) -> None:
    counts = check_sheet(api, table(MADE_UP / "mandates.csv"), MANDATES)
    assert counts == {"assembly": 1, "commitment": 5, "organisation": 7, "leads": 4, "owners": 10}
    assert Organisation.objects.filter(name__contains="\xa0").count() == 0


def test_a_text_longer_than_a_title_is_the_body_whole() -> None:
    text = "word " * 80
    title, body = titled(text)
    assert (len(title) <= 300, title.endswith("…"), body) == (True, True, text)
    assert titled("Short.") == ("Short.", "")
    assert titled("Two\nlines") == ("Two…", "Two\nlines")


def test_spellings_apart_in_case_and_marks_are_one_body_and_others_are_their_own() -> None:
    bodies = Bodies()
    assert bodies.slug("Minister of Veterans’ Affairs") == bodies.slug("Minister of Veterans' affairs")
    long = "Minister of everything that has to do with roads, rivers, bridges, railways and tunnels in the "
    north, south = bodies.slug(f"{long} north"), bodies.slug(f"{long} south")
    assert (north == south, max(len(north), len(south)) <= 80, len(bodies.names)) == (False, True, 3)
