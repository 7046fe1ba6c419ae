"""JSON answers as bytes: one encoder for every answer, and no renderer between it and the wire."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.functional import Promise

JSON = "application/json"


def moment(value: datetime) -> str:
    """A moment as RFC 3339 in UTC, with a Z; microseconds only where there are some."""
    return value.astimezone(UTC).isoformat()[:-6] + "Z"


_FORMS: dict[type, Callable[[Any], Any]] = {
    datetime: moment,
    date: date.isoformat,
    UUID: str,
    Decimal: float,
    set: sorted,
    frozenset: sorted,
}


def _plain(value: Any) -> Any:
    form = _FORMS.get(type(value))
    if form is not None:
        return form(value)
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"An answer holds a {type(value).__name__}, which has no form in JSON.")


# Answers are trees: to look for rings in them took two fifths of the time of writing a page.
_encode = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False, default=_plain
).encode


def encoded(data: Any) -> bytes:
    """`data` as UTF-8 JSON: dates as dates, moments as RFC 3339, UUIDs as text."""
    return _encode(data).encode()


def json_answer(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """An `application/json` answer."""
    return HttpResponse(encoded(data), status=status, content_type=JSON, headers=dict(headers or {}))


def empty_answer(headers: Mapping[str, str] | None = None) -> HttpResponse:
    """204: it is done and there is nothing to say."""
    answer = HttpResponse(status=204, headers=dict(headers or {}))
    del answer["Content-Type"]
    return answer
