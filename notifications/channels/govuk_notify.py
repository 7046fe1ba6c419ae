"""GOV.UK Notify, for mails and texts, through its own client; off unless configured (docs/operating.md).

The client is no requirement of ours: it is looked for when the first message goes out. The templates at Notify hold
nothing but the placeholders that are filled in here.
"""

from datetime import timedelta
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings

from notifications import bounces, links, reaching
from notifications.channels import Dropped, Later, Never, Outcome, Sent, mail, post, texts
from notifications.models import BounceKind, Follower, Message
from record import clock

CLIENT = "notifications_python_client"
NOT_INSTALLED = "GOV.UK Notify is set, and its client is not installed: python -m pip install '{}'"
REQUIREMENT = "notifications-python-client>=10,<14"
WRONG = 400
NOBODY_THERE = (
    "Not a valid",
    "is not a valid",
    "Not enough digits",
    "Too many digits",
    "Must not contain letters",
)
"""How Notify says that it is the address or the number that is wrong, and not what we ask."""


class ClientMissing(RuntimeError):
    """The client is not installed."""


class NotifyMail:
    """Mails with the template's `((subject))` and `((body))`."""

    name = "mail"
    waits = mail.Mail.waits

    def send(self, message: Message) -> Outcome:
        """Send it, if there is anything left to say and somebody who wants to hear it."""
        follower = reaching.recipient(message)
        letter = mail.written(message, follower) if follower else None
        if follower is None or letter is None:
            return Dropped()
        return _handed_over(
            "send_email_notification",
            self.name,
            message,
            email_address=follower.address,
            template_id=settings.GOVUK_NOTIFY["MAIL_TEMPLATE"],
            personalisation={"subject": letter.subject, "body": str(letter.body)},
            one_click_unsubscribe_url=links.one_click(follower),
        )


class NotifyPost(post.Post):
    """The post of offices, with the same template."""

    def send(self, message: Message) -> Outcome:
        """Send it, if something is left to say to somebody who still works there."""
        letter = self.written(message)
        if letter is None:
            return Dropped()
        return _handed_over(
            "send_email_notification",
            self.name,
            message,
            email_address=letter.to[0],
            template_id=settings.GOVUK_NOTIFY["MAIL_TEMPLATE"],
            personalisation={"subject": letter.subject, "body": str(letter.body)},
            one_click_unsubscribe_url=str(letter.extra_headers["List-Unsubscribe"]).strip("<>"),
        )


class NotifySms:
    """Texts with the template's `((text))`: a link, and nothing of what it is about."""

    name = "sms"
    waits = tuple(timedelta(minutes=wait) for wait in (1, 5, 30, 120, 360))

    def send(self, message: Message) -> Outcome:
        """Send it, if there is anything left to say and somebody who wants to hear it."""
        follower = reaching.recipient(message)
        text = texts.written(message, follower) if follower else None
        if follower is None or text is None:
            return Dropped()
        return _handed_over(
            "send_sms_notification",
            self.name,
            message,
            phone_number=follower.address,
            template_id=settings.GOVUK_NOTIFY["SMS_TEMPLATE"],
            personalisation={"text": text},
        )


def _handed_over(verb: str, channel: str, message: Message, **what: Any) -> Outcome:
    """Ask Notify to send it, unless an earlier try that broke off had asked already."""
    client, wrong = _client(settings.GOVUK_NOTIFY["API_KEY"])
    reference = str(message.pk)
    try:
        if message.claims > 1 and client.get_all_notifications(reference=reference)["notifications"]:
            return Sent()
        getattr(client, verb)(**what, reference=reference)
    except wrong as error:
        return _outcome(error, channel, message)
    return Sent()


@cache
def _client(key: str) -> tuple[Any, type[Exception]]:
    """The client, and what it raises. Raises ClientMissing, whose words say how to install it."""
    try:
        made = import_module(f"{CLIENT}.notifications").NotificationsAPIClient(key)
        return made, import_module(f"{CLIENT}.errors").APIError
    except ImportError:
        raise ClientMissing(NOT_INSTALLED.format(REQUIREMENT)) from None


def _outcome(error: Any, channel: str, message: Message) -> Outcome:
    """What Notify's refusal means; only a code is kept of it, since its words may name the address."""
    why = f"Notify {error.status_code}"
    if error.status_code != WRONG:
        return Later(why)
    said = " ".join(str(one.get("message", "")) for one in error.message if isinstance(one, dict))
    if message.follower is None or not any(one in said for one in NOBODY_THERE):
        return Later(why)
    _nobody_there(channel, message, message.follower)
    return Never(why)


def _nobody_there(channel: str, message: Message, follower: Follower) -> None:
    key = f"notify {message.pk}"
    bounces.take(bounces.Told(channel, BounceKind.HARD, follower.address, key, clock.now()))
