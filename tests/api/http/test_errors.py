"""Every error is problem+json with a code, whoever found it, and bad input never a 500."""

from typing import Any

import pytest
from django.db import DataError, IntegrityError, OperationalError

from api.http import errors
from tests.api.http.conftest import BODIES, NEW, body
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


def test_an_unknown_address_is_a_problem_in_json(api: CheckingClient) -> None:
    answer = api.get("/api/v1/nowhere/")
    assert answer.status_code == 404
    assert answer["Content-Type"] == PROBLEM
    assert answer.json() == {
        "type": "urn:said-and-done:problem:not_found",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at this address; check the reference or slug.",
        "code": "not_found",
    }


def test_a_page_outside_the_api_keeps_its_own_errors(api: CheckingClient) -> None:
    assert api.get("/nowhere/")["Content-Type"].startswith("text/html")


def test_an_address_tells_which_methods_it_takes(api: CheckingClient) -> None:
    answer = api.put(BODIES)
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, POST, HEAD, OPTIONS"
    assert answer.json()["code"] == "method_not_allowed"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nowhere/", 404),
        ("HEAD", "/api/v1/nowhere/", 404),
        ("GET", f"{BODIES}?colour=red", 400),
        ("POST", BODIES, 401),
        ("PUT", BODIES, 405),
    ],
)
def test_an_error_says_how_long_it_is(api: CheckingClient, method: str, path: str, status: int) -> None:
    answer = api.send(method, path)
    assert answer.status_code == status
    length = int(answer["Content-Length"])
    assert length > 100 if method == "HEAD" else length == len(answer.content)


@pytest.mark.parametrize("path", ["/api/v1/broken/"])
def test_a_fault_of_ours_is_a_500_without_details(api: CheckingClient, path: str) -> None:
    api.raise_request_exception = False
    answer = api.get(path)
    assert answer.status_code == 500
    assert answer.json()["code"] == "broken"
    assert "fault of our own" not in answer.content.decode()


def test_a_fault_in_a_write_is_a_500_and_leaves_nothing(api: CheckingClient, key: str) -> None:
    api.raise_request_exception = False
    answer = api.send("POST", BODIES, {**NEW, "name": "breaks"}, key=key)
    assert answer.status_code == 500
    assert answer["Content-Type"] == PROBLEM


@pytest.mark.parametrize(
    ("name", "status", "code", "rows"),
    [
        ("taken", 409, "name_taken", [{"pointer": "/name", "code": "name_taken"}]),
        ("invalid", 400, "invalid", [{"pointer": "/links/0/title", "code": "invalid"}]),
        ("forbidden", 403, "forbidden", None),
    ],
)
def test_a_refusal_of_the_domain_keeps_its_code(
    api: CheckingClient, key: str, name: str, status: int, code: str, rows: Any
) -> None:
    answer = api.send("POST", BODIES, {**NEW, "name": name}, key=key)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code)
    found = told.get("errors")
    assert rows == (found and [{n: row[n] for n in ("pointer", "code")} for row in found])


@pytest.mark.parametrize(
    "content",
    [b"{", b"[1", b"\xff\xfe", b'{"a": NaN}', b'{"a": Infinity}', b"[" * 100_000, b'{"size": 1' + b"0" * 5000 + b"}",
     b'{"name": "a\\u0000b"}', b'{"name": "\\ud800"}', b"null", b"[]", b'"text"', b"7", b'{"size": 1e999}',
     b'{"size": 9223372036854775808}', b'{"\\u0000": 1}',
     b'{"slug": "new", "name": "New", "kind": "council", "name": "Old"}'],
)  # fmt: skip
def test_a_malformed_body_is_a_400(api: CheckingClient, key: str, content: bytes) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    answer = api.generic("POST", BODIES, content, content_type="application/json", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["code"] in {"malformed", "invalid", "control_characters"}


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "nonsense"]
)
def test_another_content_type_is_a_415(api: CheckingClient, key: str, kind: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    answer = api.generic("POST", BODIES, b"slug=a", content_type=kind, headers=headers)
    assert answer.status_code == 415


def test_a_body_that_is_too_large_is_a_413(api: CheckingClient, key: str, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert api.send("POST", BODIES, {**NEW, "name": "x" * 200}, key=key).status_code == 413


@pytest.mark.parametrize("path", ["%00", "a%00b", "%ff", "..%2f", "a" * 3000, "%F0%9F%98%80"])
def test_a_strange_address_is_a_404(api: CheckingClient, path: str) -> None:
    assert api.get(f"{BODIES}{path}/").status_code == 404


def test_a_clash_in_the_database_is_a_409_with_the_sentence_of_its_constraint(
    api: CheckingClient, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body("new")
    answer = api.send("POST", BODIES, NEW, key=key)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    for name in ("accounts_organisation.slug", "accounts_organisation_slug_key"):
        monkeypatch.setitem(errors.CONSTRAINTS, name, ("slug_taken", "Another body has that slug."))
    answer = api.send("POST", BODIES, NEW, key=key)
    assert (answer.status_code, answer.json()["code"]) == (409, "slug_taken")


@pytest.mark.parametrize(
    ("exc", "status"),
    [
        (DataError("too long"), 400),
        (OverflowError(), 400),
        (OperationalError("locked"), 503),
        (IntegrityError("?"), 409),
    ],
)
def test_what_the_database_says_stays_inside(exc: Exception, status: int) -> None:
    answer = errors.handle(exc, {})
    assert answer is not None
    assert answer.status_code == status
    assert str(exc) not in answer.content.decode() or not str(exc)  # type: ignore[attr-defined]


def test_an_error_of_our_own_is_not_swallowed() -> None:
    assert errors.handle(RuntimeError("x"), {}) is None
