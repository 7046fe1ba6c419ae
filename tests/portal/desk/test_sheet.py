"""The weekly sheet: two sides of A4 for a board, whatever there is; what does not fit is counted."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import actions
from commitments.choices import Finding
from commitments.models import Commitment
from commitments.promises import Due
from record import clock
from record.models import Head
from tests import make
from tests.browser import chromium
from tests.portal.desk.waiting import Waiting
from tests.portal.desk.windows import at_desk

pytestmark = pytest.mark.django_db
A4 = (595, 842)
LONG = "Walk every street of the ward each evening and say in public what was seen there " * 3


@pytest.fixture
def town() -> Iterator[Waiting]:
    """The town of the queue, on its day."""
    there = Waiting(rated=False)
    with clock.at(make.noon(there.on)):
        yield there


def _sheet(town: Waiting) -> str:
    answer = at_desk(town.ann).get(f"/desk/sheet/{town.assembly.slug}/")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    return " ".join(answer.content.decode().split())


def _part(page: str, title: str) -> str:
    [found] = re.findall(rf"<section[^>]*><h2[^>]*>{title} <span.*?</section>", page)
    return str(found)


def _more(town: Waiting) -> None:
    """Sixty promises with the longest titles: late, silent, claimed, refuted, disputed."""
    past, ward = Due(make.days(-40), "day"), town.ward
    for number in range(60):
        one = make.commitment(
            town.assembly, lead=town.lead, today=make.days(-200), title=f"{LONG[:270]} {number}",
            due=past if number % 3 == 0 else None, areas=[ward], recommendations=[town.recommendation],
        )  # fmt: skip
        if number % 3 == 1:
            claim = make.claim(one, by=town.member, today=make.days(5))
            if number % 2:
                actions.verify(
                    one, by=town.panel_member, today=make.days(6), claim=claim,
                    finding=Finding.NOT_VERIFIED, reason="We looked.",
                )  # fmt: skip
            else:
                actions.challenge_claim(
                    one, by=town.panel_member, today=make.days(6), claim=claim, reason="We see nobody."
                )
    for number in range(10):
        asked = make.recommendation(town.assembly, today=make.days(-90), title=LONG[:290])
        actions.ask(asked, by=town.ann, today=make.days(-80), organisation=town.police)
        make.theme(town.assembly, f"theme-{number}", title=LONG[:190])


def test_it_is_for_the_convenor_and_the_panel_of_the_assembly(town: Waiting) -> None:
    path = f"/desk/sheet/{town.assembly.slug}/"
    assert at_desk(town.panel_member).get(path).status_code == 200
    for who in (town.member, town.responder, make.convenor("othertown-2025")):
        assert at_desk(who).get(path).status_code == 403
    assert at_desk(town.ann).get("/desk/sheet/nowhere/").status_code == 404


def test_it_says_what_changed_what_is_late_what_is_claimed_and_what_the_convenor_owes(town: Waiting) -> None:
    page = _sheet(town)
    assert f"Late: {Commitment.objects.overdue(town.on).count()} (against first dates" in page
    late = _part(page, "Late")
    assert f'<span class="mark">{Commitment.objects.overdue(town.on).count()}</span>' in late, "one number"
    assert late.index(town.reference("very_late")) < late.index(town.reference("late")), "the longest first"
    assert "Very late: due 1 February 2026, 130 days ago. Youth-Team" in late
    assert town.reference("silent") in _part(page, "Silent")
    claimed = _part(page, "Claimed, and not verified")
    assert "Contested: claimed 29 May 2026, panel: Not verified. North-Team" in claimed
    assert town.reference("verified") not in claimed
    assert "reply due 29 June 2026, in 18 days" in _part(page, "Challenges open and unanswered")
    assert "1, the oldest since 1 June 2026, 10 days ago" in _part(page, "What the convenor owes")
    assert "withheld: few or none" in page
    assert f"at position {Head.objects.get().position} of the record" in page
    assert "The record has not been signed yet." in page
    promise = town.promises["late"]
    assert promise.title in page
    actions.place_hold(promise, by=town.ann, today=town.on, ground="safety")
    assert promise.title not in _sheet(town), "held words are not on it"


def test_it_takes_two_sides_of_a4_and_counts_what_does_not_fit(town: Waiting, tmp_path: Path) -> None:
    with CaptureQueriesContext(connection) as few:
        _sheet(town)
    _more(town)
    with CaptureQueriesContext(connection) as many:
        large = _sheet(town)
    assert 10 < len(many) <= len(few) + 2, "as many questions at sixty promises"
    late = _part(large, "Late")
    assert "and 8 more: http://testserver/commitments/?assembly=anytown-2025&amp;overdue=true" in late
    for title in ("Silent", "Claimed, and not verified", "What changed this week"):
        assert re.search(r"and \d+ more: http://testserver/", _part(large, title)), title
    if not chromium.found():
        pytest.skip(chromium.HOW_TO_GET)
    assert _printed(large, tmp_path / "sheet") == 2


def _printed(page: str, place: Path) -> int:
    """How many sides of A4 Chromium prints of the page."""
    for sheet in ("portal/portal.css", "portal/desk-print.css"):
        page = re.sub(rf'href="[^"]*{sheet}"', f'href="file://{finders.find(sheet)}"', page)
    source, printed = place.with_suffix(".html"), place.with_suffix(".pdf")
    source.write_text(re.sub(r"<script.*?</script>", "", page))
    profile = f"--user-data-dir={place}"
    command = [
        chromium.found(),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
        profile,
    ]
    subprocess.run([*command, f"--print-to-pdf={printed}", source.as_uri()], check=True, capture_output=True)
    with pikepdf.open(printed) as found:
        for side in found.pages:
            assert tuple(round(float(one)) for one in side.mediabox[2:]) == A4
        return len(found.pages)
