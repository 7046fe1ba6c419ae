"""From the record to what each follower is to be told: one statement for each entry, however many follow.

The record is the outbox: this reader keeps a cursor and moves it in the transaction that writes what it found, so that
an entry is neither missed nor told twice, however often and wherever the job is killed.
"""

from collections.abc import Callable, Iterable
from functools import cache

from django.db import connection, transaction

from notifications import kinds, offices, topics
from notifications.models import Cursor, Delivery, Follow, Follower
from notifications.topics import Read, Topics

NAME = "fan_out"
MOST = 200
"""So many entries stand in one transaction."""
Searched = Callable[[Iterable[Read]], dict[int, Topics]]
"""Which saved searches (`search:7`) each entry, by its position, belongs to."""


def none_searched(_entries: Iterable[Read]) -> dict[int, Topics]:
    """Nobody follows a search."""
    return {}


def fan_out(searched: Searched = none_searched) -> int:
    """Write down who is to be told of each new entry; how many entries were read. Idempotent."""
    done = 0
    while read := _portion(searched):
        done += read
    return done


@transaction.atomic
def _portion(searched: Searched) -> int:
    cursor, _ = Cursor.objects.select_for_update().get_or_create(name=NAME)
    entries = topics.read(cursor.position, MOST)
    if not entries:
        return 0
    found, saved = topics.of_entries(entries), searched(entries)
    for entry in entries:
        _tell(entry, found[entry.position] | saved.get(entry.position, set()))
    cursor.position = entries[-1].position
    cursor.save(update_fields=["position"])
    return len(entries)


def _tell(entry: Read, about: Topics) -> None:
    """One INSERT … SELECT. Whose own office did it is not told of it, nor who began to follow after it."""
    topics_, own = sorted(about), offices.addresses(entry.actor)
    at = connection.ops.adapt_datetimefield_value(entry.at)
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(len(topics_), len(own)),
            [entry.position, at, *topics_, f"%,{kinds.kind_of(entry.type)},%", *own],
        )


@cache
def _statement(topics_: int, own: int) -> str:
    but = f"AND one.address NOT IN ({_marks(own)})" if own else ""
    return f"""
        INSERT INTO {Delivery._meta.db_table} (follower_id, position, notice, message_id)
        SELECT one.id, %s, '', NULL
        FROM {Follower._meta.db_table} AS one
        WHERE one.confirmed_at IS NOT NULL
          AND one.id IN (
            SELECT what.follower_id FROM {Follow._meta.db_table} AS what
            WHERE what.confirmed_at <= %s AND what.topic IN ({_marks(topics_)})
              AND (what.kinds = '' OR what.kinds LIKE %s)
          )
          {but}
        ON CONFLICT DO NOTHING
    """  # noqa: S608


def _marks(number: int) -> str:
    return ", ".join(["%s"] * number)
