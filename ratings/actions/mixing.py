"""Mixing ballots: fresh ones go among the others, all in the order of their tokens, in storage written anew.

Afterwards no order of rows and no transaction number tells which ballot came when: all of a quarter have the same one.
Other quarters' ballots stay where they are.
"""

import logging
from collections import Counter
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from ratings import keystore, periods, sealing
from ratings.actions import watching
from ratings.actions.moving import bring_words, come, key_of, move_words
from ratings.models import Ballot, FreshBallot, RatingPeriod
from record.ledger import action

AT_ONCE = 10
"""Fewer fresh ballots of a quarter wait, unless it has ended."""

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
            found[period.pk] = key_of(period)
        except keystore.KeysUnavailable as unavailable:
            log.error("%s Fresh ballots wait.", unavailable)
    return found


@action
def _mix(keys: dict[int, bytes], today: date) -> int:
    _lock()
    found = FreshBallot.objects.filter(period__in=keys).select_for_update()
    waiting: list[Row] = [dict(row) for row in found.order_by("pk").values("token", "period_id", "sealed")]
    opened = [(row, _opened(row, keys)) for row in _enough(waiting, today)]
    sealed = [row for row, said in opened if said is not None]
    fresh = [said for _, said in opened if said is not None]
    if not fresh:
        return 0
    tokens = [row["token"] for row in fresh]
    before = {row["token"]: row for part in _parts(tokens) for row in _ballots(part).values(*_SAID)}
    watching.count_day(fresh, before, today)
    kept = [{name: row[name] for name in _SAID} for row in fresh if not row["withdrawn"]]
    for part in _parts(tokens):
        _ballots(part).delete()
    for part in _parts([row["token"] for row in sealed]):
        FreshBallot.objects.filter(pk__in=part).delete()
    _rewrite(sorted(kept, key=lambda row: str(row["token"])), {int(row["period_id"]) for row in fresh})
    move_words([come(said, row["sealed"], keys) for said, row in zip(fresh, sealed, strict=True)], keys)
    return len(fresh)


def _lock() -> None:
    """Hold all quarters, so that nobody counts or mixes ballots meanwhile; people go on casting.

    All of them, since where few ballots come the others' are written anew too.
    """
    rows = RatingPeriod.objects.select_for_update(of=("self",), no_key=True)
    list(rows.order_by("pk").values_list("pk"))


def _enough(waiting: list[Row], today: date) -> list[Row]:
    """Those of quarters in which ten or more wait, or that have ended.

    Ten of one assembly and quarter: which one a fresh ballot belongs to can be read, so others are no crowd for it.
    """
    number = Counter(row["period_id"] for row in waiting)
    ended = RatingPeriod.objects.exclude(name=periods.of(today)).filter(pk__in=number)
    ready = {period for period in number if number[period] >= AT_ONCE} | {*ended.values_list("pk", flat=True)}
    return [row for row in waiting if row["period_id"] in ready]


def _opened(row: Row, keys: dict[int, bytes]) -> Row | None:
    """What a fresh ballot says, with its quarter; None where somebody wrote into it, so that no other waits for it."""
    try:
        said = sealing.unseal(keys[row["period_id"]], bytes(row["sealed"]), place=row["token"])
    except sealing.NotOurs:
        log.error(
            "A fresh ballot was altered in the database, and is left out: find out who can write there."
        )
        return None
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


def _rewrite(come: list[Row], touched: set[int]) -> None:
    """Write the ballots of these quarters and those that `come` anew, in the order of their tokens.

    All at once have one transaction number: where they would be fewer than ten, all quarters are written.
    """
    among = (
        [*touched]
        if _is_crowd(come, touched)
        else [*Ballot.objects.values_list("period", flat=True).distinct()]
    )
    names = ", ".join(connection.ops.quote_name(column) for column in _COLUMNS)
    marks = ", ".join(["%s"] * len(_COLUMNS))
    which = ", ".join(str(int(period)) for period in {*among, *touched})
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute("CREATE TEMPORARY TABLE ratings_mixing AS SELECT * FROM ratings_ballot WHERE 1 = 0")
        cursor.execute(
            f"INSERT INTO ratings_mixing ({names})"  # noqa: S608
            f" SELECT {names} FROM ratings_ballot WHERE period_id IN ({which})"
        )
        cursor.executemany(
            f"INSERT INTO ratings_mixing ({names}) VALUES ({marks})",  # noqa: S608
            [[row[name] for name in _SAID] for row in come],
        )
        cursor.execute(f"DELETE FROM ratings_ballot WHERE period_id IN ({which})")  # noqa: S608
        cursor.execute(
            f"INSERT INTO ratings_ballot ({names}) SELECT {names} FROM ratings_mixing ORDER BY token"  # noqa: S608
        )
        cursor.execute("DROP TABLE ratings_mixing")


def _is_crowd(come: list[Row], touched: set[int]) -> bool:
    return len(come) + Ballot.objects.filter(period__in=touched).count() >= AT_ONCE


def _parts(tokens: list[str]) -> list[list[str]]:
    """The tokens in portions that a statement can name."""
    return [tokens[start : start + _NAMED] for start in range(0, len(tokens), _NAMED)]


def _ballots(tokens: list[str]) -> QuerySet[Ballot]:
    return Ballot.objects.filter(pk__in=tokens)
