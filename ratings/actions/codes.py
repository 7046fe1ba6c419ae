"""Codes that make a resident local, or a member of the assembly: made in batches, printed, redeemed once."""

import hmac
import secrets
from uuid import uuid4

from django.conf import settings

from accounts import roles
from accounts.models import User
from commitments import permissions
from commitments.errors import AddressNotConfirmed
from commitments.models import Assembly
from ratings import errors
from ratings.choices import Stratum
from ratings.models import Belonging, LocalCode
from record import clock
from record.ledger import action

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
"""Twenty letters without vowels, so that no code is a word."""
LENGTH, GROUP = 12, 4
MOST = 5000


@action
def issue_codes(
    assembly: Assembly, *, by: User, number: int, stratum: str = Stratum.LOCAL
) -> tuple[str, list[str]]:
    """Make a batch of codes to print and hand out: its name and the codes, which are kept only as keyed hashes."""
    permissions.check_convenor(by, assembly.slug)
    if not 1 <= number <= MOST or stratum not in (Stratum.LOCAL, Stratum.MEMBER):
        raise errors.BatchSize(field="number", most=MOST)
    batch, codes = uuid4(), [_code() for _ in range(number)]
    LocalCode.objects.bulk_create(
        LocalCode(
            digest=digest(code), assembly=assembly, stratum=stratum, batch=batch, issued_on=clock.today()
        )
        for code in sorted(codes, key=digest)
    )
    return str(batch), codes


@action
def redeem(assembly: Assembly, *, by: User, code: str) -> str:
    """Use a code up: from now on this person rates as local, or as a member; the stratum. A wrong code says no more."""
    if not roles.is_resident(by):
        raise AddressNotConfirmed
    if Belonging.objects.filter(user=by, assembly=assembly).exists():
        raise errors.BelongsAlready
    found = (
        LocalCode.objects.select_for_update()
        .filter(pk=digest(code), assembly=assembly, redeemed=False)
        .first()
    )
    if found is None:
        raise errors.CodeUnknown(field="code")
    found.redeemed = True
    found.save(update_fields=["redeemed"])
    Belonging.objects.create(user=by, assembly=assembly, stratum=found.stratum)
    return found.stratum


def digest(code: str) -> str:
    """The keyed hash by which a code is known, however it was typed."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return hmac.digest(settings.SECRET_KEY.encode(), f"local-code\0{letters}".encode(), "sha256").hex()


def _code() -> str:
    letters = [secrets.choice(ALPHABET) for _ in range(LENGTH)]
    return "-".join("".join(letters[start : start + GROUP]) for start in range(0, LENGTH, GROUP))
