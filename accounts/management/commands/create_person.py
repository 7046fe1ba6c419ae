"""Makes an account for a person."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts import people
from accounts.management.doors import in_words


class Command(BaseCommand):
    help = "Make an account; its random password is printed, alone, this once."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the password."""
        with in_words():
            _, password = people.create_person(options["email"])
        self.stdout.write(password)
