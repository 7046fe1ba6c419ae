"""Links that need no account: each is signed for one purpose, and all of a follower's end when its key changes."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac

from notifications.errors import LinkGone
from notifications.models import Follow, Follower, Message, Reader

MANAGE, STOP, CONFIRM, NEWS, POST = "manage", "stop", "confirm", "news", "post"
_PATHS = {
    MANAGE: "/following/{}/",
    STOP: "/following/stop/{}/",
    CONFIRM: "/following/confirm/{}/",
    NEWS: "/following/news/{}/",
    POST: "/following/post/{}/",
}
Linked = Follower | Follow | Message | Reader
_HEX = 32
SIGNED = 40
"""So many hex digits of the signature stand in a link."""


def token(purpose: str, thing: Linked) -> str:
    """What makes a link this follower's or reader's own, for one purpose alone."""
    whose = thing if isinstance(thing, Follower | Reader) else thing.follower
    if whose is None:
        raise LinkGone
    return thing.pk.hex + _signature(purpose, thing.pk, whose.key)


def address(purpose: str, thing: Linked) -> str:
    """The whole link."""
    return f"{settings.PUBLIC_URL}{_PATHS[purpose].format(token(purpose, thing))}"


def one_click(follower: Follower) -> str:
    """Where a mail program posts to end everything (RFC 8058)."""
    return f"{settings.PUBLIC_URL}/following/one-click/{token(STOP, follower)}/"


def of_open_accounts(path: str = "") -> Q:
    """Followers, at the end of a path, without an account or with one that is open; a shut one's links lead nowhere."""
    return Q(**{f"{path}user": None}) | Q(**{f"{path}user__is_active": True})


def follower_of(text: str, purpose: str = MANAGE) -> Follower:
    """Whose link it is; stopping works for a shut account too. Raises LinkGone."""
    rows = Follower.objects.all() if purpose == STOP else Follower.objects.filter(of_open_accounts())
    found: Follower = _found(text, purpose, rows, lambda row: row)
    return found


def off(reader: Reader) -> str:
    """Where a mail program posts to switch the post of offices off (RFC 8058)."""
    return f"{settings.PUBLIC_URL}/following/post-off/{token(POST, reader)}/"


def reader_of(text: str) -> Reader:
    """Whose post it is, while the account is open. Raises LinkGone."""
    rows = Reader.objects.select_related("user").filter(user__is_active=True)
    found: Reader = _found(text, POST, rows, lambda row: row)
    return found


def switcher_of(text: str) -> Reader | None:
    """Who presses their mail program's button; None where the account is gone, its post with it. Raises LinkGone."""
    if len(text) != _HEX + SIGNED or Reader.objects.filter(pk=_key(text)).exists():
        found: Reader = _found(text, POST, Reader.objects.all(), lambda row: row)
        return found
    return None


def stopper_of(text: str) -> Follower | None:
    """Who presses stop; None where it is done already. Raises LinkGone for a link that was cut off or changed."""
    if len(text) != _HEX + SIGNED or Follower.objects.filter(pk=_key(text)).exists():
        return follower_of(text, STOP)
    return None


def _key(text: str) -> UUID:
    try:
        return UUID(text[:_HEX])
    except ValueError:
        raise LinkGone from None


def follow_of(text: str) -> Follow:
    """What a link confirms. Raises LinkGone."""
    rows = Follow.objects.select_related("follower").filter(of_open_accounts("follower__"))
    found: Follow = _found(text, CONFIRM, rows, lambda row: row.follower)
    return found


def message_of(text: str) -> Message:
    """Which message a link shows whole. Raises LinkGone."""
    rows = Message.objects.select_related("follower").filter(
        of_open_accounts("follower__"), follower__isnull=False
    )
    found: Message = _found(text, NEWS, rows, lambda row: row.follower)
    return found


def _found(text: str, purpose: str, rows: Any, whose: Any) -> Any:
    key = _key(text)
    row = rows.filter(pk=key).first()
    if row is None or not constant_time_compare(text[_HEX:], _signature(purpose, key, whose(row).key)):
        raise LinkGone
    return row


def _signature(purpose: str, key: UUID, secret: str) -> str:
    signed = salted_hmac(f"notifications.{purpose}", f"{key.hex}.{secret}", algorithm="sha256")
    return signed.hexdigest()[:SIGNED]
