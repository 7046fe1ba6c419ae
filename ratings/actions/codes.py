"""Codes that make a resident local, or a member of the assembly: made in batches, printed, redeemed once, withdrawn.

A redeemed code is not marked: that a code is used up is kept apart from it, under a mark that only the key of the
assembly's codes can work out; and apart from who used it. So the database links no person with a code.
"""

import hmac
import logging
import secrets
from datetime import date
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction

from accounts import roles
from accounts.codes import ALPHABET
from accounts.models import User
from commitments import permissions
from commitments.errors import AddressNotConfirmed
from commitments.models import Assembly
from ratings import errors, keystore
from ratings.choices import Stratum
from ratings.models import Belonging, CodeBatch, LocalCode, SpentCode
from record import clock
from record.ledger import action

LENGTH, GROUP = 12, 4
MOST = 5000
COUNTED_FROM, STEP = 50, 10
"""Smaller batches are not counted; of others it is told in such steps how many codes were used."""
log = logging.getLogger(__name__)


class Redeemed(NamedTuple):
    """As whom the person rates from now on; `before`: they did already, and the code was not looked at."""

    stratum: str
    before: bool


def issue_codes(
    assembly: Assembly, *, by: User, number: int, stratum: str = Stratum.LOCAL
) -> tuple[CodeBatch, list[str]]:
    """Make a batch of codes to print and hand out: it, and the codes, which are kept only as keyed hashes."""
    permissions.check_convenor(by, assembly.slug)
    if not 1 <= number <= MOST or stratum not in (Stratum.LOCAL, Stratum.MEMBER):
        raise errors.BatchSize(field="number", most=MOST)
    key = keystore.store().make(_key_name(assembly))
    codes = [_code() for _ in range(number)]
    return _issue(assembly, stratum, [digest(key, code) for code in codes]), codes


def redeem(assembly: Assembly, *, by: User, code: str) -> Redeemed:
    """Use a code up: from now on this person rates as local, or as a member. A wrong code and a used one look the same.

    Whoever redeemed one before is told as what they rate, and the code that they sent is left alone.
    """
    if not roles.is_resident(by):
        raise AddressNotConfirmed
    key = keystore.store().get(_key_name(assembly))
    if key is None:
        raise errors.CodeUnknown(field="code")
    return _redeem(assembly, by, digest(key, code), key)


@action
def withdraw_codes(batch: CodeBatch, *, by: User) -> CodeBatch:
    """Make the codes of a lost batch useless; whoever redeemed one keeps what it gave them."""
    batch = CodeBatch.objects.select_for_update(of=("self",)).select_related("assembly").get(pk=batch.pk)
    permissions.check_convenor(by, batch.assembly.slug)
    if batch.withdrawn_on is None:
        batch.withdrawn_on = clock.today()
        batch.save(update_fields=["withdrawn_on"])
        # All of them: those that were left would show which had been used.
        LocalCode.objects.filter(batch=batch).delete()
    return batch


def count_redeemed(slot: date) -> None:
    """Note once a week, in steps, how many codes of each larger batch were used.

    Where an assembly's key cannot be had, its batches wait; an operator is told in the log.
    """
    due = CodeBatch.objects.filter(withdrawn_on=None, number__gte=COUNTED_FROM).exclude(counted_on__gte=slot)
    for batch in due.select_related("assembly"):
        try:
            key = keystore.store().get(_key_name(batch.assembly))
        except keystore.KeysUnavailable as unavailable:
            log.error("%s Used codes are not counted.", unavailable)
            continue
        if key is not None:
            _count(batch, key, slot)


@action
def mix_redemptions() -> None:
    """Write who belongs, and which codes are used, anew and each in an order of its own: then nothing pairs them.

    The tables are locked in the order in which redeeming asks for them, so that neither waits for the other.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("LOCK TABLE ratings_belonging, ratings_spentcode IN ACCESS EXCLUSIVE MODE")
        spent = sorted(SpentCode.objects.values_list("mark", flat=True))
        people = list(Belonging.objects.order_by("user_id", "assembly_id").values(*_OF_PEOPLE))
        _empty(cursor, "ratings_spentcode", "ratings_belonging")
    SpentCode.objects.bulk_create([SpentCode(mark=mark) for mark in spent], batch_size=1000)
    Belonging.objects.bulk_create([Belonging(**one) for one in people], batch_size=1000)


_OF_PEOPLE = ("user_id", "assembly_id", "stratum")


@action
def _issue(assembly: Assembly, stratum: str, digests: list[str]) -> CodeBatch:
    batch = CodeBatch.objects.create(
        assembly=assembly, stratum=stratum, number=len(digests), issued_at=clock.now()
    )
    LocalCode.objects.bulk_create(
        (LocalCode(digest=one, batch=batch) for one in sorted(digests)), batch_size=1000
    )
    return batch


@action
def _redeem(assembly: Assembly, by: User, name: str, key: bytes) -> Redeemed:
    before = Belonging.objects.filter(user=by, assembly=assembly).first()
    if before is not None:
        return Redeemed(before.stratum, before=True)
    code = LocalCode.objects.filter(pk=name, batch__assembly=assembly).select_related("batch").first()
    try:
        with transaction.atomic():
            SpentCode.objects.create(mark=mark(key, name))
    except IntegrityError:
        code = None
    if code is None:
        raise errors.CodeUnknown(field="code")
    belongs, first = Belonging.objects.get_or_create(
        user=by, assembly=assembly, defaults={"stratum": code.batch.stratum}
    )
    if not first:
        SpentCode.objects.filter(pk=mark(key, name)).delete()
    return Redeemed(belongs.stratum, before=not first)


@action
def _count(batch: CodeBatch, key: bytes, slot: date) -> None:
    marks = [mark(key, one) for one in batch.codes.values_list("digest", flat=True)]
    used = sum(
        SpentCode.objects.filter(pk__in=marks[start : start + 1000]).count()
        for start in range(0, len(marks), 1000)
    )
    shown = used // STEP * STEP
    CodeBatch.objects.filter(pk=batch.pk).update(redeemed=shown, counted_on=slot)


def digest(key: bytes, code: str) -> str:
    """The keyed hash by which a code is known, however it was typed."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return hmac.digest(key, f"local-code\0{letters}".encode(), "sha256").hex()


def mark(key: bytes, name: str) -> str:
    """By what it is known that a code is used up; without the key nobody finds the code."""
    return hmac.digest(key, f"spent-code\0{name}".encode(), "sha256").hex()


def _empty(cursor: Any, *tables: str) -> None:
    """Give the tables fresh storage."""
    if connection.vendor == "postgresql":
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {', '.join(tables)}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        return
    cursor.execute("PRAGMA secure_delete = ON")
    for table in tables:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608


def _key_name(assembly: Assembly) -> str:
    return keystore.name_of(assembly.slug, "codes")


def _code() -> str:
    letters = [secrets.choice(ALPHABET) for _ in range(LENGTH)]
    return "-".join("".join(letters[start : start + GROUP]) for start in range(0, LENGTH, GROUP))
