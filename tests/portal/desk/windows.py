"""Browsers of people who sit at the desk, and what they hold in their hand."""

import hashlib
import json
import time
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.totp.internal import auth as totp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from accounts import second_factor
from accounts.backends import IN_OFFICE
from accounts.models import User
from tests.portal.people import browser, fill

COSE: Any = ES256.from_cryptography_key
PASSWORD = "four-words-and-a-horse"
SIGN_IN, FACTOR = "/desk/sign-in/", "/desk/second-factor/"


def at_desk(user: User) -> Client:
    """A browser in which somebody gave both factors, and so acts in office; it checks forged forms."""
    client = browser()
    client.force_login(user, IN_OFFICE)
    return client


def with_password(user: User) -> User:
    """The same person, with a password."""
    user.set_password(PASSWORD)
    user.save()
    return user


def app_of(user: User) -> str:
    """The secret of an app that was set up a while ago for this person."""
    return second_factor.give_app(user)


def code_of(secret: str, steps: int = 0) -> str:
    """What an app with this secret shows now, or so many half minutes later."""
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + steps)))


def by_password(user: User, password: str = PASSWORD) -> tuple[Client, Any]:
    """A browser in which somebody typed their password, and what it was answered."""
    client = browser()
    answer = fill(
        client, client.get(SIGN_IN), SIGN_IN, needing="password", address=user.email, password=password
    )
    return client, answer


@dataclass
class Passkey:
    """A key that answers what a browser asks, as a telephone does: ES256, with no attestation."""

    origin: str = "https://testserver"
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = b"a-credential-of-tests"

    def made(self, options: str) -> str:
        """What a browser answers when it is asked to make one."""
        public = json.loads(options)["publicKey"]
        data = AttestedCredentialData.create(bytes(16), self.credential, COSE(self.key.public_key()))
        flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
        signed = AuthenticatorData.create(self._place(public["rp"]["id"]), flags, 0, data)
        attestation = AttestationObject.create("none", signed, {})
        client = self._client("webauthn.create", public)
        return self._answer(
            {"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(attestation)}
        )

    def used(self, options: str) -> str:
        """What a browser answers when it is asked for it."""
        public = json.loads(options)["publicKey"]
        flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV
        signed = AuthenticatorData.create(self._place(public["rpId"]), flags, 1)
        client = self._client("webauthn.get", public)
        signature = self.key.sign(bytes(signed) + client.hash, ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "authenticatorData": websafe_encode(signed),
                "signature": websafe_encode(signature),
            }
        )

    def _client(self, kind: str, public: dict[str, Any]) -> CollectedClientData:
        return CollectedClientData.create(type=kind, challenge=public["challenge"], origin=self.origin)

    def _place(self, host: str) -> bytes:
        return hashlib.sha256(host.encode()).digest()

    def _answer(self, response: dict[str, str]) -> str:
        own = websafe_encode(self.credential)
        return json.dumps(
            {
                "id": own,
                "rawId": own,
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {},
            }
        )
