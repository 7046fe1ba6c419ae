"""Loads census counts from a spreadsheet, so that themes show figures that are weighted by them."""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from commitments.models import Assembly
from ratings.actions.margins import load_margin
from record import clock
from record.refusals import Refusal

COLUMNS = ["question", "answer", "count"]


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Load census counts (CSV: question, answer, count) of the people who live where an assembly is."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the assembly, the file, the convenor, where it is from and of when it is."""
        parser.add_argument("assembly")
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, metavar="EMAIL", help="a convenor of the assembly")
        parser.add_argument("--source", required=True, metavar="URL", help="where the counts are published")
        parser.add_argument("--dated", required=True, type=date.fromisoformat, help="of which day they are")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load question by question, each an entry of the record."""
        assembly = Assembly.objects.filter(slug=options["assembly"]).first()
        by = User.objects.filter(email=options["by"].strip().lower()).first()
        if assembly is None or by is None:
            raise CommandError("There is no such assembly or account here; check both.")
        said: Any = {"by": by, "today": clock.today(), "dated": options["dated"], "source": options["source"]}
        try:
            for question, counts in _read(options["file"]).items():
                load_margin(assembly, question=question, counts=counts, **said)
                self.stdout.write(f"{question}: {sum(counts.values())} people in {len(counts)} groups.")
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal


def _read(path: Path) -> dict[str, dict[str, int]]:
    """The counts by question and answer. Raises CommandError that names the line."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if rows.fieldnames != COLUMNS:
                raise CommandError(f"The first row of the file must be {', '.join(COLUMNS)}; mend the file.")
            for row in rows:
                if row["answer"] in found[row["question"]] or not (row["count"] or "").isdecimal():
                    raise CommandError(f"Line {rows.line_num}: one whole number for each answer is expected.")
                found[row["question"]][row["answer"]] = int(row["count"])
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(
            f"The file cannot be read ({type(error).__name__}); give a CSV in UTF-8."
        ) from error
    return found
