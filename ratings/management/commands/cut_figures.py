"""Publishes residents' figures, flags organised voting, and destroys the keys of quarters that are long over."""

from typing import Any

from django.core.management.base import BaseCommand

from ratings.actions import close, cut_figures, watch
from record import clock


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Publish residents' figures at this week's slot, once, and destroy keys of quarters long over. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        """Cut, destroy, and say how much there was."""
        today = clock.today()
        cut, gone, flags = cut_figures(today), close(today), watch(today)
        self.stdout.write(f"{cut} subjects with new figures, {gone} keys destroyed, {flags} new flags.")
