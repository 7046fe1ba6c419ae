"""What owners do with their webhooks: add, change, remove, rotate, and have them tested. Nothing here calls anybody."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from notifications import addresses, kinds, sealing
from notifications import endpoint_errors as errors
from notifications.models import Call, CallKind, Endpoint, EndpointState, EndpointTopic, MessageState
from record import clock

OVERLAP = timedelta(hours=24)
"""So long the earlier secret signs too, after a rotation."""
MOST_EARLIER = 3
MOST_TESTS = 60
"""Verifications and pings that an account may ask for in a day: they go to addresses that have not agreed yet."""
DAY = timedelta(days=1)


def of(owner: User) -> QuerySet[Endpoint]:
    """Those of an account."""
    return Endpoint.objects.filter(owner=owner, removed_at=None)


@transaction.atomic
def add(
    owner: User, *, address: str, assembly: str = "", topics: Sequence[str] = (), chosen: Sequence[str] = ()
) -> tuple[Endpoint, str]:
    """A new one with its secret, which is shown this once; its verification goes out by itself."""
    if owner.confirmed_at is None:
        raise errors.ConfirmFirst
    _lock(owner)
    if of(owner).count() >= settings.WEBHOOKS_PER_ACCOUNT:
        raise errors.TooManyEndpoints(most=settings.WEBHOOKS_PER_ACCOUNT)
    secret = sealing.new_secret()
    made = Endpoint.objects.create(
        owner=owner,
        address=address,
        host=_host(address),
        assembly=assembly,
        kinds=kinds.packed(list(chosen)),
        secret=sealing.seal(secret),
        created_at=clock.now(),
    )
    _set_topics(made, topics)
    test(made, CallKind.VERIFY)
    return made, secret


@transaction.atomic
def change(endpoint: Endpoint, **to: Any) -> Endpoint:
    """Change what it hears of at once; another address has to be verified before it is called."""
    _lock(endpoint.owner)
    endpoint = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    if "topics" in to:
        _set_topics(endpoint, to["topics"])
    if "chosen" in to:
        endpoint.kinds = kinds.packed(to["chosen"])
    endpoint.assembly = to.get("assembly", endpoint.assembly)
    moved = to.get("address", endpoint.address) != endpoint.address
    if moved:
        endpoint.address, endpoint.host = to["address"], _host(to["address"])
        endpoint.state, endpoint.reason, endpoint.failing_since = EndpointState.UNVERIFIED, "", None
        Call.objects.filter(endpoint=endpoint, state=MessageState.WAITING).update(host=endpoint.host)
    endpoint.save()
    if moved:
        test(endpoint, CallKind.VERIFY)
    return endpoint


@transaction.atomic
def remove(endpoint: Endpoint) -> None:
    """Stop calling it, at once, and forget what it was."""
    now = clock.now()
    Endpoint.objects.filter(pk=endpoint.pk).update(
        address="", host="", assembly="", kinds="", secret="", previous_secret="",
        state=EndpointState.DISABLED, reason="removed", owner_to_be_told=False, removed_at=now,
    )  # fmt: skip
    EndpointTopic.objects.filter(endpoint=endpoint).delete()
    Call.objects.filter(endpoint=endpoint, kind=CallKind.ENTRY).delete()
    drop_waiting(endpoint, now)


def forget_all(owner: User) -> None:
    """Delete all of an account, with what was called."""
    Endpoint.objects.filter(owner=owner).delete()


@transaction.atomic
def rotate(endpoint: Endpoint) -> tuple[Endpoint, str]:
    """A new secret, shown this once; for a day the earlier ones sign too.

    All of that day: whoever lost the answer to a first rotation and asks for a second has receivers with the oldest.
    """
    endpoint = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    secret, now = sealing.new_secret(), clock.now()
    earlier = [one for one in sealed(endpoint, now) if sealing.opens(one)]
    endpoint.previous_secret, endpoint.previous_until = " ".join(earlier[:MOST_EARLIER]), now + OVERLAP
    endpoint.secret = sealing.seal(secret)
    endpoint.save(update_fields=["secret", "previous_secret", "previous_until"])
    return endpoint, secret


def sealed(endpoint: Endpoint, now: datetime) -> list[str]:
    """The secrets that sign at this moment, the newest first, as they are stored."""
    until = endpoint.previous_until
    earlier = endpoint.previous_secret.split() if until is not None and until > now else []
    return [endpoint.secret, *earlier]


@transaction.atomic
def test(endpoint: Endpoint, kind: str) -> Call:
    """Have it called once, signed, to verify it or to see it work."""
    _lock(endpoint.owner)
    now = clock.now()
    if kind == CallKind.PING and endpoint.state != EndpointState.ACTIVE:
        raise errors.NotActive(state=endpoint.state)
    asked = Call.objects.filter(endpoint__owner=endpoint.owner, created_at__gt=now - DAY)
    if asked.exclude(kind=CallKind.ENTRY).count() >= MOST_TESTS:
        raise errors.TooManyTests(most=MOST_TESTS)
    return Call.objects.create(endpoint=endpoint, host=endpoint.host, kind=kind, next_at=now, created_at=now)


@transaction.atomic
def replay(call: Call) -> Call:
    """Tell it once more, under the same id, with all its tries."""
    call = Call.objects.select_for_update(of=("self",)).select_related("endpoint").get(pk=call.pk)
    if call.endpoint.state != EndpointState.ACTIVE:
        raise errors.NotActive(state=call.endpoint.state)
    if call.state == MessageState.WAITING:
        raise errors.StillWaiting
    call.state, call.next_at, call.attempts, call.done_at = MessageState.WAITING, clock.now(), 0, None
    call.host = call.endpoint.host
    call.save(update_fields=["state", "next_at", "attempts", "done_at", "host"])
    return call


def drop_waiting(endpoint: Endpoint, now: datetime) -> None:
    """Nothing more goes to it."""
    waiting = Call.objects.filter(endpoint=endpoint, state=MessageState.WAITING)
    waiting.update(state=MessageState.DROPPED, done_at=now)


def _lock(owner: User) -> None:
    """Of two who add or test at once, one counts after the other."""
    User.objects.select_for_update().get(pk=owner.pk)


def _host(address: str) -> str:
    try:
        return addresses.read(address).named
    except addresses.NotReached as why:
        raise errors.AddressNotCallable(field="address", why=why.code) from None


def _set_topics(endpoint: Endpoint, topics: Sequence[str]) -> None:
    EndpointTopic.objects.filter(endpoint=endpoint).delete()
    EndpointTopic.objects.bulk_create(
        EndpointTopic(endpoint=endpoint, topic=topic) for topic in sorted(set(topics))
    )
