"""Prepares a data folder at a start; run.py calls it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commitments.preparing import prepare
from record.refusals import Refusal


class Command(BaseCommand):
    help = "Put the people to try it with and the real record into an empty data folder; later starts change nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take `--demo`."""
        parser.add_argument("--demo", action="store_true", help="add an invented year and a half of life")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare."""
        try:
            prepare(demo=options["demo"], say=self.stdout.write)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
