"""A mailed code alone makes nobody more than a resident; and what an office forbids stays forbidden."""

import json
from typing import Any

import pytest
from django.core.cache import cache

from accounts import actions as accounts
from accounts.models import User
from commitments import actions
from commitments.errors import JudgesTakeNoSide
from ratings import actions as ratings
from ratings.errors import OwnersDoNotRate
from ratings.subjects import Said
from record.refusals import Forbidden
from tests import make
from tests.make import TODAY
from tests.portal.people import fill, signed_in, user_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    cache.clear()


def test_a_code_alone_makes_nobody_an_operator_and_gives_no_key() -> None:
    operator = User.objects.create_superuser("operator@example.org")
    client = signed_in(operator.email)
    assert client.get("/admin/").status_code == 302
    token = client.cookies["csrftoken"].value
    send: Any = {"content_type": "application/json", "headers": {"X-CSRFToken": token}}
    answer = client.post("/api/v1/keys/", json.dumps({"scopes": ["all"]}), **send)
    assert (answer.status_code, answer.json()["code"]) == (403, "code_is_not_enough")
    operator.refresh_from_db()
    assert operator.is_superuser


def test_in_office_by_a_code_alone_one_may_nothing_and_is_barred_as_ever() -> None:
    commitment = make.commitment()
    claim = make.claim(commitment)
    officer, convenor, panel = make.member(make.lead_team(commitment)), make.convenor(), make.panel()
    by_officer = user_of(signed_in(officer.email))
    client = signed_in(convenor.email)
    by_convenor = user_of(client)
    send: Any = {"headers": {"X-CSRFToken": client.cookies["csrftoken"].value, "Idempotency-Key": "k"}}
    batch = json.dumps({"assembly": make.SLUG, "number": 1})
    answer = client.post("/api/v1/local-codes/", batch, content_type="application/json", **send)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_the_convenor")
    by_panel = user_of(signed_in(panel.email))
    with pytest.raises(Forbidden):
        make.update(commitment, by=by_officer)
    with pytest.raises(OwnersDoNotRate):
        ratings.cast(commitment, by=by_officer, today=TODAY, said=Said(5))
    with pytest.raises(Forbidden):
        actions.admit(make.challenge(claim), by=by_convenor, today=TODAY)
    with pytest.raises(Forbidden):
        actions.verify(commitment, by=by_panel, today=TODAY, claim=claim, finding="verified", reason="Seen.")
    with pytest.raises(JudgesTakeNoSide):
        make.challenge(claim, by=by_panel)
    with pytest.raises(Forbidden):
        accounts.publish_organisation("new", by=by_convenor, today=TODAY, name="New", kind="other")
    make.update(commitment, by=officer, reason="It is not done after all.")


def test_an_office_is_not_ended_by_a_code_alone() -> None:
    member = make.member(make.team())
    client = signed_in(member.email)
    answer = fill(client, client.get("/account/erase/"), "/account/erase/", needing="csrfmiddlewaretoken")
    assert answer.status_code == 403
    member.refresh_from_db()
    assert member.is_active
    assert client.get("/account/").status_code == 200
