"""Windows on what goes out and whether it does; who follows what, and who is written to, is shown to nobody."""

from typing import ClassVar

from django.contrib import admin

from notifications.models import Beat, Brake, Cursor, Endpoint, Message, Reminder
from record.admin import Window


class MessageWindow(Window):
    """Messages without whom they are for, newest first."""

    hidden: ClassVar[tuple[str, ...]] = ("follower",)
    list_display = ("id", "channel", "state", "next_at", "attempts", "error", "done_at")
    list_filter = ("channel", "state")
    list_select_related = False
    ordering = ("-created_at",)


class ReminderWindow(Window):
    """What offices were to hear, newest first."""

    list_display = ("office", "kind", "subject", "on", "days", "position", "made_at", "placed_at")
    list_filter = ("kind",)
    search_fields = ("office", "subject")
    ordering = ("-pk",)


class EndpointWindow(Window):
    """Webhooks without whose they are, what they call, and their secrets."""

    hidden: ClassVar[tuple[str, ...]] = ("owner", "address", "host", "secret", "previous_secret")
    list_display = ("id", "state", "reason", "verified_at", "failing_since", "created_at")
    list_filter = ("state",)
    list_select_related = False


admin.site.register(Message, MessageWindow)
admin.site.register(Reminder, ReminderWindow)
admin.site.register(Endpoint, EndpointWindow)
for model in (Beat, Brake, Cursor):
    admin.site.register(model, Window)
