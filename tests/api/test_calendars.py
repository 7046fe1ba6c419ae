"""Dates as calendars: valid, steady, and honest about what moved and what was replaced."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from api import calendars
from commitments import actions
from commitments.models import Commitment
from commitments.promises import Due
from record.clock import invented
from record.models import Entry
from tests import make
from tests.api.scene import V1, Scene, on, queries
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
DATES = f"{V1}/commitments/due-dates.ics"


@pytest.fixture
def scene(api: CheckingClient) -> Any:
    with on(make.TODAY):
        yield Scene(api)


def calendar(api: CheckingClient, path: str = DATES) -> Any:
    """A calendar that is one: lines of at most 75 bytes with CRLF, and the same when written again."""
    answer = api.get(path)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.content.endswith(b"END:VCALENDAR\r\n")
    lines = answer.content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert not any(set(line) & {*range(9), *range(10, 32), 127} for line in lines)
    found = Calendar.from_ical(answer.content)
    assert found.to_ical(sorted=False) == answer.content
    assert not found.errors
    assert not any(event.errors for event in found.events)
    return found


def events(api: CheckingClient, path: str = DATES) -> dict[str, Any]:
    """The events of a calendar by UID."""
    found = calendar(api, path).events
    assert len({event["UID"] for event in found}) == len(found)
    return {str(event["UID"]): event for event in found}


def moved(scene: Scene, to: date = date(2026, 12, 31)) -> None:
    """The commitment's date is moved, as asked."""
    owner = make.member(scene.lead)
    change = actions.request_due_date(
        scene.commitment,
        by=owner,
        today=make.TODAY,
        due=Due(to, "year", "by Christmas"),
        reason="Posts are vacant.",
    )
    actions.approve_due_date(change, by=make.convenor(), today=make.TODAY)


def test_a_due_date_is_the_whole_last_day_of_its_period(scene: Scene) -> None:
    event = events(scene.api)["AT25-C001-due@127.0.0.1"]
    assert (event.start, event.end) == (date(2026, 9, 30), date(2026, 10, 1))
    assert event["SUMMARY"] == "AT25-C001: Walk the high street every evening"
    assert "Promised in a quarter, whose last day this is." in event["DESCRIPTION"]
    assert "In the owner's words: “by the end of summer”" in event["DESCRIPTION"]
    assert "Owned by North-Team, Youth-Team." in event["DESCRIPTION"]
    assert event["URL"] == f"http://testserver{scene.path}"
    assert event["STATUS"] == "CONFIRMED"
    assert event["TRANSP"] == "TRANSPARENT"


def test_what_has_no_date_is_not_there(scene: Scene) -> None:
    make.commitment(scene.assembly, lead=scene.lead)
    make.commitment(scene.assembly, lead=scene.lead, due=Due(None, "ongoing", "always"))
    assert list(events(scene.api)) == ["AT25-C001-due@127.0.0.1"]


def test_a_date_that_moves_keeps_its_event_and_says_where_it_was(scene: Scene) -> None:
    before = events(scene.api)["AT25-C001-due@127.0.0.1"]
    moved(scene)
    [(uid, after)] = events(scene.api).items()
    assert uid == before["UID"]
    assert after.start == date(2026, 12, 31)
    assert "First promised for 30 September 2026." in after["DESCRIPTION"]
    assert "Moved from 30 September 2026 to 31 December 2026, on 1 June 2026." in after["DESCRIPTION"]
    assert "“by Christmas”" in after["DESCRIPTION"]
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_steps_are_dates_too(scene: Scene) -> None:
    owner, today = make.member(scene.lead), make.TODAY
    step = actions.add_milestone(
        scene.commitment, by=owner, today=today, title="Hire two", due_on=make.days(30)
    )
    uid = f"{step.pk}@127.0.0.1"
    event = events(scene.api)[uid]
    assert event["SUMMARY"] == "AT25-C001, a step: Hire two"
    assert event.start == make.days(30)
    actions.finish_milestone(step, by=owner, today=today)
    done = events(scene.api)[uid]
    assert done["SUMMARY"].startswith("Done: ")
    assert "Done on 1 June 2026, as the owner says." in done["DESCRIPTION"]
    assert done["SEQUENCE"] > event["SEQUENCE"]
    assert [str(one["CATEGORIES"].to_ical(), "utf-8") for one in calendar(scene.api).events] == [
        "Step",
        "Due date",
    ]


