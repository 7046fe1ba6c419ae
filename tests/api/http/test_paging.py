"""Pages by keyset: nothing skipped, nothing repeated, unknown values last, and back again."""

import random
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from record import cursors
from tests.api.http.conftest import BODIES, body
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 1, 12, 0, 0, 123456, tzinfo=UTC)
ORDERS = [sign + name for name in ("position", "slug", "name", "updated") for sign in ("", "-")]


def many(count: int = 23) -> None:
    """Rows with equal names, equal moments and unknown positions among them."""
    for number in range(count):
        body(
            f"b{number:02}",
            name=f"Name {number % 3}",
            position=None if number % 4 == 0 else number % 7,
            updated_at=None if number % 5 == 0 else START + timedelta(seconds=number % 6),
        )


def walked(api: CheckingClient, address: str, way: str = "next") -> list[list[str]]:
    """The slugs of every page that follows."""
    pages: list[list[str]] = []
    while address:
        answer = api.get(address)
        assert answer.status_code == 200, answer.content
        pages.append([row["slug"] for row in answer.json()["results"]])
        address = answer.json()[way]
        assert len(pages) < 50
    return pages


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 4, 23])
def test_all_rows_come_once_and_in_order(api: CheckingClient, order: str, size: int) -> None:
    many()
    whole = [row["slug"] for row in api.get(f"{BODIES}?ordering={order}").json()["results"]]
    pages = walked(api, f"{BODIES}?ordering={order}&page_size={size}")
    assert [slug for page in pages for slug in page] == whole
    assert len(set(whole)) == 23
    assert [len(page) for page in pages[:-1]] == [size] * (len(pages) - 1)


@pytest.mark.parametrize("order", ORDERS)
def test_the_way_back_shows_the_same_pages(api: CheckingClient, order: str) -> None:
    many()
    forth, previous, address = [], "", f"{BODIES}?ordering={order}&page_size=5"
    while address:
        answer = api.get(address).json()
        forth.append([row["slug"] for row in answer["results"]])
        previous, address = answer["previous"], answer["next"]
    back = [forth[-1], *walked(api, previous, "previous")]
    assert back[::-1] == forth


@pytest.mark.parametrize("order", ["position", "-position"])
def test_unknown_values_come_last(api: CheckingClient, order: str) -> None:
    many()
    positions = [row["position"] for row in api.get(f"{BODIES}?ordering={order}").json()["results"]]
    known = [value for value in positions if value is not None]
    assert positions == sorted(known, reverse=order.startswith("-")) + [None] * (23 - len(known))


def test_the_first_page_has_no_previous_and_the_last_no_next(api: CheckingClient) -> None:
    many(6)
    first = api.get(f"{BODIES}?page_size=3").json()
    second = api.get(first["next"]).json()
    assert first["previous"] is None
    assert second["next"] is None
    again = api.get(second["previous"]).json()
    assert again["results"] == first["results"]
    assert again["previous"] is None
    assert api.get(again["next"]).json()["results"] == second["results"]


def test_rows_written_meanwhile_move_nothing(api: CheckingClient) -> None:
    many(10)
    first = api.get(f"{BODIES}?ordering=slug&page_size=5").json()
    body("a-before-everything")
    second = api.get(first["next"]).json()
    assert [row["slug"] for row in second["results"]] == [f"b{number:02}" for number in range(5, 10)]


def test_filters_and_page_size_stay_in_the_next_address(api: CheckingClient) -> None:
    many(10)
    following = api.get(f"{BODIES}?kind=council,other&page_size=3&ordering=-name").json()["next"]
    kept = parse_qs(urlsplit(following).query)
    assert following.startswith("http://testserver/api/v1/bodies/?")
    assert (kept["kind"], kept["page_size"], kept["ordering"]) == (["council,other"], ["3"], ["-name"])


def test_a_name_that_is_repeated_stays_so_in_the_next_address(api: CheckingClient) -> None:
    many()
    first = api.get(f"{BODIES}?slug=b01&slug=b02&slug=b03&ordering=slug&page_size=2").json()
    assert parse_qs(urlsplit(first["next"]).query)["slug"] == ["b01", "b02", "b03"]
    assert [row["slug"] for row in api.get(first["next"]).json()["results"]] == ["b03"]


def test_a_cursor_of_another_order_is_refused(api: CheckingClient) -> None:
    many(5)
    cursor = parse_qs(urlsplit(api.get(f"{BODIES}?ordering=slug&page_size=2").json()["next"]).query)[
        "cursor"
    ][0]
    assert api.get(f"{BODIES}?ordering=-slug&cursor={cursor}").status_code == 400


def test_a_tampered_cursor_is_refused(api: CheckingClient) -> None:
    many(5)
    cursor = parse_qs(urlsplit(api.get(f"{BODIES}?page_size=2").json()["next"]).query)["cursor"][0]
    chance = random.Random(7)
    for _ in range(50):
        place = chance.randrange(len(cursor) - 2)
        sign = chance.choice([s for s in "ABCabc012-_" if s != cursor[place]])
        assert api.get(f"{BODIES}?cursor={cursor[:place]}{sign}{cursor[place + 1 :]}").status_code == 400


def test_a_cursor_keeps_values_exactly() -> None:
    for value in (START, START.date(), uuid.uuid4(), Decimal("1.10"), None, 7, "ä", 0.1):
        place = cursors.Place("x", False, value, value)
        assert cursors.read(place.written(), "x") == place
