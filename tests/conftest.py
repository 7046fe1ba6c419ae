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

DATABASES = frozenset({"db", "transactional_db", "django_db_setup"})


def pytest_addoption(parser: pytest.Parser) -> None:
    """What a second database need not hear again."""
    parser.addoption("--asking-a-database", action="store_true", help="only tests that ask the database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what asks no database, where that was asked for."""
    if config.getoption("--asking-a-database"):
        asking = [item for item in items if _asks(item)]
        config.hook.pytest_deselected(items=[item for item in items if not _asks(item)])
        items[:] = asking


def _asks(item: pytest.Item) -> bool:
    names: list[str] = getattr(item, "fixturenames", [])
    return item.get_closest_marker("django_db") is not None or not DATABASES.isdisjoint(names)


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
