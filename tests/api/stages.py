"""A stage: rows that all tests of one module look at, made once and rolled back when the module is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def staged(blocker: Any) -> Iterator[None]:
    """Open the database for what is made inside; everything is gone afterwards."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
