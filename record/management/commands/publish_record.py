"""Writes the signed record as files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from record import checkpoints, files


class Command(BaseCommand):
    help = "Write the signed record into a folder that another web server can serve, or bring one up to date."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, and say how much."""
        checkpoint = checkpoints.latest()
        if checkpoint is None:
            raise CommandError("Nothing was signed yet: manage.py sign_record comes first.")
        try:
            written = files.publish(options["folder"], checkpoint)
        except (files.WrongFolder, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{checkpoint.size} entries; {written} files written.")
