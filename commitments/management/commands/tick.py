"""Writes every deadline that has passed into the record, once."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commitments.actions import tick
from commitments.actions.clock import ClockStumbled
from record import clock


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = (
        "Write the deadlines that have passed into the record, once, dated the day it happened. Run it daily."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the day."""
        parser.add_argument(
            "--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="up to which day; today by default"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Tick and say how many entries were written."""
        today = options["today"] or clock.today()
        if today > clock.today():
            raise CommandError(f"{today} has not come yet; nothing can have been missed by then.")
        try:
            written = tick(today)
        except ClockStumbled as stumbled:
            raise CommandError(str(stumbled)) from stumbled
        self.stdout.write(f"{written} {'deadline' if written == 1 else 'deadlines'} written into the record.")
