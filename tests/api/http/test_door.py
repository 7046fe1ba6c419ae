"""The front door: a kept answer is the fresh one to the last header, and what is unusual goes the usual way."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from record import clock
from record.guarded import opened
from record.ledger import revise
from record.models import Head
from record.shelf import Kept, Shelf
from tests.api.http.conftest import BODIES, body, issue
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
COUNTED = ("RateLimit",)


@pytest.fixture(autouse=True)
def _keeping(settings: Any) -> None:
    settings.KEPT_ANSWERS_BYTES = 1_000_000


def told(answer: Any) -> dict[str, str]:
    """The headers, without how much may still be asked."""
    return {name: value for name, value in answer.headers.items() if name not in COUNTED}


@pytest.mark.parametrize("address", [BODIES, f"{BODIES}a/", f"{BODIES}?kind=council"])
@pytest.mark.parametrize("asked", [{}, {"Origin": "https://else.example"}, {"Accept": "application/json"}])
def test_a_kept_answer_has_every_header_of_the_fresh_one(
    api: CheckingClient, address: str, asked: dict[str, str]
) -> None:
    body("a", kind="council")
    fresh, kept = (api.get(address, headers=asked) for _ in range(2))
    assert (kept.status_code, kept.content, told(kept)) == (200, fresh.content, told(fresh))
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Vary", "Allow"):
        assert name in kept
    assert ("Access-Control-Allow-Origin" in kept) == ("Origin" in asked)
    assert kept["RateLimit"] != fresh["RateLimit"], "it counts as a request"


@pytest.mark.parametrize("condition", ["If-None-Match", "If-Modified-Since"])
def test_a_present_copy_is_answered_at_the_door_after_one_query(api: CheckingClient, condition: str) -> None:
    body("a")
    fresh = api.get(BODIES)
    said = fresh["ETag"] if condition == "If-None-Match" else fresh["Last-Modified"]
    with CaptureQueriesContext(connection) as queries:
        answer = api.get(BODIES, headers={condition: said})
    assert (answer.status_code, answer.content, len(queries)) == (304, b"", 1)
    kept = ("ETag", "Cache-Control", "Last-Modified", "Record-Position", "Vary", "Content-Security-Policy")
    assert {name: answer[name] for name in kept} == {name: fresh[name] for name in kept}
    assert "Content-Type" not in answer
    assert api.get(BODIES, headers={"If-None-Match": '"0.other"'}).status_code == 200


def test_an_entry_a_revision_and_midnight_each_let_it_be_made_anew(api: CheckingClient) -> None:
    def names() -> int:
        return len(api.get(BODIES).json()["results"])

    with clock.at(NOON):
        body("a")
        assert names() == 1
        body("b")
        assert names() == 1, "the toy's rows change without the record's knowing"
        with opened():
            Head.objects.filter(pk=1).update(position=Head.objects.get().position + 1)
        assert names() == 2
        body("c")
        with transaction.atomic(), opened():
            revise()
        assert names() == 3
        body("d")
    with clock.at(datetime(2026, 7, 1, 22, 59, 59, tzinfo=UTC)):
        assert names() == 3
    with clock.at(datetime(2026, 7, 1, 23, 0, tzinfo=UTC)):
        assert names() == 4


def test_a_copy_from_the_second_of_the_last_entry_can_be_confirmed_later(api: CheckingClient) -> None:
    body("a")
    with transaction.atomic(), opened():
        Head.objects.filter(pk=1).update(at=NOON)
    with clock.at(NOON):
        within = api.get(BODIES)
    with clock.at(NOON + timedelta(minutes=1)):
        kept = api.get(BODIES)
        assert kept["Last-Modified"] > within["Last-Modified"]
        assert api.get(BODIES, headers={"If-Modified-Since": kept["Last-Modified"]}).status_code == 304


def test_whoever_shows_a_key_goes_the_usual_way(api: CheckingClient, user: Any) -> None:
    body("a")
    fresh = api.get(BODIES)
    keyed = api.send("GET", BODIES, key=issue(user))
    assert (keyed.content, keyed["ETag"]) == (fresh.content, fresh["ETag"])
    assert keyed["RateLimit"].startswith('"key"')
    assert api.send("GET", BODIES, key="sd_wrong").status_code == 401
    assert api.get(BODIES)["RateLimit"].startswith('"anonymous"')


def test_one_request_too_many_is_refused_although_the_answer_is_kept(
    api: CheckingClient, settings: Any
) -> None:
    settings.THROTTLE_ANONYMOUS = "2/min"
    body("a")
    statuses = [api.get(BODIES, REMOTE_ADDR="192.0.2.77").status_code for _ in range(4)]
    assert statuses == [200, 200, 429, 429]


def test_a_name_that_is_not_ours_is_refused_although_the_answer_is_kept(api: CheckingClient) -> None:
    body("a")
    api.get(BODIES)
    assert Client().get(BODIES, headers={"Host": "evil.example"}).status_code == 400


def test_forms_are_kept_apart_and_heads_have_no_body(api: CheckingClient) -> None:
    body("a")
    assert api.get(BODIES, headers={"Accept": "application/json"})["Content-Type"] == "application/json"
    assert api.get(BODIES, headers={"Accept": "text/csv"})["Content-Type"].startswith("text/csv")
    assert api.get(BODIES, headers={"Accept": "text/plain"}).status_code == 406
    fresh, head = api.get(BODIES), api.head(BODIES)
    assert (head.content, told(head)) == (b"", told(fresh))


def test_the_line_in_the_log_names_the_route(api: CheckingClient, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[dict[str, Any]] = []
    monkeypatch.setattr("config.logs._log.info", lambda event, **fields: lines.append(fields))
    body("a")
    for _ in range(2):
        api.get(f"{BODIES}a/")
    fresh, kept = ({**line, "milliseconds": 0} for line in lines)
    assert kept == fresh
    assert kept["route"]


def test_each_process_keeps_its_own_and_a_fresh_one_answers_the_same(
    api: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    body("a")
    here = api.get(BODIES)
    for module in ("record.editions", "config.door"):
        monkeypatch.setattr(f"{module}.SHELF", Shelf())
    with CaptureQueriesContext(connection) as queries:
        there = api.get(BODIES)
    assert len(queries) > 1
    assert (there.content, told(there)) == (here.content, told(here))


def test_many_threads_read_and_keep_without_loss(settings: Any) -> None:
    settings.KEPT_ANSWERS_BYTES = 20_000
    shelf, faults = Shelf(), list[str]()

    def work(seed: int) -> None:
        for turn in range(300):
            edition, name = turn // 100, f"{(seed + turn) % 40}"
            shelf.keep(edition, name, Kept(name, f"{edition}:{name}".encode()))
            found = shelf.find(edition, name)
            if found is not None and found.body != f"{edition}:{name}".encode():
                faults.append(name)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert shelf._used <= 20_000
