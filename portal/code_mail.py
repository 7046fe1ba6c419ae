"""The mail with a code: plain, short, and silent about what it is for. People share telephones."""

from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext

SENDER = "Updates"


def send(address: str, code: str) -> None:
    """Send it, whoever has the address. Raises SMTPException or OSError."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    EmailMessage(
        gettext("Your code"),
        render_to_string("portal/people/code_mail.txt", {"code": code, "host": host}),
        formataddr((SENDER, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        [address],
        headers={"Auto-Submitted": "auto-generated"},
    ).send()
