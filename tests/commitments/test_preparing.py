"""What a start prepares: in development people and the real record, in production nothing by itself."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts import roles
from accounts.models import Organisation, User
from accounts.people import person
from commitments import importing, preparing
from commitments.actions.clock import ClockStumbled
from commitments.models import Commitment, ImportedItem, Missed
from commitments.preparing import ASSEMBLY, IN_PRODUCTION
from record import clock
from record.models import Entry, Head
from tests import make

pytestmark = pytest.mark.django_db
Captured = pytest.CaptureFixture[str]


def test_an_empty_folder_gets_people_and_the_real_record(capsys: Captured) -> None:
    call_command("prepare")
    shown = dict(re.findall(r"^  (\S+@example\.org) +(\S+) ", capsys.readouterr().out, flags=re.M))
    assert len(shown) == 25
    assert all(User.objects.get(email=email).check_password(password) for email, password in shown.items())
    assert Commitment.objects.count() == 5
    assert not Commitment.objects.filter(invented=True).exists()


def test_these_people_can_walk_the_whole_way(capsys: Captured) -> None:
    call_command("prepare")
    assert [str(one) for one in roles.convenors(ASSEMBLY)] == [
        "convenor@example.org",
        "convenor2@example.org",
    ]
    assert roles.is_panel(person("panel@example.org"), ASSEMBLY)
    police = Organisation.objects.get(slug="metropolitan-police")
    assert roles.is_responder(person("responder@example.org"), police)
    assert [team.slug for team in roles.teams(person("team@example.org"))] == ["wf-safer-neighbourhoods"]
    assert police.teams.count() >= 2


def test_a_second_start_changes_nothing(capsys: Captured) -> None:
    call_command("prepare")
    before = Head.objects.get().position, User.objects.count(), ImportedItem.objects.count()
    capsys.readouterr()
    call_command("prepare")
    assert capsys.readouterr().out == ""
    assert (Head.objects.get().position, User.objects.count(), ImportedItem.objects.count()) == before


def test_a_role_that_an_operator_ended_stays_ended(capsys: Captured) -> None:
    call_command("prepare")
    call_command("end_role", "panel@example.org", "panel", assembly=ASSEMBLY)
    call_command("prepare")
    assert not roles.held(person("panel@example.org")).exists()


def test_what_changed_in_the_file_since_is_said_and_stops_no_start(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    call_command("prepare")
    changed = importing.read(preparing.REAL_RECORD)
    changed["commitments"][0]["title"] = "Another title"
    monkeypatch.setattr(preparing, "read", lambda path: changed)
    call_command("prepare")
    assert "/commitments/0/title: The record says" in capsys.readouterr().out
    assert Commitment.objects.get(reference="WF24-C001").title == "Safer Routes pilot"


def test_production_creates_nobody_and_says_how_to_begin(settings: Any, capsys: Captured) -> None:
    settings.IN_PRODUCTION = True
    call_command("prepare")
    assert IN_PRODUCTION in capsys.readouterr().out
    assert not User.objects.exists()
    assert not Entry.objects.exists()


def test_production_says_nothing_once_there_is_an_assembly(settings: Any, capsys: Captured) -> None:
    make.assembly()
    settings.IN_PRODUCTION = True
    call_command("prepare")
    assert capsys.readouterr().out == ""


def test_production_shows_no_inventions(settings: Any) -> None:
    settings.IN_PRODUCTION = True
    with pytest.raises(CommandError, match="holds nothing invented"):
        call_command("prepare", demo=True)


def test_inventions_are_not_mixed_into_a_record_that_is_there(capsys: Captured) -> None:
    call_command("prepare")
    before = Head.objects.get().position
    with pytest.raises(CommandError, match="a folder of its own"):
        call_command("prepare", demo=True)
    assert Head.objects.get().position == before


def test_tick_writes_what_was_missed_and_counts_it(capsys: Captured) -> None:
    with clock.at(make.noon(make.TODAY)):
        one = make.commitment(due=make.DUE)
    with clock.at(make.noon(make.days(100))):
        call_command("tick")
    assert "1 deadline written" in capsys.readouterr().out
    assert Missed.objects.get().subject == f"commitment:{one.reference}"


def test_tick_takes_a_day_that_has_come_and_no_other(capsys: Captured) -> None:
    call_command("tick", "--today=2026-01-01")
    assert "0 deadlines written" in capsys.readouterr().out
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(CommandError, match="has not come yet"):
        call_command("tick", f"--today={tomorrow}")


def test_a_tick_that_stumbles_says_so_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(today: date) -> int:
        raise ClockStumbled("Deadlines that could not be written: 1.")

    monkeypatch.setattr("commitments.management.commands.tick.tick", stumble)
    with pytest.raises(CommandError, match="could not be written: 1"):
        call_command("tick")
