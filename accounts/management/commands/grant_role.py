"""Gives a person a role."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts import people
from accounts.actions import grant_role
from accounts.management.doors import in_words, place, take_role


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = (
        "Give a person a role: convenor or panel of an assembly, responder of an organisation, team member."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the person, the role and where."""
        take_role(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Grant it and say so."""
        with in_words():
            user = people.person(options["email"])
            self.stdout.write(f"{user} is {grant_role(user, options['role'], **place(options))}.")
