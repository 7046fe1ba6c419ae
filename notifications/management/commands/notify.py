"""Tells followers what is new: reads the record, writes the messages that are due, and sends them."""

from typing import Any

from django.core.management.base import BaseCommand

from notifications.rounds import one_round


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = (
        "Read what is new in the record, write the messages that are due, and send them. Run it every minute."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """One round, and what it did."""
        done = one_round()
        self.stdout.write(f"{done.read} entries read, {done.composed} messages written, {done.tried} tried.")
