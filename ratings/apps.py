"""The ratings application."""

from django.apps import AppConfig


class RatingsConfig(AppConfig):
    """Names the package to Django."""

    name = "ratings"
    default_auto_field = "django.db.models.BigAutoField"
