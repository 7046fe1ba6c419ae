"""A form that arrives twice is done once: its token, what it did and where it led stand in one transaction.

Of sixteen that arrive at once one inserts the row; the others wait for it at the unique constraint and are led to where
it led. If it is refused or breaks, its row vanishes with everything it did.
"""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac

from accounts.models import User
from portal.models import SentForm
from record import clock
from record.refusals import Forbidden, NotNow

ONCE, SENT = "once", "sent"
"""The hidden field of the form; and the parameter of the page after it, by which a browser lets its draft go."""
SALT = "portal.desk.once"
KEPT = timedelta(hours=24)
PRESSED = frozenset({"csrfmiddlewaretoken", ONCE, "send", "meant"})
"""What says nothing of the content."""


class SentBefore(NotNow):
    """The form was sent already, and says something else now."""

    code = "sent_before"
    sentence = (
        "This form was sent and done already, and what it says now differs from that. "
        "Look at what was sent before you send this as well."
    )


def token() -> str:
    """For a form that is made now."""
    return str(uuid4())


def once(request: HttpRequest, sending: Callable[[], str]) -> HttpResponse:
    """Lead to the page that `sending` names, which does what the form asks; where that was done before, only lead.

    `sending` calls the verb; what refuses it passes through. Raises SentBefore where the same form came with other
    content. A form without a token is done each time.
    """
    user, key = request.user, token_in(request)
    if not isinstance(user, User):
        raise Forbidden
    if key is None:
        with transaction.atomic():
            return redirect(sending())
    fingerprint = _fingerprint(request)
    done = _done(user, key)
    if done is None:
        try:
            done = _first(user, key, fingerprint, sending)
        except _Taken:
            done = _done(user, key)
    if done is None:  # the other one was refused meanwhile
        done = _first(user, key, fingerprint, sending)
    if done.fingerprint != fingerprint:
        raise SentBefore
    return redirect(_telling(done.address, key))


def token_in(request: HttpRequest) -> UUID | None:
    """The token that the form carries."""
    try:
        return UUID(request.POST.get(ONCE, ""))
    except ValueError:
        return None


def purge() -> int:
    """Forget forms that were sent more than a day ago; how many rows that was. For the jobs that run now and then."""
    gone, _ = SentForm.objects.filter(created_at__lte=clock.now() - KEPT).delete()
    return gone


class _Taken(Exception):
    """The same form is being done by another request, or was meanwhile."""


def _done(user: User, key: UUID) -> SentForm | None:
    return SentForm.objects.filter(user_id=user.pk, token=key).first()


def _first(user: User, key: UUID, fingerprint: str, sending: Callable[[], str]) -> SentForm:
    with transaction.atomic():
        claim = _claimed(user, key, fingerprint)
        claim.address = sending()
        claim.save(update_fields=["address"])
    return claim


def _claimed(user: User, key: UUID, fingerprint: str) -> SentForm:
    """Claim the token. Waits for a parallel claim to end; raises _Taken if that one was kept."""
    try:
        with transaction.atomic():
            return SentForm.objects.create(
                user_id=user.pk, token=key, fingerprint=fingerprint, created_at=clock.now()
            )
    except IntegrityError:
        raise _Taken from None


def _fingerprint(request: HttpRequest) -> str:
    """What makes a form the same: its address, and what was typed into it, in whatever order."""
    typed = sorted((name, value) for name in request.POST for value in request.POST.getlist(name))
    said = [f"{name}={value}" for name, value in typed if name not in PRESSED]
    return salted_hmac(SALT, "\n".join((request.path, *said)), algorithm="sha256").hexdigest()


def _telling(address: str, key: UUID) -> str:
    """The page after it, told which form was done."""
    page, mark, place = address.partition("#")
    return f"{page}{'&' if '?' in page else '?'}{urlencode({SENT: str(key)})}{mark}{place}"
