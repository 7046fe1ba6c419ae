"""Reports of words that should not be shown: once a person, decided by the convenor, hidden by the one mechanism."""

import pytest

from accounts.models import User
from commitments.errors import AddressNotConfirmed, NotTheConvenor, OwnRequest
from commitments.models import Commitment
from ratings import actions, errors
from ratings.models import RatingWords, Report, words
from record import entries
from record.models import Entry
from tests import make
from tests.make import TODAY
from tests.ratings.speaking import published
from tests.recording import refused, telling

pytestmark = pytest.mark.django_db


@pytest.fixture
def commitment() -> Commitment:
    assembly = make.assembly()
    asked = make.recommendation(assembly, theme=make.theme(assembly, "presence"))
    return make.commitment(assembly, recommendations=[asked])


@pytest.fixture
def author() -> User:
    return make.person()


def reported(row: RatingWords, by: User) -> Report:
    return actions.report(
        Entry.objects.get(position=row.position or 0), by=by, today=TODAY, reason="It names my son."
    )


def test_words_that_are_shown_can_be_reported_once_and_the_convenor_dismisses_it(
    commitment: Commitment, author: User
) -> None:
    row, reporter = published(commitment, author), make.person()
    convenor, panel = make.convenor(), make.panel()
    with telling() as told:
        report = reported(row, reporter)
        with refused(errors.ReportedAlready):
            reported(row, reporter)
        with refused(NotTheConvenor):
            actions.dismiss_report(report, by=panel, today=TODAY)
        actions.dismiss_report(report, by=convenor, today=TODAY)
        with refused(errors.ReportDecided):
            actions.dismiss_report(report, by=convenor, today=TODAY)
    assert told == []
    report.refresh_from_db()
    assert (report.decided_on, report.reason) == (TODAY, "")


def test_nobody_reports_what_is_not_shown_or_decides_an_own_report(
    commitment: Commitment, author: User
) -> None:
    row = published(commitment, author)
    nobody = make.person()
    nobody.confirmed_at = None
    with refused(AddressNotConfirmed):
        reported(row, nobody)
    convenor = make.convenor()
    report = reported(row, convenor)
    with refused(OwnRequest):
        actions.dismiss_report(report, by=convenor, today=TODAY)
    late = make.person()
    actions.take_back_words(commitment, by=author, today=TODAY)
    with refused(errors.NothingShown, "entry"):
        reported(row, late)


def test_reported_words_are_hidden_with_a_ground_and_every_report_of_them_is_decided(
    commitment: Commitment, author: User
) -> None:
    row, convenor = published(commitment, author), make.convenor()
    first, second = reported(row, make.person()), reported(row, make.person())
    with telling() as told:
        actions.hide_reported(first, by=convenor, today=TODAY, ground="personal_data", note="A boy's name.")
    [entry] = told
    assert entry.type == "words.hidden"
    assert entries.body_of(entry)["facts"] == {"entry": row.position, "ground": "personal_data"}
    assert "boy" not in bytes(entry.body).decode()
    assert not words.shown().exists()
    second.refresh_from_db()
    assert (second.decided_on, second.reason) == (TODAY, "")


def test_reports_reach_the_words_of_any_entry(commitment: Commitment) -> None:
    update, convenor = make.update(commitment), make.convenor()
    entry = Entry.objects.get(position=update.position or 0)
    report = actions.report(entry, by=make.person(), today=TODAY, reason="It names somebody.")
    actions.hide_reported(report, by=convenor, today=TODAY, ground="personal_data")
    assert set(entries.shown_words([entry.position])[entry.position].values()) == {None}
