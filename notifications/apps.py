"""The notifications application."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Names the package to Django."""

    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
