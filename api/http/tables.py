"""A whole list as CSV or NDJSON: every row that the filters leave, streamed, in the columns of the contract."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from rest_framework import serializers

from api.http import negotiation
from api.http.answers import encoded
from record.keyset import Order, page_of

CHUNK = 500
BETWEEN = "; "
"""Between the values of a cell that holds several."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")
Shape = dict[str, Any]
Shapes = Callable[[list[Any]], list[Shape]]


class Column(NamedTuple):
    """A column of a table: its name in the first row, and how its value is read from a row's JSON."""

    name: str
    read: Callable[[Shape], Any]


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


def columns(output: Any, before: tuple[str, ...] = ()) -> list[Column]:
    """A serializer's columns: an object's members are `due.on`, `due.text`; a list of objects is one cell for each
    member, `owners.team`, the values in the list's order. What has members of no fixed name stays JSON.

    A serializer in a list may say `in_tables`, the member that stands under the list's own name, and `picked`, the
    member that is true for the one whose others get columns of their own: `lead_team`.
    """
    found: list[Column] = []
    for name, field in getattr(output, "fields", {}).items():
        path = (*before, name)
        if isinstance(field, serializers.Serializer):
            found += columns(field, path)
        elif isinstance(child := getattr(field, "child", None), serializers.Serializer):
            found += _of_a_list(child, path)
        else:
            found.append(Column(".".join(path), partial(_at, path=path)))
    return found


def _of_a_list(child: serializers.Serializer[Any], path: tuple[str, ...]) -> list[Column]:
    whole, named = ".".join(path), getattr(child, "in_tables", "")
    found = [Column(whole, partial(_member, path=path, name=named))] if named else []
    others = [str(name) for name in child.fields if name != named]
    found += [Column(f"{whole}.{name}", partial(_member, path=path, name=name)) for name in others]
    flag, members = getattr(child, "picked", ("", ()))
    return found + [
        Column(f"{flag}_{name}", partial(_picked, path=path, flag=flag, name=name)) for name in members
    ]


def _at(shape: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        shape = shape.get(name) if isinstance(shape, dict) else None
    return shape


def _member(shape: Shape, path: tuple[str, ...], name: str) -> str:
    return BETWEEN.join(_text(one.get(name)) for one in _at(shape, path) or ())


def _picked(shape: Shape, path: tuple[str, ...], flag: str, name: str) -> Any:
    return next((one.get(name) for one in _at(shape, path) or () if one.get(flag)), None)


def _csv(shapes: Iterator[Shape], table: Sequence[Column]) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([column.name for column in table])
    for shape in shapes:
        writer.writerow([cell(column.read(shape)) for column in table])
        if buffer.tell() > 16_000:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def cell(value: Any) -> str:
    """A value as a spreadsheet may safely open it: text that looks like a formula gets an apostrophe (OWASP)."""
    text = _text(value)
    is_number = isinstance(value, int | float)
    return f"'{text}" if text.startswith(FORMULA) and not is_number else text


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return BETWEEN.join(value)
    plain = value if isinstance(value, str) else json.loads(encoded([value]))[0]
    return plain if isinstance(plain, str) else encoded(plain).decode()
