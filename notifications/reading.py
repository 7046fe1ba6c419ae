"""Readers of the record: what an entry means for many is written in one statement, once, wherever the job is killed.

The record is the outbox. Each reader keeps a cursor, and moves it in the transaction that writes what it found, so that
an entry is neither missed nor told twice.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Max

from notifications import topics
from notifications.models import Cursor
from notifications.stopping import STOPPING
from notifications.topics import Read
from record.models import Entry

MOST = 200
"""So many entries stand in one transaction."""
Write = Callable[[Sequence[Read]], None]


class Sql(NamedTuple):
    """An expression, in the place of a value."""

    text: str


def read_on(name: str, write: Write) -> int:
    """Let `write` have every new entry, in order; how many there were. Idempotent, and others may do it beside us."""
    done = 0
    while is_behind(name) and not STOPPING.is_set() and (read := _portion(name, write)):
        done += read
    return done


def is_behind(name: str) -> bool:
    """Whether there is anything new; asks without a lock, since it is asked all day."""
    last: int = Entry.objects.aggregate(last=Max("position"))["last"] or 0
    return last > (Cursor.objects.filter(name=name).values_list("position", flat=True).first() or 0)


@transaction.atomic
def _portion(name: str, write: Write) -> int:
    cursor = lock(name)
    entries = topics.read(cursor.position, MOST)
    if not entries:
        return 0
    write(entries)
    cursor.position = entries[-1].position
    cursor.save(update_fields=["position"])
    return len(entries)


def lock(name: str) -> Cursor:
    """The cursor, ours until the transaction ends."""
    Cursor.objects.get_or_create(name=name)
    return Cursor.objects.select_for_update().get(name=name)


def insert(into: type[Any], values: Mapping[str, Any], source: str, given: Sequence[Any]) -> None:
    """One INSERT … SELECT from `source`, whose marks are `given`; what stands there already stays as it is."""
    shown = ", ".join(one.text if isinstance(one, Sql) else "%s" for one in values.values())
    plain = [one for one in values.values() if not isinstance(one, Sql)]
    statement = (
        f"INSERT INTO {into._meta.db_table} ({', '.join(values)}) SELECT {shown} FROM {source} "  # noqa: S608
        "ON CONFLICT DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*plain, *given])


def marks(number: int) -> str:
    """Marks for so many values."""
    return ", ".join(["%s"] * number)
