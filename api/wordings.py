"""Wordings: what was said first and every correction of it, so that nothing published is ever lost."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from api.http.views import Shape
from commitments.models import Correction


class WordingOut(serializers.Serializer[Any]):
    """One wording of one text, the first or a later one."""

    field = serializers.CharField()
    text = serializers.CharField(allow_null=True)
    old = serializers.CharField(allow_null=True, help_text="What it replaced; null for the first wording.")
    since = serializers.DateTimeField()
    reason = serializers.CharField(allow_null=True)
    correction = serializers.UUIDField(allow_null=True, help_text="Null for the first wording.")


def wordings(row: Mapping[str, Any], fields: Iterable[str], approved: QuerySet[Correction]) -> list[Shape]:
    """Every wording of a thing's texts, the first included, oldest first in each field.

    `approved` are its corrections that took effect; those of owners and dates are told with the others.
    """
    return told(row, fields, list(changes_of(approved)))


def changes_of(approved: QuerySet[Correction]) -> QuerySet[Any]:
    """What a wording needs to know of corrections, the oldest first."""
    rows: QuerySet[Any] = approved.order_by("updated_position").values(
        "id", "field", "old", "new", "reason", "updated_at"
    )
    return rows


def told(row: Mapping[str, Any], fields: Iterable[str], changes: list[Shape]) -> list[Shape]:
    """The same from rows of `changes_of`."""
    first = [_first(row, field, changes) for field in fields]
    later = [_later(change) for change in changes]
    order = list(dict.fromkeys([*fields, *(change["field"] for change in changes)]))
    return sorted((one for one in [*first, *later] if one), key=lambda one: order.index(one["field"]))


def _first(row: Mapping[str, Any], field: str, changes: list[Shape]) -> Shape | None:
    text = next((change["old"] for change in changes if change["field"] == field), row[field])
    if not text:
        return None
    since = row["published_at"]
    return {"field": field, "text": text, "old": None, "since": since, "reason": None, "correction": None}


def _later(change: Shape) -> Shape:
    return {
        "field": change["field"],
        "text": change["new"],
        "old": change["old"] or None,
        "since": change["updated_at"],
        "reason": change["reason"] or None,
        "correction": change["id"],
    }
