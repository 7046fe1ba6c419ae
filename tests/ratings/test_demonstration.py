"""The demonstration's invented ballots, and the commands of ratings."""

import json
import re
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from accounts import roles
from commitments.models import Assembly, Commitment
from ratings import demonstration, periods
from ratings.actions.cutting import STAYS_OPEN
from ratings.models import Ballot, Figure, Flag, FreshBallot, RatingWords, SettingAside, words
from record import clock
from record.entries import shown_words
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
    assert 280 <= demonstration.invent(assembly, today) <= 310
    assert demonstration.invent(assembly, today) == 0
    assert not Ballot.objects.filter(invented=False).exists()
    assert not FreshBallot.objects.exists()
    assert not Figure.objects.filter(invented=False).exists()
    assert set(Figure.objects.values_list("period__name", flat=True)) == {"2026-Q2", "2026-Q3"}
    for figure in Figure.objects.select_related("period"):
        assert figure.slot + timedelta(days=6) >= periods.first_day(figure.period.name)
        assert figure.slot <= periods.last_day(figure.period.name) + STAYS_OPEN


def test_one_is_judged_badly_and_one_stays_withheld(assembly: Assembly, promises: list[Commitment]) -> None:
    demonstration.invent(assembly, date(2026, 8, 20))
    done, _, idle = promises
    means = Figure.objects.filter(by="all", subject=done.record_subject).values_list("mean", flat=True)
    assert len(means) >= 2
    assert all(mean is not None and mean < 2 for mean in means)
    done.refresh_from_db()
    assert done.gap is not None
    assert done.gap / 40 > 0.7, "claimed complete, and hardly anybody sees it"
    assert Ballot.objects.filter(subject=idle.record_subject).count() == 2 * demonstration.FEW
    assert not Figure.objects.filter(subject=idle.record_subject).exists()


def test_a_crowd_is_flagged_and_two_convenors_set_its_quarter_aside(
    assembly: Assembly, promises: list[Commitment]
) -> None:
    cache.clear()
    demonstration.invent(assembly, date(2026, 8, 20))
    _, going, _ = promises
    assert set(Flag.objects.values_list("rule", "subject")) == {
        ("burst/1", ""),
        ("shift/1", going.record_subject),
    }
    aside = SettingAside.objects.get()
    assert (aside.subject, aside.state, aside.invented) == (going.record_subject, "approved", True)
    assert aside.author != aside.decided_by
    assert roles.convenors(assembly.slug)[0] not in {aside.author, aside.decided_by}
    figures = Figure.objects.filter(by="all", subject=going.record_subject)
    assert set(figures.values_list("period__name", "set_aside")) == {("2026-Q2", True), ("2026-Q3", False)}
    with_crowd = figures.get(period__name="2026-Q2", latest=True)
    assert with_crowd.n == 85
    assert with_crowd.mean is not None
    assert with_crowd.mean > 4
    going.refresh_from_db()
    assert going.residents_period == "2026-Q3"
    for kind in ("period.change_proposed", "period.set_aside"):
        assert json.loads(bytes(Entry.objects.get(type=kind).body))["invented"] is True


def test_some_say_a_few_words_which_are_marked_as_invented(
    assembly: Assembly, promises: list[Commitment]
) -> None:
    demonstration.invent(assembly, date(2026, 8, 20))
    done, going, idle = promises
    published = words.shown()
    assert {row.subject for row in published} == {
        "theme:anytown-2025/be-there", done.record_subject, going.record_subject,
    }  # fmt: skip
    assert all(row.invented for row in published)
    texts = shown_words([row.position or 0 for row in published])
    assert "Jo Sample" not in str(texts)
    assert len(texts) == 5
    waiting = RatingWords.objects.get(stage="waiting")
    assert (waiting.subject, waiting.text.split(" came")[0]) == (going.record_subject, "Jo Sample")
    assert set(RatingWords.objects.filter(subject=idle.record_subject).values_list("stage", "text")) == {
        ("sealed", "")
    }


@pytest.mark.parametrize("today", [date(2026, 7, 1), date(2026, 9, 30), date(2027, 1, 1)])
def test_it_goes_through_on_the_first_and_the_last_day_of_a_quarter(
    assembly: Assembly, promises: list[Commitment], today: date
) -> None:
    assert 280 <= demonstration.invent(assembly, today) <= 310
    assert SettingAside.objects.count() == 1


def test_the_key_of_a_quarter_long_over_is_destroyed_with_it(
    assembly: Assembly, promises: list[Commitment]
) -> None:
    demonstration.invent(assembly, date(2026, 8, 20))
    assert Entry.objects.filter(type="key.destroyed").count() == 1


def test_the_weekly_command_says_what_it_did() -> None:
    assert said("cut_figures") == "0 subjects with new figures, 0 new flags.\n0 keys destroyed.\n"


def test_codes_are_printed_a_line_each(assembly: Assembly) -> None:
    convenor = make.convenor()
    lines = said("issue_local_codes", assembly.slug, "--by", convenor.email, "--number", "3").split()
    assert len(lines) == 3
    assert all(re.fullmatch(r"([B-Z]{4}-){2}[B-Z]{4}", line) for line in lines)
    with pytest.raises(CommandError, match="no such assembly or account"):
        said("issue_local_codes", "nowhere-2020", "--by", convenor.email)
    with pytest.raises(CommandError, match="Only the convenor"):
        said("issue_local_codes", assembly.slug, "--by", make.person().email)
