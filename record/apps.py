"""The record application."""

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """Names the package to Django."""

    name = "record"
    default_auto_field = "django.db.models.BigAutoField"
