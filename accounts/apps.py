"""The accounts application."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Names the package to Django."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
