"""Documents are true: commands exist, files that they name exist, every variable is explained."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

HERE = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*HERE.glob("*.md"), *HERE.glob("docs/**/*.md")])


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (HERE / "Makefile").read_text(), flags=re.M))


def read_from_environment() -> set[str]:
    """The variables that settings.py and run.py read."""
    reads = re.compile(r"number$|env\.\w+$|.*environ\w*\.(get|setdefault)$")
    found = set()
    for file in ("config/settings.py", "config/production.py", "run.py"):
        for node in ast.walk(ast.parse((HERE / file).read_text())):
            match node:
                case ast.Call(func=function, args=[ast.Constant(value=str(name)), *_]):
                    found |= {name} if reads.match(ast.unparse(function)) else set()
    return found


def explained() -> set[str]:
    operating = (HERE / "docs" / "operating.md").read_text()
    return set(re.findall(r"^\| `([A-Z_]+)`", operating, flags=re.M))


def test_each_environment_variable_is_explained_and_each_explained_one_is_read() -> None:
    read = read_from_environment()
    assert "SECRET_KEY" in read
    assert read == explained()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(HERE)))
def test_the_commands_in_a_document_exist(document: Path) -> None:
    text = document.read_text()
    assert set(re.findall(r"\bmake ([a-z-]+)\b(?=`|$|\n| +#)", text, flags=re.M)) <= targets()
    run_words = set(re.findall(r"run\.py ([a-z]+)", text))
    assert run_words <= set(re.findall(r'^    "([a-z]+)":', (HERE / "run.py").read_text(), flags=re.M))
    manage_words = set(re.findall(r"(?:manage\.py|run\.py manage) ([a-z_]+)", text))
    assert manage_words <= set(get_commands())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(HERE)))
def test_the_files_that_a_document_links_to_exist(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_decisions_are_numbered_without_gaps_or_doubles() -> None:
    numbers = sorted(int(path.name[:4]) for path in (HERE / "docs" / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_make_help_explains_every_target() -> None:
    shown = subprocess.run(["make", "help"], cwd=HERE, capture_output=True, text=True, check=True).stdout  # noqa: S607
    assert [target for target in targets() if f"make {target} " not in shown] == []


def test_every_target_is_a_word_of_run_py_too() -> None:
    helped = subprocess.run(
        [sys.executable, "run.py", "help"], cwd=HERE, capture_output=True, text=True, check=True
    )
    for target in targets() - {"run", "help"}:
        assert f"run.py {target} " in helped.stdout
