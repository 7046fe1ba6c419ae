"""What every test has around it."""

from collections.abc import Iterator

import hypothesis
import pytest

from commitments import summaries
from record.shelf import SHELF
from tests import sockets
from tests.contract import CheckingClient

pytest_plugins = ["tests.committed", "tests.migrated"]

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis.settings.register_profile("ours", deadline=None, print_blob=True)
hypothesis.settings.load_profile("ours")


@pytest.fixture(scope="session", autouse=True)
def _no_outside_world() -> Iterator[None]:
    """Close every socket but those of this machine."""
    with sockets.closed():
        yield


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Every test's record begins anew, so answers kept from another's are not of it."""
    SHELF.clear()
    summaries.forget()


@pytest.fixture
def client() -> CheckingClient:
    """A client by which every answer of the API is held against openapi.yaml."""
    return CheckingClient()


@pytest.fixture
def api(client: CheckingClient) -> CheckingClient:
    """The same, by the name that tests of the API use."""
    return client
