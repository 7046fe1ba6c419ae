"""Asking data.police.uk: at its pace, patiently, never elsewhere, and with one kind of trouble, said in a sentence."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from commitments.policeuk import client
from commitments.policeuk.client import BASE, MOST_BYTES, USER_AGENT, OverHTTPS, PoliceUK
from commitments.policeuk.trouble import PoliceUKTrouble
from record import clock
from tests.policeuk.recorded import FORCE, Hours, Recorded, answer, pauses, source

HERE = f"{FORCE}/neighbourhoods"


def asked_with(*answers: object) -> tuple[Recorded, Hours]:
    """A source that answers the list of neighbourhoods like this."""
    recorded = Recorded()
    recorded.say(HERE, *answers)
    return recorded, Hours()


def test_forces_neighbourhoods_and_priorities_are_asked_at_their_addresses() -> None:
    recorded = Recorded()
    asking = source(recorded)
    assert [one.id for one in asking.forces()] == ["elsewhere-police", "invented-police"]
    assert asking.force(FORCE).name == "Invented Police"
    assert len(asking.neighbourhoods(FORCE)) == 4
    assert asking.neighbourhood(FORCE, "55.CR3001").population is None
    assert len(asking.priorities(FORCE, "E05013891")) == 2
    assert recorded.asked == [
        "forces",
        f"forces/{FORCE}",
        f"{FORCE}/neighbourhoods",
        f"{FORCE}/55.CR3001",
        f"{FORCE}/E05013891/priorities",
    ]


@pytest.mark.parametrize(
    ("name", "quoted"),
    [("a b/c", "a%20b%2Fc"), ("../forces", "..%2Fforces"), ("x?y=1#z", "x%3Fy%3D1%23z"), ("é", "%C3%A9")],
)
def test_an_id_is_quoted_so_that_it_leads_nowhere_else(name: str, quoted: str) -> None:
    assert source().address(FORCE, name) == f"{BASE}{FORCE}/{quoted}"


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_an_id_that_is_a_step_in_a_path_is_not_asked(name: str) -> None:
    recorded = Recorded()
    with pytest.raises(PoliceUKTrouble, match="names nothing"):
        source(recorded).neighbourhood(FORCE, name)
    assert recorded.asked == []


def test_questions_keep_apart_so_that_fifteen_a_second_are_never_reached() -> None:
    hours = Hours()
    asking = source(hours=hours)
    begin = hours.now
    for _ in range(31):
        asking.forces()
    assert hours.now - begin == pytest.approx(3.0)
    assert set(hours.slept) == {client.SECONDS_APART}


def test_time_spent_elsewhere_is_not_waited_for_again() -> None:
    hours = Hours()
    asking = source(hours=hours)
    asking.forces()
    hours.now += 5
    asking.forces()
    assert hours.slept == []


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_source_is_asked_again_after_longer_and_longer_waits(status: int) -> None:
    recorded, hours = asked_with(answer(b"", status), answer(b"", status), answer(b"", status), [])
    assert source(recorded, hours).neighbourhoods(FORCE) == []
    assert pauses(hours) == [1.0, 2.0, 4.0]


def test_who_says_how_long_to_wait_is_believed() -> None:
    until = format_datetime(datetime(2026, 6, 1, 12, 0, 30, tzinfo=UTC), usegmt=True)
    recorded, hours = asked_with(
        answer(b"", 429, retry_after="7"),
        answer(b"", 503, retry_after=until),
        answer(b"", 429, retry_after="soon"),
        [],
    )
    with clock.at(datetime(2026, 6, 1, 12, tzinfo=UTC)):
        source(recorded, hours).neighbourhoods(FORCE)
    assert pauses(hours) == [7.0, 30.0, 4.0]


def test_a_wait_of_an_hour_is_left_to_the_operator() -> None:
    recorded, hours = asked_with(answer(b"", 429, retry_after="3600"))
    with pytest.raises(PoliceUKTrouble, match="asks us to wait 3600 seconds; try again later"):
        source(recorded, hours).neighbourhoods(FORCE)
    assert pauses(hours) == []


def test_a_source_that_stays_busy_is_given_up_in_words() -> None:
    recorded, hours = asked_with(answer(b"", 503))
    with pytest.raises(PoliceUKTrouble, match="answered 503, 4 times; try again later"):
        source(recorded, hours).neighbourhoods(FORCE)
    assert len(recorded.asked) == client.TRIES


def test_who_does_not_answer_is_asked_again() -> None:
    recorded, hours = asked_with(TimeoutError("20 seconds"), ConnectionError("reset"), [])
    assert source(recorded, hours).neighbourhoods(FORCE) == []
    recorded, hours = asked_with(TimeoutError("20 seconds"))
    with pytest.raises(PoliceUKTrouble, match=r"did not answer \(TimeoutError: 20 seconds\), 4 times"):
        source(recorded, hours).neighbourhoods(FORCE)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (answer(b"Not Found", 404), "is not there; check the force"),
        (answer(b"", 403), "answered 403; nothing was taken"),
        (answer(b"<html>Sorry</html>"), "something that is not JSON"),
        (answer(b'[{"id": "E05'), "something that is not JSON"),
        (answer(b"[" * 200_000), "something that is not JSON"),
        (answer(b"\xff\xfe\xfa"), "something that is not JSON"),
        (answer(b" " * (MOST_BYTES + 1)), "more than 5000000 bytes"),
        (answer(b"", 302, location="https://elsewhere.example/api/"), "leads to another host"),
        (answer(b"", 302, location="http://data.police.uk/api/x"), "leads to another host"),
        (answer(b"", 302), "answered 302"),
        (answer(b"", 301, location=BASE + HERE), "leads on and on"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence_and_not_asked_again(given: object, sentence: str) -> None:
    recorded, hours = asked_with(given)
    with pytest.raises(PoliceUKTrouble, match=sentence) as told:
        source(recorded, hours).neighbourhoods(FORCE)
    assert str(told.value).startswith(BASE + HERE)
    assert pauses(hours) == []


def test_a_redirect_on_the_same_host_is_followed() -> None:
    recorded, hours = asked_with(answer(b"", 301, location=f"/api/{HERE}/"))
    recorded.say(f"{HERE}/", [{"id": "C01", "name": "Centre"}])
    assert [one.id for one in source(recorded, hours).neighbourhoods(FORCE)] == ["C01"]


class Near(BaseHTTPRequestHandler):
    """A source on this machine."""

    heard: list[tuple[str, str | None]] = []

    def do_GET(self) -> None:
        """Answer by the address."""
        self.heard.append((self.path, self.headers.get("User-Agent")))
        if self.path == "/hangs-up":
            return
        body = b"x" * (MOST_BYTES + 100) if self.path == "/endless" else b"[]"
        self.send_response(302 if self.path == "/moved" else 200)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def near() -> Iterator[str]:
    """Its address."""
    server = HTTPServer(("127.0.0.1", 0), Near)
    server.handle_error = lambda *args: None  # type: ignore[method-assign]
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    Near.heard.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    serving.join()


def test_the_real_transport_says_who_asks_bounds_the_answer_and_follows_nothing(near: str) -> None:
    transport = OverHTTPS()
    assert transport(f"{near}/list")[0::2] == (200, b"[]")
    moved = transport(f"{near}/moved")
    assert (moved.status, moved.headers["location"]) == (302, "http://127.0.0.1:1/")
    assert len(transport(f"{near}/endless").body) == MOST_BYTES + 1
    with pytest.raises(OSError, match="Protocol"):
        transport(f"{near}/hangs-up")
    assert {agent for _, agent in Near.heard} == {USER_AGENT}
    assert [path for path, _ in Near.heard] == ["/list", "/moved", "/endless", "/hangs-up"]


def test_a_port_where_nobody_listens_is_trouble_in_words() -> None:
    hours = Hours()
    asking = PoliceUK(monotonic=hours.monotonic, sleep=hours.sleep, base="http://127.0.0.1:9/")
    with pytest.raises(PoliceUKTrouble, match="did not answer"):
        asking.forces()
    assert timedelta(seconds=hours.now - 1000) < timedelta(seconds=10)