def test_only_what_the_panel_verified_is_marked_so(scene: Scene) -> None:
    def summary() -> str:
        return str(events(scene.api)["AT25-C001-due@127.0.0.1"]["SUMMARY"]).partition(":")[0]

    claim = make.claim(scene.commitment)
    assert summary() == "Claimed complete"
    panel, today = make.panel(), make.TODAY
    actions.verify(
        scene.commitment, by=panel, today=today, claim=claim, finding="verified", reason="We looked."
    )
    assert summary() == "Verified"
    make.open_challenge(claim)
    assert summary() == "Contested"
    make.update(scene.commitment, status="abandoned", reason="No money.")
    event = events(scene.api)["AT25-C001-due@127.0.0.1"]
    assert (summary(), event["STATUS"]) == ("Abandoned", "CONFIRMED")


def test_what_was_superseded_is_cancelled_with_its_steps(scene: Scene) -> None:
    owner, today = make.responder(scene.police), make.TODAY
    actions.add_milestone(scene.commitment, by=owner, today=today, title="Hire", due_on=make.days(30))
    later = make.commitment(scene.assembly, lead=scene.lead, due=Due(date(2027, 3, 31), "day", ""))
    actions.supersede(scene.commitment, by=owner, today=today, successor=later, reason="More is promised.")
    found = {str(event["SUMMARY"]): str(event["STATUS"]) for event in calendar(scene.api).events}
    assert found == {
        "Superseded: AT25-C001, a step: Hire": "CANCELLED",
        "Superseded: AT25-C001: Walk the high street every evening": "CANCELLED",
        "AT25-C002: Walk the high street every evening": "CONFIRMED",
    }


def test_a_calendar_takes_the_filters_of_its_list(scene: Scene) -> None:
    south = make.team(scene.police, "south-team")
    make.commitment(scene.assembly, lead=south, due=make.DUE)
    for query in (
        "?team=south-team",
        "?theme=be-there",
        "?due_before=2026-01-01",
        "?q=street",
        "?overdue=false",
    ):
        shown = {f"{row['reference']}-due@127.0.0.1" for row in scene.results(f"commitments/{query}")}
        assert set(events(scene.api, DATES + query)) == shown
    for query in ("?thme=x", "?ordering=due", "?page_size=5", "?cursor=x", "?due_before=soon"):
        answer = scene.api.get(DATES + query)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["parameter"] == query[1:].partition("=")[0]


