"""What was seen is kept: appearance, edit, disappearance and return are entries; what could not be read is nothing."""

import json
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError

from commitments import actions
from commitments.actions.snapshots import Look, Told
from commitments.management.commands import take_priorities
from commitments.models import Neighbourhood, Priority
from commitments.policeuk.trouble import PoliceUKTrouble
from record.models import Entry, Head, Words
from record.refusals import Refusal
from tests.make import TODAY, days
from tests.policeuk.looking import look, places, rows
from tests.policeuk.recorded import ELSEWHERE, FORCE, Recorded, answer, source
from tests.recording import everything, telling, told, types

pytestmark = pytest.mark.django_db
HIGH_STREET = f"{FORCE}/E05013891"
PRIORITIES = f"{HIGH_STREET}/priorities"
MOPEDS, DRINKING = (
    "Mopeds on the pavement (invented)",
    "Street drinking in the market square & around it (invented).",
)
LICENSED = {"url": f"https://data.police.uk/api/{HIGH_STREET}", "licence": "OGL-UK-3.0"}


def test_what_appears_is_published_with_its_source_licence_and_day(recorded: Recorded) -> None:
    with telling() as entries:
        report = look(recorded)
    assert report.told == {"neighbourhood.published": 4, "priority.published": 3}
    assert (report.listed, report.read, report.failed) == (4, 4, [])
    assert types(entries)[:3] == ["neighbourhood.published", "priority.published", "priority.published"]
    place = Neighbourhood.objects.get(code="E05013891")
    told(
        entries[0],
        "neighbourhood.published",
        actor="operator",
        subject=f"neighbourhood:{place.pk}",
        facts={
            "force": FORCE,
            "neighbourhood": "E05013891",
            "seen_on": "2026-06-01",
            "source": LICENSED,
            "population": 12985,
            "latitude": 51.58306,
            "longitude": -0.027995,
            "area": None,
            "placed_by": None,
        },
        words={"name": "High Street ward team"},
        assembly="",
    )
    drinking = Priority.objects.get(issue=DRINKING)
    told(
        entries[1],
        "priority.published",
        actor="operator",
        subject=f"priority:{drinking.pk}",
        facts={
            "force": FORCE,
            "neighbourhood": "E05013891",
            "seen_on": "2026-06-01",
            "source": LICENSED,
            "issue_date": "2026-04-14",
            "action_date": "2026-05-20",
        },
        words={"issue": DRINKING, "action": drinking.action},
        assembly="",
    )
    assert [one.position for one in drinking.wordings.all()] == [entries[1].position]


def test_the_same_answer_again_records_nothing(recorded: Recorded) -> None:
    look(recorded)
    before = everything()
    assert look(recorded).told == {}
    assert everything() == before
    revision = Head.objects.get().revision
    position = Head.objects.get().position
    assert look(recorded, days(1)).told == {}
    assert Head.objects.get().position == position
    assert Head.objects.get().revision > revision
    assert {one.looked_on for one in Neighbourhood.objects.all()} == {days(1)}


def test_the_same_answer_in_another_order_records_nothing(recorded: Recorded) -> None:
    recorded.say(PRIORITIES, rows("Burglary", "Mopeds", "Drugs"))
    look(recorded)
    recorded.say(PRIORITIES, rows("Drugs", "Burglary", "Mopeds"))
    assert look(recorded, days(1)).told == {}


def test_markup_alone_is_no_edit(recorded: Recorded) -> None:
    recorded.say(PRIORITIES, rows("Burglary & theft"))
    look(recorded)
    recorded.say(PRIORITIES, rows("<p><b>Burglary</b> &amp;  theft</p>"))
    assert look(recorded, days(1)).told == {}


def test_an_edit_shows_both_wordings(recorded: Recorded) -> None:
    recorded.say(PRIORITIES, rows("Street drinking around High Street"))
    look(recorded)
    known = Priority.objects.get(neighbourhood__code="E05013891")
    edited = rows("Street drinking around Wood Street", action="<p>Patrols.</p>")
    recorded.say(PRIORITIES, [{**edited[0], "action-date": "2026-06-01T00:00:00"}])
    with telling() as entries:
        report = look(recorded, days(1))
    assert report.told == {"priority.changed": 1}
    told(
        entries[0],
        "priority.changed",
        actor="operator",
        subject=f"priority:{known.pk}",
        facts={
            "force": FORCE,
            "neighbourhood": "E05013891",
            "seen_on": "2026-06-02",
            "source": LICENSED,
            "old": {"action_date": None},
            "new": {"action_date": "2026-06-01"},
        },
        words={
            "old_issue": "Street drinking around High Street",
            "new_issue": "Street drinking around Wood Street",
            "new_action": "Patrols.",
        },
        on=days(1),
        assembly="",
    )
    known.refresh_from_db()
    assert (known.issue, known.action, known.edits) == ("Street drinking around Wood Street", "Patrols.", 1)
    assert [(one.seen_on, one.issue) for one in known.wordings.all()] == [
        (TODAY, "Street drinking around High Street"),
        (days(1), "Street drinking around Wood Street"),
    ]


