"""What a provider of mail tells of what was sent: bounces and complaints, as django-anymail reads them."""

import re
from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from anymail.urls import urlpatterns as known
from anymail.webhooks.base import AnymailCoreWebhookView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications import bounces
from notifications.bounces import Told
from notifications.models import BounceKind
from record import clock

WAS_WRONG = frozenset({RejectReason.BOUNCED, RejectReason.INVALID})
SOFT = re.compile(r"\b4\.\d{1,3}\.\d{1,3}\b|soft|transient|temporary", re.IGNORECASE)
NAMES = ("{}_tracking_webhook", "{}_webhook")


@csrf_exempt
@require_http_methods(["POST", "HEAD"])
def mail_reports(request: HttpRequest) -> HttpResponse:
    """Take it, with our secret alone."""
    view = _reader()()
    view.setup(request)
    if request.method == "HEAD":
        return HttpResponse()
    try:
        view.run_validators(request)
        events = view.parse_events(request)
    except AnymailWebhookValidationFailure:
        return HttpResponseForbidden()
    except (ValueError, KeyError, TypeError, AttributeError):
        return HttpResponse(status=400)
    for event in events:
        _take(event)
    return HttpResponse()


def _reader() -> type[AnymailCoreWebhookView]:
    """Who knows how this provider tells it."""
    names = [name.format(settings.MAIL_PROVIDER) for name in NAMES]
    view: Any = next(one for name in names for one in known if one.name == name)
    found: type[AnymailCoreWebhookView] = view.callback.view_class
    return found


def _take(event: AnymailTrackingEvent) -> None:
    kind = _kind(event)
    if kind and event.recipient:
        key = event.event_id or f"{event.message_id} {event.recipient} {event.event_type} {event.timestamp}"
        bounces.take(Told("mail", kind, event.recipient, str(key), clock.now()))


def _kind(event: AnymailTrackingEvent) -> str:
    """Hard only where it is plain that there is no such mailbox: what is soft is counted, and may come again."""
    if event.event_type in (EventType.COMPLAINED, EventType.UNSUBSCRIBED):
        return BounceKind.COMPLAINT
    if event.event_type == EventType.DEFERRED:
        return BounceKind.SOFT
    if event.event_type not in (EventType.BOUNCED, EventType.REJECTED):
        return ""
    return BounceKind.HARD if event.reject_reason in WAS_WRONG and not _is_soft(event) else BounceKind.SOFT


def _is_soft(event: AnymailTrackingEvent) -> bool:
    raw = event.esp_event if isinstance(event.esp_event, dict) else {}
    said = (event.description, event.mta_response, raw.get("Type"), raw.get("type"))
    return any(SOFT.search(str(one)) for one in said if one)
