"""A world, served."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from record import clock
from record.shelf import SHELF
from tests import make
from tests.api.stages import staged
from tests.api.world import World
from tests.clients.serving import served


@dataclass(frozen=True)
class Served:
    """Where the API is served, and what is in it."""

    base: str
    world: World


@pytest.fixture(scope="module")
def service(django_db_setup: None, django_db_blocker: Any) -> Iterator[Served]:
    """The permission matrix's world at a port of this machine."""
    with staged(django_db_blocker), clock.at(make.noon(make.TODAY)):
        SHELF.clear()
        world = World()
        with served() as base:
            yield Served(base, world)
