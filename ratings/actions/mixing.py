"""Mixing ballots: fresh ones go among the others, all in the order of their tokens, in storage written anew.

Afterwards no order of rows and no transaction number tells which ballot came when: all rows have the same one.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from ratings import periods
from ratings.choices import COMMUNITIES
from ratings.models import Ballot, Changed, FreshBallot
from record.ledger import action

AT_ONCE = 10
"""Fewer fresh ballots wait, unless their quarter has ended."""

_COLUMNS = [str(field.column) for field in Ballot._meta.concrete_fields]
_SAID = [field.attname for field in Ballot._meta.concrete_fields]
_NAMED = 1000
Row = dict[str, Any]


@action
def mix_ballots(today: date) -> int:
    """Move the fresh ballots among the others; how many there were. Safe to run at any time, and twice."""
    fresh = list(FreshBallot.objects.select_for_update().order_by("pk").values("withdrawn", *_SAID))
    if not _enough(fresh, today):
        return 0
    tokens = [row["token"] for row in fresh]
    before = {row["token"]: row for part in _parts(tokens) for row in _ballots(part).values(*_SAID)}
    _count_changes(fresh, before)
    kept = [{name: row[name] for name in _SAID} for row in fresh if not row["withdrawn"]]
    for part in _parts(tokens):
        _ballots(part).delete()
        FreshBallot.objects.filter(pk__in=part).delete()
    _rewrite(kept)
    return len(fresh)


def sweep() -> None:
    """Ask the database to forget what mixing left behind; outside any transaction, after `mix_ballots`."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ratings_freshballot, ratings_ballot")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _enough(fresh: list[Row], today: date) -> bool:
    if len(fresh) >= AT_ONCE:
        return True
    return FreshBallot.objects.exclude(period__name=periods.of(today)).exists()


def _count_changes(fresh: Iterable[Row], before: dict[str, Row]) -> None:
    """Count, for every figure behind which a ballot stands or stood, how many ratings changed."""
    counts: Counter[tuple[int, str, str, str]] = Counter()
    for row in fresh:
        old, new = before.get(row["token"]), None if row["withdrawn"] else row
        if old is not None and new is not None and all(old[name] == new[name] for name in _SAID):
            continue
        counts.update({*_figures_of(old), *_figures_of(new)})
    for (period, subject, by, group), number in sorted(counts.items()):
        mine, _ = Changed.objects.get_or_create(period_id=period, subject=subject, by=by, group=group)
        Changed.objects.filter(pk=mine.pk).update(ratings=F("ratings") + number)


def _figures_of(row: Row | None) -> list[tuple[int, str, str, str]]:
    """The figures behind which a ballot stands."""
    if row is None:
        return []
    groups = [("all", ""), ("stratum", row["stratum"])]
    groups += [(question, row[question]) for question in COMMUNITIES if row[question]]
    return [(row["period_id"], row["subject"], by, group) for by, group in groups]


def _rewrite(come: list[Row]) -> None:
    """Write all ballots and those that `come` anew, in the order of their tokens."""
    names = ", ".join(connection.ops.quote_name(column) for column in _COLUMNS)
    marks = ", ".join(["%s"] * len(_COLUMNS))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE ratings_mixing AS SELECT * FROM ratings_ballot WHERE 1 = 0")
        cursor.execute(f"INSERT INTO ratings_mixing ({names}) SELECT {names} FROM ratings_ballot")  # noqa: S608
        cursor.executemany(
            f"INSERT INTO ratings_mixing ({names}) VALUES ({marks})",  # noqa: S608
            [[row[name] for name in _SAID] for row in come],
        )
        _empty(cursor)
        cursor.execute(
            f"INSERT INTO ratings_ballot ({names}) SELECT {names} FROM ratings_mixing ORDER BY token"  # noqa: S608
        )
        cursor.execute("DROP TABLE ratings_mixing")


def _empty(cursor: Any) -> None:
    """Give the table fresh storage. PostgreSQL first settles what this transaction still has to check of its rows."""
    if connection.vendor == "postgresql":
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE ratings_ballot")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    else:
        cursor.execute("DELETE FROM ratings_ballot")


def _parts(tokens: list[str]) -> list[list[str]]:
    """The tokens in portions that a statement can name."""
    return [tokens[start : start + _NAMED] for start in range(0, len(tokens), _NAMED)]


def _ballots(tokens: list[str]) -> QuerySet[Ballot]:
    return Ballot.objects.filter(pk__in=tokens)
