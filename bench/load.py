"""Asks over kept-alive connections, as lightly as Python can: it shares the machine with those that answer."""

import selectors
import socket
import time
from dataclasses import dataclass, field
from itertools import cycle

HEADERS_END = b"\r\n\r\n"
LENGTH = b"content-length:"


class WrongAnswer(RuntimeError):
    """An answer had another status than it should, or the connection broke: nothing more would mean anything."""


@dataclass
class Result:
    """What one round gave: how long each answer took, in seconds, and how long all of it."""

    times: list[float] = field(default_factory=list)
    seconds: float = 0.0
    processor: float = 0.0
    """Seconds that the server's workers computed meanwhile."""

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    def within(self, share: float) -> float:
        """The time within which this share of the answers came."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@dataclass(frozen=True)
class Request:
    """One request as bytes."""

    path: str
    body: str = ""
    token: str = ""
    tag: str = ""
    method: str = ""

    def bytes(self) -> bytes:
        """As it goes over the wire."""
        body = self.body.encode()
        lines = [
            f"{self.method or ('POST' if body else 'GET')} {self.path} HTTP/1.1",
            "Host: 127.0.0.1",
            "Accept: application/json",
        ]
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        if self.token:
            lines.append(f"Authorization: Bearer {self.token}")
        if self.tag:
            lines.append(f"If-None-Match: {self.tag}")
        return "\r\n".join([*lines, "", ""]).encode() + body


class Connection:
    """One kept-alive connection that always waits for exactly one answer."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.asked = 0.0
        self._got = b""
        self._wanted = -1

    def ask(self, request: bytes) -> None:
        """Send a request."""
        self._got, self._wanted = b"", -1
        self.asked = time.perf_counter()
        self.socket.sendall(request)

    def take(self) -> bool:
        """Take what has come; whether the answer is whole."""
        piece = self.socket.recv(1 << 18)
        if not piece:
            raise WrongAnswer("The server closed a connection in the midst of an answer.")
        self._got += piece
        if self._wanted < 0 and (end := self._got.find(HEADERS_END)) >= 0:
            self._wanted = end + len(HEADERS_END) + self._length(end)
        return 0 <= self._wanted <= len(self._got)

    def _length(self, end: int) -> int:
        at = self._got[:end].lower().find(LENGTH)
        return int(self._got[at + len(LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0

    def check(self, status: bytes) -> None:
        """Raise WrongAnswer unless the answer has this status."""
        if self._got[9:12] != status:
            raise WrongAnswer(self._got[:600].decode(errors="replace"))

    def parts(self) -> tuple[str, bytes]:
        """Head and body of the answer."""
        head, _, body = self._got.partition(HEADERS_END)
        return head.decode("latin-1"), body


def once(port: int, request: Request, status: bytes = b"200") -> tuple[dict[str, str], bytes]:
    """One answer: its headers, in small letters, and its body."""
    connection = Connection(port)
    connection.ask(request.bytes())
    while not connection.take():
        pass
    connection.check(status)
    head, body = connection.parts()
    connection.socket.close()
    lines = (line.partition(":") for line in head.split("\r\n")[1:])
    return {name.lower(): value.strip() for name, _, value in lines}, body


def measure(
    port: int, requests: list[Request], status: bytes, seconds: float, connections: int, least: int = 0
) -> Result:
    """Ask these in turn for so many seconds, and so often at least; each connection asks again once it was answered."""
    waiting = cycle([request.bytes() for request in requests])
    result = Result()
    with selectors.DefaultSelector() as selector:
        opened = [Connection(port) for _ in range(connections)]
        for connection in opened:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        started = time.perf_counter()
        for connection in opened:
            connection.ask(next(waiting))
        until, busy = started + seconds, len(opened)
        while busy:
            for key, _ in selector.select():
                busy -= _answered(key.data, status, waiting, until, least, result)
        result.seconds = time.perf_counter() - started
        for connection in opened:
            connection.socket.close()
    return result


def _answered(
    connection: Connection, status: bytes, waiting: "cycle[bytes]", until: float, least: int, result: Result
) -> int:
    """Take what came; 1 if this connection has nothing more to ask."""
    if not connection.take():
        return 0
    now = time.perf_counter()
    connection.check(status)
    result.times.append(now - connection.asked)
    if now >= until and len(result.times) >= least:
        return 1
    connection.ask(next(waiting))
    return 0
