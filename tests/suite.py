"""The tests on both databases, one after the other, and one line at the end that counts them all."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

HERE = Path(__file__).resolve().parent.parent
REPORTS = HERE / "var" / "test"
DATABASES = ("sqlite", "postgres")
INVENTED = "tests/fuzz"
"""Requests invented from openapi.yaml: many, so on one database."""
ONCE = (
    *(INVENTED, "tests/architecture", "tests/bench", "tests/browser", "tests/crash", "tests/foreign"),
    *("tests/api/test_permissions.py", "tests/portal/test_matrix.py", "tests/portal/test_desk_matrix.py"),
    *("tests/api/test_walk_script.py", "tests/clients", "tests/commitments/evidence"),
    *("tests/api/test_holds.py", "tests/api/test_owner_roles_see_nobody.py", "tests/portal/test_crawl.py"),
)
"""What starts a database of its own, or takes long and says the same on both: on the first alone."""
MOST_PROCESSES = 4
SHARED = ("--dist", "worksteal")
"""Who is done takes over what another has not begun: some tests take a hundred times as long as others."""
# What tests.settings_postgres ends with where no PostgreSQL is to be had.
SKIPPED = 75
NOTHING_COLLECTED = 5
KINDS = ("passed", "failed", "skipped")


def run_all(arguments: list[str]) -> int:
    """Run pytest with `arguments` on each database; 1 if anything failed."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    totals = dict.fromkeys(KINDS, 0)
    for name in DATABASES:
        say(f"\n=== {name} ===")
        for kind, count in run_on(name, arguments).items():
            totals[kind] += count
    if not arguments:
        say("\n=== invented requests ===")
        for kind, count in run_on("sqlite", [INVENTED], part="invented").items():
            totals[kind] += count
    say("\n" + ", ".join(f"{count} {kind}" for kind, count in totals.items()))
    return 1 if totals["failed"] else 0


def run_on(name: str, arguments: list[str], part: str = "") -> dict[str, int]:
    """Run pytest on one database; how many passed, failed and were skipped."""
    report = REPORTS / f"{part or name}.xml"
    report.unlink(missing_ok=True)
    processes = str(min(os.cpu_count() or 1, MOST_PROCESSES))
    command = ["pytest", "-q", "-n", processes, *SHARED]
    command += [f"--ds=tests.settings_{name}", f"--junitxml={report}"]
    if not arguments:
        command += _left_out(name)
    return outcome(module(*command, *arguments), report)


def _left_out(name: str) -> list[str]:
    """What a run of everything leaves out on this database."""
    if name == DATABASES[0]:
        return [f"--ignore={INVENTED}"]
    return ["--asking-a-database", *(f"--ignore={place}" for place in ONCE)]


def outcome(code: int, report: Path) -> dict[str, int]:
    """What one run of pytest came to; a failure that its report does not show counts as one."""
    if code == SKIPPED:
        return {"skipped": 1}
    if not report.exists():
        return {"failed": 1}
    found = counted(report)
    if code not in (0, NOTHING_COLLECTED) and not found["failed"]:
        found["failed"] = 1
    return found


def counted(report: Path) -> dict[str, int]:
    """The numbers in a report of pytest."""
    found = dict.fromkeys(KINDS, 0)
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        number = {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")}
        failed = number["failures"] + number["errors"]
        found["failed"] += failed
        found["skipped"] += number["skipped"]
        found["passed"] += max(0, number["tests"] - failed - number["skipped"])
    return found


def covered() -> int:
    """Run everything but the invented requests on SQLite, and show which branches no test took; 1 if too many.

    On its own (`make coverage`), since counting them doubles what the tests take.
    """
    processes = str(min(os.cpu_count() or 1, MOST_PROCESSES))
    counting = ["--cov", "--cov-report=term", f"--ignore={INVENTED}", "-q", "-n", processes, *SHARED]
    return 1 if module("pytest", "--ds=tests.settings_sqlite", *counting) else 0


def module(name: str, *arguments: str, **environment: str) -> int:
    """Run a Python module from the project's folder; its exit code."""
    return subprocess.call(
        [sys.executable, "-m", name, *arguments], cwd=HERE, env={**os.environ, **environment}
    )


def say(words: str) -> None:
    """Print at once, so that our lines and those of what we start stay in order."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(covered() if sys.argv[1:] == ["--coverage"] else run_all(sys.argv[1:]))
