"""Words that came with ratings, and reports of words that should not be shown."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from commitments.choices import HidingGround
from commitments.models import Commitment, Theme
from ratings.models.periods import RatingPeriod
from record.guarded import GuardedModel, Recorded
from record.models import Words, WordsState


class WordsStage(models.TextChoices):
    """Where words that came with a rating are."""

    SEALED = "sealed", "sealed until their subject has a published figure"
    WAITING = "waiting", "waiting for the convenor"
    REFUSED = "refused", "refused by the convenor"
    PUBLISHED = "published", "published"
    LEAVING = "leaving", "replaced or taken back by their author, and about to be hidden"
    WITHDRAWN = "withdrawn", "taken back after they were published"
    DROPPED = "dropped", "no words: those of a ballot that is still to be mixed were taken back"


class RatingWords(Recorded):
    """Words that came with a rating. Nothing here says who wrote them, when, or how they rated.

    About people: an opinion in its author's words, which may name somebody. `token` links it to nobody without the
    quarter's key, and to no ballot; it goes with the key. What was published is kept in the record's words alone.
    `commitment` or `theme` is the subject once the words are open.
    """

    record_kind = "words"
    part_of = ("commitment", "theme")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    token = models.CharField(max_length=64, null=True, unique=True, editable=False)
    period = models.ForeignKey(RatingPeriod, models.PROTECT, related_name="words")
    subject = models.CharField(max_length=160)
    commitment = models.ForeignKey(Commitment, models.PROTECT, null=True, blank=True, related_name="words")
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, related_name="words")
    stage = models.CharField(max_length=9, choices=WordsStage.choices)
    text = models.TextField(blank=True)
    sealed = models.BinaryField(null=True)
    waits_since = models.DateField(null=True, blank=True)
    ground = models.CharField(max_length=13, choices=HidingGround.choices, blank=True)

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stage__in=[WordsStage.WAITING, WordsStage.REFUSED], sealed=None) & ~Q(text="")
                | Q(stage__in=[WordsStage.SEALED, WordsStage.DROPPED], text="", sealed__isnull=False)
                | Q(
                    stage__in=[WordsStage.PUBLISHED, WordsStage.LEAVING, WordsStage.WITHDRAWN],
                    text="",
                    sealed=None,
                ),
                name="words_stand_in_one_place",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject", "stage"], name="words_of_a_subject"),
            models.Index(
                fields=["waits_since", "id"], condition=Q(stage=WordsStage.WAITING), name="words_that_wait"
            ),
        ]

    def __str__(self) -> str:
        return f"words on {self.subject}"


class Report(GuardedModel):
    """That somebody asks the convenor to look at words that are shown. No public fact; the decision is one.

    About people: `reporter`, shown to nobody, and the reason, which only the convenor reads and which goes when it is
    decided. Erasing the account leaves `reporter` pointing to nobody.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    entry = models.PositiveBigIntegerField()
    assembly = models.CharField(max_length=80, blank=True)
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    reported_on = models.DateField()
    decided_on = models.DateField(null=True, blank=True)

    class Meta(GuardedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "reporter"], name="a_person_reports_words_once"),
            models.CheckConstraint(
                condition=Q(decided_on=None) | Q(reason=""), name="a_decided_report_has_no_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["reported_on", "id"], condition=Q(decided_on=None), name="reports_that_wait"
            ),
        ]

    def __str__(self) -> str:
        return f"a report of {self.entry}"


def shown() -> QuerySet[RatingWords]:
    """The words that everybody may read: published, and neither hidden, held nor erased since."""
    readable = Words.objects.filter(position=OuterRef("position"), state=WordsState.PUBLISHED)
    return RatingWords.objects.filter(Exists(readable), stage=WordsStage.PUBLISHED)
