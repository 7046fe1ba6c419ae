"""Issues an API key and prints it, alone, on standard output."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts import keys, people
from accounts.actions import issue_key
from accounts.management.doors import in_words
from record import clock


class Command(BaseCommand):
    help = "Issue an API key for a person; it is printed this once and kept nowhere."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the person, and what the key may do."""
        parser.add_argument("email", help="whose key it is")
        parser.add_argument("--scope", action="append", choices=list(keys.SCOPES), help="default: all")
        parser.add_argument("--name", default="", help="what it is for")
        parser.add_argument("--days", type=int, help="how long it is valid; without end by default")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the key."""
        days = options["days"]
        expires_at = clock.now() + timedelta(days=days) if days is not None else None
        with in_words():
            user = people.person(options["email"])
            scopes = options["scope"] or ["all"]
            _, token = issue_key(user, scopes=scopes, name=options["name"], expires_at=expires_at)
        self.stdout.write(token)
