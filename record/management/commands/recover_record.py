"""Puts lost entries back from a copy of the record."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from record import recovery, signing


class Command(BaseCommand):
    help = """Put back the entries that a database restored from an older backup has lost, from somebody's copy of the
    signed record, after checking it. Words and tables beside the entries are not in a copy."""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder."""
        parser.add_argument("copy", type=Path, help="a folder with the files that publish_record writes")

    def handle(self, *args: Any, **options: Any) -> None:
        """Put back, and list what came."""
        try:
            entries = recovery.recover(signing.signer(), options["copy"])
        except (recovery.NotRecovered, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        for entry in entries:
            self.stdout.write(f"{entry.position}  {entry.occurred_on}  {entry.type}  {entry.subject}")
        self.stdout.write(
            f"{len(entries)} entries are back. manage.py check_record says what is missing beside them."
        )
