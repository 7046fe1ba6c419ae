"""Second factors: codes of an app, passkeys, and recovery codes for when both are lost. django-allauth does the sums.

A code is used once, on whatever process it arrives: what was used stands in the row, which is locked meanwhile.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from accounts.factors import Adapter, FactorLost, unseal
from accounts.models import Session, User
from record import clock

TOTP, PASSKEY, RECOVERY = (
    Authenticator.Type.TOTP,
    Authenticator.Type.WEBAUTHN,
    Authenticator.Type.RECOVERY_CODES,
)
USED = "last_counter"
MOST_PASSKEYS = 10
LONGEST_NAME = 60
TOTP_DIGITS = 6
NOT_A_PASSKEY = (ValidationError, ValueError, TypeError, LookupError, AttributeError)
"""What is raised for an answer that no browser gave."""


def of(user: User) -> QuerySet[Authenticator]:
    """The app and the passkeys of a person, oldest first."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=user.pk, type__in=(TOTP, PASSKEY))
    return found.order_by("pk")


def is_set_up(user: User) -> bool:
    """Whether there is a second factor to ask for."""
    return of(user).exists()


def has_app(user: User) -> bool:
    """Whether an app makes codes for this account."""
    return of(user).filter(type=TOTP).exists()


def has_passkey(user: User) -> bool:
    """Whether a passkey opens this account."""
    return of(user).filter(type=PASSKEY).exists()


def new_secret() -> str:
    """A secret for an app, in the letters in which apps take it."""
    return str(totp.generate_totp_secret())


def app_address(user: User, secret: str) -> str:
    """What an app reads from the square of dots."""
    return str(Adapter().build_totp_url(user, secret))


def add_app(user: User, secret: str, code: str) -> bool:
    """Keep an app that proves that it has the secret; False where the code is not of it. One app for each person."""
    counter = _counter_of(secret, code, after=-1)
    if counter is None:
        return False
    with transaction.atomic():
        _locked(user)
        of(user).filter(type=TOTP).delete()
        row = totp.TOTP.activate(user, secret).instance
        row.data[USED] = counter
        row.save(update_fields=["data"])
    return True


def give_app(user: User, secret: str = "") -> str:
    """An app for somebody who did not ask for one, as demonstrations need it; its secret."""
    of(user).filter(type=TOTP).delete()
    secret = secret or new_secret()
    totp.TOTP.activate(user, secret)
    return secret


@transaction.atomic
def is_app_code(user: User, code: str) -> bool:
    """Whether an app of this person shows this code now; then it is used. Raises FactorLost."""
    row = Authenticator.objects.select_for_update().filter(user_id=user.pk, type=TOTP).first()
    if row is None:
        return False
    counter = _counter_of(unseal(row.data["secret"]), code, after=row.data.get(USED, -1))
    if counter is None:
        return False
    row.data[USED], row.last_used_at = counter, clock.now()
    row.save(update_fields=["data", "last_used_at"])
    return True


def kind_of(user: User, typed: str) -> str:
    """What was typed, TOTP or RECOVERY, where it is right; then it is used. Blank where not. Raises FactorLost."""
    digits = "".join(letter for letter in typed if letter.isalnum())
    if len(digits) == TOTP_DIGITS:
        return TOTP if is_app_code(user, digits) else ""
    return RECOVERY if is_recovery_code(user, digits) else ""


def is_recovery_code(user: User, digits: str) -> bool:
    """Whether it is a recovery code; then it is used. Raises FactorLost."""
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(user_id=user.pk, type=RECOVERY).first()
        return row is not None and bool(RecoveryCodes(row).validate_code(digits))


def new_recovery_codes(user: User) -> list[str]:
    """Ten codes, each for once; those from before open nothing any more."""
    with transaction.atomic():
        _locked(user)
        Authenticator.objects.filter(user_id=user.pk, type=RECOVERY).delete()
        return list(RecoveryCodes.activate(user).generate_codes())


def recovery_codes_left(user: User) -> int:
    """How many were not used, and can still be read."""
    row = Authenticator.objects.filter(user_id=user.pk, type=RECOVERY).first()
    try:
        return len(RecoveryCodes(row).get_unused_codes()) if row else 0
    except FactorLost:
        return 0


def ask_for_new_passkey(user: User) -> dict[str, Any]:
    """What the browser is asked when a passkey is made. The request's session remembers the challenge."""
    return dict(webauthn.begin_registration(user, passwordless=False))


def add_passkey(user: User, name: str, answer: Mapping[str, Any]) -> bool:
    """Keep the passkey that a browser made; False where the answer does not fit what was asked."""
    try:
        webauthn.parse_registration_response(answer)
        webauthn.complete_registration(dict(answer))
    except NOT_A_PASSKEY:
        return False
    with transaction.atomic():
        _locked(user)
        if of(user).filter(type=PASSKEY).count() >= MOST_PASSKEYS:
            return False
        webauthn.WebAuthn.add(user, name[:LONGEST_NAME], dict(answer))
    return True


def ask_for_passkey(user: User) -> dict[str, Any]:
    """What the browser is asked when a passkey is used. The request's session remembers the challenge."""
    return dict(webauthn.begin_authentication(user))


def is_passkey(user: User, answer: Mapping[str, Any]) -> bool:
    """Whether a passkey of this person answered the challenge; then the challenge is over."""
    try:
        row = webauthn.complete_authentication(user, dict(answer))
    except NOT_A_PASSKEY:
        return False
    row.record_usage()
    return True


def remove(user: User, key: int) -> bool:
    """Take one away; False where it is not theirs, or the only one: an office needs one."""
    with transaction.atomic():
        _locked(user)
        row = of(user).filter(pk=key).first()
        if row is None or of(user).count() == 1:
            return False
        row.delete()
    return True


def forget(user: User) -> None:
    """All of them, with the recovery codes."""
    Authenticator.objects.filter(user_id=user.pk).delete()


def begin_anew(user: User, *, password_too: bool = False) -> None:
    """For whoever lost their second factor: it goes, with every session; the next sign-in sets up another."""
    with transaction.atomic():
        person = _locked(user)
        forget(person)
        Session.objects.filter(user=person).delete()
        if password_too:
            person.set_unusable_password()
            person.save(update_fields=["password"])


def kept(user: User) -> list[dict[str, Any]]:
    """What is kept about a person, for their own copy of it; no secrets."""
    rows = Authenticator.objects.filter(user_id=user.pk).order_by("pk")
    return [
        {"kind": row.type, "since": row.created_at, "last_used_at": _day(row.last_used_at)} for row in rows
    ]


def _day(at: datetime | None) -> str | None:
    return at.date().isoformat() if at else None


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _counter_of(secret: str, code: str, *, after: int) -> int | None:
    """Which half minute this code belongs to: the present one or a neighbour, and none that was used."""
    for counter in totp.yield_hotp_counters_from_time():
        expected = totp.format_hotp_value(totp.hotp_value(secret, counter))
        if counter > after and compare_user_code(actual=code, expected=expected):
            return int(counter)
    return None
