"""Exports an assembly in the documented record format."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commitments.importing import exporting
from commitments.models import Assembly
from record.refusals import Missing, Refusal


class Command(BaseCommand):
    help = (
        "Export an assembly with the registers, as import_record takes it (docs/record-format.md); "
        "says how much is left out."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where to, which assembly, and the form."""
        parser.add_argument("path", type=Path, help="a folder, or a file that ends with .zip or .json")
        parser.add_argument("--assembly", metavar="SLUG", default="", help="the only one by default")
        parser.add_argument("--format", choices=["csv", "json"], help="csv, unless the path ends with .json")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the files; what they cannot carry is counted on standard error."""
        path: Path = options["path"]
        form = options["format"] or ("json" if path.suffix.lower() == ".json" else "csv")
        if form == "csv" and path.suffix.lower() == ".json":
            raise CommandError("CSVs are several files; give a folder, or a file that ends with .zip.")
        try:
            assembly = _assembly(options["assembly"])
            files = exporting.exported(assembly, form)
            exporting.write(files, path)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        except OSError as error:
            raise CommandError(
                f"{path} cannot be written ({error.strerror}); choose another place."
            ) from error
        self.stdout.write(f"{assembly.slug} was exported to {path}.")
        self.stderr.write(files[exporting.README].decode())


def _assembly(slug: str) -> Assembly:
    rows = Assembly.objects.filter(slug=slug) if slug else Assembly.objects.all()
    found = list(rows.select_related("area")[:2])
    if len(found) != 1:
        known = ", ".join(Assembly.objects.values_list("slug", flat=True)) or "none yet"
        raise Missing(f"Name one of the assemblies with --assembly: {known}.")
    return found[0]
