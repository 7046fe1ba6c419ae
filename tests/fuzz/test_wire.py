"""Whether a query fits, told from its text alone."""

from typing import Any

import pytest

from tests.fuzz.wire import fits

PARAMETERS: dict[str, dict[str, Any]] = {
    "assembly": {"schema": {"type": "array", "items": {"type": "string", "pattern": "^[a-z0-9-]+$"}}},
    "page_size": {"schema": {"type": "integer", "minimum": 1, "maximum": 100}},
    "overdue": {"schema": {"type": "boolean"}},
}


@pytest.mark.parametrize(
    "query", ["", "assembly=4", "assembly=a,b&assembly=c", "page_size=50", "overdue=true"]
)
def test_what_the_text_says_is_right(query: str) -> None:
    assert fits(PARAMETERS, query)


@pytest.mark.parametrize(
    "query",
    [
        "assembly=",
        "assembly=A",
        "page_size=0",
        "page_size=x",
        "page_size=1&page_size=2",
        "overdue=1",
        "thme=x",
    ],
)
def test_what_the_text_says_is_wrong(query: str) -> None:
    assert not fits(PARAMETERS, query)


def test_a_needed_parameter_is_missed() -> None:
    assert not fits({"q": {"required": True, "schema": {"type": "string"}}}, "")
