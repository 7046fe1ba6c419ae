"""Mixing ballots: fresh ones go among the others, all in the order of their tokens, in storage written anew.

Afterwards no order of rows and no transaction number tells which ballot came when: all rows have the same one.
"""

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from ratings import keystore, periods, sealing
from ratings.actions.moving import bring_words, come, move_words
from ratings.actions import watching
from ratings.choices import COMMUNITIES
from ratings.models import Ballot, Changed, FreshBallot, RatingPeriod
from record.ledger import action

AT_ONCE = 10
"""Fewer fresh ballots wait, unless their quarter has ended."""

_COLUMNS = [str(field.column) for field in Ballot._meta.concrete_fields]
_SAID = [field.attname for field in Ballot._meta.concrete_fields]
_NAMED = 1000
log = logging.getLogger(__name__)
Row = dict[str, Any]


def mix_ballots(today: date) -> int:
    """Move the fresh ballots among the others; how many there were. Safe to run at any time, and twice.

    Where a quarter's key cannot be had, its ballots wait; an operator is told in the log.
    """
    mixed = _mix(_keys(), today)
    bring_words(today)
    return mixed


def _keys() -> dict[int, bytes]:
    """The keys of the quarters that have fresh ballots, by quarter."""
    waiting = RatingPeriod.objects.filter(pk__in=FreshBallot.objects.values("period"))
    found: dict[int, bytes] = {}
    for period in waiting.select_related("assembly"):
        try:
            found[period.pk] = _key(period)
        except keystore.KeysUnavailable:
            log.exception("the key of a quarter cannot be had, so its fresh ballots wait")
    return found


def _key(period: RatingPeriod) -> bytes:
    name = keystore.name_of(period.assembly.slug, period.name)
    key = keystore.store().get(name)
    if key is None or (period.key_check and sealing.check_value(key) != period.key_check):
        raise keystore.not_the_key(name)
    return key


@action
def _mix(keys: dict[int, bytes], today: date) -> int:
    found = FreshBallot.objects.filter(period__in=keys).select_for_update()
    sealed: list[Row] = [dict(row) for row in found.order_by("pk").values("token", "period_id", "sealed")]
    if len(sealed) < AT_ONCE:
        sealed = _of_ended_quarters(sealed, today)
    if not sealed:
        return 0
    fresh = [_opened(row, keys) for row in sealed]
    tokens = [row["token"] for row in fresh]
    before = {row["token"]: row for part in _parts(tokens) for row in _ballots(part).values(*_SAID)}
    _count_changes(fresh, before)
    watching.count_day(fresh, before, today)
    kept = [{name: row[name] for name in _SAID} for row in fresh if not row["withdrawn"]]
    for part in _parts(tokens):
        _ballots(part).delete()
    for part in _parts([row["token"] for row in sealed]):
        FreshBallot.objects.filter(pk__in=part).delete()
    _rewrite(sorted(kept, key=lambda row: str(row["token"])))
    move_words([come(said, row["sealed"], keys) for said, row in zip(fresh, sealed, strict=True)], keys)
    return len(fresh)


def _opened(row: Row, keys: dict[int, bytes]) -> Row:
    """What a fresh ballot says, with its quarter."""
    said = sealing.unseal(keys[row["period_id"]], bytes(row["sealed"]), place=row["token"])
    return said | {"period_id": row["period_id"]}


def sweep() -> None:
    """Ask the database to forget what mixing left behind; outside any transaction, after `mix_ballots`."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ratings_freshballot, ratings_ballot")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _of_ended_quarters(sealed: list[Row], today: date) -> list[Row]:
    ended = RatingPeriod.objects.exclude(name=periods.of(today)).values_list("pk", flat=True)
    among = set(ended.filter(pk__in={row["period_id"] for row in sealed}))
    return [row for row in sealed if row["period_id"] in among]


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
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute("DELETE FROM ratings_ballot")


def _parts(tokens: list[str]) -> list[list[str]]:
    """The tokens in portions that a statement can name."""
    return [tokens[start : start + _NAMED] for start in range(0, len(tokens), _NAMED)]


def _ballots(tokens: list[str]) -> QuerySet[Ballot]:
    return Ballot.objects.filter(pk__in=tokens)
