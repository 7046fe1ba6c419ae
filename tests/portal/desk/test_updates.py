"""A team reports at the desk: in few steps, seen as everybody will see it, and nothing that was typed is lost."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import actions
from commitments.models import Commitment, ProgressUpdate
from record import clock
from tests import make
from tests.portal.desk.windows import at_desk
from tests.portal.people import Form, fill

pytestmark = pytest.mark.django_db
PATH = "/desk/commitments/AT25-C001/update/"
SAID = "Two patrols a week walk the high street."


@pytest.fixture(autouse=True)
def _counted_anew() -> Any:
    cache.clear()
    with clock.at(make.noon(make.days(10))):
        yield


@pytest.fixture
def commitment() -> Commitment:
    return make.commitment(make.assembly(prefix="AT25"), lead=make.team(slug="north-team"))


@pytest.fixture
def window(commitment: Commitment) -> Client:
    return at_desk(make.member(make.lead_team(commitment)))


def sent(window: Client, **typed: str) -> Any:
    """The form as it stands, with what is typed into it: the next page."""
    return fill(window, window.get(PATH), PATH, needing="body", **typed)


def text(answer: Any) -> str:
    """What a page says."""
    return str(answer.content.decode())


def test_an_update_is_typed_seen_and_sent_once(window: Client, commitment: Commitment) -> None:
    typed = {"status": "in_progress", "link-1": "Example.org/log", "link-title-1": "Patrol log"}
    preview = sent(window, body=SAID, **typed)
    page = text(preview)
    assert preview.status_code == 200
    for shown in ("The owner claims", "In progress", SAID, "North-Team reports: in progress.", "Patrol log"):
        assert shown in page, shown
    assert 'href="https://Example.org/log"' in page
    assert "This may lead to a person" not in page
    assert not commitment.updates.exists()
    answers = [fill(window, preview, PATH, needing="body", send="1") for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    made = ProgressUpdate.objects.get()
    assert (made.body, made.status, made.team.slug) == (SAID, "in_progress", "north-team")
    assert [(one.title, one.url) for one in made.evidence.all()] == [
        ("Patrol log", "https://Example.org/log")
    ]
    listed = text(window.get(answers[0]["Location"]))
    assert "AT25-C001 as everybody sees it" in listed


def test_what_is_missing_is_named_and_what_was_typed_stays(window: Client, commitment: Commitment) -> None:
    answer = sent(window, body=SAID, status="completed", reason="Because.", **{"link-2": "no page"})
    assert answer.status_code == 400
    page = text(answer)
    assert '<a href="#link-2">Give the address of a page' in page
    assert all(one in page for one in (SAID, "Because.", "no page", "<details open>"))
    assert "Mend this" in page
    answer = sent(window, body=SAID, status="completed")
    assert '<a href="#file">Show that it is done' in text(answer)
    assert "Choose how far it is" in text(sent(window, body=SAID))
    assert "Say what was done" in text(sent(window, body="", status="in_progress"))
    make.update(commitment)
    back = sent(window, body=SAID, status="not_started")
    assert '<a href="#reason">Say why' in text(back)
    assert ProgressUpdate.objects.count() == 1


def test_what_may_lead_to_a_person_is_mended_or_meant(window: Client) -> None:
    preview = sent(window, body="Ring Sarah Jones on 07700 900123.", status="in_progress")
    assert text(preview).count("<mark>") == 2
    held = fill(window, preview, PATH, needing="body", send="1")
    assert held.status_code == 400
    assert "or say that it is meant to be public" in text(held)
    assert not ProgressUpdate.objects.exists()
    changed = fill(window, preview, PATH, needing="body", change="1")
    assert "Ring Sarah Jones on 07700 900123.</textarea>" in text(changed)
    assert fill(window, held, PATH, needing="body", send="1", meant="1").status_code == 302
    assert ProgressUpdate.objects.exists()


def test_the_same_form_with_other_words_is_not_sent_unseen(window: Client) -> None:
    preview = sent(window, body=SAID, status="in_progress")
    fill(window, preview, PATH, needing="body", send="1")
    again = fill(window, preview, PATH, needing="body", send="1", body="Something else.")
    assert again.status_code == 409
    assert "Something else." in text(again)
    keys = [Form(text(one), "once").fields["once"] for one in (preview, again)]
    assert keys[0] != keys[1]
    assert ProgressUpdate.objects.count() == 1


def test_who_speaks_for_several_chooses_for_whom(commitment: Commitment) -> None:
    other = make.team(make.lead_team(commitment).organisation, "south-team")
    shared = make.commitment(commitment.assembly, lead=make.lead_team(commitment), co_owners=(other,))
    window, path = (
        at_desk(make.responder(other.organisation)),
        f"/desk/commitments/{shared.reference}/update/",
    )
    page = window.get(path)
    assert "For whom do you speak?" in text(page)
    preview = fill(
        window,
        page,
        path,
        needing="body",
        body=SAID,
        status="completed",
        team="south-team",
        **{"link-1": "https://example.org"},
    )
    assert "South-Team reports on its part: done." in text(preview)
    assert "The owner claims" not in text(preview)
    fill(window, preview, path, needing="body", send="1")
    made = ProgressUpdate.objects.get()
    assert (made.team.slug, made.status, made.team_status) == ("south-team", None, "completed")


def test_nothing_to_report_is_one_tap_from_the_list(window: Client, commitment: Commitment) -> None:
    assert "Nothing to report" not in text(window.get("/desk/commitments/"))
    path = "/desk/commitments/AT25-C001/nothing/"
    refused = fill(window, window.get(path), path, needing="once")
    assert refused.status_code == 409
    assert "Post an update that says how AT25-C001 is" in text(refused)
    make.update(commitment)
    listed = window.get("/desk/commitments/")
    answers = [fill(window, listed, path, needing="once") for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert [one.nothing_to_report for one in commitment.updates.order_by("position")] == [False, True]
    assert "has nothing to report" in text(Client().get("/commitments/AT25-C001/"))


def test_who_owns_nothing_here_is_told_so_and_what_is_over_takes_no_update(commitment: Commitment) -> None:
    stranger = at_desk(make.member(make.team()))
    for page in ("update", "nothing", "dates", "milestones", "corrections"):
        assert stranger.get(f"/desk/commitments/AT25-C001/{page}/").status_code == 403, page
        assert stranger.get(f"/desk/commitments/AT25-C999/{page}/").status_code == 404, page
    entered = make.entered(commitment.assembly)
    window = at_desk(make.member(make.lead_team(commitment)))
    assert window.get(f"/desk/commitments/{entered.reference}/update/").status_code == 403


def test_held_words_are_on_no_page_of_the_form(window: Client, commitment: Commitment) -> None:
    actions.place_hold(commitment, by=make.convenor(), today=make.TODAY, ground="live_case")
    for page in ("update", "nothing", "dates", "milestones", "corrections/?field=title"):
        assert "Walk the high street" not in text(window.get(f"/desk/commitments/AT25-C001/{page}/"))
    assert "Walk the high street" not in text(window.get("/desk/commitments/"))


def test_a_form_asks_a_bounded_number_of_questions(window: Client, commitment: Commitment) -> None:
    for _ in range(3):
        make.update(commitment)
    with CaptureQueriesContext(
        connection,
    ) as few:
        window.get(PATH)
    assert len(few) <= 12
