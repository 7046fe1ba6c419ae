"""Imports a file in the documented record format."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import people
from commitments.importing import import_record, read
from record import clock
from record.refusals import Refusal


class Command(BaseCommand):
    help = "Import a record from a file (docs/record-format.md), all of it or nothing; again changes nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and the convenor in whose name it is entered."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--by", metavar="EMAIL", help="a convenor of the assembly; the first one by default"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and say what was done; fail if something in the file had changed."""
        try:
            by = people.person(options["by"]) if options["by"] else None
            report = import_record(read(options["file"]), today=clock.today(), by=by)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(str(report))
        if report.changed:
            raise CommandError("\n".join(report.warnings()))
