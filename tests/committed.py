"""Tests whose threads must see each other's rows: really committed, and swept away afterwards.

Sweeping empties every table, which the record's own triggers refuse. They are lifted for that moment, in the test
database alone, and put back together with the one head row.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

LOCKS: Any = import_module("record.migrations.0002_head_and_locks")
HEAD_STAYS: Any = import_module("record.migrations.0004_the_head_stays")
TREE: Any = import_module("record.migrations.0006_tree")
SIGNED: Any = import_module("record.migrations.0007_checkpoints")
WITNESSED: Any = import_module("record.migrations.0008_cosignatures")


@pytest.fixture
def committed_db(_relocked_afterwards: None, _lifted_for_sweeping: None) -> None:
    """A database in which commits are real. Use it in the place of `@pytest.mark.django_db`."""


@pytest.fixture
def _relocked_afterwards(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Set up before the sweeping fixture, so torn down after it."""
    yield
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        LOCKS.lock(None, editor)
        HEAD_STAYS.lock(None, editor)
        TREE.lock(None, editor)
        SIGNED.lock(None, editor)
        WITNESSED.lock(None, editor)


@pytest.fixture
def _lifted_for_sweeping(_relocked_afterwards: None, transactional_db: None) -> Iterator[None]:
    """Torn down just before the tables are emptied."""
    yield
    with connection.schema_editor() as editor:
        WITNESSED.unlock(None, editor)
        SIGNED.unlock(None, editor)
        TREE.unlock(None, editor)
        HEAD_STAYS.unlock(None, editor)
        LOCKS.unlock(None, editor)
