"""Shows what comes back, lets a brake go, and lets somebody be written to again."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from notifications import bounces
from notifications.models import Suppression
from record import clock


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Show which channels stand still since too much came back; let one go; write to somebody again."

    def add_arguments(self, parser: CommandParser) -> None:
        """One thing to do; none shows how it stands."""
        one = parser.add_mutually_exclusive_group()
        one.add_argument(
            "--release", metavar="CHANNEL", help="let a channel go that stands still (mail, sms)"
        )
        one.add_argument("--forgive", metavar="ADDRESS", help="write to this address or number again")
        one.add_argument(
            "--forgive-since",
            metavar="DAY",
            type=_day,
            help="undo what was told since this day (2026-11-23), but for complaints",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say so."""
        self.stdout.write(_done(options))


def _day(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)


def _done(options: dict[str, Any]) -> str:
    if options["release"]:
        return _released(options["release"])
    if options["forgive"]:
        found = bounces.forgive(options["forgive"])
        return "Written to again." if found else "Nothing was held back from there."
    if options["forgive_since"]:
        return f"{bounces.forgive_since(options['forgive_since'])} are written to again."
    return _how_it_stands()


def _released(channel: str) -> str:
    if not bounces.release(channel, clock.now()):
        raise CommandError(f"{channel} does not stand still.")
    return f"{channel} goes again; what came back until now does not count any more."


def _how_it_stands() -> str:
    still = [
        f"{one.channel} stands still since {one.pulled_at:%Y-%m-%d %H:%M} UTC: {one.bounced} of {one.sent} came back."
        f" Find out why, then: manage.py bounces --release {one.channel}"
        for one in bounces.pulled()
    ]
    lines = still or ["Nothing stands still."]
    return "\n".join([*lines, f"{Suppression.objects.count()} are not written to any more."])
