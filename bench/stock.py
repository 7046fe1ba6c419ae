"""The stock API that the bench compares with: ModelViewSets, page numbers, prefetching as a careful engineer would."""

from collections import defaultdict
from typing import Any

import django_filters
from django.db import transaction
from django.db.models import Case, Count, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from rest_framework import viewsets
from rest_framework.pagination import PageNumberPagination
from rest_framework.serializers import BaseSerializer

from bench.clocks import with_clocks
from bench.stock_serializers import CommitmentDetailSerializer, CommitmentSerializer, UpdateSerializer
from bench.stock_summaries import EntrySerializer, ThemeSerializer
from commitments.models import (
    Area,
    Commitment,
    Evidence,
    Owner,
    ProgressUpdate,
    Recommendation,
    Response,
    Theme,
    Verification,
)
from commitments.search import TITLE, terms
from record import clock
from record.guarded import opened
from record.models import Entry, Words

SAYING = {
    "title": "SELECT commitment_id FROM commitments_searchdocument WHERE title_stems @@ plainto_tsquery('english', %s)",
    "body": "SELECT commitment_id FROM commitments_searchdocument WHERE body_stems @@ plainto_tsquery('english', %s)",
}


class Pages(PageNumberPagination):
    """Numbers, fifty rows a page."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 100


class CommitmentFilter(django_filters.FilterSet):
    """The filters that are compared."""

    assembly = django_filters.CharFilter("assembly__slug")
    status = django_filters.CharFilter("status")
    q = django_filters.CharFilter(method="by_words")
    contains = django_filters.CharFilter(method="by_substring")

    def by_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Full text: every word, ranked as the service ranks. PostgreSQL alone."""
        rank: Any = Value(0)
        for word in terms(value):
            in_title, in_body = (Q(pk__in=RawSQL(SAYING[part], [word])) for part in ("title", "body"))
            rows = rows.filter(in_title | in_body)
            rank = rank + Case(
                When(in_title, then=Value(TITLE)), default=Value(0), output_field=IntegerField()
            )
            rank = rank + Case(When(in_body, then=Value(1)), default=Value(0), output_field=IntegerField())
        ranked: QuerySet[Any] = rows.annotate(rank=rank)
        return ranked.order_by("-rank", "-position")

    def by_substring(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """As `SearchFilter` does: every word somewhere in the title or the body, ranked by nothing."""
        for word in terms(value):
            rows = rows.filter(Q(title__icontains=word) | Q(body__icontains=word))
        return rows


class Timed(viewsets.GenericViewSet[Any]):
    """Tells serializers which day it is."""

    pagination_class = Pages

    def get_serializer_context(self) -> dict[str, Any]:
        """With the day."""
        return {**super().get_serializer_context(), "today": clock.today()}


class CommitmentViewSet(Timed, viewsets.ReadOnlyModelViewSet[Any]):
    """Commitments."""

    queryset = Commitment.objects.all()
    filterset_class = CommitmentFilter
    lookup_field = "reference"

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        """More of one than of many."""
        return CommitmentSerializer if self.action == "list" else CommitmentDetailSerializer

    def get_queryset(self) -> QuerySet[Any]:
        """With all that the serializer is going to ask for."""
        owners = Owner.objects.select_related("team", "organisation")
        recommendations = Recommendation.objects.select_related("theme").order_by("position")
        rows = with_clocks(clock.today()).select_related("assembly").order_by("position")
        rows = rows.prefetch_related(
            Prefetch("areas", Area.objects.order_by("code")),
            Prefetch("owners", owners.filter(ended_on=None).order_by("-lead", "pk"), "present_owners"),
            Prefetch("verifications", Verification.objects.order_by("-position")),
        )
        if self.action == "list":
            return rows.prefetch_related(Prefetch("recommendations", recommendations))
        answers = Response.objects.select_related("organisation", "recommendation")
        updates = ProgressUpdate.objects.select_related("commitment__assembly", "team__organisation")
        last = updates.prefetch_related("evidence").order_by("-position")[:10]
        return rows.prefetch_related(
            Prefetch("recommendations", recommendations.prefetch_related(Prefetch("responses", answers))),
            Prefetch("owners", owners.order_by("ended_on", "-lead", "pk")),
            Prefetch("updates", last, "last_updates"),
            "milestones__commitment",
            "due_date_changes",
            "challenges",
            "earlier_links",
            "later_links",
        )


class ThemeViewSet(Timed, viewsets.ReadOnlyModelViewSet[Any]):
    """Themes."""

    queryset = Theme.objects.select_related("assembly").annotate(recommended=Count("recommendations"))
    serializer_class = ThemeSerializer


class EntryFilter(django_filters.FilterSet):
    """Beyond a position."""

    after = django_filters.NumberFilter("position", lookup_expr="gt")


class EntryViewSet(viewsets.ReadOnlyModelViewSet[Any]):
    """The change feed."""

    queryset = Entry.objects.order_by("position")
    serializer_class = EntrySerializer
    pagination_class = Pages
    filterset_class = EntryFilter

    def paginate_queryset(self, queryset: Any) -> Any:
        """With the words of the page, in one query."""
        page = super().paginate_queryset(queryset)
        self.words: dict[int, list[Words]] = defaultdict(list)
        for row in Words.objects.filter(position__in=[entry.position for entry in page or ()]).order_by("pk"):
            self.words[row.position].append(row)
        return page

    def get_serializer_context(self) -> dict[str, Any]:
        """With the words."""
        return {**super().get_serializer_context(), "words": getattr(self, "words", {})}


class UpdateViewSet(Timed, viewsets.ModelViewSet[Any]):
    """Progress updates; posting one writes it, its evidence and the commitment's status, and no record."""

    queryset = ProgressUpdate.objects.select_related("commitment__assembly", "team__organisation")
    serializer_class = UpdateSerializer

    def perform_create(self, serializer: Any) -> None:
        """Create it with what belongs to it, in one transaction."""
        data = serializer.validated_data
        links, commitment, now = data.pop("evidence"), data["commitment"], clock.now()
        author: Any = self.request.user
        [membership] = author.memberships.select_related("team")[:1]
        with transaction.atomic(), opened():
            update = serializer.save(
                author=author,
                team=membership.team,
                lead=True,
                is_claim=False,
                posted_on=clock.today(),
                published_at=now,
                updated_at=now,
            )
            Evidence.objects.bulk_create(
                Evidence(update=update, order=order, **link) for order, link in enumerate(links)
            )
            commitment.status, commitment.status_at, commitment.last_update_at = data["status"], now, now
            commitment.save()
