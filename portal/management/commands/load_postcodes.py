"""Loads the table of postcodes, so that people find their ward by theirs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.doors import in_words
from portal import postcodes


class Command(BaseCommand):
    help = (
        "Read ONSPD or NSPL (CSV) and keep, beside the database, which postcode lies in which area of the record; "
        "the table that was there before is replaced (docs/operating.md)."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and columns that are called otherwise than ONS calls them."""
        parser.add_argument(
            "file", metavar="FILE", type=Path, help="the CSV out of the zip that ONS publishes"
        )
        for what in postcodes.HEADERS:
            parser.add_argument(f"--{what}", metavar="NAME", help=f"the header of the column of the {what}")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it and say what was found."""
        named = {what: options[what] for what in postcodes.HEADERS if options[what]}
        try:
            with in_words():
                loaded = postcodes.load(options["file"], named)
        except OSError as trouble:
            raise CommandError(f"The file cannot be read: {trouble.strerror}.") from trouble
        self.stdout.write(
            f"{loaded.kept} of {loaded.read} postcodes lie in areas of the record, and can be looked up."
        )
        if loaded.empty:
            self.stdout.write(
                f"No postcode lies in {', '.join(loaded.empty)}: is the file of the same year's wards?"
            )
