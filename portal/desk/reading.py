"""What is typed at the desk, read as strictly as the API reads it."""

import re
from datetime import date

from django.utils.translation import gettext as _

from portal.private import Fault
from record.values import has_control_characters, has_html, invisible_mark

BRITISH = re.compile(r"(\d{1,2})[/. ](\d{1,2})[/. ](\d{4})")


def line(text: str) -> str:
    """One line, with nothing around it."""
    return text.strip()


def fault_of_line(field: str, text: str, longest: int) -> Fault | None:
    """What is wrong with one line of words."""
    if len(text) > longest:
        return Fault(field, _("This is too long: up to %(most)s characters fit.") % {"most": longest})
    if has_html(text):
        return Fault(field, _("Write plain words, without HTML."))
    if has_control_characters(text) or invisible_mark(text):
        return Fault(field, _("It holds signs that cannot be read or seen; type it anew."))
    return None


def day_of(text: str) -> date | None:
    """A day as browsers send it (2027-09-30) or as people here write it (30/9/2027); None for anything else."""
    british = BRITISH.fullmatch(text)
    parts = (british[3], british[2], british[1]) if british else tuple(text.split("-"))
    try:
        year, month, on = (int(part) for part in parts if part.isascii() and part.isdigit())
        return date(year, month, on)
    except ValueError:
        return None
