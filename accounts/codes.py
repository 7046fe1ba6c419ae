"""Codes that confirm an address: mailed, short-lived, used once, and only in the browser that asked for one.

What is mailed is the code; what the browser keeps is a ticket, signed, with the address and the number of the row. The
row holds a keyed hash of all three. So no table says who asked, and neither ticket nor row nor mail opens anything
without the others. Nothing asks whether an account exists before a code was right: every address is treated alike.
"""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.limits import limits
from accounts.models import Session, SignInCode, User, canonical
from record import clock

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
"""Twenty letters without vowels, so that no code is a word, and none that looks like another or like a digit."""
LENGTH, GROUP = 8, 4
LIVES = timedelta(minutes=10)
TRIES = 5
"""So many wrong letters, and the code is over; who mistypes asks for another."""
OPENED_BY_NONE = ""
_SALT = "accounts.codes"


class Asked(NamedTuple):
    """The ticket stays in the browser; the code goes by mail."""

    ticket: str
    code: str


def ask(address: str) -> Asked:
    """Make a code for an address, whoever has it. What is over is forgotten meanwhile."""
    key, code = uuid4(), _code()
    ticket = _ticket(key, canonical(address), _digest(key, canonical(address), code))
    return Asked(ticket, "-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP)))


def pretend(address: str) -> str:
    """A ticket like any other, which no code opens: for an address that gets no more mails for now."""
    return _ticket(uuid4(), canonical(address), OPENED_BY_NONE)


def is_open(ticket: str) -> bool:
    """Whether a code could still confirm it."""
    key = _read(ticket)[0]
    rows = SignInCode.objects.filter(expires_at__gt=clock.now(), tries__lt=TRIES)
    return key is not None and rows.filter(pk=key).exists()


def confirmed(ticket: str, typed: str) -> str | None:
    """The address that this code and this ticket confirm together, and the code is used; None where they do not."""
    key, address = _read(ticket)
    return address if key and _is_used(key, _digest(key, address, letters(typed))) else None


def account_of(address: str) -> User:
    """The account of an address that was just confirmed; made where there is none."""
    try:
        with transaction.atomic():
            found = User.objects.filter(email=canonical(address)).first()
            user = found or User.objects.create_user(address)
    except IntegrityError:  # twice at once
        user = User.objects.get_by_natural_key(address)
    if user.confirmed_at is None and user.is_active:
        user.confirmed_at = clock.now()
        user.save(update_fields=["confirmed_at"])
    return user


def forget_what_is_over(now: datetime) -> None:
    """Codes and sessions whose time has passed."""
    SignInCode.objects.filter(expires_at__lt=now).delete()
    Session.objects.filter(expire_date__lt=now).delete()


def letters(typed: str) -> str:
    """A code as it was meant, however it was typed."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())[: 2 * LENGTH]


def expected_take_overs_a_day(accounts: int, per_address: str) -> float:
    """How many accounts a day whoever guesses codes for all of them, all day and from everywhere, may hope to open.

    `per_address` is the setting SIGN_IN_PER_ADDRESS. The limits by network and overall, which only make it less, are
    left out.
    """
    most = min(limit.quota * 86400 // limit.window for limit in limits("sign-in", per_address))
    return accounts * most * TRIES / float(len(ALPHABET) ** LENGTH)


@transaction.atomic
def _is_used(key: UUID, digest: str) -> bool:
    """Whether it is the code: then nobody can use it again. If not, one try less; two at once are two tries."""
    row = SignInCode.objects.select_for_update().filter(pk=key, expires_at__gt=clock.now()).first()
    if row is None or row.tries >= TRIES:
        return False
    if constant_time_compare(row.digest, digest):
        row.delete()
        return True
    row.tries += 1
    row.save(update_fields=["tries"])
    return False


def _ticket(key: UUID, address: str, digest: str) -> str:
    """Keep the row, and give what the browser keeps."""
    now = clock.now()
    forget_what_is_over(now)
    SignInCode.objects.create(pk=key, digest=digest, expires_at=now + LIVES)
    return signing.dumps([key.hex, address], salt=_SALT)


def _read(ticket: str) -> tuple[UUID | None, str]:
    try:
        key, address = signing.loads(ticket, salt=_SALT, max_age=LIVES)
    except signing.BadSignature:
        return None, ""
    return UUID(key), str(address)


def _digest(key: UUID, address: str, code: str) -> str:
    said = f"{key.hex}\0{address}\0{code}"
    return salted_hmac(_SALT, said, algorithm="sha256").hexdigest()


def _code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
