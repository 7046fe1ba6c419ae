"""Addresses that want to hear, and of what."""

import secrets
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models


class Cadence(models.TextChoices):
    """How often somebody is told."""

    AT_ONCE = "at_once", "at once"
    DAILY = "daily", "once a day, in the morning"
    WEEKLY = "weekly", "once a week, on Monday morning"


def new_key() -> str:
    """What makes a follower's links theirs; a new one ends all earlier links."""
    return secrets.token_urlsafe(24)


class Follower(models.Model):
    """A mail address or telephone number that follows something, without an account; with `user`, an account's address.

    `channel` is how it is written to; who only reads a feed has no address, and stands here as `feed:` and a number.
    About people: `address`, and what it follows. Goes when the last follow goes, seven days after it was entered if
    nobody confirms it, thirty days after it could no longer be reached, and with the account. `next_at` is when the
    next digest is due, null for at once. Without `feed_key` it has no feed.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    channel = models.CharField(max_length=12, default="mail")
    address = models.CharField(max_length=254, unique=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="follower"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    cadence = models.CharField(max_length=8, choices=Cadence.choices, default=Cadence.DAILY)
    zone = models.CharField(max_length=40, default="Europe/London")
    language = models.CharField(max_length=10, default="en")
    paused = models.BooleanField(default=False)
    next_at = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=40, default=new_key)
    feed_key = models.CharField(max_length=40, blank=True, default="")
    feed_read_on = models.DateField(null=True, blank=True)
    unreachable_since = models.DateTimeField(null=True, blank=True)
    let_go_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["next_at"], name="followers_by_morning")]

    def __str__(self) -> str:
        return "a follower"


class SavedSearch(models.Model):
    """A list of the API or the portal with its filters, as followers of it gave it; shared by all of them.

    About people: nothing by itself; what somebody looks for is known only through their follow.
    """

    path = models.CharField(max_length=200)
    query = models.CharField(max_length=1000)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["path", "query"], name="a_search_is_saved_once")
        ]

    def __str__(self) -> str:
        return f"{self.path}?{self.query}"


class Follow(models.Model):
    """That a follower wants to hear of one topic (`commitment:WF24-C012`, `search:7`). About people: all of it.

    It counts once `confirmed_at` is set, by a link in a mail to the address; seven days later it goes without it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    follower = models.ForeignKey(Follower, models.CASCADE, related_name="follows")
    topic = models.CharField(max_length=200)
    search = models.ForeignKey(SavedSearch, models.PROTECT, null=True, blank=True, related_name="follows")
    kinds = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["topic", "follower"], name="followers_of_a_topic")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["follower", "topic"], name="a_topic_is_followed_once")
        ]

    def __str__(self) -> str:
        return self.topic
