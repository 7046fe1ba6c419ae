"""The small object through which data.police.uk is asked; the only place that reaches beyond this machine."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

import urllib3

from commitments.policeuk import reading
from commitments.policeuk.reading import Force, Listed, Neighbourhood, Priority
from commitments.policeuk.trouble import PoliceUKTrouble
from record import clock

BASE = "https://data.police.uk/api/"
USER_AGENT = "said-and-done/0.1 (a public record of neighbourhood policing; urllib3)"
MOST_BYTES = 5_000_000
CONNECT_SECONDS, READ_SECONDS = 5.0, 20.0
SECONDS_APART = 0.1
"""Ten requests a second at most: the source takes 15, then answers 429."""
TRIES, FIRST_WAIT, LONGEST_WAIT = 4, 1.0, 120.0
MOST_REDIRECTS = 2
BUSY = frozenset({429, 500, 502, 503, 504})


class Answer(NamedTuple):
    """What came back: the status, the headers by lower-case name, and at most `MOST_BYTES` + 1 bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Transport = Callable[[str], Answer]
"""Asks one address once, follows nothing, and raises OSError where nobody answers in time."""


class OverHTTPS:
    """The transport of every day: urllib3, with time limits and a bounded body."""

    def __init__(self) -> None:
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
            headers={"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "gzip"},
        )

    def __call__(self, address: str) -> Answer:
        """Ask once."""
        try:
            answer = self._pool.request("GET", address, retries=False, redirect=False, preload_content=False)
            body = answer.read(MOST_BYTES + 1, decode_content=True)
            _let_go(answer, whole=len(body) <= MOST_BYTES)
        except urllib3.exceptions.HTTPError as failed:
            raise ConnectionError(type(failed).__name__) from failed
        return Answer(answer.status, {name.lower(): text for name, text in answer.headers.items()}, body)


def _let_go(answer: urllib3.BaseHTTPResponse, *, whole: bool) -> None:
    """Keep the connection for the next question, unless there is more on it than we want."""
    if whole:
        answer.release_conn()
    else:
        answer.close()


@dataclass
class PoliceUK:
    """Forces, their neighbourhoods, and the priorities of each; every method raises PoliceUKTrouble, and only that.

    `monotonic` and `sleep` count in seconds; tests pass their own, and a transport that reaches nobody.
    """

    transport: Transport = field(default_factory=OverHTTPS)
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    base: str = BASE
    _next: float = field(default=float("-inf"), init=False)

    def forces(self) -> list[Listed]:
        """Every force by id and name."""
        return reading.listed(self._ask("forces"), "forces")

    def force(self, force: str) -> Force:
        """One force."""
        return reading.force(self._ask("forces", force), f"forces/{force}")

    def neighbourhoods(self, force: str) -> list[Listed]:
        """Every neighbourhood of a force by id and name; an id is unique within its force alone."""
        return reading.listed(self._ask(force, "neighbourhoods"), f"{force}/neighbourhoods")

    def neighbourhood(self, force: str, neighbourhood: str) -> Neighbourhood:
        """One neighbourhood, without whatever the source says of its officers."""
        return reading.neighbourhood(self._ask(force, neighbourhood), f"{force}/{neighbourhood}")

    def priorities(self, force: str, neighbourhood: str) -> list[Priority]:
        """What a neighbourhood team says it works on."""
        found = self._ask(force, neighbourhood, "priorities")
        return reading.priorities(found, f"{force}/{neighbourhood}/priorities")

    def address(self, *parts: str) -> str:
        """The address of something, its names quoted so that none can lead elsewhere."""
        if any(part.strip(".") == "" for part in parts):
            raise PoliceUKTrouble(f"{'/'.join(parts)!r} names nothing that data.police.uk could have.")
        return self.base + "/".join(quote(part, safe="") for part in parts)

    def _ask(self, *parts: str) -> Any:
        address = self.address(*parts)
        answer = self._followed(address)
        if answer.status == HTTPStatus.NOT_FOUND:
            raise PoliceUKTrouble(f"{address} is not there; check the force and the neighbourhood's id.")
        if answer.status != HTTPStatus.OK:
            raise PoliceUKTrouble(f"{address} answered {answer.status}; nothing was taken from it.")
        if len(answer.body) > MOST_BYTES:
            raise PoliceUKTrouble(f"{address} answered with more than {MOST_BYTES} bytes; nothing was taken.")
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError) as broken:
            raise PoliceUKTrouble(f"{address} answered with something that is not JSON.") from broken

    def _followed(self, address: str) -> Answer:
        """The answer, perhaps after a redirect to another address of the same host."""
        here = address
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._patiently(here)
            target = answer.headers.get("location")
            if not (300 <= answer.status < 400 and target):
                return answer
            here = urljoin(here, target)
            if urlsplit(here)[:2] != urlsplit(self.base)[:2]:
                raise PoliceUKTrouble(f"{address} leads to another host; it is not followed.")
        raise PoliceUKTrouble(f"{address} leads on and on; it is not followed.")

    def _patiently(self, address: str) -> Answer:
        """The first answer that is not `BUSY`; waits as long as the source asks, and longer each time."""
        why, asked = "", 0.0
        for tried in range(TRIES):
            if tried:
                self._pause(max(asked, FIRST_WAIT * 2 ** (tried - 1)), address)
            self._keep_pace()
            try:
                answer = self.transport(address)
            except OSError as failed:
                why, asked = f"did not answer ({type(failed).__name__}: {failed})", 0.0
                continue
            if answer.status not in BUSY:
                return answer
            why, asked = f"answered {answer.status}", _asked_to_wait(answer)
        raise PoliceUKTrouble(f"{address} {why}, {TRIES} times; try again later.")

    def _pause(self, seconds: float, address: str) -> None:
        if seconds > LONGEST_WAIT:
            raise PoliceUKTrouble(f"{address} asks us to wait {seconds:.0f} seconds; try again later.")
        self.sleep(seconds)

    def _keep_pace(self) -> None:
        now = self.monotonic()
        if now < self._next:
            self.sleep(self._next - now)
        self._next = max(now, self._next) + SECONDS_APART


def _asked_to_wait(answer: Answer) -> float:
    """The seconds that `Retry-After` names, as a number or as a date; 0 where it names none."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        until: datetime = parsedate_to_datetime(said)
        return max(0.0, (until - clock.now()).total_seconds())
    except (TypeError, ValueError):
        return 0.0
