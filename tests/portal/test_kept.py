"""Public pages under the one caching rule: kept as bytes, answered 304, gone with the record; light, and nobody's."""

import gzip
import re
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from portal import kept
from record import clock
from tests import make
from tests.api.test_reference import Page

pytestmark = pytest.mark.django_db
PACKED = {"Accept-Encoding": "gzip, br"}
MOST_BYTES, MOST_REQUESTS = 60_000, 5


@pytest.fixture(autouse=True)
def _keeping(settings: Any) -> None:
    settings.KEPT_ANSWERS_BYTES = 4_000_000


def commitment() -> str:
    return f"/commitments/{make.commitment().reference}/"


def test_a_kept_page_is_the_same_to_the_last_header_and_costs_one_question() -> None:
    for address in ("/", "/ur/", commitment()):
        fresh = Client().get(address, headers=PACKED)
        with CaptureQueriesContext(connection) as asked:
            again = Client().get(address, headers=PACKED)
        assert (again.content, dict(again.headers)) == (fresh.content, dict(fresh.headers))
        assert len(asked) == 1
        assert fresh["Vary"] == "Accept-Encoding"
        assert fresh["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert "script-src 'self'" in fresh["Content-Security-Policy"]
        assert "unsafe" not in fresh["Content-Security-Policy"]


def test_who_has_the_page_is_told_so_and_languages_and_packing_are_apart() -> None:
    answers = [
        Client().get(address, headers=headers) for address in ("/", "/pl/") for headers in ({}, PACKED)
    ]
    tags = [one["ETag"] for one in answers]
    assert len(set(tags)) == 4
    assert gzip.decompress(answers[1].content) == answers[0].content
    with CaptureQueriesContext(connection) as asked:
        confirmed = Client().get("/pl/", headers={"If-None-Match": tags[2]})
    assert (confirmed.status_code, confirmed.content, len(asked)) == (304, b"", 1)
    assert confirmed["Vary"] == "Accept-Encoding"
    assert Client().get("/pl/", headers={"If-None-Match": tags[0]}).status_code == 200
    for refused in ("gzip;q=0", "gzip; q=0.0", "br"):
        assert "Content-Encoding" not in Client().get("/", headers={"Accept-Encoding": refused})


def test_an_entry_and_midnight_make_it_anew() -> None:
    with clock.at(make.noon(make.TODAY)):
        before = Client().get("/")
        make.recommendation(title="Be seen in the evening")
        after = Client().get("/", headers={"If-None-Match": before["ETag"]})
        assert (after.status_code, int(after["Record-Position"])) > (200, int(before["Record-Position"]))
    with clock.at(make.noon(make.days(1))):
        assert Client().get("/")["ETag"] != after["ETag"]


def test_a_release_that_changes_pages_makes_old_copies_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Client().get("/about/method/")
    monkeypatch.setattr(kept, "look", lambda: "another")
    assert Client().get("/pl/about/method/")["ETag"] != before["ETag"]
    assert kept.form_of(RequestFactory().get("/")) == "html~another"


def test_a_page_is_the_same_for_whoever_is_signed_in() -> None:
    fresh, client = Client().get("/"), Client()
    client.force_login(make.person())
    again = client.get("/")
    assert (again.content, dict(again.headers)) == (fresh.content, dict(fresh.headers))


@pytest.mark.parametrize("path", ["/", "/about/design/", "/record/"])
def test_a_first_visit_is_light_and_asks_nobody_else(path: str) -> None:
    make.commitment()
    client = Client()
    answer = client.get(path, headers=PACKED)
    loads = set(Page(gzip.decompress(answer.content).decode()).loads)
    loads = {one for one in loads if not re.match(r"/(ur|pl)?/?", one) or one.startswith("/static/")}
    assert all(one.startswith("/static/portal/") for one in loads), loads
    files = [b"".join(client.get(one).streaming_content) for one in loads]  # type: ignore[attr-defined]
    weight = len(answer.content) + sum(len(gzip.compress(one)) for one in files)
    assert (weight <= MOST_BYTES, 1 + len(loads) <= MOST_REQUESTS) == (True, True), weight


def test_pages_that_are_made_anew_count_and_kept_ones_do_not(settings: Any) -> None:
    settings.THROTTLE_ANONYMOUS = "2/min"
    ask = {"REMOTE_ADDR": "192.0.2.99"}
    assert [Client().get("/", **ask).status_code for _ in range(4)] == [200] * 4  # type: ignore[arg-type]
    assert Client().get("/about/privacy/", **ask).status_code == 200  # type: ignore[arg-type]
    refused = Client().get("/about/method/", **ask)  # type: ignore[arg-type]
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) <= 60
    assert refused["Cache-Control"] == "no-store"
    assert b"Please wait a moment" in refused.content


def test_pages_of_failure_are_in_the_design_and_kept_nowhere(settings: Any) -> None:
    missing = Client().get("/ur/xyzzy/<b>/")
    assert (missing.status_code, b"xyzzy" in missing.content) == (404, False)
    assert b'dir="rtl"' in missing.content
    assert missing["Cache-Control"] == "no-store"
    assert Client().get("/api/v1/nothing/")["Content-Type"] == "application/problem+json"
    forged = Client(enforce_csrf_checks=True).post("/sign-in/", {"email": "a@example.org"})
    assert forged.status_code == 403
    assert b"Go back, reload it" in forged.content


def test_a_page_that_breaks_asks_the_database_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(request: HttpRequest, *_rest: Any, **_more: Any) -> HttpResponse:
        raise RuntimeError

    monkeypatch.setattr("portal.assemblies.render", breaks)
    client = Client(raise_request_exception=False)
    answer = client.get("/assemblies/")
    assert answer.status_code == 500
    assert b"Nothing was changed." in answer.content
    assert answer["Cache-Control"] == "no-store"
