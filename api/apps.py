"""The api application."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Names the package to Django."""

    name = "api"
    default_auto_field = "django.db.models.BigAutoField"
