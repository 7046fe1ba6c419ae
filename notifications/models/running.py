"""How far each reader of the record came, and when each job last ran."""

from django.db import models


class Cursor(models.Model):
    """How far a reader of the record has read. Nothing in it is about a person."""

    name = models.CharField(max_length=40, primary_key=True)
    position = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} at {self.position}"


class Beat(models.Model):
    """When a job last ran to its end, so that a machine that fell silent is seen. Nothing in it is about a person."""

    job = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    error = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.job} at {self.at}"
