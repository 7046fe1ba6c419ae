"""Makes the documents that text search looks through anew."""

from typing import Any

from django.core.management.base import BaseCommand

from commitments import search


class Command(BaseCommand):
    help = "Make every search document anew from the words it was made of."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild and say how many there are."""
        self.stdout.write(f"{search.rebuild()} documents")
