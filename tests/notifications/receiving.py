"""Webhooks for tests: endpoints made through the verbs, and a real receiver on this machine."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from accounts.models import User
from notifications import endpoints
from notifications.models import Endpoint, EndpointState
from record.models import Head
from tests import make

Got = tuple[str, dict[str, str], bytes]


@dataclass
class Receiver:
    """What came, and what is answered."""

    address: str = ""
    port: int = 0
    got: list[Got] = field(default_factory=list)
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    answer: Callable[[Any], None] | None = None


@contextmanager
def receiver(host: str = "127.0.0.1") -> Iterator[Receiver]:
    """A receiver at `host` until the block ends."""
    one = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            one.got.append((self.path, {name.lower(): text for name, text in self.headers.items()}, body))
            if one.answer is not None:
                one.answer(self)
                return
            self.send_response(one.status)
            for name, text in one.headers.items():
                self.send_header(name, text)
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer((host, 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    one.port = server.server_address[1]
    one.address = f"http://{host}:{one.port}/hook"
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def endpoint(
    address: str, owner: User | None = None, *, active: bool = True, **what: Any
) -> tuple[Endpoint, str]:
    """An endpoint and its secret; an active one hears of what is recorded from now on."""
    made, secret = endpoints.add(owner or make.person(), address=address, **what)
    if active:
        made.calls.all().delete()
        made.state, made.after = EndpointState.ACTIVE, Head.objects.get().position
        made.save()
    return made, secret
