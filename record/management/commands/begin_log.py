"""Begins a new log, where the old one cannot go on."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from record import signing


class Command(BaseCommand):
    help = """Begin a new log under a new name, with a key of its own, where the old one cannot go on: its key or
    entries are lost for good. Say so in public, and why: who kept checkpoints can no longer hold us to them."""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the name, and that it is meant."""
        parser.add_argument("name", help="such as record.example.org/2027, without a scheme")
        parser.add_argument("--knowingly", action="store_true", help="yes, the old log ends here")

    def handle(self, *args: Any, **options: Any) -> None:
        """Begin it."""
        if not options["knowingly"]:
            raise CommandError(f"{' '.join(self.help.split())} If you mean it, add --knowingly.")
        try:
            state = signing.begin_log(signing.signer(), options["name"])
        except (signing.NotSigned, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{state.origin} begins. The old log's files lie beside the new ones. Now: manage.py sign_record"
        )