def test_what_disappears_and_comes_back_is_one_thing(recorded: Recorded) -> None:
    look(recorded)
    look(recorded, days(3))
    recorded.say(PRIORITIES, rows(DRINKING, action="Patrols on Fridays."))
    with telling() as entries:
        report = look(recorded, days(5))
    assert report.told == {"priority.changed": 1, "priority.withdrawn": 1}
    mopeds = Priority.objects.get(issue=MOPEDS)
    assert (mopeds.last_seen_on, mopeds.gone_on) == (days(3), days(5))
    facts = json.loads(bytes(entries[1].body))["facts"]
    assert (facts["last_seen_on"], facts["seen_on"]) == ("2026-06-04", "2026-06-06")
    recorded.say(PRIORITIES, rows(DRINKING, action="Patrols on Fridays.") + rows(MOPEDS))
    with telling() as entries:
        assert look(recorded, days(7)).told == {"priority.returned": 1}
    assert json.loads(bytes(entries[0].body))["facts"]["gone_on"] == "2026-06-06"
    mopeds.refresh_from_db()
    assert (mopeds.last_seen_on, mopeds.gone_on, mopeds.first_seen_on) == (None, None, TODAY)


def test_the_same_words_set_anew_are_a_new_priority(recorded: Recorded) -> None:
    recorded.say(PRIORITIES, rows("Burglary"))
    look(recorded)
    recorded.say(PRIORITIES, [{**rows("Burglary")[0], "issue-date": "2026-07-14T00:00:00"}])
    assert look(recorded, days(50)).told == {"priority.published": 1, "priority.withdrawn": 1}


@pytest.mark.parametrize(
    "broken",
    [
        answer(b"", 404),
        answer(b"", 500),
        answer(b"", 429),
        answer(b'[{"issue": "Burg'),
        answer(b"[7]"),
        answer([{"issue": MOPEDS, "issue-date": "soon"}]),
        TimeoutError("20 seconds"),
    ],
)
def test_what_could_not_be_read_is_no_disappearance_and_ends_nothing(
    recorded: Recorded, broken: object
) -> None:
    look(recorded)
    before = everything()
    recorded.say(PRIORITIES, broken)
    report = look(recorded)
    assert everything() == before
    assert (report.read, len(report.failed)) == (3, 1)
    assert "E05013891/priorities" in report.failed[0]
    recorded.say(f"{FORCE}/E05013893/priorities", rows("Bicycles"))
    assert look(recorded).told == {"priority.published": 1, "priority.withdrawn": 1}


def test_an_answer_for_another_id_is_not_believed(recorded: Recorded) -> None:
    recorded.say(f"{FORCE}/X9", {"id": "E05013891", "name": "High Street"})
    assert look(recorded).failed == [
        "https://data.police.uk/api/invented-police/X9 answers for another id, E05013891."
    ]
    assert not Neighbourhood.objects.filter(code="X9").exists()


def test_a_list_that_cannot_be_read_or_is_empty_changes_nothing(recorded: Recorded) -> None:
    look(recorded)
    before = everything()
    answers: list[Any] = [answer(b"", 503), answer(b"[{"), [], {"error": "x"}]
    for broken in answers:
        recorded.say(f"{FORCE}/neighbourhoods", broken)
        with pytest.raises(PoliceUKTrouble):
            look(recorded, days(1))
    assert everything() == before


def test_a_source_that_fails_again_and_again_is_left_alone(recorded: Recorded) -> None:
    recorded.say(f"{FORCE}/neighbourhoods", [{"id": f"N{number}", "name": None} for number in range(40)])
    report = look(recorded)
    assert len(report.failed) == 6
    assert report.failed[-1] == "35 more were not asked, after 5 failures in a row."
    assert report.told == {}


def test_a_neighbourhood_that_is_listed_no_more_goes_with_its_priorities_and_may_return(
    recorded: Recorded,
) -> None:
    look(recorded)
    listed = [
        {"id": "E05013893", "name": "Hoe Street"},
        {"id": "X9", "name": None},
        {"id": "55.CR3001", "name": "W"},
    ]
    recorded.say(f"{FORCE}/neighbourhoods", listed)
    assert look(recorded, days(2)).told == {"neighbourhood.withdrawn": 1, "priority.withdrawn": 2}
    assert look(recorded, days(3)).told == {}
    gone = Neighbourhood.objects.get(code="E05013891")
    assert (gone.looked_on, gone.gone_on) == (TODAY, days(2))
    recorded.say(f"{FORCE}/neighbourhoods", [*listed, {"id": "E05013891", "name": None}])
    assert look(recorded, days(4)).told == {"neighbourhood.returned": 1, "priority.returned": 2}


