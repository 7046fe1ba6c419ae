"""Lists that can be searched: a rank to order by, whether words are asked for or not."""

from typing import Any

from django.db.models import BigIntegerField, ExpressionWrapper, F, QuerySet
from django.http import QueryDict


def ranked(rows: QuerySet[Any], data: QueryDict) -> QuerySet[Any]:
    """`rows` with a rank of nothing, where one is asked for and no words of `q` make it."""
    if "q" in data or not data.get("ordering", "").endswith("rank"):
        return rows
    nothing = ExpressionWrapper(F("position") * 0, output_field=BigIntegerField())
    found: QuerySet[Any] = rows.annotate(rank=nothing)
    return found
