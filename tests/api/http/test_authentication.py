"""Keys, sessions and scopes."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Key, User
from record import clock
from tests.api.http.conftest import BODIES, NEW, issue
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db


def test_a_stranger_may_not_write_and_is_told_how(api: CheckingClient) -> None:
    answer = api.send("POST", BODIES, NEW)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer["WWW-Authenticate"] == 'Bearer realm="Said & Done"'


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic YTpi", "Bearer x", "Bearer sd_12345678_" + "a" * 43,
                                    "Bearer " + "a" * 500, "Bearer sd_\u00e9", "x"])  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_bad_key_is_a_401_even_for_reading(api: CheckingClient, method: str, header: str) -> None:
    answer = api.send(method, BODIES, NEW if method == "POST" else None, Authorization=header)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_revoked_and_expired_keys_and_closed_accounts_are_refused(api: CheckingClient, user: User) -> None:
    now = clock.now()
    past = now - timedelta(days=1)
    assert api.send("POST", BODIES, NEW, key=issue(user, "all", revoked_at=past)).status_code == 401
    assert api.send("POST", BODIES, NEW, key=issue(user, "all", expires_at=past)).status_code == 401
    good = issue(user, "all", expires_at=now + timedelta(days=1))
    assert api.send("POST", BODIES, NEW, key=good).status_code == 201
    User.objects.update(is_active=False)
    assert api.send("POST", BODIES, {**NEW, "slug": "b"}, key=good).status_code == 401


def test_a_key_needs_the_scope(api: CheckingClient, user: User) -> None:
    answer = api.send("POST", BODIES, NEW, key=issue(user, "updates:write"))
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert "accounts:write" in answer.json()["detail"]
    assert api.send("POST", BODIES, NEW, key=issue(user, "accounts:write")).status_code == 201
    assert api.send("GET", "/api/v1/own/", key=issue(user, "accounts:write")).status_code == 403
    assert api.send("GET", "/api/v1/own/", key=issue(user, "account:read")).status_code == 200


def test_its_use_is_noted_at_most_once_a_minute(api: CheckingClient, user: User) -> None:
    token = issue(user, "all")
    writes = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            api.send("GET", BODIES, key=token)
        writes.append(sum("UPDATE" in query["sql"] for query in queries))
    assert writes == [1, 0]
    assert Key.objects.get().last_used_at is not None


def test_a_session_writes_with_its_csrf_token_alone(user: User, client: CheckingClient) -> None:
    strict = CheckingClient(enforce_csrf_checks=True)
    strict.contract = client.contract
    strict.force_login(user)
    answer = strict.send("POST", BODIES, NEW)
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    token = "a" * 32
    strict.cookies["csrftoken"] = token
    assert strict.send("POST", BODIES, NEW, X_CSRFToken=token).status_code == 201


def test_a_session_needs_no_scope(api: CheckingClient, user: User) -> None:
    api.force_login(user)
    assert api.send("POST", BODIES, NEW).status_code == 201
    assert api.get("/api/v1/own/").status_code == 200


def test_public_reading_does_not_look_at_sessions(api: CheckingClient, user: User) -> None:
    api.force_login(user)
    with CaptureQueriesContext(connection) as queries:
        answer = api.get(BODIES)
    assert not any("session" in query["sql"] for query in queries)
    assert "Cookie" not in answer["Vary"]


def test_a_stale_session_cookie_is_nobody(api: CheckingClient, db: Any) -> None:
    api.cookies["sessionid"] = "x" * 32
    assert api.send("POST", BODIES, NEW).status_code == 401


@pytest.mark.parametrize("cookie", ["x", "x" * 32, "%00", "\u00e9"])
def test_public_reading_unsets_nobodys_cookie(api: CheckingClient, cookie: str) -> None:
    api.cookies["sessionid"] = cookie
    for address in (BODIES, f"{BODIES}nothing/", "/api/v1/bodies.csv"):
        answer = api.get(address)
        assert not answer.cookies, address
        assert "Cookie" not in answer.get("Vary", "")
