"""The ways out that are set here: `NOTIFICATION_CHANNELS` names the class of each."""

from django.conf import settings
from django.utils.module_loading import import_string

from notifications.channels import Channel

FEED = "feed"
"""Whoever only reads a feed is sent nothing: it is no way out."""


def channels() -> list[Channel]:
    """All of them, ready to send."""
    return [import_string(path)() for path in settings.NOTIFICATION_CHANNELS.values()]
