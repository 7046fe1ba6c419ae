"""Ends a role that a person holds."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts import people
from accounts.actions import end_role
from accounts.management.doors import in_words, place, take_role


class Command(BaseCommand):
    help = "End a role that a person holds; that they held it is kept."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the person, the role and where."""
        take_role(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """End it and say so."""
        with in_words():
            user = people.person(options["email"])
            ended = end_role(people.membership(user, options["role"], **place(options)))
            self.stdout.write(f"{user} is no longer {ended}.")
