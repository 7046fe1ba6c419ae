"""What every test has around it."""

from collections.abc import Iterator

import pytest

from tests import sockets


@pytest.fixture(scope="session", autouse=True)
def _no_outside_world() -> Iterator[None]:
    """Close every socket but those of this machine."""
    with sockets.closed():
        yield
