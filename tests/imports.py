"""Who imports whom, held against the contracts in pyproject.toml: `python -m tests.imports [folder]`."""

import os
import sys
from pathlib import Path

from importlinter import cli


def kept(folder: str) -> bool:
    """Whether the packages in `folder` keep the contracts of its pyproject.toml; says what breaks them."""
    os.chdir(folder)
    sys.path.insert(0, str(Path.cwd()))
    return cli.lint_imports(no_cache=True, no_logo=True) == cli.EXIT_STATUS_SUCCESS


if __name__ == "__main__":
    sys.exit(0 if kept(sys.argv[1] if len(sys.argv) > 1 else ".") else 1)
