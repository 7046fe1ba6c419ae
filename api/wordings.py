"""Every wording that a thing has had, the first included; nothing published is edited unseen."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from rest_framework import serializers

from api.http.views import Shape
from commitments.choices import RequestState
from commitments.models import Correction


class WordingOut(serializers.Serializer[Any]):
    """One wording of one field, from when it stood, and why it took the place of the one before."""

    field = serializers.CharField()
    text = serializers.CharField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    position = serializers.IntegerField(
        allow_null=True, help_text="Of the entry that published this wording."
    )


def wordings(
    present: dict[str, Any],
    corrections: Iterable[Correction],
    *,
    position: int | None,
    published_at: datetime | None,
) -> list[Shape]:
    """The wordings of each field in `present` (its present text by name), oldest first.

    `corrections` are those of this thing; only those that took effect count. `position` and `published_at` are
    those of the thing itself, from which its first wording stood.
    """
    effective = [one for one in corrections if one.state == RequestState.APPROVED]
    effective.sort(key=lambda one: one.updated_position or 0)
    found: list[Shape] = []
    for field, text in present.items():
        own = [one for one in effective if one.field == field]
        first = own[0].old if own else text
        found.append(_wording(field, first, published_at, None, position))
        found += [_wording(field, one.new, one.updated_at, one.reason, one.updated_position) for one in own]
    return found


def _wording(
    field: str, text: str, published_at: datetime | None, reason: str | None, position: int | None
) -> Shape:
    return {
        "field": field,
        "text": text or None,
        "published_at": published_at,
        "reason": reason,
        "position": position,
    }


def corrections_of(**thing: Any) -> Sequence[Correction]:
    """The corrections of one thing, as in `corrections_of(recommendation_id=7)`."""
    return list(Correction.objects.filter(**thing))
