"""The accounts of one force or other body, at an issuer of its own (OpenID Connect); off unless all of it is set."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

PROVIDER = "own"
"""By what allauth knows the issuer."""
NEEDED = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "ORGANISATION")


def providers(given: Mapping[str, str], *, in_production: bool) -> dict[str, Any]:
    """What django-allauth wants to know; empty where nothing is set. Raises ImproperlyConfigured for half of it."""
    missing = [f"OIDC_{name}" for name in NEEDED if not given[name]]
    if len(missing) == len(NEEDED):
        return {}
    if missing:
        raise ImproperlyConfigured(
            f"Signing in by OpenID Connect is half set: {', '.join(missing)} is missing."
        )
    if in_production and not given["ISSUER"].startswith("https://"):
        raise ImproperlyConfigured("OIDC_ISSUER is not an https:// address.")
    app = {
        "provider_id": PROVIDER,
        "name": given["NAME"],
        "client_id": given["CLIENT_ID"],
        "secret": given["CLIENT_SECRET"],
        "settings": {"server_url": given["ISSUER"], "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}
