"""Draws docs/lifecycle.md from the tables, or says whether it is fresh."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from commitments.drawing import lifecycle_page


class Command(BaseCommand):
    help = "Draw docs/lifecycle.md from the tables in commitments/lifecycle.py."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take `--check`."""
        parser.add_argument("--check", action="store_true", help="change nothing; fail if it is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page, or compare it."""
        path = Path(settings.BASE_DIR) / "docs" / "lifecycle.md"
        page = lifecycle_page()
        if not options["check"]:
            path.write_text(page, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != page:
            raise CommandError("docs/lifecycle.md is stale: run manage.py draw_lifecycle and commit it.")
