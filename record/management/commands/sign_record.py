"""Signs the record as it is."""

import signal
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from record import signing
from record.files import WrongFolder


class Command(BaseCommand):
    help = "Sign the record as it is, if it follows from what was signed before, and publish that."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take `--watch`, `--check` and `--newest`."""
        parser.add_argument(
            "--watch", type=float, metavar="SECONDS", help="go on, and look every so many seconds"
        )
        parser.add_argument("--check", action="store_true", help="only see whether it could be signed")
        parser.add_argument(
            "--newest", type=Path, metavar="FILE", help="what was signed last, where that was lost"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Sign once, or until stopped."""
        try:
            if options["newest"]:
                signing.adopt(signing.signer(), options["newest"].read_text("utf-8"))
            if options["check"]:
                signing.check(signing.signer())
            elif options["watch"] is None:
                self._sign(is_quiet=options["verbosity"] == 0)
            else:
                self._watch(options["watch"])
        except (signing.NotSigned, WrongFolder, OSError, UnicodeDecodeError) as refusal:
            raise CommandError(str(refusal)) from refusal

    def _sign(self, *, is_quiet: bool) -> None:
        checkpoint = signing.sign_and_publish(signing.signer())
        if is_quiet:
            return
        if checkpoint is None:
            self.stdout.write("The record is empty; there is nothing to sign yet.")
        else:
            self.stdout.write(f"{checkpoint.size} entries are signed.")

    def _watch(self, seconds: float) -> None:
        """A database or a disk that is away comes back; a record that does not follow is for people to mend."""
        for wish in (signal.SIGTERM, signal.SIGINT):
            signal.signal(wish, lambda *_: sys.exit(0))
        said = ""
        while True:
            try:
                signing.sign_and_publish(signing.signer())
                said = ""
            except (DatabaseError, OSError) as error:
                connection.close()
                if str(error) != said:
                    said = str(error)
                    self.stderr.write(f"Not signed this time: {said}")
            time.sleep(seconds)
