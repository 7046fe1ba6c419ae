"""The child that opens one file: it may use so much time and memory, write nothing, and dies of what it cannot bear.

Started by `commitments/evidence/cleaning.py` as a program of its own: the file comes in on standard input, a line of
JSON and the clean file go out. Nothing of Django is imported, and before the file is read nothing more can be opened:
no setting, secret or connection is within reach.
"""

import importlib
import json
import sys
from pathlib import Path
from typing import Any

REFUSED = 3
MEMORY = 1536 * 1024 * 1024
KINDS = {"application/pdf": "pdfs"}
SECONDS, PIXELS, PAGES, PARTS, LARGEST = range(2, 7)
"""Which argument says what; the first is the kind."""


def main() -> int:
    """Read, clean, write; 3 and a code where the file is not taken."""
    limit(int(sys.argv[SECONDS]))
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
    faults = importlib.import_module("commitments.evidence.faults")
    library = importlib.import_module(f"commitments.evidence.{KINDS.get(sys.argv[1], 'images')}")
    shut()
    try:
        content, facts = cleaned(library, sys.stdin.buffer.read(), sys.argv[1])
        if len(content) > int(sys.argv[LARGEST]):
            raise faults.Fault("too_large")
    except faults.Fault as fault:
        sys.stdout.write(fault.code)
        return REFUSED
    except MemoryError:
        sys.stdout.write("too_much")
        return REFUSED
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + content)
    return 0


def cleaned(library: Any, data: bytes, kind: str) -> tuple[bytes, dict[str, int]]:
    """The clean file and what is said of it."""
    if kind in KINDS:
        found: tuple[bytes, dict[str, int]] = library.cleaned(
            data, int(sys.argv[PAGES]), int(sys.argv[PARTS])
        )
        return found
    drawn: tuple[bytes, dict[str, int]] = library.cleaned(data, kind, int(sys.argv[PIXELS]))
    return drawn


def limit(seconds: int) -> None:
    """So much time of the processor and memory, and nothing written, no process or core dump (where the system can)."""
    _set({"CPU": seconds, "AS": MEMORY, "FSIZE": 0, "CORE": 0, "NPROC": 0})


def shut() -> None:
    """From now on nothing more can be opened: no file, whatever it holds, and no connection (where the system can)."""
    _set({"NOFILE": 0})


def _set(limits: dict[str, int]) -> None:
    try:
        resource = importlib.import_module("resource")
    except ImportError:
        return
    for name, most in limits.items():
        try:
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
        except (AttributeError, OSError, ValueError):
            continue


if __name__ == "__main__":
    sys.exit(main())
