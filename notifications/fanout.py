"""From the record to what each follower is to be told: one statement for each entry, however many follow."""

from collections.abc import Callable, Iterable, Sequence

from django.db import connection

from notifications import kinds, offices, topics
from notifications.models import Delivery, Follow, Follower
from notifications.reading import Sql, insert, marks, read_on
from notifications.topics import Read, Topics

NAME = "fan_out"
Searched = Callable[[Iterable[Read]], dict[int, Topics]]
"""Which saved searches (`search:7`) each entry, by its position, belongs to."""


def none_searched(_entries: Iterable[Read]) -> dict[int, Topics]:
    """Nobody follows a search."""
    return {}


def fan_out(searched: Searched = none_searched) -> int:
    """Write down who is to be told of each new entry; how many entries were read. Idempotent."""

    def write(entries: Sequence[Read]) -> None:
        found, saved = topics.of_entries(entries), searched(entries)
        for entry in entries:
            _tell(entry, found[entry.position] | saved.get(entry.position, set()))

    return read_on(NAME, write)


def _tell(entry: Read, about: Topics) -> None:
    """Whose own office did it is not told of it, nor who began to follow after it."""
    named, own = sorted(about), offices.addresses(entry.actor)
    at = connection.ops.adapt_datetimefield_value(entry.at)
    values = {"follower_id": Sql("one.id"), "position": entry.position, "notice": "", "message_id": None}
    given = [at, *named, f"%,{kinds.kind_of(entry.type)},%", *own]
    insert(Delivery, values, _followers(len(named), len(own)), given)


def _followers(named: int, own: int) -> str:
    but = f"AND one.address NOT IN ({marks(own)})" if own else ""
    return f"""{Follower._meta.db_table} AS one
        WHERE one.confirmed_at IS NOT NULL
          AND one.id IN (
            SELECT what.follower_id FROM {Follow._meta.db_table} AS what
            WHERE what.confirmed_at <= %s AND what.topic IN ({marks(named)})
              AND (what.kinds = '' OR what.kinds LIKE %s)
          )
          {but}"""  # noqa: S608
