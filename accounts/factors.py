"""What django-allauth asks us about second factors: how their secrets are sealed, and what we are called."""

import base64
from typing import Any
from urllib.parse import urlsplit

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from record.refusals import NotNow

OURS = "Said & Done"


class FactorLost(NotNow):
    """A sealed secret cannot be opened: SECRET_KEY was changed."""

    code = "factor_lost"
    sentence = (
        "This second factor cannot be read any more, since the service's own key was changed. Use a passkey, or ask "
        "whoever runs this service to let you set up a new one."
    )


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets are sealed with a key that comes from SECRET_KEY; passkeys belong to the name by which we are found."""

    def encrypt(self, text: str) -> str:
        """What is stored of a secret."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret. Raises FactorLost."""
        return unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        """What an app calls us."""
        return OURS

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """To whom a passkey belongs: in production to one name, whatever name a request gives us."""
        host = urlsplit(settings.PUBLIC_URL).hostname if settings.IN_PRODUCTION else None
        return {"id": host or context.request.get_host().partition(":")[0], "name": OURS}

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the desk writes its own."""


def seal(text: str) -> str:
    """What is stored of a secret that must be had again."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret. Raises FactorLost."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise FactorLost from None


def _box() -> MultiFernet:
    """Of the present key, and of those that are still believed."""
    return MultiFernet([_fernet(str(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(key: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=b"said-and-done second factors").derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
