"""The mail to somebody who is to hold a role: it names neither office nor body, since people share telephones."""

import logging
from email.utils import formataddr, parseaddr
from smtplib import SMTPException
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext

from accounts import limits
from accounts.models import RoleRequest
from portal.code_mail import SENDER
from ratings.addresses import mailbox

log = logging.getLogger(__name__)


def send(request: RoleRequest) -> bool:
    """Send it; whether it went. No more often than codes go to the same mailbox."""
    mails = limits.limits("invitations", settings.SIGN_IN_PER_ADDRESS)
    if limits.count_all(mails, f"address:{mailbox(request.email)}"):
        return False
    try:
        _mail(request.email).send()
    except (SMTPException, OSError) as error:
        log.error("An invitation could not be mailed: %s.", type(error).__name__)
        return False
    return True


def _mail(address: str) -> EmailMessage:
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    there = reverse("desk_invited")
    link = f"{settings.PUBLIC_URL}{reverse('sign_in')}?{urlencode({'next': there})}"
    return EmailMessage(
        gettext("An invitation"),
        render_to_string("portal/desk/invitation_mail.txt", {"host": host, "link": link, "address": address}),
        formataddr((SENDER, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        [address],
        headers={"Auto-Submitted": "auto-generated"},
    )
