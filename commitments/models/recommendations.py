"""What the assembly asked for, who was asked, and what they answered."""

from datetime import date
from typing import ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When

from accounts.models import Organisation
from commitments.choices import RecommendationState, ResponsePosition
from commitments.models.assemblies import Assembly, Theme
from commitments.models.held import Holdable
from record.guarded import GuardedManager, GuardedQuerySet, Recorded


class RecommendationQuerySet(GuardedQuerySet["Recommendation"]):
    """Recommendations, with the state of their answers computed in SQL."""

    def with_state(self, today: date) -> Self:
        """Annotate `state` as it is on `today`."""
        asked = Asked.objects.filter(recommendation=OuterRef("pk"))
        waiting = asked.filter(answered_on=None)
        return self.annotate(
            state=Case(
                When(~Exists(asked), then=Value(RecommendationState.NOT_ASKED.value)),
                When(
                    Exists(waiting.filter(due_on__lt=today)),
                    then=Value(RecommendationState.NO_RESPONSE.value),
                ),
                When(Exists(waiting), then=Value(RecommendationState.AWAITING_RESPONSE.value)),
                default=Value(RecommendationState.RESPONDED.value),
                output_field=models.CharField(),
            )
        )


class Recommendation(Recorded, Holdable):
    """What the assembly asked for. `theme_assigned_by` says whose reading the theme is, where no source says."""

    record_kind = "recommendation"
    typed = ("title", "body", "entered_from")

    reference = models.CharField(max_length=24, unique=True)
    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="recommendations")
    number = models.PositiveIntegerField()
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, related_name="recommendations")
    theme_assigned_by = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    entered_from = models.JSONField(null=True, blank=True)

    objects: ClassVar = GuardedManager.from_queryset(RecommendationQuerySet)()

    class Meta(Recorded.Meta):
        ordering: ClassVar = ["reference"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assembly", "number"], name="a_recommendation_is_numbered_once")
        ]

    @property
    def record_key(self) -> str:
        """Its reference."""
        return self.reference

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"


class Asked(Recorded):
    """That an organisation was asked through this service, on which day, and by when it should answer."""

    record_kind = "asked"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="asked")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="asked")
    asked_on = models.DateField()
    due_on = models.DateField(db_index=True)
    answered_on = models.DateField(null=True, blank=True)

    class Meta(Recorded.Meta):
        ordering: ClassVar = ["asked_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recommendation", "organisation"], name="an_organisation_is_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(due_on__gt=models.F("asked_on")), name="an_answer_is_due_after_asking"
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None) | Q(answered_on__gte=models.F("asked_on")),
                name="an_answer_follows_the_asking",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} asked about {self.recommendation}"


class Response(Recorded, Holdable):
    """One version of an organisation's answer; the newest stands, the older stay readable.

    About people: `author`, never shown; kept while the account is.
    """

    record_kind = "response"
    typed, part_of = ("body", "reason", "entered_from"), ("recommendation",)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="responses")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="responses")
    stance = models.CharField("position", max_length=16, choices=ResponsePosition.choices)
    body = models.TextField()
    reason = models.TextField(blank=True)
    answered_on = models.DateField()
    late_by_days = models.PositiveIntegerField(null=True, blank=True)
    entered_from = models.JSONField(null=True, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(Recorded.Meta):
        ordering: ClassVar = ["-position"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stance=ResponsePosition.ACCEPTED) | ~Q(reason="") | Q(entered_from__isnull=False),
                name="a_refusal_gives_its_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.stance}"