def test_a_calendar_that_nobody_could_use_is_refused(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    make.commitment(scene.assembly, lead=scene.lead, due=make.DUE)
    monkeypatch.setattr(calendars, "MOST", 1)
    answer = scene.api.get(DATES)
    assert (answer.status_code, answer.json()["code"]) == (400, "too_many_dates")
    one = f"{DATES}?theme=be-there"
    assert len(events(scene.api, one)) == 1
    owner, today = make.member(scene.lead), make.TODAY
    actions.add_milestone(scene.commitment, by=owner, today=today, title="Hire two", due_on=make.days(30))
    assert scene.api.get(one).json()["code"] == "too_many_dates", "a step is a date too"


def test_no_words_break_a_calendar(scene: Scene) -> None:
    title = "Walk; talk, \\n listen: “جنوب” 🚓\r\nBEGIN:VEVENT\rX\u2028Y\x07\u202e" + "é" * 100
    with invented():
        made = make.commitment(
            scene.assembly, lead=scene.lead, title=title, due=Due(date(2026, 9, 1), "day", "a;b,c\\d")
        )
    found = events(scene.api)
    assert len(found) == 2
    event = found[f"{made.reference}-due@127.0.0.1"]
    shown = title.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u202e", "")
    assert event["SUMMARY"] == f"Invented: {made.reference}: {shown}".replace("\x07", "\ufffd")
    assert "“a;b,c\\d”" in event["DESCRIPTION"]
    assert str(event["CATEGORIES"].to_ical(), "utf-8") == "Due date,Invented"


def test_the_same_edition_has_the_same_bytes_and_is_kept(scene: Scene, settings: Any) -> None:
    settings.KEPT_ANSWERS_BYTES = 1_000_000
    first = scene.api.get(DATES)
    settings.PUBLIC_URL = "http://127.0.0.1"
    with CaptureQueriesContext(connection) as asked:
        again = scene.api.get(DATES)
        copy = scene.api.get(DATES, headers={"If-None-Match": first["ETag"]})
    assert len(asked) == 2
    assert (again.content, again["Content-Type"]) == (first.content, first["Content-Type"])
    assert copy.status_code == 304
    assert first["Record-Position"] == str(Entry.objects.count())
    with on(make.days(1)):
        tomorrow = scene.api.get(DATES, headers={"If-None-Match": first["ETag"]})
    assert (tomorrow.status_code, tomorrow.content) == (200, first.content)
    moved(scene)
    assert scene.api.get(DATES).content != first.content


def test_a_calendar_asks_the_database_the_same_for_one_date_and_for_many(scene: Scene) -> None:
    one = queries(scene.api, DATES)
    made = [make.commitment(scene.assembly, lead=scene.lead, due=make.DUE) for _ in range(29)]
    actions.add_milestone(
        made[-1], by=make.member(scene.lead), today=make.TODAY, title="x", due_on=make.DUE.on or make.TODAY
    )
    assert queries(scene.api, DATES) == one <= 6
    assert Commitment.objects.count() == 30


def test_answers_and_replies_have_calendars_of_their_own(scene: Scene) -> None:
    actions.ask(scene.recommendation, by=make.convenor(), today=make.TODAY, organisation=scene.police)
    [event] = events(scene.api, f"{V1}/recommendations/due-dates.ics").values()
    assert (event["SUMMARY"], event.start) == ("Answer due: Police on AT25-R01", make.days(56))
    actions.respond(
        scene.recommendation, by=make.responder(scene.police), today=make.TODAY, organisation=scene.police,
        stance="accepted", body="We will.",
    )  # fmt: skip
    [event] = events(scene.api, f"{V1}/recommendations/due-dates.ics?organisation=police").values()
    assert event["SUMMARY"] == "Answered: Police on AT25-R01"
    assert events(scene.api, f"{V1}/recommendations/due-dates.ics?organisation=nobody") == {}
    claim = make.claim(scene.commitment)
    make.challenge(claim, reason="We see nobody there.")
    challenge = make.open_challenge(claim)
    [event] = events(scene.api, f"{V1}/challenges/due-dates.ics").values()
    assert (event["SUMMARY"], event.start) == ("Reply due: a challenge of AT25-C001", make.days(28))
    actions.reply(challenge, by=make.member(scene.lead), today=make.TODAY, body="We do.")
    [event] = events(scene.api, f"{V1}/challenges/due-dates.ics?state=answered").values()
    assert event["SUMMARY"] == "Replied: a challenge of AT25-C001"
    actions.resolve(challenge, by=make.convenor(), today=make.TODAY, outcome="not_upheld", reason="They do.")
    [event] = events(scene.api, f"{V1}/challenges/due-dates.ics").values()
    assert event["SUMMARY"] == "Resolved, not upheld: a challenge of AT25-C001"
