"""No test reaches beyond this machine."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

NEAR = ("127.", "::1", "localhost")


class OutsideError(RuntimeError):
    """A test tried to reach another machine."""


def is_near(address: object) -> bool:
    """Whether `address` is on this machine: loopback, or a path."""
    if isinstance(address, tuple) and address:
        return str(address[0]).startswith(NEAR)
    return isinstance(address, str | bytes)


@contextmanager
def closed() -> Iterator[None]:
    """Refuse every connection but to this machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo))
        yield


def _guarded(real: Any) -> Any:
    def connect(self: socket.socket, address: object) -> Any:
        if not is_near(address):
            raise OutsideError(f"A test tried to reach {address!r}.")
        return real(self, address)

    return connect


def _guarded_lookup(real: Any) -> Any:
    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        if host and not is_near((host if isinstance(host, str) else host.decode(),)):
            raise OutsideError(f"A test tried to look up {host!r}.")
        return real(host, *arguments, **options)

    return getaddrinfo
