"""How each kind of value in an address is read from text, and how its JSON Schema describes it."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

WEB_ADDRESS = re.compile(r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s<>\"\\^`{|}@]+\Z")
"""The form of an http or https address, as openapi.yaml has it."""
MOST_VALUES = 50
LONGEST_VALUE = 200
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
UUID_FORM = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CONTROL = r"\u0000-\u001f\u007f-\u009f"
_SPACES = r" \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
SAYING = rf"^[^{_CONTROL}]*[^{_CONTROL}{_SPACES}][^{_CONTROL}]*$"
"""What text must match to say anything, as openapi.yaml has it."""
# `a < b`, `<3` and Markdown's `<https://…>` are no tags.
_TAG = re.compile(r"</?[a-z][a-z0-9-]*([\s/][^<>]*)?>|<!--|<!doctype\b|<!\[cdata\[", re.IGNORECASE)
Schema = dict[str, Any]


class Malformed(ValueError):
    """A value that could not be read; its sentence says what would be."""


class Value:
    """Text of up to 200 characters: no control characters, and not only spaces (who asks refuses these)."""

    def read(self, text: str) -> Any:
        """What `text` means. Raises Malformed."""
        if len(text) > LONGEST_VALUE:
            raise Malformed(f"At most {LONGEST_VALUE} characters are expected.")
        return text

    def schema(self) -> Schema:
        """The value's JSON Schema."""
        return {"type": "string", "minLength": 1, "maxLength": LONGEST_VALUE, "pattern": SAYING}


class Pattern(Value):
    """Text of one form."""

    def __init__(self, pattern: str, says: str) -> None:
        self.pattern, self.says = pattern, says
        self._form = re.compile(pattern)

    def read(self, text: str) -> str:
        """The text itself, if it has the form."""
        if not self._form.fullmatch(text):
            raise Malformed(f"{self.says} is expected.")
        return text

    def schema(self) -> Schema:
        """With the form as its pattern."""
        return {"type": "string", "pattern": f"^{self.pattern}$"}


SLUG = Pattern(r"[a-z0-9]+(-[a-z0-9]+)*", "A slug such as waltham-forest-2024")
REFERENCE = Pattern(r"[A-Z][A-Z0-9]{0,9}-[A-Z][0-9]{2,6}", "A reference such as WF24-C012")
AREA_CODE = Pattern(r"[A-Z][0-9]{8}", "An ONS code such as E09000031")
PERIOD = Pattern(r"[0-9]{4}-Q[1-4]", "A quarter such as 2026-Q4")


