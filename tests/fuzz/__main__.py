"""More invented requests: `python -m tests.fuzz --examples 1000 [--postgres] [--at-random] [words]`.

Afterwards a table: how often each operation was asked, and how many of the right requests succeeded.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.suite import HERE, SHARED, SKIPPED, module, say


def main() -> int:
    """Run the tests of this folder with as many examples, and tell what they did; 1 if one failed."""
    options = argparse.ArgumentParser(prog="python -m tests.fuzz")
    options.add_argument("--examples", type=int, default=1000, help="how many requests an operation gets")
    options.add_argument("--postgres", action="store_true", help="on PostgreSQL in the place of SQLite")
    options.add_argument("--at-random", action="store_true", help="other requests in each run")
    options.add_argument(
        "words", nargs="*", help="only operations with these words, as pytest's -k takes them"
    )
    asked = options.parse_args()
    settings = "tests.settings_postgres" if asked.postgres else "tests.settings_sqlite"
    chosen = {"FUZZ_EXAMPLES": str(asked.examples), **({"FUZZ_AT_RANDOM": "1"} if asked.at_random else {})}
    arguments = ["-q", "-n", str(os.cpu_count() or 1), *SHARED, f"--ds={settings}"]
    arguments += [str(HERE / "tests" / "fuzz")]
    arguments += ["-k", " ".join(asked.words)] if asked.words else []
    with tempfile.TemporaryDirectory() as folder:
        code = module("pytest", *arguments, FUZZ_REPORT=folder, **chosen)
        for line in _table(Path(folder)):
            say(line)
    return 0 if code in (0, SKIPPED) else 1


def _table(folder: Path) -> Iterator[str]:
    """A line for each operation, and one for all."""
    told = sorted(json.loads(path.read_text()) for path in folder.glob("*.json"))
    asked = succeeded = right = 0
    for label, counts, faults in told:
        good = sum(number for name, number in counts.items() if name.startswith("positive"))
        fine = sum(n for name, n in counts.items() if name.startswith(("positive 2", "positive 304")))
        asked, right, succeeded = asked + sum(counts.values()), right + good, succeeded + fine
        yield f"{sum(counts.values()):6} asked {_share(fine, good)} {len(faults):3} faults  {label}"
    yield f"{len(told)} operations, {asked} requests; {_share(succeeded, right)}"


def _share(part: int, whole: int) -> str:
    return f"{part:5} of {whole:5} right ones succeeded ({100 * part / max(1, whole):3.0f} %)"


if __name__ == "__main__":
    sys.exit(main())
