"""What can be said about the code without running it: each check by name, and one line at the end that counts them."""

import os
import subprocess
import sys
from pathlib import Path

from tests.suite import HERE, say

PYTHON = sys.executable
DOCUMENTS = [f"tests/architecture/test_{name}.py" for name in ("documents", "files", "architecture_page")]
CHECKS = {
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "lint": [PYTHON, "-m", "ruff", "check", "."],
    "types": [PYTHON, "-m", "mypy"],
    "imports": [PYTHON, "-m", "tests.imports"],
    "settings": [PYTHON, "manage.py", "check", "--fail-level", "WARNING"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "openapi.yaml": [PYTHON, "-m", "tests.openapi"],
    "documents": [PYTHON, "-m", "pytest", "-q", *DOCUMENTS, "-p", "no:cacheprovider"],
}


def run_all() -> int:
    """Run every check, whatever became of those before; 1 if one failed."""
    failed = [name for name, command in CHECKS.items() if not passes(name, command)]
    if failed:
        say(
            f"\nTo mend: {', '.join(failed)}. `make format` and `make openapi` mend the first and the openapi.yaml."
        )
    say(f"\n{len(CHECKS) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def passes(name: str, command: list[str]) -> bool:
    """Run one check."""
    say(f"\n--- {name}")
    environment = {**os.environ, "DATA_DIR": str(Path("var") / "check")}
    return subprocess.call(command, cwd=HERE, env=environment) == 0


if __name__ == "__main__":
    sys.exit(run_all())
