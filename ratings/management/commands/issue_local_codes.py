"""Prints a batch of codes that make residents local."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from commitments.models import Assembly
from ratings.actions import issue_codes
from ratings.choices import Stratum
from record.refusals import Refusal


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Print a batch of single-use codes, a line each, for the convenor to hand out; they are shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the assembly, the convenor, how many and for whom."""
        parser.add_argument("assembly")
        parser.add_argument("--by", required=True, metavar="EMAIL", help="a convenor of the assembly")
        parser.add_argument("--number", type=int, default=50)
        parser.add_argument(
            "--member", action="store_true", help="for members of the assembly, not for residents"
        )

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
        self.stdout.write("\n".join(codes))
