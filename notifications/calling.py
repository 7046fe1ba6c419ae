"""From entries to calls of webhooks, and the calls themselves: at least once, under one id, few at a time a host."""

import logging
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from notifications import kinds, sealing, topics, troubles
from notifications.addresses import NotReached
from notifications.channels import Later, Never, Outcome, Sent, webhook
from notifications.dispatching import LEASE, jittered
from notifications.models import Attempt, Call, CallKind, Cursor, Endpoint, EndpointState, EndpointTopic
from notifications.models import MessageState as State
from notifications.outside import Outside
from notifications.topics import Read
from record.models import Entry

NAME, CLAIMS = "webhooks", "webhook_claims"
MOST = 200
AT_A_TIME, AT_ONE_HOST, THREADS = 100, 5, 20
KEPT = timedelta(days=30)

_log = logging.getLogger(__name__)


def fan_out() -> int:
    """Write down which endpoints are to be told of each new entry; how many entries were read. Idempotent."""
    done = 0
    while read := _portion():
        done += read
    return done


@transaction.atomic
def _portion() -> int:
    cursor = lock(NAME)
    entries = topics.read(cursor.position, MOST)
    if not entries:
        return 0
    about = topics.of_entries(entries)
    times = dict(
        Entry.objects.filter(position__in=[one.position for one in entries]).values_list("position", "at")
    )
    for entry in entries:
        _tell(entry, sorted(about[entry.position]), times[entry.position])
    cursor.position = entries[-1].position
    cursor.save(update_fields=["position"])
    return len(entries)


def lock(name: str) -> Cursor:
    """The cursor, ours until the transaction ends."""
    Cursor.objects.get_or_create(name=name)
    return Cursor.objects.select_for_update().get(name=name)


def _tell(entry: Read, about: list[str], at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(connection.vendor, len(about)),
            [
                CallKind.ENTRY,
                entry.position,
                State.WAITING,
                connection.ops.adapt_datetimefield_value(at),
                connection.ops.adapt_datetimefield_value(at),
                EndpointState.ACTIVE,
                entry.position,
                entry.assembly,
                f"%,{kinds.kind_of(entry.type)},%",
                *about,
            ],
        )


@cache
def _statement(vendor: str, about: int) -> str:
    fresh = "gen_random_uuid()" if vendor == "postgresql" else "lower(hex(randomblob(16)))"
    marks = ", ".join(["%s"] * about)
    return f"""
        INSERT INTO {Call._meta.db_table}
          (id, endpoint_id, host, kind, position, state, next_at, lease_until, attempts, claims, created_at, done_at)
        SELECT {fresh}, one.id, one.host, %s, %s, %s, %s, NULL, 0, 0, %s, NULL
        FROM {Endpoint._meta.db_table} AS one
        WHERE one.state = %s AND one.after < %s
          AND one.assembly IN ('', %s)
          AND (one.kinds = '' OR one.kinds LIKE %s)
          AND (
            NOT EXISTS (SELECT 1 FROM {EndpointTopic._meta.db_table} AS any_ WHERE any_.endpoint_id = one.id)
            OR EXISTS (
              SELECT 1 FROM {EndpointTopic._meta.db_table} AS what
              WHERE what.endpoint_id = one.id AND what.topic IN ({marks})
            )
          )
        ON CONFLICT DO NOTHING
    """  # noqa: S608


@transaction.atomic
def claim(now: datetime, most: int = AT_A_TIME) -> list[Call]:
    """Take calls for oneself until the lease ends; of one host at most five are anybody's at a time.

    Claims stand in a line (behind one locked row), since how many are in flight is a count over all workers.
    """
    lock(CLAIMS)
    busy = dict(
        Call.objects.filter(lease_until__gte=now).values_list("host").annotate(Count("pk")).order_by()
    )
    first = _due(now).annotate(nth=Window(RowNumber(), partition_by="host", order_by=["next_at", "pk"]))
    rows = first.filter(nth__lte=AT_ONE_HOST).order_by("next_at", "pk").values_list("pk", "host", "nth")
    keys = [pk for pk, host, nth in rows if nth <= AT_ONE_HOST - busy.get(host, 0)][:most]
    Call.objects.filter(pk__in=keys).update(
        lease_until=now + LEASE, attempts=F("attempts") + 1, claims=F("claims") + 1
    )
    return list(Call.objects.filter(pk__in=keys).select_related("endpoint").order_by("next_at", "pk"))


def _due(now: datetime) -> QuerySet[Call]:
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    used = Q(endpoint__state=EndpointState.ACTIVE) | Q(kind=CallKind.VERIFY)
    return Call.objects.filter(
        free,
        used,
        state=State.WAITING,
        next_at__lte=now,
        endpoint__removed_at=None,
        endpoint__owner__is_active=True,
    )


