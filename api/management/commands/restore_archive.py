"""Begins an instance anew from an archive."""

import zipfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from api.archiving import restoring


class Command(BaseCommand):
    help = """Fill an empty instance from an archive: entries byte for byte, what is shown as it was. Accounts, ballots,
    keys, and words that were not public are not in an archive; roles are granted anew."""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and the key that must have signed it."""
        parser.add_argument("archive", type=Path)
        parser.add_argument(
            "--vkey", default="", help="the record's key, if you do not trust the archive's own"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, and say how much."""
        try:
            size = restoring.restore(options["archive"], options["vkey"])
        except (restoring.NotRestored, OSError, KeyError, zipfile.BadZipFile) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{size} entries, as they were signed.")
