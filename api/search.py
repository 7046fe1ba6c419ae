"""Search: recommendations, commitments and updates together, the best first."""

from typing import Any

from django.db.models import IntegerField, Q, QuerySet, Value
from django.utils.text import Truncator
from rest_framework import serializers

from api import parts
from api.http import filters
from api.http.paging import by
from api.http.views import PublicList, Shape
from commitments import search
from commitments.models import SearchDocument

KINDS = ("recommendation", "commitment", "update")
SHOWN = 300
"""Characters of a text that are shown."""


class FoundOut(serializers.Serializer[Any]):
    """One thing that says the words."""

    kind = serializers.ChoiceField([(kind, kind) for kind in KINDS])
    reference = serializers.CharField(help_text="Of the thing; of an update, its commitment's.")
    title = serializers.CharField(help_text="Of the thing; of an update, its commitment's.")
    text = serializers.CharField(allow_null=True, help_text="How it begins.")
    url = serializers.URLField()
    assembly = serializers.CharField()
    rank = serializers.IntegerField()
    position = serializers.IntegerField()
    invented = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class FoundFilters(filters.StrictFilterSet):
    """What to look for."""

    q = filters.Text(
        method="search", label="All of these words, or their stems; without it nothing is found."
    )
    kind = filters.Choices(method="by_kind", choices=KINDS, label="Only these kinds.")
    assembly = filters.Slugs("assembly__slug", label="Of these assemblies.")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that say the words, with their rank."""
        return search.matching(rows, value)

    def by_kind(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Those with a subject of one of the kinds."""
        chosen = Q(pk__in=[])
        for kind in value:
            chosen |= Q(**{f"{kind}__isnull": False})
        return rows.filter(chosen)


class Search(PublicList):
    """Recommendations, commitments and updates that say all of the words, the best first."""

    output, filterset = FoundOut, FoundFilters
    ordering = by("-rank", tie="pk", rank="rank")

    def rows(self) -> QuerySet[Any]:
        """Nothing, until words are looked for."""
        beside = ("assembly", "recommendation", "commitment", "update__commitment")
        rows: QuerySet[Any] = SearchDocument.objects.select_related(*beside)
        if "q" in self.request.query_params:
            return rows
        nothing: QuerySet[Any] = rows.none().annotate(rank=Value(0, IntegerField()))
        return nothing

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return [_shape(row, self.base) for row in rows]


def _shape(row: Any, base: str) -> Shape:
    thing: Any = row.recommendation or row.commitment or row.update
    named: Any = row.recommendation or row.commitment or thing.commitment
    key = thing.pk if row.kind == "update" else named.reference
    return {
        "kind": row.kind,
        "reference": named.reference,
        "title": named.title,
        "text": Truncator(thing.body).chars(SHOWN) or None,
        "url": f"{base}/api/v1/{row.kind}s/{key}/",
        "assembly": row.assembly.slug,
        "rank": row.rank,
        **parts.recorded(thing),
    }
