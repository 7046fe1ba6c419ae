"""Strict bodies: what is unknown or read-only is refused with a pointer, never ignored; text is trimmed and clean."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.core.validators import RegexValidator
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.fields import empty

from record.values import WEB_ADDRESS, has_control_characters, has_html, invisible_mark, is_web_address

LONGEST_ADDRESS = 2000
LONGEST_TEXT = 20_000
LONGEST_LINE = 200
# As validators of Django's, these forms stand in openapi.yaml too.
_SLUG = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z", "Lower-case letters, digits and single hyphens are expected.", "not_a_slug"
)
_WEB = RegexValidator(WEB_ADDRESS.pattern, "An http or https address is expected.", "not_an_address")


class StrictSerializer(serializers.Serializer[Any]):
    """The base of every body that is sent to us. An empty one takes an empty body."""

    def to_internal_value(self, data: Any) -> Any:
        """Refuse strangers first, together with whatever else is wrong."""
        if not isinstance(data, Mapping):
            raise ValidationError(
                {"non_field_errors": [ErrorDetail("A JSON object is expected.", "not_an_object")]}
            )
        faults = {name: [_stranger(name, self.fields)] for name in data if not self._takes(name)}
        try:
            found = super().to_internal_value(data)
        except ValidationError as exc:
            if not isinstance(exc.detail, dict):
                raise
            raise ValidationError({**exc.detail, **faults}) from None
        if faults:
            raise ValidationError(faults)
        return found

    def _takes(self, name: Any) -> bool:
        field = self.fields.get(name)
        return field is not None and not field.read_only


def _stranger(name: Any, fields: Mapping[str, Any]) -> ErrorDetail:
    if name in fields:
        return ErrorDetail("This cannot be set; leave it out.", "read_only")
    known = ", ".join(sorted(n for n, f in fields.items() if not f.read_only)) or "none"
    return ErrorDetail(f"There is no such field here. Known: {known}.", "unknown_field")


class _Clean(serializers.CharField):
    """A JSON string (not a number), trimmed, without control characters."""

    allowed = ""

    def run_validation(self, data: Any = empty) -> Any:
        """As long as it was sent: the contract does not trim."""
        if self.max_length is not None and isinstance(data, str) and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        """The trimmed text."""
        if not isinstance(data, str):
            raise ValidationError(ErrorDetail("Text is expected.", "not_text"))
        text: str = super().to_internal_value(data)
        if has_control_characters(text, allowed=self.allowed):
            raise ValidationError(ErrorDetail("It holds control characters.", "control_characters"))
        return text


def _check_no_html(text: str) -> None:
    if has_html(text):
        raise ValidationError(ErrorDetail("HTML is not taken; write plain text or Markdown.", "html"))


def check_visible(text: str) -> None:
    """Raise ValidationError where a title or name holds a mark that nobody sees, such as one that turns direction."""
    mark = invisible_mark(text)
    if mark:
        detail = f"It holds an invisible mark, {mark}; take it out."
        raise ValidationError(ErrorDetail(detail, "invisible_mark"))


class Line(_Clean):
    """One line of plain text without invisible marks, up to 200 characters unless told."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_LINE)
        super().__init__(**kwargs)
        self.validators += [_check_no_html, check_visible]


class Prose(_Clean):
    """Plain text or Markdown over several lines, up to 20,000 characters unless told."""

    allowed = "\n\r\t"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_TEXT)
        super().__init__(**kwargs)
        self.validators.append(_check_no_html)

    def to_internal_value(self, data: Any) -> str:
        """Line ends become plain newlines."""
        return super().to_internal_value(data).replace("\r\n", "\n").replace("\r", "\n")


class Slug(_Clean):
    """A slug: lower-case letters, digits and single hyphens."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 80)
        super().__init__(**kwargs)
        self.validators.append(_SLUG)


class WebAddress(_Clean):
    """An http or https address with a host, and without a user name or password in it; its scheme is kept in small."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_ADDRESS)
        super().__init__(**kwargs)
        self.validators += [_WEB, _check_address]

    def to_internal_value(self, data: Any) -> str:
        """`HTTPS://…`, as some machines write it, is the same address."""
        scheme, colon, rest = super().to_internal_value(data).partition(":")
        return f"{scheme.lower()}{colon}{rest}"


def _check_address(text: str) -> None:
    if WEB_ADDRESS.match(text) and not is_web_address(text):  # what has not the form was said already
        raise ValidationError(ErrorDetail("An http or https address is expected.", "not_an_address"))


class StrictBoolean(serializers.BooleanField):
    """JSON true or false; not "yes", not 1."""

    def to_internal_value(self, data: Any) -> bool:
        """The truth value."""
        if not isinstance(data, bool):
            raise ValidationError(ErrorDetail("true or false is expected.", "not_a_truth_value"))
        return data


class StrictInteger(serializers.IntegerField):
    """A JSON whole number, 1.0 too (JSON knows no other kind); not "1", not true, not 1.5."""

    def to_internal_value(self, data: Any) -> int:
        """The number."""
        if isinstance(data, float) and data.is_integer() and abs(data) <= 2**53:
            data = int(data)
        if not isinstance(data, int) or isinstance(data, bool):
            raise ValidationError(ErrorDetail("A whole number is expected.", "not_a_whole_number"))
        return super().to_internal_value(data)


class StrictNumber(serializers.FloatField):
    """A JSON number; not "1", not true."""

    def to_internal_value(self, data: Any) -> float:
        """The number."""
        if not isinstance(data, int | float) or isinstance(data, bool):
            raise ValidationError(ErrorDetail("A number is expected.", "not_a_number"))
        return super().to_internal_value(data)


def checked(form: type[StrictSerializer], data: Any) -> dict[str, Any]:
    """The cleaned body. Raises ValidationError, which becomes a 400 with pointers."""
    return dict(_made(form).run_validation(data))


@cache
def _made(form: type[StrictSerializer]) -> StrictSerializer:
    """The form, which keeps nothing of what it checks: making its fields costs more than checking a short body."""
    return form()
