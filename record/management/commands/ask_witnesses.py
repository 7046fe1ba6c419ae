"""Asks the witnesses to sign the newest state."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from record import witnesses
from record.notes import BadNote


class Command(BaseCommand):
    help = "Ask each witness of RECORD_WITNESSES to sign the newest state, after sign_record. For a job of its own."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take `--watch`."""
        parser.add_argument(
            "--watch", type=float, metavar="SECONDS", help="go on, and ask every so many seconds"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask once, or until stopped; one that does not answer ends nothing."""
        try:
            outcome = witnesses.ask_all(witnesses.OverHTTP())
            while options["watch"] is not None:
                time.sleep(options["watch"])
                outcome = witnesses.ask_all(witnesses.OverHTTP())
        except BadNote as bad:
            raise CommandError(f"RECORD_WITNESSES: {bad}") from bad
        for name, trouble in outcome.items():
            self.stdout.write(f"{name}: {trouble or 'signed'}")
        if any(outcome.values()):
            raise CommandError("Not all witnesses signed; ask again later.")
