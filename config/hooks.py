"""Where providers tell what came back: each address is there only where it is set, with its secret."""

from importlib import import_module

from django.conf import settings
from django.urls import URLPattern, path


def addresses() -> list[URLPattern]:
    """Those that are set."""
    found = []
    if settings.MAIL_PROVIDER and settings.MAIL_REPORTS_SECRET:
        found.append(path("hooks/mail/", import_module("api.mail_reports").mail_reports))
    if settings.GOVUK_NOTIFY["CALLBACK_TOKEN"]:
        found.append(path("hooks/govuk-notify/", import_module("api.notify_reports").notify_reports))
    return found
