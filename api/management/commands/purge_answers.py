"""Forgets the answers that are kept for a repeated Idempotency-Key, once their 24 hours have passed."""

from typing import Any

from django.core.management.base import BaseCommand

from api.http.idempotency import purge


class Command(BaseCommand):
    help = "Delete the answers kept for repeated requests that are older than 24 hours. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        """Purge, and say how many answers went."""
        self.stdout.write(f"{purge()} kept answers deleted.")
