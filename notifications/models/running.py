"""How far each reader of the record came, when each job last ran, and whose turn it is to run them."""

from django.db import models


class Cursor(models.Model):
    """How far a reader of the record has read. Nothing in it is about a person."""

    name = models.CharField(max_length=40, primary_key=True)
    position = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} at {self.position}"


class Beat(models.Model):
    """When a job last ran to its end (null: never), so that a silent machine is seen, and when it is due next.

    Nothing in it is about a person.
    """

    job = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.job} at {self.at}"


class Turn(models.Model):
    """Which process does the jobs of one lane, until when unless it says so again. Nothing in it is about a person."""

    lane = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=40, blank=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.lane
