"""Gives the record a new key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from record import signing


class Command(BaseCommand):
    help = """Put a new key before the present one. Both sign from now on, so that who knows the old key alone can go
    on; take the old key's line out of the file when the new one is known, or at once if the old one was stolen."""
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, and say what to tell others."""
        try:
            new = signing.rotate(signing.signer())
        except (signing.NotSigned, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"The new public key, for all who check the record:\n{new.verifier}")
