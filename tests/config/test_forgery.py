"""Forged forms are refused, whether or not their sender has a session; and who only reads gets no cookie."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests import make
from tests.portal.people import browser, fill, signed_in

OURS, ANOTHER = {"origin": "http://testserver"}, {"origin": "https://evil.example"}
WHERE = "/sign-in/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    cache.clear()


def sent(client: Client, headers: dict[str, str], **fields: str) -> int:
    """The status of a form that comes with these headers."""
    answer: Any = client.post(WHERE, {"address": "ana@example.org", **fields}, headers=headers)
    return int(answer.status_code)


@pytest.mark.parametrize("said", [OURS, {"sec-fetch-site": "same-origin"}])
def test_a_stranger_sends_a_form_of_ours_without_a_token(said: dict[str, str]) -> None:
    assert sent(Client(enforce_csrf_checks=True), said) == 302


@pytest.mark.parametrize(
    "said",
    [
        {},
        ANOTHER,
        {"origin": "null"},
        {"origin": "https://testserver"},
        {"origin": "http://testserver.evil.example"},
        {"referer": "http://testserver/sign-in/"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {**OURS, "sec-fetch-site": "cross-site"},
        {**ANOTHER, "sec-fetch-site": "same-site"},
    ],
)
def test_a_form_that_no_page_of_ours_sent_is_refused(said: dict[str, str]) -> None:
    assert sent(Client(enforce_csrf_checks=True), said) == 403


def test_the_address_that_residents_open_is_ours_behind_a_proxy_too(settings: Any) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://promises.example"]
    assert sent(Client(enforce_csrf_checks=True), {"origin": "https://promises.example"}) == 302


def test_with_a_session_the_token_is_asked_for_whatever_the_browser_says() -> None:
    client = signed_in()
    assert client.post("/sign-out/", headers=OURS).status_code == 403
    assert client.post("/sign-out/", headers={"sec-fetch-site": "same-origin"}).status_code == 403
    page = client.get("/sign-out/")
    assert fill(client, page, "/sign-out/", needing="csrfmiddlewaretoken").status_code == 200


def test_a_browser_that_hides_where_it_is_passes_when_it_loads_the_form_again() -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get(WHERE)
    assert not page.cookies
    assert fill(client, page, WHERE, needing="address", address="ana@example.org").status_code == 403
    cookie = client.cookies["csrftoken"]
    assert (cookie["max-age"], cookie["expires"], cookie["samesite"]) == ("", "", "Lax")
    answer = fill(client, client.get(WHERE), WHERE, needing="address", address="ana@example.org")
    assert answer.status_code == 302


def test_two_pages_that_a_stranger_has_open_are_both_sent() -> None:
    assembly = make.assembly(prefix="AT25")
    asked = make.recommendation(assembly, theme=make.theme(assembly, "presence"))
    promise = make.commitment(assembly, recommendations=[asked])
    client, path = browser(), f"/commitments/{promise.reference}/rate/"
    first, second = client.get(path), client.get(WHERE)
    assert fill(client, second, WHERE, needing="address", address="ana@example.org").status_code == 302
    answer = fill(client, first, path, needing="choice", choice="4")
    assert (answer.status_code, b'name="address"' in answer.content) == (200, True)
    assert set(client.cookies) == {"sign-in"}
