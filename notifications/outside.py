"""The one place that calls addresses which strangers gave us: the address that was judged is the one that is dialled.

A name is resolved once; each of its addresses is judged; the connection goes to one of them by number, while the
certificate and the Host header are those of the name. Nothing is followed, no proxy is asked, and neither time nor
what comes back is without bounds. What they answer beside the status is thrown away: nobody reads an inner page here.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from typing import NamedTuple

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import HTTPResponse

from notifications import addresses
from notifications.addresses import NotReached, Target

SECONDS = 10.0
"""From the first question to the end of what comes back."""
CONNECT_SECONDS = 4.0
ENDING_SECONDS = 1.0
"""So long we listen to the rest of an answer, for the other side's peace; then we hang up."""
MOST_BYTES = 16 * 1024
Resolve = Callable[[str, int], list[str]]


class Answer(NamedTuple):
    """What came back: the status, and what `Retry-After` said."""

    status: int
    retry_after: str


def looked_up(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system's resolver has them now."""
    rows = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    return [str(row[4][0]) for row in rows]


@dataclass(frozen=True)
class Outside:
    """Posts one body to one address; every method raises NotReached, and only that. Tests pass their own resolver."""

    resolve: Resolve = looked_up
    check: Callable[[list[str], Target], list[str]] = addresses.check_all
    certificates: str | None = None
    seconds: float = SECONDS

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Ask once. The answer is had even where its body never ends."""
        ends = time.monotonic() + self.seconds
        target = addresses.read(url)
        judged = self.check(self._resolved(target), target)
        connection = self._connected(target, judged, ends)
        try:
            return _asked(connection, target, body, headers, ends)
        finally:
            connection.close()

    def _resolved(self, target: Target) -> list[str]:
        """Ask the resolver once, and not for ever."""
        found: list[list[str]] = []

        def ask() -> None:
            try:
                found.append(self.resolve(target.host, target.port))
            except (OSError, UnicodeError):
                found.append([])

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(self.seconds / 2)
        if not found:
            raise NotReached("resolver_too_slow")
        return found[0]

    def _connected(self, target: Target, judged: list[str], ends: float) -> HTTPConnection:
        """A connection to the first of the judged addresses that takes one; by number, so nothing is resolved again."""
        why = "no_connection"
        for address in judged:
            left = ends - time.monotonic()
            if left <= 0:
                raise NotReached("too_slow")
            connection = self._connection(target, address, min(CONNECT_SECONDS, left))
            try:
                connection.connect()
            except (OSError, HTTPError, ValueError) as failed:
                connection.close()
                why = _why(failed)
                continue
            return connection
        raise NotReached(why)

    def _connection(self, target: Target, address: str, seconds: float) -> HTTPConnection:
        if target.scheme == "http":
            return HTTPConnection(address, target.port, timeout=seconds)
        name = target.host.strip("[]")
        return HTTPSConnection(
            address,
            target.port,
            timeout=seconds,
            cert_reqs="CERT_REQUIRED",
            ca_certs=self.certificates,
            server_hostname=name,
            assert_hostname=name,
        )


def _asked(
    connection: HTTPConnection, target: Target, body: bytes, headers: Mapping[str, str], ends: float
) -> Answer:
    line = connection.sock
    left = ends - time.monotonic()
    if line is None or left <= 0:
        raise NotReached("too_slow")
    line.settimeout(left)
    with _cut_off(line, left) as late:
        try:
            connection.request(
                "POST", target.path, body, {**headers, "Host": target.named, "Connection": "close"},
                preload_content=False, decode_content=False,
            )  # fmt: skip
            response = connection.getresponse()
        except (OSError, HTTPError, HTTPException, ValueError) as failed:
            raise NotReached("too_slow" if late.is_set() else _why(failed)) from None
        if late.is_set():
            response.close()
            raise NotReached("too_slow")  # what was cut off reads like headers that ended
    with _cut_off(line, min(ENDING_SECONDS, max(0.0, ends - time.monotonic()))):
        _thrown_away(response)
    return Answer(response.status, response.headers.get("Retry-After", "")[:60])


@contextmanager
def _cut_off(line: socket.socket, seconds: float) -> Iterator[threading.Event]:
    """Hang up after so long, however slowly bytes still drip; sets the event where it did."""
    late = threading.Event()

    def hang_up() -> None:
        late.set()
        try:
            socket.socket.shutdown(line, socket.SHUT_RDWR)
        except OSError:
            return

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _thrown_away(response: HTTPResponse) -> None:
    try:
        response.read(MOST_BYTES)
    except (OSError, HTTPError, HTTPException, ValueError):
        return
    finally:
        response.close()


def _why(failed: Exception) -> str:
    """A word for it that shows nothing of what is inside."""
    text = f"{type(failed).__name__} {failed}".lower()
    if "certificate" in text or "ssl" in text:
        return "certificate"
    return "too_slow" if "timeout" in text or "timed out" in text else "no_connection"
