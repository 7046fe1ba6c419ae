"""Mail: text and HTML that say the same, a press to stop, and a sender and a subject that give nothing away."""

import re
import smtplib
from contextlib import AbstractContextManager
from datetime import timedelta
from email.utils import formataddr, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from notifications import bounces, following, links, reaching, telling
from notifications.channels import Dropped, Later, Never, Outcome, Sent
from notifications.channels.line import Line
from notifications.models import BounceKind, Cadence, Follow, Follower, Message
from record import checkpoints, clock

SENDER = "Updates"
PERMANENT = 500
"""SMTP's answers from here on are final."""
NOBODY_THERE = re.compile(rb"\b5\.(1\.(1|2|3|6|10)|2\.1)\b")
"""What says that it is the mailbox (RFC 3463), and not us, whom a server refuses; without it nobody is given up."""


class Mail:
    """Through Django's mail settings: files, SMTP, or a provider's backend."""

    name = "mail"
    waits = tuple(timedelta(minutes=wait) for wait in (1, 5, 30, 120, 360, 720, 1440))

    def __init__(self) -> None:
        self.line = Line()

    def connected(self) -> AbstractContextManager[None]:
        """One connection for many mails."""
        return self.line.kept()

    def send(self, message: Message) -> Outcome:
        """Send it, if there is anything left to say and somebody who wants to hear it."""
        mail = self.written(message)
        if mail is None:
            return Dropped()
        try:
            self.line.send(mail)
        except smtplib.SMTPRecipientsRefused as error:
            return _refused(message, error)
        except smtplib.SMTPResponseException as error:
            return _outcome(error.smtp_code)
        except (smtplib.SMTPException, OSError) as error:
            return Later(type(error).__name__)
        return Sent()

    def written(self, message: Message) -> EmailMultiAlternatives | None:
        """The mail, if there is still something to say to somebody."""
        follower = reaching.recipient(message)
        return written(message, follower) if follower else None


def _refused(message: Message, error: smtplib.SMTPRecipientsRefused) -> Outcome:
    """Whom a server says that there is not is not written to again."""
    for address, (_, said) in error.recipients.items():
        if NOBODY_THERE.search(said):
            told = bounces.Told(Mail.name, BounceKind.HARD, address, f"smtp {message.pk}", clock.now())
            bounces.take(told)
    return _outcome(min((code for code, _ in error.recipients.values()), default=0))


def _outcome(code: int) -> Outcome:
    """What the other side says is not kept: it may name the address."""
    return Never(f"SMTP {code}") if code >= PERMANENT else Later(f"SMTP {code}")


def written(message: Message, follower: Follower) -> EmailMultiAlternatives | None:
    """The mail of a message as it may be said now; None where nothing is left of it."""
    asked = message.deliveries.filter(notice__startswith=following.CONFIRM).first()
    if asked:
        return _asking(message, follower, asked.notice)
    entries = list(telling.entries_of(message))
    if not entries or follower.confirmed_at is None:
        return None
    said = telling.lines(entries[: telling.SHOWN])
    subject = "News of what you follow" if follower.cadence == Cadence.AT_ONCE else "Your list of news"
    context = {
        "lines": said,
        "is_digest": follower.cadence != Cadence.AT_ONCE,
        "more": len(entries) - len(said),
        "has_invented": any(line.invented for line in said),
        "news": links.address(links.NEWS, message),
    }
    return _mail("news", subject, message, follower, context)


def _asking(message: Message, follower: Follower, notice: str) -> EmailMultiAlternatives | None:
    key = notice.split(":")[1]
    wanted = Follow.objects.filter(pk=key, follower=follower).select_related("follower").first()
    if wanted is None:
        return None
    context = {
        "confirm": links.address(links.CONFIRM, wanted),
        "is_confirmed": wanted.confirmed_at is not None,
        "is_new": follower.confirmed_at is None,
    }
    return _mail("confirm", "Please confirm your address", message, follower, context)


def _mail(
    name: str, subject: str, message: Message, follower: Follower, context: dict[str, Any]
) -> EmailMultiAlternatives:
    state = checkpoints.latest()
    whole = {
        **context,
        "subject": subject,
        "manage": links.address(links.MANAGE, follower),
        "stop": links.address(links.STOP, follower),
        "checkpoint": state.note.strip() if state else "",
    }
    mail = EmailMultiAlternatives(
        subject,
        render_to_string(f"notifications/{name}.txt", whole),
        sender(),
        [follower.address],
        headers=headers(message, links.one_click(follower)),
    )
    mail.attach_alternative(render_to_string(f"notifications/{name}.html", whole), "text/html")
    return mail


def sender() -> str:
    """The name that says nothing, with our address."""
    return formataddr((SENDER, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def headers(message: Message, stop: str) -> dict[str, str]:
    """A name that is the same at each try; one press that ends it (RFC 8058); and that no machine need answer."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return {
        "Message-ID": f"<{message.pk}@{host}>",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