class Tried(NamedTuple):
    """How one try went."""

    outcome: Outcome
    status: int | None
    milliseconds: int


def deliver(outside: Outside, now: datetime, most: int = AT_A_TIME) -> int:
    """Make the calls that are due, at most so many; how many. One bad one never ends the batch."""
    claimed = claim(now, most)
    if not claimed:
        return 0
    told = _payloads(claimed)
    with ThreadPoolExecutor(min(THREADS, len(claimed))) as pool:
        running = {pool.submit(_tried, outside, call, told[call.pk], now): call for call in claimed}
        for done in as_completed(running):
            _settle(running[done], done.result(), now)
    return len(claimed)


def _payloads(calls: Iterable[Call]) -> dict[object, dict[str, object]]:
    """Thin bodies: where to look, and nothing that anybody typed, so that nothing held or erased can be in one."""
    positions = [call.position for call in calls if call.position is not None]
    rows = Entry.objects.filter(position__in=positions).values("position", "type", "subject", "at")
    entries: dict[int | None, dict[str, object]] = {row["position"]: dict(row) for row in rows}
    return {call.pk: _payload(call, entries.get(call.position)) for call in calls}


def _payload(call: Call, entry: dict[str, object] | None) -> dict[str, object]:
    if entry is None:
        return {"type": f"webhook.{call.kind}", "timestamp": call.created_at.isoformat(), "data": {}}
    at: datetime = entry["at"]  # type: ignore[assignment]
    data = {
        "position": entry["position"],
        "subject": entry["subject"],
        "url": f"{settings.PUBLIC_URL}/api/v1/events/{entry['position']}/",
    }
    return {"type": entry["type"], "timestamp": at.isoformat(), "data": data}


def _tried(outside: Outside, call: Call, payload: dict[str, object], now: datetime) -> Tried:
    """Sign and call; asks no database, since it runs in a thread."""
    began = time.monotonic()
    status = None
    try:
        request = webhook.signed(
            call.endpoint.address, f"msg_{call.pk.hex}", payload, _secrets(call, now), now
        )
        answer = outside.post(request.address, request.body, request.headers)
        status = answer.status
        found = webhook.outcome(status, answer.retry_after, now)
    except sealing.SecretLost:
        found = Never("secret_lost")
    except NotReached as why:
        found = Later(why.code)
    except Exception as error:  # noqa: BLE001 - whatever it was, the others still go out
        _log.warning("a webhook could not be called", extra={"error": type(error).__name__})
        found = Later("unexpected")
    return Tried(found, status, int((time.monotonic() - began) * 1000))


def _secrets(call: Call, now: datetime) -> list[str]:
    one = call.endpoint
    earlier = one.previous_until is not None and one.previous_until > now and one.previous_secret
    return [sealing.unseal(each) for each in (one.secret, *([one.previous_secret] if earlier else []))]


@transaction.atomic
def _settle(call: Call, tried: Tried, now: datetime) -> None:
    """Write down what became of it, unless somebody else has it by now."""
    cursor = lock(NAME) if call.kind == CallKind.VERIFY else None
    mine = Call.objects.filter(pk=call.pk, claims=call.claims, state=State.WAITING)
    if not mine.update(lease_until=None, **_after(call, tried.outcome, now)):
        Call.objects.filter(pk=call.pk, claims=call.claims).update(lease_until=None)
        return
    why = "" if isinstance(tried.outcome, Sent) else str(getattr(tried.outcome, "why", ""))
    Attempt.objects.create(
        call=call, at=now, status=tried.status, milliseconds=tried.milliseconds, error=why[:40]
    )
    troubles.note(call, tried.outcome, now, cursor.position if cursor else None)


def _after(call: Call, outcome: Outcome, now: datetime) -> dict[str, object]:
    if isinstance(outcome, Sent):
        return {"state": State.SENT, "done_at": now}
    again = isinstance(outcome, Later) and call.kind == CallKind.ENTRY and call.attempts <= len(webhook.WAITS)
    if not again:
        return {"state": State.FAILED, "done_at": now}
    wait = jittered(webhook.WAITS[call.attempts - 1])
    asked = outcome.after if isinstance(outcome, Later) else None
    return {"next_at": now + max(wait, asked or timedelta())}


def sweep(now: datetime) -> int:
    """Forget calls after thirty days, removed endpoints after one, and those of accounts that were erased."""
    Endpoint.objects.filter(Q(removed_at__lt=now - timedelta(days=1)) | Q(owner__is_active=False)).delete()
    return Call.objects.filter(created_at__lt=now - KEPT).delete()[1].get("notifications.Call", 0)
