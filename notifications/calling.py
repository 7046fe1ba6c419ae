"""From entries to calls of webhooks, and the calls themselves: at least once, under one id, few at a time a host."""

import logging
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from notifications import claiming, endpoints, kinds, sealing, topics, troubles
from notifications.addresses import NotReached
from notifications.channels import Later, Never, Outcome, Sent, webhook
from notifications.models import Attempt, Call, CallKind, Endpoint, EndpointState, EndpointTopic
from notifications.models import MessageState as State
from notifications.outside import Outside
from notifications.reading import Sql, insert, lock, marks, read_on
from notifications.topics import Read
from record import checkpoints, clock
from record.models import Entry

NAME, CLAIMS = "webhooks", "webhook_claims"
AT_ONE_HOST, THREADS = 5, 20
KEPT = timedelta(days=30)

_log = logging.getLogger(__name__)


def fan_out() -> int:
    """Write down which endpoints are to be told of each new entry; how many entries were read. Idempotent."""
    return read_on(NAME, _write)


def _write(entries: Sequence[Read]) -> None:
    about = topics.of_entries(entries)
    for entry in entries:
        _tell(entry, sorted(about[entry.position]))


def _tell(entry: Read, about: list[str]) -> None:
    at, now = (connection.ops.adapt_datetimefield_value(one) for one in (entry.at, clock.now()))
    fresh = "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"
    values = {
        "id": Sql(fresh), "endpoint_id": Sql("one.id"), "host": Sql("one.host"), "kind": CallKind.ENTRY,
        "position": entry.position, "state": State.WAITING, "next_at": at, "lease_until": None, "attempts": 0,
        "claims": 0, "created_at": now, "done_at": None,
    }  # fmt: skip
    wanted = f"%,{kinds.kind_of(entry.type)},%"
    given = [EndpointState.ACTIVE, entry.position, entry.assembly, wanted, *about]
    insert(Call, values, _endpoints(len(about)), given)


def _endpoints(about: int) -> str:
    return f"""{Endpoint._meta.db_table} AS one
        WHERE one.state = %s AND one.after < %s
          AND one.assembly IN ('', %s)
          AND (one.kinds = '' OR one.kinds LIKE %s)
          AND (
            NOT EXISTS (SELECT 1 FROM {EndpointTopic._meta.db_table} AS any_ WHERE any_.endpoint_id = one.id)
            OR EXISTS (
              SELECT 1 FROM {EndpointTopic._meta.db_table} AS what
              WHERE what.endpoint_id = one.id AND what.topic IN ({marks(about)})
            )
          )"""  # noqa: S608


def claim(now: datetime, most: int = claiming.AT_A_TIME) -> list[Call]:
    """Take calls for oneself until the lease ends; of one host at most five are anybody's at a time.

    Claims stand in a line (behind one locked row), since how many are in flight is a count over all workers.
    """
    return _claimed(now, most) if is_due(now) else []


def is_due(now: datetime) -> bool:
    """Whether anything waits to be told."""
    return due(now).exists()


@transaction.atomic
def _claimed(now: datetime, most: int) -> list[Call]:
    lock(CLAIMS)
    busy = dict(
        Call.objects.filter(lease_until__gte=now).values_list("host").annotate(Count("pk")).order_by()
    )
    first = due(now).annotate(nth=Window(RowNumber(), partition_by="host", order_by=["next_at", "pk"]))
    rows = first.filter(nth__lte=AT_ONE_HOST).order_by("next_at", "pk").values_list("pk", "host", "nth")
    keys = [pk for pk, host, nth in rows if nth <= AT_ONE_HOST - busy.get(host, 0)][:most]
    return claiming.taken(Call.objects.filter(pk__in=keys).order_by("next_at", "pk"), "endpoint", now)


def due(now: datetime) -> QuerySet[Call]:
    """What could be told now."""
    used = Q(endpoint__state=EndpointState.ACTIVE) | Q(kind=CallKind.VERIFY)
    return Call.objects.filter(
        claiming.due(now), used, endpoint__removed_at=None, endpoint__owner__is_active=True
    )


class Tried(NamedTuple):
    """How one try went."""

    outcome: Outcome
    status: int | None
    milliseconds: int


def deliver(outside: Outside, now: datetime, most: int = claiming.AT_A_TIME) -> int:
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
    state = checkpoints.latest()
    signed: dict[str, object] = {"checkpoint": state.note} if state else {}
    return {call.pk: _payload(call, entries.get(call.position), signed) for call in calls}


def _payload(call: Call, entry: dict[str, object] | None, signed: dict[str, object]) -> dict[str, object]:
    """With the newest signed state of the record, so that whoever is called holds one."""
    if entry is None:
        return {"type": f"webhook.{call.kind}", "timestamp": call.created_at.isoformat(), "data": signed}
    at: datetime = entry["at"]  # type: ignore[assignment]
    data = {
        "position": entry["position"],
        "subject": entry["subject"],
        "url": f"{settings.PUBLIC_URL}/api/v1/events/{entry['position']}/",
        **signed,
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
    newest, *earlier = endpoints.sealed(call.endpoint, now)
    return [sealing.unseal(newest), *(sealing.unseal(one) for one in earlier if sealing.opens(one))]


@transaction.atomic
def _settle(call: Call, tried: Tried, now: datetime) -> None:
    """Write down what became of it, unless somebody else has it by now."""
    cursor = lock(NAME) if call.kind == CallKind.VERIFY else None
    waits = webhook.WAITS if call.kind == CallKind.ENTRY else ()
    if not claiming.settle(call, tried.outcome, waits, now):
        return
    why = "" if isinstance(tried.outcome, Sent) else str(getattr(tried.outcome, "why", ""))
    Attempt.objects.create(
        call=call, at=now, status=tried.status, milliseconds=tried.milliseconds, error=why[:40]
    )
    troubles.note(call, tried.outcome, now, cursor.position if cursor else None)


def sweep(now: datetime) -> int:
    """Forget calls after thirty days, removed endpoints after one, and those of accounts that were erased."""
    Endpoint.objects.filter(Q(removed_at__lt=now - timedelta(days=1)) | Q(owner__is_active=False)).delete()
    return Call.objects.filter(created_at__lt=now - KEPT).delete()[1].get("notifications.Call", 0)
