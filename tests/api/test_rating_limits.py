"""How often one may rate: told to whoever rates, and telling nobody of anybody else."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from accounts import actions as accounts
from accounts.models import User
from ratings import limits
from tests import make
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _few(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    settings.RATINGS_PER_ACCOUNT, settings.RATINGS_PER_NETWORK = "3/hour,4/day", "5/day"
    settings.PROXIES = 1
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def path() -> str:
    commitment = make.commitment(make.assembly(prefix="AT25"))
    return f"/api/v1/commitments/{commitment.reference}/rating/"


def voter() -> str:
    return key_of(make.person())


def key_of(user: User) -> str:
    return accounts.issue_key(user, scopes=["all"])[1]


def put(
    api: CheckingClient, path: str, key: str, *, at: str = "192.0.2.7", method: str = "PUT", score: int = 3
) -> Any:
    body = {"score": score} if method == "PUT" else None
    return api.send(method, path, body, key=key, X_Forwarded_For=at)


def test_an_account_may_rate_so_often_and_is_told_where_it_stands(api: CheckingClient, path: str) -> None:
    key = voter()
    answers = [put(api, path, key, score=score) for score in (1, 2, 3, 4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert '"ratings-3600";q=3;w=3600, "ratings-86400";q=4;w=86400' in answers[0]["RateLimit-Policy"]
    assert '"ratings-3600";r=2;' in answers[0]["RateLimit"]
    assert '"ratings-3600";r=0;' in answers[3]["RateLimit"]
    assert answers[3].json()["code"] == "too_many_ratings"
    assert 0 < int(answers[3]["Retry-After"]) <= 3600
    assert "Your account" in answers[3].json()["detail"]


def test_reading_is_not_limited_so(api: CheckingClient, path: str) -> None:
    key = voter()
    put(api, path, key)
    answers = [api.send("GET", path, key=key) for _ in range(8)]
    assert {answer.status_code for answer in answers} == {200}
    assert not any("ratings" in answer.get("RateLimit", "") for answer in answers)


def test_every_try_counts_whatever_comes_of_it(api: CheckingClient, path: str) -> None:
    """Else the limit would tell whether there was a rating to take back."""
    with_one, without = voter(), voter()
    put(api, path, with_one)
    told = [
        put(api, path, with_one, method="DELETE"),
        put(api, path, without, score=9),
        put(api, path, without, method="DELETE"),
    ]
    assert [answer.status_code for answer in told] == [204, 400, 404]
    left = [answer["RateLimit"].split('"ratings-3600";r=')[1][0] for answer in told]
    assert left == ["1", "2", "1"]


def test_a_network_may_rate_so_often_and_nobody_is_told_how_often_it_did(
    api: CheckingClient, path: str
) -> None:
    answers = [put(api, path, voter(), at=f"192.0.2.{place}") for place in range(1, 7)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert {answer["RateLimit"].split("t=")[0] for answer in answers[:5]} == {
        answers[0]["RateLimit"].split("t=")[0]
    }
    assert "around" not in answers[5]["RateLimit"] + answers[5]["RateLimit-Policy"]
    assert "who runs this service" in answers[5].json()["detail"]
    assert put(api, path, voter(), at="192.0.3.1").status_code == 200


def test_a_household_of_ipv6_is_one_network(api: CheckingClient, path: str) -> None:
    places = ["2001:db8:1:aa00::1", "2001:db8:1:aaff:8000::", "2001:db8:1:aa01::7"]
    answers = [put(api, path, voter(), at=places[turn % 3]).status_code for turn in range(6)]
    assert answers == [200] * 5 + [429]
    assert put(api, path, voter(), at="2001:db8:1:ab00::1").status_code == 200


def test_a_blank_setting_is_no_limit(api: CheckingClient, path: str, settings: Any) -> None:
    settings.RATINGS_PER_ACCOUNT = settings.RATINGS_PER_NETWORK = ""
    key = voter()
    assert {put(api, path, key).status_code for _ in range(8)} == {200}


def test_a_stranger_is_not_counted(api: CheckingClient, path: str) -> None:
    assert [put(api, path, "").status_code for _ in range(7)] == [401] * 7
    assert put(api, path, voter()).status_code == 200


def test_what_is_kept_names_no_account_no_address_and_no_subject(
    api: CheckingClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    add = cache.add

    def noted(key: str, *rest: Any) -> bool:
        kept.append(key)
        return add(key, *rest)

    monkeypatch.setattr(cache, "add", noted)
    user = make.person()
    put(api, path, key_of(user))
    names = [key.split(":")[1] for key in kept if key.startswith("limit:")]
    assert sorted(names) == ["key", "ratings", "ratings", "ratings-around"]
    for key in kept:
        assert re.fullmatch(r"limit:[a-z-]+:[0-9a-f]{32}|cast:[0-9a-f]{64}", key)
    first, again = set(kept), len(kept)
    monkeypatch.setattr(time, "time", lambda: 9e9)
    put(api, path, key_of(user))
    assert {key for key in kept[again:] if key.startswith("limit:")}.isdisjoint(first), (
        "no window leads to another"
    )


def test_a_shared_cache_forgets_no_limit_before_its_time(
    api: CheckingClient, path: str, settings: Any, tmp_path: Any
) -> None:
    files = {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(tmp_path / "cache"),
    }
    settings.CACHES = {"default": {**files, "TIMEOUT": 1}}
    key = voter()
    assert [put(api, path, key).status_code for _ in range(3)] == [200] * 3
    time.sleep(1.2)
    assert put(api, path, key).status_code == 429


def test_the_mark_of_one_day_is_not_that_of_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 0.0)
    first = limits.mark("account:7")
    assert first == limits.mark("account:7")
    monkeypatch.setattr(time, "time", lambda: 86400.0)
    assert limits.mark("account:7") != first
