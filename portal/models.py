"""What the pages themselves have to remember: forms that were sent, so that sending one twice has one effect."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models


class SentForm(models.Model):
    """A form of the desk that was sent and done, and the page to which it led; kept a day.

    About people: whose form it was, and when it was sent. Of what was typed only a keyed hash. Gone after a day, or
    with the account.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token = models.UUIDField()
    fingerprint = models.CharField(max_length=64)
    address = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "token"], name="a_form_is_sent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.token} → {self.address}"


class WaitingImport(models.Model):
    """Files that a convenor uploaded and had checked; what is imported is these and no others. Kept an hour.

    `outcome` is what the check found: what would be done, or what is to be mended.

    About people: whose upload it is, and whatever stands in the files. Gone after an hour, or once it is imported.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    assembly = models.CharField(max_length=80)
    reason = models.TextField(blank=True)
    names = models.JSONField(default=list)
    content = models.BinaryField()
    outcome = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.assembly}: {self.digest[:8]}"
