"""The portal application."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Names the package to Django."""

    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"
