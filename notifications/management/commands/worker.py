"""Calls the jobs: those that tell followers what is new, and the upkeep."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from notifications import engines


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Call the jobs until told to stop; with PostgreSQL as many workers as wanted, on any machine."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take `--once`."""
        parser.add_argument(
            "--once", action="store_true", help="do what is due, once: for cron, every minute"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Once, or until stopped."""
        if options["once"]:
            self.stdout.write(f"{engines.work_once()} jobs run.")
        elif settings.ON_SQLITE:
            engines.work()
        else:
            import_module("notifications.workers").work()
