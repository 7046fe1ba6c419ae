"""What the HTTP layer itself has to remember: answers to POSTs that may be repeated."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class IdempotentAnswer(models.Model):
    """The answer to a POST that carried an Idempotency-Key, kept 24 hours, so that repeating it has one effect.

    About people: whose request it was, and what it was answered. Gone after a day, or with the account.
    Secrets are never in it. `position` is how far the record went when it was given: it is not given again once words
    were held back or erased since.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    position = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="an_idempotency_key_is_used_once"),
        ]

    def __str__(self) -> str:
        return f"{self.status} for {self.key}"
