"""What text search looks through: the words of recommendations, commitments and updates, derived from them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from commitments.models.assemblies import Assembly
from commitments.models.commitments import Commitment
from commitments.models.recommendations import Recommendation
from commitments.models.updates import ProgressUpdate
from record.guarded import GuardedModel

ONE_SUBJECT = (
    Q(recommendation__isnull=False, commitment=None, update=None)
    | Q(recommendation=None, commitment__isnull=False, update=None)
    | Q(recommendation=None, commitment=None, update__isnull=False)
)


class SearchDocument(GuardedModel):
    """The words of one thing, plain and in lower case. Derived: `commitments.search` makes it and can make it anew.

    The indexes (and on SQLite the triggers that fill them) are laid by the migration `search`. A later migration that
    makes this table anew on SQLite must lay them again.
    """

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="+")
    recommendation = models.OneToOneField(
        Recommendation, models.CASCADE, null=True, blank=True, related_name="searched"
    )
    commitment = models.OneToOneField(
        Commitment, models.CASCADE, null=True, blank=True, related_name="searched"
    )
    update = models.OneToOneField(
        ProgressUpdate, models.CASCADE, null=True, blank=True, related_name="searched"
    )
    title_words = models.TextField(blank=True)
    body_words = models.TextField(blank=True)

    class Meta(GuardedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(condition=ONE_SUBJECT, name="a_search_document_has_one_subject")
        ]

    @property
    def kind(self) -> str:
        """Of what it holds the words: `recommendation`, `commitment` or `update`."""
        if self.recommendation_id:
            return "recommendation"
        return "commitment" if self.commitment_id else "update"

    def __str__(self) -> str:
        return f"words of {self.kind}"
