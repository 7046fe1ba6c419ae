"""Who carries mails and texts on: providers of mail, through django-anymail, and GOV.UK Notify; off unless set."""

from collections.abc import Mapping
from importlib.util import find_spec

from django.core.exceptions import ImproperlyConfigured

MAIL = "notifications.channels.mail.Mail"
POST = "notifications.channels.post.Post"
NOTIFY = "notifications.channels.govuk_notify"


def mail_backend(provider: str, usual: str) -> str:
    """Django's backend for the provider, or the usual one. Raises ImproperlyConfigured where it is not installed."""
    if not provider:
        return usual
    _check_installed("anymail", "MAIL_PROVIDER", "django-anymail>=15.2")
    if not provider.isidentifier() or find_spec(f"anymail.backends.{provider}") is None:
        raise ImproperlyConfigured(
            f'MAIL_PROVIDER is "{provider}", and must be a name that django-anymail has, such as postmark.'
        )
    return f"anymail.backends.{provider}.EmailBackend"


def channels(notify: Mapping[str, str]) -> dict[str, str]:
    """The ways out by name, each with the class that takes it. Raises ImproperlyConfigured for half of Notify."""
    found = {"mail": MAIL, "post": POST}
    if not notify["API_KEY"]:
        return found
    _check_installed(
        "notifications_python_client", "GOVUK_NOTIFY_API_KEY", "notifications-python-client>=10,<14"
    )
    if not (notify["MAIL_TEMPLATE"] or notify["SMS_TEMPLATE"]):
        raise ImproperlyConfigured(
            "GOVUK_NOTIFY_API_KEY is set, and neither GOVUK_NOTIFY_MAIL_TEMPLATE nor GOVUK_NOTIFY_SMS_TEMPLATE is."
        )
    if notify["MAIL_TEMPLATE"]:
        found |= {"mail": f"{NOTIFY}.NotifyMail", "post": f"{NOTIFY}.NotifyPost"}
    if notify["SMS_TEMPLATE"]:
        found["sms"] = f"{NOTIFY}.NotifySms"
    return found


def _check_installed(module: str, setting: str, requirement: str) -> None:
    if find_spec(module) is None:
        raise ImproperlyConfigured(
            f"{setting} is set, and what it needs is not installed here: python -m pip install '{requirement}'"
        )
