"""What a body names by slug, reference or code: found, or refused with a pointer to where it stands."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from record.refusals import Invalid


class UnknownName(Invalid):
    """A body names something that is not here."""

    code = "unknown_name"
    title = "Nothing here has this name"
    sentence = "There is no {name} here; check it, or ask the convenor to publish it first."


def named(rows: QuerySet[Any], by: str, name: str, pointer: str) -> Any:
    """The one row whose `by` is `name`. Raises UnknownName at `pointer`."""
    row = rows.filter(**{by: name}).first()
    if row is None:
        raise UnknownName(field=pointer, name=name)
    return row


def all_named(rows: QuerySet[Any], by: str, names: Sequence[str], pointer: str) -> list[Any]:
    """The rows of all these names in their order, in one query. Raises UnknownName at the first that is missing."""
    found = {getattr(row, by): row for row in rows.filter(**{f"{by}__in": names})}
    for place, name in enumerate(names):
        if name not in found:
            raise UnknownName(field=f"{pointer}/{place}", name=name)
    return [found[name] for name in dict.fromkeys(names)]
