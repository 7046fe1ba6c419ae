"""Casting a rating in a stock API: a ModelSerializer and an insert into a table of the same kind."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from rest_framework import mixins, serializers, viewsets

from commitments.models import Commitment


class Rating(models.Model):
    """One person's rating of a commitment in a quarter, in the clear."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="+")
    period = models.CharField(max_length=7)
    score = models.PositiveSmallIntegerField(null=True)
    dont_know = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "bench"
        db_table = "bench_rating"
        managed = False

    def __str__(self) -> str:
        return "a rating"


class RatingSerializer(serializers.ModelSerializer[Rating]):
    """As it is sent and shown."""

    class Meta:
        model = Rating
        fields: ClassVar[list[str]] = ["id", "commitment", "period", "score", "dont_know", "created_at"]


class RatingViewSet(mixins.CreateModelMixin, viewsets.GenericViewSet[Rating]):
    """POST alone."""

    queryset = Rating._default_manager.all()
    serializer_class = RatingSerializer

    def perform_create(self, serializer: Any) -> None:
        """Of whoever asks."""
        serializer.save(user=self.request.user)
