"""Takes what a force's neighbourhood teams say their priorities are, from data.police.uk."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commitments.models import Area
from commitments.policeuk.client import PoliceUK
from commitments.policeuk.taking import take
from commitments.policeuk.trouble import PoliceUKTrouble
from record import clock


class Command(BaseCommand):
    help = (
        "Ask data.police.uk for a force's neighbourhoods and their priorities, and keep what is seen "
        "(docs/data-police-uk.md); the same answer again records nothing. Run it daily or weekly."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the force, and what to leave out."""
        parser.add_argument("force", metavar="FORCE", help="its id at data.police.uk: metropolitan")
        parser.add_argument(
            "--neighbourhood", nargs="+", default=[], metavar="ID", help="only these; all of them by default"
        )
        parser.add_argument(
            "--area", metavar="CODE", help="the ONS code of the force's area, where its name does not say"
        )
        parser.add_argument("--dry-run", action="store_true", help="ask and say what would be recorded")
        parser.add_argument(
            "--accept-losses", action="store_true", help="believe that most neighbourhoods are gone at once"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Take them and say what was recorded; fail at the end if something could not be read."""
        try:
            report = take(
                PoliceUK(),
                options["force"],
                today=clock.today(),
                area=_area(options["area"]),
                only=options["neighbourhood"],
                accept_losses=options["accept_losses"],
                dry_run=options["dry_run"],
            )
        except PoliceUKTrouble as trouble:
            raise CommandError(str(trouble)) from trouble
        self.stdout.write(str(report))
        if report.failed:
            raise CommandError("\n".join(["Could not be taken, and so left as it was:", *report.failed]))


def _area(code: str | None) -> Area | None:
    if code is None:
        return None
    found = Area.objects.filter(code=code).first()
    if found is None:
        raise CommandError(f"There is no area {code} here; a convenor can publish it.")
    return found
