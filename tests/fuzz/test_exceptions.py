"""The table of what may refuse a right request: it explains what it names, and nothing else."""

from pathlib import Path

import pytest
from django.conf import settings

from tests.fuzz.exceptions import OPAQUE, TEXTS, rules, unexplained

OURS = {"code": "invalid", "errors": [{"pointer": "/size", "code": "not_a_whole_number", "detail": "No."}]}


@pytest.mark.parametrize("code", [*TEXTS, "evidence_missing", "unknown_scope"])
def test_a_code_of_the_table_or_of_a_rule_is_explained(code: str) -> None:
    assert unexplained({"code": code}) == []
    assert unexplained({"code": "invalid", "errors": [{"pointer": "/body", "code": code}]}) == []


def test_any_other_refusal_is_a_fault() -> None:
    assert len(unexplained(OURS)) == 1
    assert len(unexplained({"code": "malformed"})) == 1
    assert (
        len(unexplained({"code": "invalid_parameter", "errors": [{"parameter": "q", "code": "blank?"}]})) == 1
    )
    assert "invalid" not in rules()


def test_a_cursor_may_be_refused_and_nothing_else_at_its_side() -> None:
    rows = [{"parameter": name, "code": "malformed"} for name in (*OPAQUE, "ordering")]
    assert len(unexplained({"code": "invalid_parameter", "errors": rows})) == 1


@pytest.mark.parametrize("code", [code for code in TEXTS if code != "blank"])
def test_the_table_names_codes_that_there_are(code: str) -> None:
    sources = [path.read_text(encoding="utf-8") for path in (Path(settings.BASE_DIR) / "api").rglob("*.py")]
    assert any(f'"{code}"' in source for source in sources)
