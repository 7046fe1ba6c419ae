"""Keys and one's own account over HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from accounts import actions as accounts
from accounts.models import Key, User
from record import clock
from tests import make
from tests.api.scene import key_of
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
KEYS, ME = "/api/v1/keys/", "/api/v1/me/"


@pytest.fixture
def user() -> User:
    return make.person()


def test_a_token_is_shown_once_and_opens_what_it_says(api: CheckingClient, user: User) -> None:
    first = key_of(user)
    sent = {"name": "Our dashboard", "scopes": ["account:read"]}
    answer = api.send("POST", KEYS, sent, key=first, Idempotency_Key="k")
    assert answer.status_code == 201, answer.content
    token = answer.json()["token"]
    assert token.startswith(answer.json()["prefix"])
    again = api.send("POST", KEYS, sent, key=first, Idempotency_Key="k")
    assert (again.json()["token"], again.json()["id"]) == (None, answer.json()["id"])
    assert api.send("GET", KEYS, key=token).status_code == 200
    assert api.send("POST", KEYS, sent, key=token).json()["code"] == "scope_missing"
    rows = api.send("GET", KEYS, key=first).json()["results"]
    assert [row["name"] for row in rows] == ["Our dashboard", None]
    assert "token" not in rows[0]
    assert token not in str(Key.objects.values())


def test_a_key_issues_none_that_may_do_more_or_lives_longer(api: CheckingClient, user: User) -> None:
    narrow = key_of(user, "account:write", "updates:write")
    answer = api.send("POST", KEYS, {"scopes": ["challenges:write"]}, key=narrow)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_not_yours")
    assert api.send("POST", KEYS, {"scopes": ["all"]}, key=narrow).status_code == 403
    assert api.send("POST", KEYS, {"scopes": ["updates:write"]}, key=narrow).status_code == 201
    soon = clock.now() + timedelta(days=1)
    short = accounts.issue_key(user, scopes=["all"], expires_at=soon)[1]
    for later in ({}, {"expires_at": (soon + timedelta(days=1)).isoformat()}):
        assert api.send("POST", KEYS, {"scopes": ["all"], **later}, key=short).status_code == 403
    same = {"scopes": ["all"], "expires_at": soon.isoformat()}
    assert api.send("POST", KEYS, same, key=short).status_code == 201


def test_a_session_issues_any_key_of_its_owner(api: CheckingClient, user: User) -> None:
    api.force_login(user)
    answer = api.send("POST", KEYS, {"scopes": ["all"]})
    assert answer.status_code == 201, answer.content


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({}, "/scopes"),
        ({"scopes": []}, "/scopes"),
        ({"scopes": ["everything"]}, "/scopes/0"),
        ({"scopes": ["all"], "expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
        ({"scopes": ["all"], "expires_at": "soon"}, "/expires_at"),
    ],
)
def test_what_is_wrong_is_pointed_at(
    api: CheckingClient, user: User, sent: dict[str, Any], pointer: str
) -> None:
    answer = api.send("POST", KEYS, sent, key=key_of(user))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


def test_a_revoked_key_opens_nothing(api: CheckingClient, user: User) -> None:
    mine, other = key_of(user), key_of(user)
    row = Key.objects.get(prefix="_".join(other.split("_")[:2]))
    path = f"{KEYS}{row.pk}/"
    assert api.send("GET", path, key=mine).json()["revoked_at"] is None
    assert api.send("DELETE", path, key=key_of(make.person())).status_code == 404
    assert api.send("DELETE", path, key=mine).status_code == 204
    assert api.send("GET", KEYS, key=other).status_code == 401
    assert api.send("GET", path, key=mine).json()["revoked_at"] is not None


def test_nobody_reads_keys_or_an_account_without_signing_in(api: CheckingClient, user: User) -> None:
    for path in (KEYS, ME):
        assert api.get(path).status_code == 401
        assert api.send("GET", path, key=key_of(user, "updates:write")).status_code == 403


def test_ones_own_copy_holds_roles_and_keys(api: CheckingClient) -> None:
    police = make.organisation("police")
    spoken_for = []
    for person in (make.responder(police), make.member(make.team(police, "north")), make.convenor()):
        answer = api.send("GET", ME, key=key_of(person))
        assert answer["Cache-Control"] == "private, no-store"
        copy = answer.json()
        assert copy["email"] == person.email
        assert len(copy["keys"]) == 1
        [role] = copy["roles"]
        spoken_for.append((role["organisation"], role["team"], role["assembly"]))
    assert spoken_for == [("police", None, None), ("police", "north", None), (None, None, make.SLUG)]


def test_an_erased_account_is_gone_and_what_its_office_said_stays(api: CheckingClient) -> None:
    commitment = make.commitment()
    person = make.member(make.lead_team(commitment))
    update = make.update(commitment, by=person)
    key, email = key_of(person), person.email
    assert api.send("DELETE", ME, key=key_of(person, "account:read")).status_code == 403
    assert api.send("DELETE", ME, key=key).status_code == 204
    assert not User.objects.filter(email=email).exists()
    assert api.send("GET", ME, key=key).status_code == 401
    assert api.get(f"/api/v1/updates/{update.pk}/").status_code == 200
