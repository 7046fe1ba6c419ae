"""Answers kept as bytes: the same as fresh ones, gone with their edition, and bounded."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from record.guarded import opened
from record.models import Head
from record.shelf import OVERHEAD, SHELF, Kept, Shelf
from tests.api.http.conftest import BODIES, body
from tests.contract import CheckingClient


@pytest.fixture
def _keeping(settings: Any) -> None:
    settings.KEPT_ANSWERS_BYTES = 1_000_000


@pytest.mark.django_db
@pytest.mark.usefixtures("_keeping")
@pytest.mark.parametrize("address", [BODIES, f"{BODIES}a/"])
def test_a_kept_answer_is_the_same_and_costs_one_query(api: CheckingClient, address: str) -> None:
    body("a", version=3)
    first = api.get(address)
    with CaptureQueriesContext(connection) as queries:
        again = api.get(address)
    assert len(queries) == 1
    assert again.content == first.content
    assert {**again.headers} == {**first.headers, "RateLimit": again["RateLimit"]}
    assert len(api.head(address).content) == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("_keeping")
def test_it_goes_when_the_record_moves(api: CheckingClient) -> None:
    body("a")
    api.get(BODIES)
    body("b")
    assert len(api.get(BODIES).json()["results"]) == 1
    with opened():
        Head.objects.filter(pk=1).update(position=1)
    assert len(api.get(BODIES).json()["results"]) == 2
    with opened():
        Head.objects.filter(pk=1).update(revision=1)
    body("c")
    assert len(api.get(BODIES).json()["results"]) == 3


@pytest.mark.django_db
@pytest.mark.usefixtures("_keeping")
def test_other_addresses_hosts_and_forms_are_other_answers(api: CheckingClient, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    body("a")
    api.get(BODIES)
    assert "http://other/" in api.get(BODIES, headers={"Host": "other"}).content.decode()
    assert api.get(BODIES, headers={"Accept": "text/csv"})["Content-Type"].startswith("text/csv")
    assert api.get(f"{BODIES}?x=1").status_code == 400


def test_the_least_recently_asked_for_goes_first(settings: Any) -> None:
    settings.KEPT_ANSWERS_BYTES = 2 * (OVERHEAD + 11)
    shelf = Shelf()
    for name in ("a", "b"):
        shelf.keep(1, name, Kept("t", b"0123456789"))
    assert shelf.find(1, "a")
    shelf.keep(1, "c", Kept("t", b"0123456789"))
    assert [name for name in "abc" if shelf.find(1, name)] == ["a", "c"]
    shelf.keep(1, "d", Kept("t", b"0" * 2 * OVERHEAD))
    assert shelf.find(1, "d") is None
    assert shelf.find(2, "a") is None


def test_what_it_takes_is_counted_whole(settings: Any) -> None:
    settings.KEPT_ANSWERS_BYTES = 10 * OVERHEAD
    shelf = Shelf()
    for number in range(30):
        shelf.keep(1, f"{number}?q={'a' * OVERHEAD}", Kept("t", b""))
    assert len(shelf._answers) == 4, "strangers choose how long a name is"


@pytest.mark.django_db
@pytest.mark.usefixtures("_keeping")
def test_an_answer_is_kept_without_the_patterns_that_did_not_fit(api: CheckingClient) -> None:
    body("a")
    for address in (BODIES, f"{BODIES}a/"):
        api.get(address)
    kept = list(SHELF._answers.values())
    assert [one.match.route for one in kept if one.match.tried is None] == [one.match.route for one in kept]
    assert len(kept) == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("_keeping")
@pytest.mark.parametrize(("sent", "escaped"), [("q=\xc3\xa9", "q=%C3%83%C2%A9"), ("q=\xe9", "q=%E9")])
def test_bytes_and_escapes_that_read_alike_are_other_addresses(sent: str, escaped: str) -> None:
    """A letter sent as its bytes, and the escapes of those bytes taken for letters, ask for other words."""
    body("a", name="Café")
    first, second = (Client().get(BODIES, QUERY_STRING=query) for query in (sent, escaped))
    assert [len(answer.json()["results"]) for answer in (first, second)] == [1, 0]
    assert first["ETag"] != second["ETag"]
