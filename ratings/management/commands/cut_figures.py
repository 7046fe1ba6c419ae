"""Publishes residents' figures, flags organised voting, and destroys the keys of quarters that are long over."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ratings.actions import close, cut_figures, watch
from ratings.keystore import KeysUnavailable
from record import clock


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Publish residents' figures at this week's slot, once, and destroy keys of quarters long over. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        """Cut, watch, destroy, and say how much there was; what hinders one does not keep back the others."""
        today = clock.today()
        self.stdout.write(f"{cut_figures(today)} subjects with new figures, {watch(today)} new flags.")
        try:
            self.stdout.write(f"{close(today)} keys destroyed.")
        except KeysUnavailable as unavailable:
            raise CommandError(str(unavailable)) from unavailable
