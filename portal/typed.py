"""What people type into our forms, as clean as the API wants it."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from portal.private import Fault
from record.values import has_control_characters, has_html

LONGEST_TEXT = 20_000
LONGEST_ADDRESS = 254


def prose(text: str) -> str:
    """With plain newlines, and nothing around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def fault_of_prose(field: str, text: str, *, longest: int = LONGEST_TEXT) -> Fault | None:
    """What is wrong with a text of several lines."""
    if len(text) > longest:
        return Fault(field, _("This is too long: up to %(most)s characters fit.") % {"most": longest})
    if has_html(text):
        return Fault(field, _("Write plain words, without HTML."))
    if has_control_characters(text, allowed="\n\t"):
        return Fault(field, _("It holds signs that cannot be read; type it anew."))
    return None


def fault_of_address(field: str, text: str) -> Fault | None:
    """What is wrong with a mail address."""
    try:
        validate_email(text)
    except ValidationError:
        return Fault(field, _("Type an email address, such as name@example.org."))
    if len(text) > LONGEST_ADDRESS or has_control_characters(text):
        return Fault(field, _("Type an email address, such as name@example.org."))
    return None
