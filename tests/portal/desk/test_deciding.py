"""Due dates and corrections are decided at the desk: with every earlier move in sight, with a reason, once."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import actions
from commitments.models import Commitment, DueDateChange
from commitments.promises import Due
from record import clock
from tests import make
from tests.make import TODAY, days
from tests.portal.desk.deciding import said, send
from tests.portal.desk.windows import at_desk
from tests.portal.people import fill

pytestmark = pytest.mark.django_db
LIST = f"/desk/assemblies/{make.SLUG}/date-changes/"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.at(make.noon(TODAY)):
        yield


@pytest.fixture
def late() -> Commitment:
    return make.commitment(make.assembly(prefix="AT25"), today=days(-60), due=Due(days(-5)))


def asked(of: Commitment, on: int, *, back: int = 0) -> DueDateChange:
    by = make.member(make.lead_team(of))
    return actions.request_due_date(of, by=by, today=days(-back), due=Due(days(on)), reason=f"Snow of {on}.")


def test_one_date_is_approved_and_another_refused_each_with_a_reason(late: Commitment) -> None:
    client = at_desk(make.convenor())
    first = asked(late, 20, back=2)
    page = said(client.get(f"/desk/date-changes/{first.pk}/"))
    assert "It has never moved before." in page
    assert "It is late already, and stays so in the record" in page
    preview, answer = send(
        client, f"/desk/date-changes/{first.pk}/", decision="approve", reason="Snow it was."
    )
    assert "the new date does not unmake it" in preview
    assert "Snow it was." in preview
    assert "21 June 2026" in preview
    assert answer["Location"].startswith(LIST)
    late.refresh_from_db()
    assert (late.due_on, late.first_due_on, late.due_changes) == (days(20), days(-5), 1)
    second = asked(late, 90)
    assert "It moved 1 time before." in said(client.get(f"/desk/date-changes/{second.pk}/"))
    preview, answer = send(client, f"/desk/date-changes/{second.pk}/", decision="refuse", reason="Not again.")
    assert "Refused:" in preview
    late.refresh_from_db()
    second.refresh_from_db()
    assert (late.due_on, second.state, second.decision_reason) == (days(20), "refused", "Not again.")
    assert client.get(f"/desk/date-changes/{second.pk}/").status_code == 409


def test_nothing_typed_is_lost_when_the_reason_is_missing_or_somebody_was_quicker(late: Commitment) -> None:
    client, change = at_desk(make.convenor()), asked(late, 20)
    path = f"/desk/date-changes/{change.pk}/"
    page = client.get(path)
    bare = fill(client, page, path, needing="once", decision="refuse")
    assert bare.status_code == 400
    assert "Give the reason." in said(bare)
    assert said(bare).count(" checked") == 1
    preview = fill(client, page, path, needing="once", decision="refuse", reason="No snow fell.")
    actions.approve_due_date(change, by=make.convenor(), today=TODAY)
    answer = fill(client, preview, path, needing="once", send="1")
    assert answer.status_code == 409
    assert "This request was approved already" in said(answer)
    assert "No snow fell." in said(answer)


def test_who_asked_who_owns_and_who_convenes_another_assembly_do_not_decide(late: Commitment) -> None:
    make.assembly("newtown-2026", prefix="NT26")
    path = f"/desk/date-changes/{asked(late, 20).pk}/"
    owner = make.responder(make.lead_team(late).organisation)
    for by in (owner, make.convenor("newtown-2026"), make.panel()):
        assert at_desk(by).get(path).status_code == 403
        assert at_desk(by).get(LIST).status_code == 403
    nothing = "/desk/date-changes/00000000-0000-4000-8000-000000000000/"
    assert at_desk(make.convenor()).get(nothing).status_code == 404


def test_a_correction_is_seen_word_by_word_and_decided(late: Commitment) -> None:
    by = make.member(make.lead_team(late))
    it = actions.correct_commitment(
        late, by=by, today=TODAY, field="title", text="Walk the High Street every evening", reason="A name."
    )
    client = at_desk(make.convenor())
    listed = said(client.get(f"/desk/assemblies/{make.SLUG}/corrections/"))
    assert f"/desk/corrections/{it.pk}/" in listed
    preview, _ = send(client, f"/desk/corrections/{it.pk}/", decision="approve", reason="Same meaning.")
    assert "<ins>" in preview
    late.refresh_from_db()
    it.refresh_from_db()
    assert (late.title, it.decision_reason) == ("Walk the High Street every evening", "Same meaning.")


def test_the_list_costs_the_same_for_one_and_for_many(late: Commitment) -> None:
    client = at_desk(make.convenor())

    def questions() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(LIST).status_code == 200
        return len(caught)

    asked(late, 20)
    client.get(LIST)
    one = questions()
    for number in range(4):
        more = make.commitment(late.assembly, lead=make.lead_team(late), due=Due(days(9)))
        asked(more, 20 + number)
    assert questions() == one
