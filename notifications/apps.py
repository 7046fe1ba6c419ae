"""The notifications application."""

from django.apps import AppConfig
from django.contrib import admin


class NotificationsConfig(AppConfig):
    """Names the package to Django."""

    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The queue of workers has no window: it shows names of jobs, and a button to change them."""
        for model in [one for one in admin.site._registry if one._meta.app_label == "procrastinate"]:
            admin.site.unregister(model)
