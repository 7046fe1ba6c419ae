"""The commitments application."""

from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    """Names the package to Django."""

    name = "commitments"
    default_auto_field = "django.db.models.BigAutoField"
