"""Waiting for the next event: told as soon as it comes, a few at a time, and never from what was kept."""

import time
from types import SimpleNamespace
from typing import Any

import pytest

from api import waiting
from notifications.stopping import STOPPING
from record.models import Head
from tests import make
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
EVENTS = "/api/v1/events/"


class Pauses:
    """In the place of sleep: what happens meanwhile, one thing at a time; then nothing, until time is over."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *happen: Any) -> None:
        self.happen, self.slept, self.awake = list(happen), 0, 0
        monkeypatch.setattr(waiting, "_pause", self)
        monkeypatch.setattr(time, "monotonic", lambda: float(self.slept))

    def __call__(self, seconds: float) -> bool:
        self.slept += 1
        assert waiting.BEDS.taken == 1
        if self.happen:
            self.happen.pop(0)()
        return False


def positions(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.content
    return [one["position"] for one in answer.json()["results"]]


def test_who_waits_is_told_what_comes_and_not_what_the_filter_leaves_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commitment = make.commitment()
    after = Head.objects.get().position
    where = f"{EVENTS}?after={after}&type=update.posted&wait=20"
    pauses = Pauses(
        monkeypatch, lambda: None, lambda: make.assembly("two-2025"), lambda: make.update(commitment)
    )
    answer = CheckingClient().get(where)
    assert positions(answer) == [Head.objects.get().position]
    assert (pauses.slept, waiting.BEDS.taken) == (3, 0)
    assert "Retry-After" not in answer
    assert answer["ETag"]
    assert positions(CheckingClient().get(where)) == positions(answer)
    assert pauses.slept == 3


def test_who_waits_in_vain_has_an_empty_page_each_time_and_none_that_was_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make.commitment()
    where = f"{EVENTS}?after={Head.objects.get().position}&wait=4"
    pauses = Pauses(monkeypatch)
    tag = ""
    for asked in (1, 2, 3):
        answer = CheckingClient().get(where, headers={"If-None-Match": tag} if tag else {})
        assert positions(answer) == []
        tag = answer["ETag"]
        assert pauses.slept == 4 * asked


def test_who_comes_when_others_wait_already_is_answered_at_once(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.EVENTS_WAITING = 0
    monkeypatch.setattr(waiting, "_pause", None)
    answer = CheckingClient().get(f"{EVENTS}?after=0&wait=25")
    assert (positions(answer), answer["Retry-After"]) == ([], "5")
    make.commitment()
    answer = CheckingClient().get(f"{EVENTS}?after=0&wait=25")
    assert positions(answer)
    assert "Retry-After" not in answer


def test_a_sleeper_that_breaks_off_leaves_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_seconds: float) -> bool:
        raise OSError("no database")

    monkeypatch.setattr(waiting, "_pause", broken)
    with pytest.raises(OSError, match="no database"):
        waiting.until(lambda: False, 5)
    assert waiting.BEDS.taken == 0


def test_the_end_of_the_process_wakes_who_sleeps() -> None:
    began = time.monotonic()
    STOPPING.set()
    try:
        assert waiting.until(lambda: False, 25)
    finally:
        STOPPING.clear()
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(("vendor", "in_atomic_block", "closed"), [
    ("postgresql", False, 1), ("postgresql", True, 0), ("sqlite", False, 0),
])  # fmt: skip
def test_a_sleeper_holds_no_connection_of_the_pool(
    vendor: str, in_atomic_block: bool, closed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    pretended = SimpleNamespace(
        vendor=vendor, in_atomic_block=in_atomic_block, close=lambda: done.append("closed")
    )
    monkeypatch.setattr(waiting, "connection", pretended)

    def sleep(_seconds: float) -> bool:
        done.append("asleep")
        return True

    monkeypatch.setattr(STOPPING, "wait", sleep)
    waiting.until(lambda: False, 5)
    assert done == [*["closed"] * closed, "asleep"]


@pytest.mark.parametrize("wait", ["26", "-1", "x", "1.5", ""])
def test_a_wait_that_is_none_is_named(wait: str) -> None:
    answer = CheckingClient().get(f"{EVENTS}?wait={wait}")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "wait")


def test_other_lists_do_not_wait() -> None:
    for where in ("/api/v1/commitments/?wait=5", "/api/v1/events/feed.atom?wait=5"):
        assert CheckingClient().get(where).status_code == 400
