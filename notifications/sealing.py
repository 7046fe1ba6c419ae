"""Secrets of webhooks, which must be had again in full, sealed with a key that comes from SECRET_KEY."""

import base64
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

MARK = "whsec_"
SECRET_BYTES = 32


class SecretLost(RuntimeError):
    """A sealed secret cannot be opened: SECRET_KEY was changed. Its owner has to rotate it."""


def new_secret() -> str:
    """A fresh secret, as Standard Webhooks writes them."""
    return MARK + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def seal(secret: str) -> str:
    """What is stored of it."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret. Raises SecretLost."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SecretLost from None


def opens(sealed: str) -> bool:
    """Whether it can still be read."""
    try:
        unseal(sealed)
    except SecretLost:
        return False
    return True


def _box() -> MultiFernet:
    """Of the present key, and of those that are still believed."""
    return MultiFernet([_fernet(str(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(key: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=b"said-and-done webhook secrets").derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
