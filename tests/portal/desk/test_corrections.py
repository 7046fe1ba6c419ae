"""Corrections at the desk: of a commitment, which the convenor decides, and of one's own update."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache

from commitments import actions
from commitments.models import Commitment, Correction
from record import clock
from tests import make
from tests.portal.desk.windows import at_desk
from tests.portal.people import fill

pytestmark = pytest.mark.django_db
PATH = "/desk/commitments/AT25-C001/corrections/"


@pytest.fixture(autouse=True)
def _counted_anew() -> Any:
    cache.clear()
    with clock.at(make.noon(make.TODAY)):
        yield


@pytest.fixture
def commitment() -> Commitment:
    return make.commitment(make.assembly(prefix="AT25"), measure="Patrols a weak")


def text(answer: Any) -> str:
    """What a page says."""
    return str(answer.content.decode())


def test_a_wording_is_chosen_changed_seen_as_redline_and_asked_for(commitment: Commitment) -> None:
    window = at_desk(make.member(make.lead_team(commitment)))
    assert "?field=measure" in text(window.get(PATH))
    page = window.get(f"{PATH}?field=measure")
    assert "Patrols a weak</textarea>" in text(page)
    same = fill(window, page, PATH, needing="text", reason="A slip.")
    assert (same.status_code, "This is how it reads now" in text(same)) == (400, True)
    preview = fill(window, page, PATH, needing="text", text="Patrols a week", reason="A slip.")
    assert re.search(r"<del>.*weak", text(preview))
    assert re.search(r"<ins>.*week", text(preview))
    sent = [fill(window, preview, PATH, needing="text", send="1") for _ in range(2)]
    assert [one.status_code for one in sent] == [302, 302]
    asked = Correction.objects.get()
    assert (asked.field, asked.new, asked.state) == ("measure", "Patrols a week", "requested")
    commitment.refresh_from_db()
    assert commitment.measure == "Patrols a weak"
    waits = fill(window, preview, PATH, needing="text", send="1", once="")
    assert (waits.status_code, "Patrols a week" in text(waits)) == (409, True)


def test_the_date_of_a_step_is_corrected_and_nonsense_is_not_taken(commitment: Commitment) -> None:
    member = make.member(make.lead_team(commitment))
    step = actions.add_milestone(
        commitment, by=member, today=make.TODAY, title="Begin", due_on=date(2026, 7, 1)
    )
    window, path = at_desk(member), f"{PATH}?field=milestone:{step.pk}"
    preview = fill(window, window.get(path), PATH, needing="text", text="2/7/2026", reason="A slip.")
    assert "2 July 2026" in " ".join(text(preview).replace("<ins>", "").replace("</ins>", "").split())
    assert fill(window, preview, PATH, needing="text", send="1").status_code == 302
    assert Correction.objects.get().new == "2026-07-02"
    for field in ("owners", "status", "milestone:x", f"milestone:{commitment.assembly_id}"):
        answer = fill(window, window.get(path), PATH, needing="text", field=field, text="x", reason="y")
        assert (answer.status_code, "Choose what is to be corrected" in text(answer)) == (400, True), field


def test_the_words_of_ones_own_update_are_corrected_at_once_and_another_teams_are_not(
    commitment: Commitment,
) -> None:
    member = make.member(make.lead_team(commitment))
    update = make.update(commitment, by=member, body="Two oficers.")
    window, path = at_desk(member), f"/desk/updates/{update.pk}/corrections/"
    preview = fill(window, window.get(path), path, needing="text", text="Two officers.", reason="A slip.")
    assert "It changes at once" in text(preview)
    assert fill(window, preview, path, needing="text", send="1").status_code == 302
    update.refresh_from_db()
    assert update.body == "Two officers."
    assert at_desk(make.member(make.team())).get(path).status_code == 403
    empty = actions.report_nothing(commitment, by=member, today=make.TODAY)
    assert window.get(f"/desk/updates/{empty.pk}/corrections/").status_code == 400


def test_words_that_are_held_cannot_be_corrected_from_here(commitment: Commitment) -> None:
    actions.place_hold(commitment, by=make.convenor(), today=make.TODAY, ground="live_case")
    window = at_desk(make.member(make.lead_team(commitment)))
    page = text(window.get(f"{PATH}?field=measure"))
    assert "Patrols a weak" not in page
    assert "Only the convenor can do something about that" in page
    answer = fill(window, window.get(f"{PATH}?field=measure"), PATH, needing="text", text="x", reason="y")
    assert answer.status_code == 400
