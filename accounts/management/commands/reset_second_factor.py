"""Lets somebody who lost their second factor set up another."""

import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts import notices, people, second_factor
from accounts.management.doors import in_words

log = logging.getLogger("accounts")


class Command(BaseCommand):
    help = (
        "Take away somebody's second factor and recovery codes and end their sessions; they are told by mail, and "
        "set up another when they sign in. Make sure first that it is they who ask: call them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address, and whether the password is lost too."""
        parser.add_argument("email")
        parser.add_argument(
            "--password-too",
            action="store_true",
            help="forget the password as well: a mailed code is enough then",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, write it down, tell the person."""
        with in_words():
            user = people.anybody(options["email"])
        second_factor.begin_anew(user, password_too=options["password_too"])
        log.warning("The second factor of account %s was reset from the command line.", user.pk)
        told = notices.tell(user, notices.STARTED_ANEW)
        by_mail = "told by mail" if told else "NOT told: the mail could not be sent"
        self.stdout.write(
            f"{user.email} has no second factor now, is signed out everywhere, and was {by_mail}."
        )
