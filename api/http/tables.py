"""A whole list as CSV or NDJSON: every row that the filters leave, streamed, in the columns of the contract."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from rest_framework import serializers

from api.http import negotiation
from api.http.answers import encoded
from api.http.paging import Order, page_of

CHUNK = 500
FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")
Shape = dict[str, Any]
Shapes = Callable[[list[Any]], list[Shape]]


def streamed(
    rows: QuerySet[Any],
    order: Order,
    shapes: Shapes,
    output: type[serializers.BaseSerializer[Any]],
    form: str,
) -> StreamingHttpResponse:
    """The answer. Rows are read in chunks by keyset, so no transaction stays open while a slow client reads."""
    found = (shape for chunk in _chunks(rows, order) for shape in shapes(chunk))
    if form == negotiation.NDJSON:
        lines: Iterator[bytes] = (encoded(shape) + b"\n" for shape in found)
        return StreamingHttpResponse(lines, content_type=f"{form}; charset=utf-8")
    return StreamingHttpResponse(
        _csv(found, columns(output())), content_type=f"{form}; charset=utf-8; header=present"
    )


def _chunks(rows: QuerySet[Any], order: Order) -> Iterator[list[Any]]:
    place = None
    while True:
        page = page_of(rows, order, place, CHUNK)
        if page.rows:
            yield page.rows
        if page.next is None:
            return
        place = page.next


def columns(output: Any, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The paths of a serializer's plain values: objects become `due.on`, `due.text`; lists stay whole."""
    found: list[tuple[str, ...]] = []
    for name, field in getattr(output, "fields", {}).items():
        if isinstance(field, serializers.Serializer):
            found += columns(field, (*before, name))
        else:
            found.append((*before, name))
    return found


def _csv(shapes: Iterator[Shape], paths: Sequence[tuple[str, ...]]) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([".".join(path) for path in paths])
    for shape in shapes:
        writer.writerow([cell(_at(shape, path)) for path in paths])
        if buffer.tell() > 16_000:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _at(shape: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        shape = shape.get(name) if isinstance(shape, dict) else None
    return shape


def cell(value: Any) -> str:
    """A value as a spreadsheet may safely open it: text that looks like a formula gets an apostrophe (OWASP)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = ";".join(value)
    text = value if isinstance(value, str) else json.loads(encoded([value]))[0]
    text = text if isinstance(text, str) else encoded(text).decode()
    return f"'{text}" if text.startswith(FORMULA) else text
