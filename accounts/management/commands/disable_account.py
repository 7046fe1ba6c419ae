"""Shuts an account."""

import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts import actions, people
from accounts.management.doors import in_words

log = logging.getLogger("accounts")


class Command(BaseCommand):
    help = "Shut an account: its sessions end, its keys are revoked, its links lead nowhere."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say so."""
        with in_words():
            user = actions.disable_account(people.anybody(options["email"]))
        log.warning("Account %s was disabled from the command line.", user.pk)
        self.stdout.write(f"{user.email} is shut.")
