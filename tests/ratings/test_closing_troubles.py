"""When the key store fails: an operator reads a sentence, and whatever needs no key goes on."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from ratings import actions
from ratings.models import Ballot, CodeBatch, DayCount, Figure, FreshBallot, HourlyCount, RatingPeriod
from ratings.subjects import Said
from record import clock
from record.guarded import opened
from tests import make
from tests.make import TODAY, days
from tests.ratings.crowds import NOON, crowd

pytestmark = pytest.mark.django_db
LATER = days(90)


def cut_and_said() -> str:
    out = StringIO()
    call_command("cut_figures", stdout=out)
    return out.getvalue()


def open_to_all(key: Path) -> None:
    key.chmod(0o644)


def test_a_key_that_cannot_be_read_keeps_back_its_own_quarter_alone(
    keys: Path, caplog: pytest.LogCaptureFixture
) -> None:
    here, there = make.commitment(make.assembly()), make.commitment(make.assembly("elsewhere-2025"))
    for one in (here, there):
        crowd(one, 12, 4)
    _, [code, *_] = actions.issue_codes(here.assembly, by=make.convenor(), number=50)
    actions.redeem(here.assembly, by=make.person(), code=code)
    for name in ("anytown-2025.2026-Q2.key", "anytown-2025.codes.key"):
        open_to_all(keys / name)
    with clock.at(NOON):
        assert cut_and_said() == "1 subjects with new figures, 0 new flags.\n0 keys destroyed.\n"
    assert set(Figure.objects.values_list("subject", flat=True)) == {there.record_subject}
    assert {row.period.assembly for row in FreshBallot.objects.select_related("period__assembly")} == {
        here.assembly
    }
    assert CodeBatch.objects.get().counted_on is None
    assert all(record.exc_info is None for record in caplog.records)
    assert "find out who read it" in caplog.text


def test_a_key_that_cannot_be_destroyed_is_named_and_the_others_go(keys: Path) -> None:
    here, there = make.commitment(make.assembly()), make.commitment(make.assembly("elsewhere-2025"))
    for one in (here, there):
        crowd(one, 12, 4)
    actions.mix_ballots(TODAY)
    assert DayCount.objects.exists()
    open_to_all(keys / "anytown-2025.2026-Q2.key")
    kept = keys / "anytown-2025.2026-Q2.key"
    kept.unlink()
    kept.mkdir(0o700)
    with (
        clock.at(make.noon(LATER)),
        pytest.raises(CommandError, match=r"could not be destroyed: anytown-2025/2026-Q2\. Mend"),
    ):
        cut_and_said()
    gone = dict(RatingPeriod.objects.values_list("assembly__slug", "key_destroyed_on"))
    assert gone == {"anytown-2025": None, "elsewhere-2025": LATER}
    assert not (keys / "elsewhere-2025.2026-Q2.key").exists()
    # What watching counted goes, whatever becomes of a key.
    assert not DayCount.objects.exists()
    assert not HourlyCount.objects.exists()


def test_a_fresh_ballot_that_somebody_altered_keeps_back_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    commitment = make.commitment(make.assembly())
    crowd(commitment, 12, 4)
    spoilt = FreshBallot.objects.order_by("pk")[0]
    with opened():
        FreshBallot.objects.filter(pk=spoilt.pk).update(sealed=bytes(40))
    assert actions.mix_ballots(TODAY) == 11
    assert (Ballot.objects.count(), FreshBallot.objects.get().pk) == (11, spoilt.pk)
    assert "find out who can write there" in caplog.text


def test_ten_of_one_quarter_are_a_crowd_and_others_are_none_for_it() -> None:
    here, there = make.commitment(make.assembly()), make.commitment(make.assembly("elsewhere-2025"))
    crowd(here, 10, 4)
    actions.cast(there, by=make.person(), today=TODAY, said=Said(1))
    assert actions.mix_ballots(TODAY) == 10
    assert not Ballot.objects.filter(subject=there.record_subject).exists()
    crowd(there, 9, 2)
    assert actions.mix_ballots(TODAY) == 10
    assert Ballot.objects.filter(subject=there.record_subject).count() == 10
