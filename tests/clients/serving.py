"""The API really served, at a port of this machine, from a test's own rows: for clients that are programs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections

from config.wsgi import application


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nobody reads along."""


@contextmanager
def served() -> Iterator[str]:
    """Serve what this test's transaction holds, at its pretended time; the address without a slash at its end.

    One thread answers one request after the other on the test's own connection; the test waits for its client.
    """
    server = WSGIServer(("127.0.0.1", 0), _Quiet)
    server.set_app(application)
    own = connections["default"]
    own.inc_thread_sharing()
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)

    def serve() -> None:
        connections["default"] = own
        server.serve_forever(poll_interval=0.05)

    thread = threading.Thread(target=copy_context().run, args=(serve,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        own.dec_thread_sharing()
        for signal in signals:
            signal.connect(close_old_connections)
