"""Imports files in the documented record format: JSON, CSV, a folder or a zip."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import people
from commitments.importing import gathered, import_files
from record import clock
from record.refusals import Refusal


class Command(BaseCommand):
    help = (
        "Import a record (docs/record-format.md): all of it or nothing. Again changes nothing; what a corrected "
        "file says differently becomes corrections, with their reason."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the files, the convenor in whose name they are entered, and why what differs is corrected."""
        parser.add_argument("path", type=Path, help="a JSON, a CSV of one kind, a folder or a zip of CSVs")
        parser.add_argument(
            "--by", metavar="EMAIL", help="a convenor of the assembly; the first one by default"
        )
        parser.add_argument(
            "--assembly", metavar="SLUG", default="", help="to which the rows belong, where no file says it"
        )
        parser.add_argument(
            "--reason", metavar="TEXT", default="", help="why what differs is corrected, where no row says it"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say what was done or would be."""
        try:
            report = import_files(
                gathered(options["path"]),
                today=clock.today(),
                by=people.person(options["by"]) if options["by"] else None,
                assembly=options["assembly"],
                reason=options["reason"],
                dry_run=options["dry_run"],
            )
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        if options["dry_run"]:
            lines = [f"would {line}" for line in report.lines()]
            self.stdout.write("\n".join([*lines, "Nothing was written. It would be:"]))
        else:
            self.stdout.write("".join(f"corrected {one}\n" for one in report.corrected), ending="")
        self.stdout.write(str(report))