def test_most_of_a_force_gone_at_once_is_not_believed_without_being_told(recorded: Recorded) -> None:
    ids = [f"N{number}" for number in range(8)]
    for one in ids:
        recorded.say(f"{FORCE}/{one}", {"id": one, "name": one})
        recorded.say(f"{FORCE}/{one}/priorities", [])
    recorded.say(f"{FORCE}/neighbourhoods", [{"id": one, "name": one} for one in ids])
    look(recorded)
    recorded.say(f"{FORCE}/neighbourhoods", [{"id": "N0", "name": "N0"}])
    report = look(recorded, days(1))
    assert report.told == {}
    assert "7 known neighbourhoods, more than half, are not listed any more" in report.failed[0]
    assert look(recorded, days(1), accept_losses=True).told == {"neighbourhood.withdrawn": 7}


def test_a_changed_name_or_population_is_recorded(recorded: Recorded) -> None:
    look(recorded)
    recorded.say(HIGH_STREET, {"id": "E05013891", "name": "High Street", "population": "13000"})
    with telling() as entries:
        assert look(recorded, days(1)).told == {"neighbourhood.changed": 1}
    facts = json.loads(bytes(entries[0].body))["facts"]
    assert facts["old"] == {"population": 12985, "latitude": 51.58306, "longitude": -0.027995}
    assert facts["new"] == {"population": 13000, "latitude": None, "longitude": None}
    words = {row.name: row.text for row in Words.objects.filter(position=entries[0].position)}
    assert words == {"old_name": "High Street ward team", "new_name": "High Street"}


def test_one_id_in_two_forces_is_two_neighbourhoods(recorded: Recorded) -> None:
    look(recorded)
    look(recorded, force=ELSEWHERE)
    assert Neighbourhood.objects.filter(code="E05013891").count() == 2
    assert Priority.objects.filter(issue=MOPEDS).count() == 2
    recorded.say(PRIORITIES, [])
    look(recorded, days(1))
    assert Priority.objects.get(issue=MOPEDS, gone_on=None).neighbourhood.force == ELSEWHERE


def test_only_some_neighbourhoods_can_be_asked_and_the_others_stay(recorded: Recorded) -> None:
    look(recorded)
    recorded.asked.clear()
    recorded.say(f"{FORCE}/neighbourhoods", [{"id": "E05013891", "name": "High Street ward team"}])
    assert look(recorded, days(1), only=["E05013891"]).told == {}
    assert recorded.asked == [f"{FORCE}/neighbourhoods", f"forces/{FORCE}", HIGH_STREET, PRIORITIES]
    with pytest.raises(PoliceUKTrouble, match="lists no neighbourhood E0, E1; check the ids"):
        look(recorded, only=["E1", "E05013891", "E0"])


def test_a_dry_run_says_what_would_be_recorded_and_records_nothing(recorded: Recorded) -> None:
    before = everything()
    report = look(recorded, dry_run=True)
    assert everything() == before
    assert "4 of 4 neighbourhoods read; 7 entries would be written (dry run: nothing was)." in str(report)
    assert len(report.unplaced) == 4
    assert look(recorded).told == report.told


def test_the_command_says_what_it_did_and_fails_where_something_could_not_be_read(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(take_priorities, "PoliceUK", lambda: source(recorded))
    places()
    call_command("take_priorities", FORCE, "--neighbourhood", "X9", "E05013891", "--area", "E23000099")
    assert capsys.readouterr().out.splitlines() == [
        "invented-police: 2 of 2 neighbourhoods read; 4 entries written.",
        "  neighbourhood.published: 2",
        "  priority.published: 2",
        "In no area of ours until a convenor says which:",
        "  X9",
    ]
    call_command("take_priorities", FORCE, "--dry-run")
    assert "3 entries would be written (dry run: nothing was)" in capsys.readouterr().out
    recorded.say(PRIORITIES, answer(b"<html>"))
    with pytest.raises(CommandError, match=r"left as it was:\n.*not JSON"):
        call_command("take_priorities", FORCE)
    with pytest.raises(CommandError, match="There is no area E23000000 here"):
        call_command("take_priorities", FORCE, "--area", "E23000000")
    with pytest.raises(CommandError, match="is not there; check the force"):
        call_command("take_priorities", "no-such-police")


def test_one_that_cannot_be_kept_ends_nothing(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = actions.keep_look

    def refusing(one: Look, *, today: date) -> Told:
        if one.neighbourhood.id == "E05013891":
            raise DatabaseError("no room")
        return keep(one, today=today)

    monkeypatch.setattr(actions, "keep_look", refusing)
    report = look(recorded)
    assert report.failed == [f"{LICENSED['url']} could not be kept (DatabaseError); the log says why."]
    assert report.read == 3
    assert set(Neighbourhood.objects.values_list("code", flat=True)) == {"E05013893", "55.CR3001", "X9"}


def test_every_entry_of_a_look_is_the_operators_and_of_no_assembly(recorded: Recorded) -> None:
    look(recorded)
    assert {(one.actor, one.assembly, one.subject == one.root) for one in Entry.objects.all()} == {
        ("operator", "", True)
    }
    assert not issubclass(PoliceUKTrouble, Refusal)
