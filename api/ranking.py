"""Lists that can be searched: a rank to order by, whether words are asked for or not."""

from typing import Any

from django.db.models import BigIntegerField, ExpressionWrapper, F, QuerySet
from django.http import QueryDict


def ranked(rows: QuerySet[Any], data: QueryDict) -> QuerySet[Any]:
    """`rows` with a rank of nothing, unless the words of `q` are going to rank them."""
    if "q" in data:
        return rows
    nothing = ExpressionWrapper(F("position") * 0, output_field=BigIntegerField())
    found: QuerySet[Any] = rows.annotate(rank=nothing)
    return found
