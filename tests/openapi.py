"""Whether openapi.yaml says what the code does: `python -m tests.openapi [--write]`."""

import difflib
import io
import itertools
import os
import sys
from pathlib import Path

import django
from django.core.management import call_command

FILE = Path(__file__).resolve().parent.parent / "openapi.yaml"
MOST_LINES = 60


def generated() -> str:
    """The description of the API, from the code; a warning of the generator is an error."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    written = io.StringIO()
    call_command("spectacular", fail_on_warn=True, validate=True, stdout=written)
    return written.getvalue()


def main(write: bool) -> int:
    """Compare, or write."""
    fresh = generated()
    if write:
        FILE.write_text(fresh, encoding="utf-8")
        return 0
    kept = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    differences = difflib.unified_diff(
        kept.splitlines(), fresh.splitlines(), FILE.name, "the code", n=1, lineterm=""
    )
    for line in itertools.islice(differences, MOST_LINES):
        sys.stdout.write(f"{line}\n")
    if kept != fresh:
        sys.stdout.write("openapi.yaml is not what the code says: `make openapi` writes it anew.\n")
    return 0 if kept == fresh else 1


if __name__ == "__main__":
    sys.exit(main(write="--write" in sys.argv))
