"""Mails about one's own security: short, without links, so that none of them can be imitated to catch a password."""

import logging
from email.utils import formataddr, parseaddr
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts.models import User
from record import clock

SUBJECT = "How you sign in was changed"
FACTOR_ADDED = "A second factor was added to your account."
FACTOR_REMOVED = "A second factor was taken from your account."
CODES_MADE = "New recovery codes were made for your account; older ones open nothing any more."
CODE_USED = "One of your recovery codes was used."
WORD_SET = "The password of your account was set."
STARTED_ANEW = "Whoever runs this service took your second factor away, and signed you out everywhere."
TEXT = """{what}

When: {when}

If this was you, or was done for you, there is nothing to do. If not, tell whoever runs this service at once: they can
shut your account within a minute.

This mail has no link, on purpose. We never ask for a password or a code by mail or telephone.
"""
log = logging.getLogger(__name__)


def tell(user: User, what: str) -> bool:
    """Mail it; False, and a line in the log, where it could not be sent."""
    when = date_format(localtime(clock.now()), "j F Y, H:i")
    sender = formataddr(("Said & Done", parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
    mail = EmailMessage(SUBJECT, TEXT.format(what=what, when=when), sender, [user.email])
    mail.extra_headers["Auto-Submitted"] = "auto-generated"
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        log.error("A notice about security could not be mailed: %s.", type(error).__name__)
        return False
    return True
