"""Every refusal is raised with all that its sentence says."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from django.conf import settings

from commitments import errors

PACKAGE = Path(settings.BASE_DIR) / "commitments"


def raised(tree: ast.AST) -> Iterator[tuple[str, set[str]]]:
    """The names of the refusals that a module raises, each with what it says."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            call = node.exc
            refusal = call.func if isinstance(call, ast.Call) else call
            if isinstance(refusal, ast.Attribute) and ast.unparse(refusal.value) == "errors":
                said = call.keywords if isinstance(call, ast.Call) else []
                yield refusal.attr, {keyword.arg or "" for keyword in said}


@pytest.mark.parametrize("module", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.name)
def test_each_refusal_is_raised_with_what_its_sentence_needs(module: Path) -> None:
    for name, said in raised(ast.parse(module.read_text(encoding="utf-8"))):
        sentence = getattr(errors, name).sentence
        needed = {field for _, field, _, _ in Formatter().parse(sentence) if field}
        assert needed <= said, f"{name} in {module.name} does not say {needed - said}"
