"""The demonstration's invented ballots, and the commands of ratings."""

import re
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from commitments.models import Assembly, Commitment
from ratings import demonstration, periods
from ratings.models import Ballot, Figure, FreshBallot
from record import clock
from record.models import Entry
from tests import make

pytestmark = pytest.mark.django_db


def said(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def assembly() -> Assembly:
    return make.assembly()


@pytest.fixture
def promises(assembly: Assembly) -> list[Commitment]:
    """An invented theme, and invented promises: one claimed complete, one in progress, one not begun."""
    with clock.invented():
        make.theme(assembly, "be-there")
        done, going, idle = (make.commitment(assembly) for _ in range(3))
        make.claim(done)
        for one, status in ((going, "in_progress"), (idle, "not_started")):
            make.update(one, by=make.responder(one.owners.get().organisation), status=status)
    return [done, going, idle]


def test_invented_ballots_are_cast_once_and_marked(assembly: Assembly, promises: list[Commitment]) -> None:
    today = date(2026, 8, 20)
    assert 250 <= demonstration.invent(assembly, today) <= 330
    assert demonstration.invent(assembly, today) == 0
    assert not Ballot.objects.filter(invented=False).exists()
    assert not FreshBallot.objects.exists()
    assert not Figure.objects.filter(invented=False).exists()
    assert set(Figure.objects.values_list("period__name", flat=True)) == {"2026-Q2", "2026-Q3"}
    for figure in Figure.objects.select_related("period"):
        assert figure.slot + timedelta(days=6) >= periods.first_day(figure.period.name)
        assert figure.slot <= periods.last_day(figure.period.name)


def test_one_is_judged_badly_and_one_stays_withheld(assembly: Assembly, promises: list[Commitment]) -> None:
    demonstration.invent(assembly, date(2026, 8, 20))
    done, _, idle = promises
    means = Figure.objects.filter(by="all", subject=done.record_subject).values_list("mean", flat=True)
    assert all(mean is not None and mean < 2 for mean in means)
    assert len(means) == 2
    assert Ballot.objects.filter(subject=idle.record_subject).count() == 2 * demonstration.FEW
    assert not Figure.objects.filter(subject=idle.record_subject).exists()


def test_the_key_of_a_quarter_long_over_is_destroyed_with_it(
    assembly: Assembly, promises: list[Commitment]
) -> None:
    demonstration.invent(assembly, date(2026, 8, 20))
    assert Entry.objects.filter(type="key.destroyed").count() == 1


def test_the_weekly_command_says_what_it_did() -> None:
    assert said("cut_figures") == "0 subjects with new figures, 0 keys destroyed, 0 new flags.\n"


def test_codes_are_printed_a_line_each(assembly: Assembly) -> None:
    convenor = make.convenor()
    lines = said("issue_local_codes", assembly.slug, "--by", convenor.email, "--number", "3").split()
    assert len(lines) == 3
    assert all(re.fullmatch(r"([B-Z]{4}-){2}[B-Z]{4}", line) for line in lines)
    with pytest.raises(CommandError, match="no such assembly or account"):
        said("issue_local_codes", "nowhere-2020", "--by", convenor.email)
    with pytest.raises(CommandError, match="Only the convenor"):
        said("issue_local_codes", assembly.slug, "--by", make.person().email)