class Choice(Value):
    """One of a few words."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(str(word) for word in words)

    def read(self, text: str) -> str:
        """The word, if it is one of them."""
        if text not in self.words:
            raise Malformed(f"One of {', '.join(self.words)} is expected.")
        return text

    def schema(self) -> Schema:
        """An enum."""
        return {"type": "string", "enum": list(self.words)}


class Several(Value):
    """Up to 50 values with commas between them, any of which may match."""

    def __init__(self, one: Value) -> None:
        self.one = one

    def read(self, text: str) -> list[Any]:
        """The distinct values in the order given."""
        parts = text.split(",")
        if len(parts) > MOST_VALUES:
            raise Malformed(f"At most {MOST_VALUES} values are taken at once.")
        if not all(parts):
            raise Malformed("There is nothing between two commas.")
        return list(dict.fromkeys(self.one.read(part) for part in parts))

    def schema(self) -> Schema:
        """An array of the one kind."""
        return {"type": "array", "items": self.one.schema(), "minItems": 1, "maxItems": MOST_VALUES}


class TrueFalse(Value):
    """`true` or `false`, and nothing else."""

    def read(self, text: str) -> bool:
        """The truth value."""
        if text not in ("true", "false"):
            raise Malformed("true or false is expected.")
        return text == "true"

    def schema(self) -> Schema:
        """A boolean."""
        return {"type": "boolean"}


class Day(Value):
    """A date, `2026-03-31`."""

    def read(self, text: str) -> date:
        """The date."""
        try:
            if DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        raise Malformed("A date such as 2026-03-31 is expected.")

    def schema(self) -> Schema:
        """A date."""
        return {"type": "string", "format": "date"}


class Moment(Value):
    """A moment with its offset, `2026-03-31T12:00:00Z` (RFC 3339). A `+` that arrives as a space is understood."""

    def read(self, text: str) -> datetime:
        """The aware moment."""
        text = re.sub(r" (\d\d:\d\d)$", r"+\1", text)
        try:
            if MOMENT.fullmatch(text):
                # In UTC at once: on the calendar's first and last day some offsets have no such moment.
                return datetime.fromisoformat(text.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise Malformed("A moment with its offset such as 2026-03-31T12:00:00Z is expected.")

    def schema(self) -> Schema:
        """A date-time."""
        return {"type": "string", "format": "date-time"}


class Whole(Value):
    """A whole number between two limits."""

    def __init__(self, least: int = 0, most: int = 2**53 - 1) -> None:
        self.least, self.most = least, most

    def read(self, text: str) -> int:
        """The number."""
        if not re.fullmatch(r"-?[0-9]{1,16}", text) or not self.least <= int(text) <= self.most:
            raise Malformed(f"A whole number from {self.least} to {self.most} is expected.")
        return int(text)

    def schema(self) -> Schema:
        """An integer with its limits."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class Number(Value):
    """A number between two limits."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def read(self, text: str) -> Decimal:
        """The number, exactly."""
        if re.fullmatch(r"-?[0-9]{1,6}(\.[0-9]{1,30})?([eE][-+]?[0-9]{1,3})?", text):
            number = Decimal(text)
            if self.least <= number <= self.most:
                return number
        raise Malformed(f"A number from {self.least} to {self.most} such as {self.most - 1}.5 is expected.")

    def schema(self) -> Schema:
        """A number with its limits."""
        return {"type": "number", "minimum": self.least, "maximum": self.most}


class Identifier(Value):
    """A UUID."""

    def read(self, text: str) -> UUID:
        """The UUID."""
        if not UUID_FORM.fullmatch(text):
            raise Malformed("A UUID is expected.")
        return UUID(text)

    def schema(self) -> Schema:
        """A uuid."""
        return {"type": "string", "format": "uuid"}


# Marks that nobody sees: they turn reading round, or make two names of one. Joiners are needed by some scripts, below.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
    # Joiners, but after a letter of a script that joins (Arabic to Malayalam, Tibetan to Mongolian) or a picture.
    "|(?<![\u0600-\u0dff\u0f00-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc"
    "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]"
)


def invisible_mark(text: str) -> str:
    """The first mark in `text` that is not to be seen, by name and place; blank where there is none.

    Right-to-left letters need no marks; the joiners that Urdu, Persian, the scripts of India and pictures of several
    parts are written with are none of these.
    """
    found = None if text.isascii() else _INVISIBLE.search(text)
    if found is None:
        return ""
    name = unicodedata.name(found[0], "no name").lower()
    return f"U+{ord(found[0]):04X} ({name}) at character {found.start() + 1}"


def has_control_characters(text: str, *, allowed: str = "") -> bool:
    """Whether `text` holds NUL or another control character, or half of a surrogate pair."""
    if text.isascii() and text.isprintable():
        return False
    return any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in allowed for sign in text)


def is_web_address(text: str) -> bool:
    """Whether `text` is an http or https address with a host, and without a user name or password in it."""
    if not WEB_ADDRESS.match(text):
        return False
    try:
        parts = urlsplit(text)
        named = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
        return named and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def has_html(text: str) -> bool:
    """Whether a typed text holds tags, which we do not take."""
    return "<" in text and _TAG.search(text) is not None
