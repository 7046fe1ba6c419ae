"""How many of each community live where an assembly is: census counts that an operator loaded."""

from typing import ClassVar

from django.db import models

from commitments.models import Assembly
from record.guarded import GuardedModel


class Margin(GuardedModel):
    """The population by one question, as a source counts it: `counts` by answer. Nothing in it is about a person.

    The newest of an assembly and a question holds; older ones stay, as entries of the record say what was loaded when.
    """

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="margins")
    question = models.CharField(max_length=20)
    counts = models.JSONField()
    dated = models.DateField()
    source = models.URLField(max_length=500)
    position = models.PositiveBigIntegerField()

    class Meta(GuardedModel.Meta):
        ordering: ClassVar = ["assembly", "question", "-position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assembly", "question", "position"], name="a_margin_is_loaded_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question} on {self.dated}"
