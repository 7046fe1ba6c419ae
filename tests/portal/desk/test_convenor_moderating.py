"""Residents' words at the desk: read, shown, refused or hidden; never with a name or a score."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from commitments.models import Commitment, Withholding
from ratings import actions
from ratings.models import RatingWords, Report, SettingAside
from record import clock
from record.models import Entry
from tests import make
from tests.make import SLUG, TODAY
from tests.portal.desk.deciding import said, send
from tests.portal.desk.windows import at_desk
from tests.ratings.crowds import burst
from tests.ratings.speaking import SAID, published, waiting

pytestmark = pytest.mark.django_db
HOME = f"/desk/assemblies/{SLUG}/"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    cache.clear()
    with clock.at(make.noon(TODAY)):
        yield
    cache.clear()


@pytest.fixture
def commitment() -> Commitment:
    return make.commitment(make.assembly(prefix="AT25"))


@pytest.mark.parametrize(("decision", "stage"), [("publish", "published"), ("abuse", "refused")])
def test_words_are_read_and_shown_or_refused(commitment: Commitment, decision: str, stage: str) -> None:
    author = make.person()
    it, client = waiting(commitment, author), at_desk(make.convenor())
    path = f"/desk/words/{it.pk}/"
    assert path in said(client.get(f"{HOME}words/"))
    page = said(client.get(path))
    assert SAID in page
    assert author.email not in page
    preview, answer = send(client, path, decision=decision)
    assert (SAID in preview) is (decision == "publish")
    assert answer["Location"].startswith(f"{HOME}words/")
    assert RatingWords.objects.get(pk=it.pk).stage == stage
    assert client.get(path).status_code == 409
    owner = at_desk(make.member(make.lead_team(commitment)))
    assert owner.get(path).status_code == 403


def test_a_report_hides_words_or_is_dismissed_and_its_reason_goes(commitment: Commitment) -> None:
    row, reporter = published(commitment, make.person()), make.person()
    entry, client = Entry.objects.get(position=row.position or 0), at_desk(make.convenor())
    one = actions.report(entry, by=reporter, today=TODAY, reason="It names my son.")
    path = f"/desk/reports/{one.pk}/"
    page = said(client.get(f"{HOME}reports/"))
    assert "It names my son." in page
    assert reporter.email not in page
    send(client, path, decision="dismiss")
    one.refresh_from_db()
    assert (one.decided_on, one.reason) == (TODAY, "")
    assert client.get(path).status_code == 409
    two = actions.report(entry, by=make.person(), today=TODAY, reason="It does.")
    preview, _ = send(client, f"/desk/reports/{two.pk}/", decision="personal_data", reason="Rang us.")
    assert SAID not in preview.partition("This is what everybody will see")[2].partition("Kept for")[0]
    assert Withholding.objects.get().note == "Rang us."
    assert not Report.objects.filter(decided_on=None).exists()


def test_one_convenor_asks_to_set_aside_and_another_decides_with_a_reason(commitment: Commitment) -> None:
    flag = burst(commitment)
    first, second = at_desk(make.convenor()), at_desk(make.convenor())
    page = said(first.get(f"{HOME}set-asides/"))
    assert f"/desk/flags/{flag.pk}/" in page
    send(first, f"/desk/flags/{flag.pk}/", decision="ask", reason="All within an hour.")
    asked = SettingAside.objects.get()
    path = f"/desk/set-asides/{asked.pk}/"
    assert first.get(path).status_code == 403
    preview, _ = send(second, path, decision="approve", reason="I see it too.")
    assert "I see it too." in preview
    asked.refresh_from_db()
    assert (asked.state, asked.decision_reason) == ("approved", "I see it too.")
    send(second, f"{path}restore/", decision="ask", reason="They were real.")
    back = SettingAside.objects.get(change="restore")
    send(first, f"/desk/set-asides/{back.pk}/", decision="refuse", reason="They were not.")
    back.refresh_from_db()
    assert back.state == "refused"
