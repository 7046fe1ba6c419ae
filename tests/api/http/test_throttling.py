"""How much anyone may ask, and that each is told."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from api.http import throttling
from tests.api.http.conftest import BODIES, NEW, issue
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(settings: Any) -> Iterator[None]:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "limits"}
    }
    settings.THROTTLE_ANONYMOUS, settings.THROTTLE_KEY = "3/day", "5/86400"
    cache.clear()
    yield
    cache.clear()


def statuses(api: CheckingClient, count: int, **kwargs: Any) -> list[int]:
    return [api.send("GET", BODIES, **kwargs).status_code for _ in range(count)]


def test_every_answer_tells_where_one_stands(api: CheckingClient) -> None:
    answer = api.get(BODIES)
    assert answer["RateLimit-Policy"] == '"anonymous";q=3;w=86400'
    assert re.fullmatch(r'"anonymous";r=2;t=\d+', answer["RateLimit"])
    assert '"anonymous";r=1' in api.get(f"{BODIES}nothing/")["RateLimit"]
    assert '"anonymous";r=0' in api.get(BODIES, headers={"If-None-Match": answer["ETag"]})["RateLimit"]


def test_beyond_the_limit_is_a_429_with_the_time_to_wait(api: CheckingClient) -> None:
    assert statuses(api, 5) == [200, 200, 200, 429, 429]
    answer = api.get(BODIES)
    assert answer.json()["code"] == "too_many_requests"
    assert 0 < int(answer["Retry-After"]) <= 86400
    assert "A key raises the limit" in answer.json()["detail"]


def test_a_key_raises_the_limit_and_has_its_own(api: CheckingClient, user: Any) -> None:
    assert statuses(api, 4)[-1] == 429
    assert statuses(api, 6, key=issue(user, "all")) == [200] * 5 + [429]
    assert statuses(api, 1, key=issue(user, "all")) == [200]


def test_bad_keys_count_for_the_network(api: CheckingClient) -> None:
    assert statuses(api, 4, key="sd_bad") == [401, 401, 401, 429]
    assert api.get(BODIES).status_code == 429


def test_a_person_with_a_session_counts_for_herself(api: CheckingClient, user: Any) -> None:
    api.force_login(user)
    answer = api.send("POST", BODIES, NEW)
    assert '"key";r=4' in answer["RateLimit"]


def test_networks_count_apart_and_a_household_together(api: CheckingClient) -> None:
    for address in ("198.51.100.1", "198.51.100.2", "2001:db8::1"):
        assert [api.get(BODIES, REMOTE_ADDR=address).status_code for _ in range(4)][-2:] == [200, 429]
    assert api.get(BODIES, REMOTE_ADDR="2001:db8::2").status_code == 429
    assert api.get(BODIES, REMOTE_ADDR="2001:db8:0:1::2").status_code == 200


def test_forwarded_addresses_are_believed_only_from_our_own_proxies(
    api: CheckingClient, settings: Any, rf: Any
) -> None:
    def seen(proxies: int, forwarded: str) -> str:
        settings.PROXIES = proxies
        return throttling.client_address(rf.get("/", headers={"X-Forwarded-For": forwarded}))

    assert seen(0, "1.1.1.1") == "127.0.0.1"
    assert seen(1, "9.9.9.9, 1.1.1.1") == "1.1.1.1"
    assert seen(2, "9.9.9.9, 1.1.1.1, 10.0.0.1") == "1.1.1.1"
    assert seen(2, "1.1.1.1") == "1.1.1.1"
    assert seen(1, "") == "127.0.0.1"


def test_no_address_stands_in_the_cache(api: CheckingClient, rf: Any) -> None:
    assert "198.51" not in throttling.network(rf.get("/", REMOTE_ADDR="198.51.100.1"))
    assert throttling.network(rf.get("/", REMOTE_ADDR="unix:")) == "network:unknown"


def test_no_limit_can_be_set(api: CheckingClient, settings: Any) -> None:
    settings.THROTTLE_ANONYMOUS = ""
    assert "RateLimit" not in api.get(BODIES)
