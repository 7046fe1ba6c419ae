"""The source as the files say, for tests that take from it."""

import pytest

from tests.policeuk.recorded import FORCE, Recorded


@pytest.fixture
def recorded() -> Recorded:
    """The source, as the files say, but for one neighbourhood that cannot be read."""
    found = Recorded()
    found.say(f"{FORCE}/X9", {"id": "X9", "name": None})
    return found
