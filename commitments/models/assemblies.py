"""The assembly that made the recommendations, and its themes."""

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models

from commitments.choices import ReplyDays
from commitments.models.areas import Area
from commitments.models.held import Holdable
from commitments.models.residents import Heard
from record.guarded import GuardedModel, Recorded


class Assembly(Recorded):
    """A body of residents, with the clocks that hold for answers to it (in days) and the facts that sources report.

    `facts` is a list of `{"name", "value", "sources": [{"url", "reliability", "date"}]}`; a fact that sources report
    differently stands there once for each. `entered_from` is the list of sources, or null.
    """

    record_kind = "assembly"
    typed = ("title", "question", "facts", "entered_from")

    slug = models.SlugField(max_length=80, unique=True)
    prefix = models.CharField(max_length=10, unique=True)
    title = models.CharField(max_length=300)
    question = models.TextField(blank=True)
    held = models.CharField(max_length=200, blank=True)
    held_from = models.CharField(max_length=10, blank=True)
    held_to = models.CharField(max_length=10, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="assemblies")
    facts = models.JSONField(default=list)
    entered_from = models.JSONField(null=True, blank=True)
    response_days = models.PositiveSmallIntegerField(default=56, validators=[MinValueValidator(1)])
    rhythm_days = models.PositiveSmallIntegerField(default=90, validators=[MinValueValidator(1)])
    verification_days = models.PositiveSmallIntegerField(default=28, validators=[MinValueValidator(1)])
    reply_days = models.PositiveSmallIntegerField(default=28, validators=[MinValueValidator(1)])
    reply_days_are = models.CharField(max_length=8, choices=ReplyDays.choices, default=ReplyDays.CALENDAR)
    support_needed = models.PositiveSmallIntegerField(default=5, validators=[MinValueValidator(1)])
    recommendation_count = models.PositiveIntegerField(default=0, editable=False)
    commitment_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta(Recorded.Meta):
        ordering: ClassVar = ["slug"]
        verbose_name_plural = "assemblies"

    @property
    def record_key(self) -> str:
        """Its slug."""
        return self.slug

    def __str__(self) -> str:
        return self.title


class Theme(Heard, Holdable):
    """What recommendations are about, in the assembly's order.

    `findings` is a list of `{"text", "sources": [...]}`: what residents said. `origin` says whose reading it is.
    """

    record_kind = "theme"
    typed = ("title", "summary", "findings")

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="themes")
    slug = models.SlugField(max_length=80)
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    findings = models.JSONField(default=list)
    origin = models.JSONField(null=True, blank=True)

    class Meta(Heard.Meta):
        ordering: ClassVar = ["assembly_id", "order", "slug"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assembly", "slug"], name="a_theme_is_named_once_in_its_assembly")
        ]

    @property
    def record_key(self) -> str:
        """The assembly's slug and its own, since a theme lives within its assembly."""
        return f"{self.assembly.slug}/{self.slug}"

    def __str__(self) -> str:
        return self.title


class ImportedItem(GuardedModel):
    """Which thing of a file became which thing here, so that a second import changes nothing.

    `parts` holds a digest of each field as the file said it last: what a later file says differently is told apart
    from what was corrected here meanwhile. No words are kept.
    """

    external_id = models.CharField(max_length=200, unique=True)
    subject = models.CharField(max_length=160)
    digest = models.CharField(max_length=64)
    parts = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return f"{self.external_id} → {self.subject}"
