"""Prints a batch of codes that make residents local."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from commitments.models import Assembly
from ratings import printing
from ratings.actions import issue_codes
from ratings.choices import Stratum
from ratings.keystore import KeysUnavailable
from record.refusals import Refusal


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Print a batch of single-use codes for the convenor to hand out; they are shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the assembly, the convenor, how many and for whom, and in which form."""
        parser.add_argument("assembly")
        parser.add_argument("--by", required=True, metavar="EMAIL", help="a convenor of the assembly")
        parser.add_argument("--number", type=int, default=50)
        parser.add_argument(
            "--member", action="store_true", help="for members of the assembly, not for residents"
        )
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--csv", action="store_true", help="a table, for letters of your own")
        form.add_argument("--print", action="store_true", help="a page of slips with lines to cut (HTML)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Issue and print."""
        assembly = Assembly.objects.filter(slug=options["assembly"]).first()
        by = User.objects.filter(email=options["by"].strip().lower()).first()
        if assembly is None or by is None:
            raise CommandError("There is no such assembly or account here; check both.")
        stratum = Stratum.MEMBER if options["member"] else Stratum.LOCAL
        try:
            _, codes = issue_codes(assembly, by=by, number=options["number"], stratum=stratum)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        except KeysUnavailable as unavailable:
            raise CommandError(str(unavailable)) from unavailable
        self.stdout.write(_printed(assembly, stratum, codes, options), ending="")


def _printed(assembly: Assembly, stratum: str, codes: list[str], options: dict[str, Any]) -> str:
    if options["print"]:
        return printing.slips(assembly, stratum, codes, settings.PUBLIC_URL)
    if options["csv"]:
        return printing.table(assembly, stratum, codes)
    return printing.lines(codes)
