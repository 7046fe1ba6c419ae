"""The one caching rule: tags, 304 before any work, and If-Match by the object's version alone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation
from record import clock
from record.guarded import opened
from record.models import Head
from record.shelf import SHELF
from tests.api.http.conftest import BODIES, NEW, body, issue
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.at(NOON):
        yield


def move_head(position: int, revision: int = 0, at: datetime = NOON - timedelta(hours=2)) -> None:
    """Let the record stand there."""
    with opened():
        Head.objects.update_or_create(pk=1, defaults={"position": position, "revision": revision, "at": at})


def test_a_public_answer_carries_what_caches_need(api: CheckingClient) -> None:
    move_head(41)
    body("a", version=3)
    answer = api.get(f"{BODIES}a/")
    assert answer["ETag"].startswith('"3.41.2026-07-01.0-json.')
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert answer["Last-Modified"] == "Wed, 01 Jul 2026 10:00:00 GMT"
    assert answer["Record-Position"] == "41"
    assert "Accept" in answer["Vary"]
    assert api.get(BODIES)["ETag"].startswith('"0.41.')


@pytest.mark.parametrize("form", ["{}", "W/{}", '"x", {}', '{}, W/"y"'])
def test_a_present_copy_is_answered_304_after_one_query(api: CheckingClient, form: str) -> None:
    body("a", version=3)
    for address in (BODIES, f"{BODIES}a/", f"{BODIES}?kind=council"):
        tag = api.get(address)["ETag"]
        with CaptureQueriesContext(connection) as queries:
            answer = api.get(address, headers={"If-None-Match": form.format(tag)})
        assert answer.status_code == 304
        assert answer["ETag"] == tag
        assert answer.content == b""
        assert len(queries) == 1


def test_a_tag_holds_for_one_address_only(api: CheckingClient) -> None:
    body("a")
    tag = api.get(BODIES)["ETag"]
    assert api.get(f"{BODIES}?thme=x", headers={"If-None-Match": tag}).status_code == 400
    assert api.get(f"{BODIES}nothing/", headers={"If-None-Match": tag}).status_code == 404
    assert (
        api.get(BODIES, headers={"If-None-Match": tag, "Accept": "application/x-ndjson"}).status_code == 200
    )


@pytest.mark.parametrize("header", ["nonsense", '"3"', '"', "", '"x.41.2026-07-01.0-json"'])
def test_any_other_tag_gets_the_whole_answer(api: CheckingClient, header: str) -> None:
    body("a")
    assert api.get(BODIES, headers={"If-None-Match": header}).status_code == 200


@pytest.mark.parametrize("kept", [0, 1_000_000])
def test_any_copy_of_what_is_there_is_answered_304(api: CheckingClient, settings: Any, kept: int) -> None:
    settings.KEPT_ANSWERS_BYTES = kept
    SHELF.clear()
    body("a", version=3)
    for address in (BODIES, f"{BODIES}a/", "/api/v1/bodies.csv"):
        tag = api.get(address)["ETag"]
        for header in ("*", " * "):
            answer = api.get(address, headers={"If-None-Match": header})
            assert (answer.status_code, answer["ETag"]) == (304, tag)
            assert api.head(address, headers={"If-None-Match": header}).status_code == 304
    assert api.get(f"{BODIES}nothing/", headers={"If-None-Match": "*"}).status_code == 404
    assert api.get(f"{BODIES}?thme=x", headers={"If-None-Match": "*"}).status_code == 400
    SHELF.clear()


def test_an_entry_a_revision_and_midnight_each_make_a_copy_stale(api: CheckingClient) -> None:
    body("a")
    tag = api.get(BODIES)["ETag"]
    move_head(1)
    answer = api.get(BODIES, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    move_head(1, revision=1)
    later = api.get(BODIES, headers={"If-None-Match": answer["ETag"]})
    assert later.status_code == 200
    with clock.at(datetime(2026, 7, 1, 23, 0, tzinfo=UTC)):  # midnight in London
        assert api.get(BODIES, headers={"If-None-Match": later["ETag"]}).status_code == 200


def test_if_modified_since_is_understood_and_gives_way_to_the_tag(api: CheckingClient) -> None:
    move_head(1)
    since = api.get(BODIES)["Last-Modified"]
    assert api.get(BODIES, headers={"If-Modified-Since": since}).status_code == 304
    assert api.get(BODIES, headers={"If-Modified-Since": since, "If-None-Match": '"x"'}).status_code == 200
    assert api.get(BODIES, headers={"If-Modified-Since": "yesterday"}).status_code == 200
    assert api.get(BODIES, headers={"If-Modified-Since": "Wed, 01 Jul 2026 09:59:59 GMT"}).status_code == 200
    with clock.at(NOON + timedelta(days=1)):
        answer = api.get(BODIES, headers={"If-Modified-Since": since})
    assert answer.status_code == 200
    assert answer["Last-Modified"] == "Wed, 01 Jul 2026 23:00:00 GMT"


def test_a_second_that_still_runs_is_not_promised(api: CheckingClient) -> None:
    move_head(1, at=NOON)
    with clock.at(NOON + timedelta(milliseconds=500)):
        since = api.get(BODIES)["Last-Modified"]
    move_head(2, at=NOON + timedelta(milliseconds=700))
    with clock.at(NOON + timedelta(minutes=1)):
        assert api.get(BODIES, headers={"If-Modified-Since": since}).status_code == 200


def test_a_change_needs_the_version_that_was_read(api: CheckingClient, key: str) -> None:
    body("a")
    answer = api.send("PATCH", f"{BODIES}a/", {"name": "B"}, key=key)
    assert (answer.status_code, answer.json()["code"]) == (428, "if_match_missing")
    tag = api.get(f"{BODIES}a/")["ETag"]
    move_head(99)
    with clock.at(NOON + timedelta(days=3)):  # others' writes and midnight break no edit
        changed = api.send("PATCH", f"{BODIES}a/", {"name": "B"}, key=key, If_Match=tag)
    assert changed.status_code == 200
    stale = api.send("PATCH", f"{BODIES}a/", {"name": "C"}, key=key, If_Match=tag)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert Organisation.objects.get(slug="a").name == "B"


def test_a_write_answers_with_the_tag_that_a_reader_gets(api: CheckingClient, key: str) -> None:
    body("a")
    changed = api.send("PATCH", f"{BODIES}a/", {"name": "B"}, key=key, If_Match="*")
    assert changed["ETag"] == api.get(f"{BODIES}a/")["ETag"]
    assert changed["Cache-Control"] == "private, no-store"
    made = api.send("POST", BODIES, NEW, key=key)
    assert made.status_code == 201
    assert made["Location"] == f"http://testserver{BODIES}new/"
    assert made["ETag"] == api.get(f"{BODIES}new/")["ETag"]


@pytest.mark.parametrize(
    ("header", "status"),
    [('"1"', 200), ('W/"1.5.x"', 200), ('"7.1", "1.1"', 200), ("*", 200), ('"2.1"', 412), ('"11"', 412),
     ('""', 412), ("1", 400), ('"1', 400), ('"1" "2"', 400), (",", 400)],
)  # fmt: skip
def test_if_match_is_read_as_http_says(api: CheckingClient, key: str, header: str, status: int) -> None:
    body("a")
    assert api.send("PATCH", f"{BODIES}a/", {"name": "B"}, key=key, If_Match=header).status_code == status


def test_deleting_needs_it_and_ones_own_does_not(api: CheckingClient, key: str) -> None:
    body("a")
    assert api.send("DELETE", f"{BODIES}a/", key=key).status_code == 428
    assert api.send("PUT", f"{BODIES}a/", {"name": "B"}, key=key).status_code == 200
    answer = api.send("DELETE", f"{BODIES}a/", key=key, If_Match='"2"')
    assert answer.status_code == 204
    assert "Content-Type" not in answer
    assert api.send("DELETE", f"{BODIES}a/", key=key, If_Match='"2"').status_code == 404


def test_a_verb_may_name_the_version(api: CheckingClient, key: str) -> None:
    body("a")
    assert api.send("POST", f"{BODIES}a/close/", key=key).status_code == 200
    assert api.send("POST", f"{BODIES}a/close/", key=key, If_Match='"1"').status_code == 200
    assert api.send("POST", f"{BODIES}a/close/", key=key, If_Match='"2"').status_code == 412


def test_reading_with_a_key_changes_nothing_in_the_answer(api: CheckingClient, user: object) -> None:
    body("a")
    token = issue(user)  # type: ignore[arg-type]
    plain, keyed = api.get(BODIES), api.send("GET", BODIES, key=token)
    assert keyed.content == plain.content
    assert keyed["ETag"] == plain["ETag"]
    assert keyed["Cache-Control"].startswith("public")
