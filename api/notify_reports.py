"""What GOV.UK Notify calls back with: what became of a mail or a text."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications import bounces
from notifications.bounces import Told
from notifications.models import BounceKind
from record import clock

KINDS = {"permanent-failure": BounceKind.HARD, "temporary-failure": BounceKind.SOFT}
CHANNELS = {"email": "mail", "sms": "sms"}


@csrf_exempt
@require_http_methods(["POST"])
def notify_reports(request: HttpRequest) -> HttpResponse:
    """Take it, with our token alone."""
    expected = f"Bearer {settings.GOVUK_NOTIFY['CALLBACK_TOKEN']}"
    if not constant_time_compare(request.headers.get("Authorization", ""), expected):
        return HttpResponseForbidden()
    try:
        told = _read(json.loads(request.body))
    except (ValueError, KeyError, TypeError):
        return HttpResponse(status=400)
    if told:
        bounces.take(told)
    return HttpResponse()


def _read(said: dict[str, str]) -> Told | None:
    """None where nothing came back. What Notify itself broke on (`technical-failure`) says nothing of the address."""
    kind = KINDS.get(said["status"])
    channel, address = CHANNELS[said["notification_type"]], said["to"]
    return Told(channel, kind, address, f"notify {said['id']}", clock.now()) if kind else None
