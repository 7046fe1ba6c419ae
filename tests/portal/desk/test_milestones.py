"""Steps at the desk: added, and done, each seen before it is published."""

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache

from commitments import actions
from commitments.models import Commitment, Milestone
from record import clock
from record.models import Entry
from tests import make
from tests.portal.desk.windows import at_desk
from tests.portal.people import fill

pytestmark = pytest.mark.django_db
PATH = "/desk/commitments/AT25-C001/milestones/"


@pytest.fixture(autouse=True)
def _counted_anew() -> Any:
    cache.clear()
    with clock.at(make.noon(make.days(10))):
        yield


@pytest.fixture
def commitment() -> Commitment:
    return make.commitment(make.assembly(prefix="AT25"))


def text(answer: Any) -> str:
    """What a page says."""
    return str(answer.content.decode())


def test_a_step_is_added_and_later_done(commitment: Commitment) -> None:
    window = at_desk(make.member(make.lead_team(commitment)))
    wrong = fill(window, window.get(PATH), PATH, needing="title", title="Train all", due_on="soon")
    assert (wrong.status_code, '<a href="#due_on">' in text(wrong)) == (400, True)
    assert 'value="Train all"' in text(wrong)
    preview = fill(window, wrong, PATH, needing="title", due_on="2026-06-05")
    assert "adds a step, due by 5 June 2026." in text(preview)
    assert "Train all" in text(preview)
    sent = [fill(window, preview, PATH, needing="title", send="1") for _ in range(2)]
    assert [one.status_code for one in sent] == [302, 302]
    step = Milestone.objects.get()
    assert (step.title, step.due_on) == ("Train all", date(2026, 6, 5))
    assert "Overdue: it was due by 5 June 2026" in text(window.get(PATH))
    path = f"{PATH}{step.pk}/done/"
    page = window.get(path)
    tomorrow = fill(window, page, path, needing="done_on", done_on="2026-06-12")
    assert (tomorrow.status_code, '<a href="#done_on">' in text(tomorrow)) == (400, True)
    preview = fill(window, page, path, needing="done_on", done_on="10/6/2026")
    assert "says that a step was done on 10 June 2026." in text(preview)
    assert fill(window, preview, path, needing="done_on", send="1").status_code == 302
    step.refresh_from_db()
    assert step.done_on == date(2026, 6, 10)
    assert window.get(path).status_code == 409


def test_a_step_is_added_by_the_team_that_was_chosen_and_no_other_touches_it(commitment: Commitment) -> None:
    body = make.lead_team(commitment).organisation
    shared = make.commitment(
        commitment.assembly,
        lead=make.lead_team(commitment),
        co_owners=(make.team(body, "south-team"),),
    )
    path = f"/desk/commitments/{shared.reference}/milestones/"
    window = at_desk(make.responder(body))
    typed = {"title": "Begin", "due_on": "2026-07-01", "team": "south-team"}
    preview = fill(window, window.get(path), path, needing="title", **typed)
    fill(window, preview, path, needing="title", send="1")
    assert Entry.objects.latest("position").actor == "team:south-team"
    step = actions.add_milestone(
        commitment, by=make.member(make.lead_team(commitment)), today=make.TODAY, title="A", due_on=make.TODAY
    )
    assert window.get(f"{path}{step.pk}/done/").status_code == 404
    assert at_desk(make.member(make.team())).get(f"{PATH}{step.pk}/done/").status_code == 403
