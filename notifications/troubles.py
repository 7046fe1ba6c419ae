"""When a webhook counts as working, when it is switched off, and that its owner is told."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.core.mail import send_mail
from django.db import transaction

from notifications import endpoints
from notifications.channels import Never, Outcome, Sent, webhook
from notifications.models import Call, CallKind, Endpoint, EndpointState

PATIENCE = timedelta(hours=120)
"""So long it may fail without one success."""
ONE_SPELL = timedelta(hours=48)
"""Failures further apart are two spells: waits between tries are shorter."""
SUBJECT = "Something that you set up has stopped"
BODY = """Hello,

one of your webhooks ({id}) was switched off: {why}

Nothing is sent to it until it answers a verification again (POST /api/v1/webhooks/{id}/verify/).
What happened meanwhile can be read from the change feed: GET /api/v1/events/?after=<the last position you had>.
"""
WHY = {
    webhook.GONE: "it answered 410, which says that it is gone for good.",
    "failing": "it has not answered with a success for five days.",
    "secret_lost": "its secret can no longer be read here; have it changed (POST …/rotate/).",
}

_log = logging.getLogger(__name__)


def note(call: Call, outcome: Outcome, now: datetime, read_to: int | None) -> None:
    """What a try means for the endpoint; inside the transaction that settles the call."""
    endpoint = Endpoint.objects.select_for_update().get(pk=call.endpoint_id)
    if endpoint.removed_at or endpoint.address != call.endpoint.address:
        return
    if isinstance(outcome, Sent):
        _works(endpoint, call, now, read_to)
    elif isinstance(outcome, Never):
        _switch_off(endpoint, outcome.why, now)
    elif call.kind == CallKind.ENTRY:
        _fails(endpoint, now)


def _works(endpoint: Endpoint, call: Call, now: datetime, read_to: int | None) -> None:
    endpoint.failing_since = endpoint.failed_at = None
    if call.kind == CallKind.VERIFY and endpoint.state != EndpointState.ACTIVE:
        endpoint.after = read_to
        endpoint.state, endpoint.reason, endpoint.verified_at = EndpointState.ACTIVE, "", now
        endpoint.owner_to_be_told = False
    endpoint.save()


def _fails(endpoint: Endpoint, now: datetime) -> None:
    apart = endpoint.failed_at is None or now - endpoint.failed_at > ONE_SPELL
    if endpoint.failing_since is None or apart:
        endpoint.failing_since = now
    endpoint.failed_at = now
    endpoint.save(update_fields=["failing_since", "failed_at"])
    if now - endpoint.failing_since >= PATIENCE:
        _switch_off(endpoint, "failing", now)


def _switch_off(endpoint: Endpoint, why: str, now: datetime) -> None:
    endpoint.owner_to_be_told = endpoint.state == EndpointState.ACTIVE
    endpoint.state, endpoint.reason = EndpointState.DISABLED, why
    endpoint.save(update_fields=["state", "reason", "owner_to_be_told"])
    endpoints.drop_waiting(endpoint, now)


def tell_owners() -> int:
    """Write to those whose webhook was switched off, once each; how many. A mail that fails is tried the next time."""
    return sum(
        _told(key) for key in Endpoint.objects.filter(owner_to_be_told=True).values_list("pk", flat=True)
    )


@transaction.atomic
def _told(key: UUID) -> bool:
    mine = Endpoint.objects.select_for_update(skip_locked=True, of=("self",)).select_related("owner")
    endpoint = mine.filter(pk=key, owner_to_be_told=True, owner__is_active=True).first()
    if endpoint is None:
        return False
    try:
        send_mail(
            SUBJECT, BODY.format(id=endpoint.pk, why=WHY.get(endpoint.reason, endpoint.reason)),
            None, [endpoint.owner.email],
        )  # fmt: skip
    except OSError as error:
        _log.warning("an owner could not be written to", extra={"error": type(error).__name__})
        return False
    Endpoint.objects.filter(pk=key).update(owner_to_be_told=False)
    return True
