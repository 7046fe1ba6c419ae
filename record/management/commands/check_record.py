"""Derives everything in the record anew and says what does not fit."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from record import checking, checkpoints, signing
from record.checkpoints import State
from record.notes import BadNote

MOST = 100


class Command(BaseCommand):
    help = """Read the whole record and derive everything anew: positions, bodies, words, the tree, what was signed,
    and the tables that lists are made from. The first bad position comes first. Fails where anything is wrong."""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take checkpoints of others, and keys to check them with."""
        parser.add_argument(
            "--checkpoint", type=Path, action="append", default=[], help="one that somebody kept"
        )
        parser.add_argument(
            "--key", action="append", default=[], help="a public key, if ours are not believed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, name what is wrong, and say how it went."""
        keys = options["key"] or checkpoints.vkeys()
        try:
            outside = [checking.read_outside(one.read_text("utf-8"), keys) for one in options["checkpoint"]]
            outside += _noted()
        except (BadNote, signing.NotSigned, OSError, UnicodeDecodeError) as bad:
            raise CommandError(f"A checkpoint that was kept cannot be used: {bad}") from bad
        count = 0
        for fault in checking.faults(outside):
            count += 1
            if count <= MOST:
                self.stderr.write(str(fault))
        if count:
            self.stderr.write(f"{count} things are wrong; the first is named first.")
            sys.exit(1)
        self.stdout.write("The record is whole.")


def _noted() -> list[State]:
    """What the signer noted last, where this process can read that."""
    signer = signing.signer()
    return [signer.noted()] if signer.exists and signer.guard_file.exists() else []
