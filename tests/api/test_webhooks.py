"""Webhooks over HTTP: one's own alone, secrets shown once, bounded tests, and a log that can be replayed."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from api.models import IdempotentAnswer
from notifications import calling, endpoints
from notifications.models import Call, CallKind, Endpoint, EndpointState, MessageState
from notifications.outside import Answer, Outside
from record import clock
from tests import make
from tests.api.scene import key_of
from tests.contract import CheckingClient
from tests.notifications.receiving import endpoint

pytestmark = pytest.mark.django_db
HOOKS = "/api/v1/webhooks/"
HOOK = "https://hooks.example.org/x"


class Taking(Outside):
    """Whoever is called takes it."""

    def post(self, url: str, body: bytes, headers: Any) -> Answer:
        return Answer(200, "")


@pytest.fixture
def user() -> User:
    return make.person()


def test_a_secret_is_shown_once_and_is_stored_nowhere(api: CheckingClient, user: User) -> None:
    key = key_of(user, "webhooks:write", "webhooks:read")
    sent = {"address": HOOK, "topics": ["commitment:WF24-C012"], "kinds": ["dates"], "assembly": "town"}
    answer = api.send("POST", HOOKS, sent, key=key, Idempotency_Key="k")
    assert answer.status_code == 201, answer.content
    assert answer["Cache-Control"] == "private, no-store"
    made = answer.json()
    assert made["secret"].startswith("whsec_")
    again = api.send("POST", HOOKS, sent, key=key, Idempotency_Key="k").json()
    assert (again["id"], again["secret"]) == (made["id"], None)
    assert made["secret"] not in str(list(IdempotentAnswer.objects.values()))
    assert made["secret"] not in str(list(Endpoint.objects.values()))
    [row] = api.send("GET", HOOKS, key=key).json()["results"]
    assert "secret" not in row
    assert (row["state"], row["topics"], row["kinds"], row["assembly"]) == (
        "unverified", ["commitment:WF24-C012"], ["dates"], "town",
    )  # fmt: skip
    first = made["secret"]
    rotated = api.send("POST", f"{HOOKS}{made['id']}/rotate/", {}, key=key)
    assert rotated["Cache-Control"] == "private, no-store"
    assert rotated.json()["secret"] not in {first, None}
    assert rotated.json()["previous_secret_until"] is not None


@pytest.mark.parametrize(
    ("sent", "code", "pointer"),
    [
        ({"address": "https://127.0.0.1/"}, "address_not_callable", "/address"),
        ({"address": "http://hooks.example.org/"}, "address_not_callable", "/address"),
        ({"address": "https://user@hooks.example.org/"}, "address_not_callable", "/address"),
        ({"address": HOOK, "topics": ["person:ana"]}, "invalid", "/topics/0"),
        ({"address": HOOK, "kinds": ["gossip"]}, "invalid", "/kinds/0"),
        ({"address": HOOK, "secret": "whsec_AAAA"}, "invalid", "/secret"),
        ({}, "invalid", "/address"),
    ],
)
def test_what_is_wrong_is_pointed_at(
    api: CheckingClient, user: User, sent: dict[str, Any], code: str, pointer: str
) -> None:
    answer = api.send("POST", HOOKS, sent, key=key_of(user))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer
    if code != "invalid":
        assert answer.json()["code"] == code
    assert not Endpoint.objects.exists()


def test_an_account_has_so_many_webhooks_and_so_many_tests_a_day(
    api: CheckingClient, user: User, settings: Any
) -> None:
    settings.WEBHOOKS_PER_ACCOUNT = 2
    key = key_of(user)
    made = [api.send("POST", HOOKS, {"address": HOOK}, key=key).json() for _ in range(2)]
    answer = api.send("POST", HOOKS, {"address": HOOK}, key=key)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_webhooks")
    codes = set()
    for _ in range(endpoints.MOST_TESTS):
        made_now = api.send("DELETE", f"{HOOKS}{made.pop()['id']}/", key=key)
        assert made_now.status_code == 204
        answer = api.send("POST", HOOKS, {"address": HOOK}, key=key)
        codes.add(answer.json().get("code"))
        if answer.status_code != 201:
            break
        made.append(answer.json())
    assert codes == {None, "too_many_tests"}
    assert Call.objects.count() == endpoints.MOST_TESTS
    other = api.send("POST", HOOKS, {"address": HOOK}, key=key_of(make.person()))
    assert other.status_code == 201


def test_a_delivery_is_logged_and_replayed_under_its_id(api: CheckingClient, user: User) -> None:
    made = endpoint(HOOK, user)[0]
    commitment = make.commitment()
    calling.fan_out()
    key, base = key_of(user), f"{HOOKS}{made.pk}/deliveries/"
    rows = api.send("GET", base, key=key).json()["results"]
    assert {row["state"] for row in rows} == {"waiting"}
    waiting = api.send("POST", f"{base}{rows[0]['id']}/replay/", {}, key=key)
    assert (waiting.status_code, waiting.json()["code"]) == (409, "delivery_waiting")
    now = clock.now() + timedelta(seconds=1)
    while calling.deliver(Taking(), now):
        pass
    calls = Call.objects.filter(endpoint=made, state=MessageState.SENT)
    promised = next(row for row in rows if row["type"] == "commitment.published")
    assert calls.count() == Call.objects.count()
    one = api.send("GET", f"{base}{promised['id']}/", key=key).json()
    assert [(tried["status"], tried["error"]) for tried in one["tries"]] == [(200, None)]
    assert one["position"] == commitment.position
    again = api.send("POST", f"{base}{one['id']}/replay/", {}, key=key)
    assert (again.status_code, again.json()["webhook_id"]) == (202, one["webhook_id"])
    calling.deliver(Taking(), clock.now() + timedelta(seconds=1))
    assert len(api.send("GET", f"{base}{one['id']}/", key=key).json()["tries"]) == 2


def test_one_page_of_deliveries_costs_the_same_for_one_and_for_many(api: CheckingClient, user: User) -> None:
    made = endpoint(HOOK, user)[0]
    make.commitment()
    calling.fan_out()
    key = key_of(user)
    api.send("GET", HOOKS, key=key)
    with CaptureQueriesContext(connection) as one:
        assert (
            len(api.send("GET", f"{HOOKS}{made.pk}/deliveries/?page_size=1", key=key).json()["results"]) == 1
        )
    with CaptureQueriesContext(connection) as many:
        assert len(api.send("GET", f"{HOOKS}{made.pk}/deliveries/", key=key).json()["results"]) > 3
    assert len(one) == len(many)


def test_a_ping_needs_a_verified_address_and_a_changed_one_is_verified_anew(
    api: CheckingClient, user: User
) -> None:
    made = endpoint(HOOK, user, active=False)[0]
    key, at = key_of(user), f"{HOOKS}{made.pk}/"
    answer = api.send("POST", f"{at}ping/", {}, key=key)
    assert (answer.status_code, answer.json()["code"]) == (409, "webhook_not_active")
    assert api.send("POST", f"{at}verify/", {}, key=key).json()["type"] == "webhook.verify"
    calling.deliver(Taking(), clock.now() + timedelta(seconds=1))
    assert api.send("GET", at, key=key).json()["state"] == "active"
    assert api.send("POST", f"{at}ping/", {}, key=key).json()["type"] == "webhook.ping"
    changed = api.send("PATCH", at, {"kinds": [], "address": "https://other.example.org/"}, key=key).json()
    assert (changed["state"], changed["address"]) == ("unverified", "https://other.example.org/")
    same = api.send("PATCH", at, {"assembly": None}, key=key).json()
    assert same["assembly"] is None
    assert api.send("PATCH", at, {"address": "https://10.0.0.1/"}, key=key).status_code == 400


def test_nobody_else_sees_or_touches_it(api: CheckingClient, user: User) -> None:
    made = endpoint(HOOK, user)[0]
    call = endpoints.test(made, CallKind.PING)
    other = key_of(make.person())
    mine = endpoint(HOOK, make.person())[0]
    for method, path in (
        ("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "ping/"), ("POST", "rotate/"), ("GET", "deliveries/"),
        ("GET", f"deliveries/{call.pk}/"), ("POST", f"deliveries/{call.pk}/replay/"),
    ):  # fmt: skip
        assert api.send(method, f"{HOOKS}{made.pk}/{path}", {}, key=other).status_code == 404
    borrowed = f"{HOOKS}{mine.pk}/deliveries/{call.pk}/"
    assert api.send("GET", borrowed, key=key_of(mine.owner)).status_code == 404
    assert api.send("GET", HOOKS, key=other).json()["results"] == []
    made.refresh_from_db()
    assert made.state == EndpointState.ACTIVE


def test_erasing_the_account_takes_its_webhooks_along(api: CheckingClient, user: User) -> None:
    endpoint(HOOK, user)
    assert api.send("DELETE", "/api/v1/me/", key=key_of(user)).status_code == 204
    assert not Endpoint.objects.exists()
    assert not Call.objects.exists()
