"""Makes an archive of everything public."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from api.archiving import daily, packing
from record import signing


class Command(BaseCommand):
    help = "Put everything public into one zip, as it is signed, and offer it at exports/. For a daily job."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where to."""
        parser.add_argument("--to", type=Path, metavar="FOLDER", help="instead of the folder that is served")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sign, where the key is here; then pack."""
        try:
            made, dropped = daily.make(options["to"])
        except (packing.NotArchived, signing.NotSigned, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        for file in dropped:
            self.stdout.write(f"{file} is deleted: words in it were erased.")
        self.stdout.write(f"{made} ({made.stat().st_size} bytes)")
