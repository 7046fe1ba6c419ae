"""Casts the demonstration's invented ballots; run.py calls it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commitments.models import Assembly
from ratings.demonstration import invent
from ratings.keystore import KeysUnavailable
from record import clock
from record.clock import SimulationRefused


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Cast invented ballots in the demonstration and publish their figures, once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Invent."""
        for assembly in Assembly.objects.order_by("pk")[:1]:
            try:
                invent(assembly, clock.today())
            except (SimulationRefused, KeysUnavailable) as refused:
                raise CommandError(str(refused)) from refused
