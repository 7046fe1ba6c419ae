"""Who is asking: by key or by the portal's session; and whether a key's scopes cover it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.authentication import SessionAuthentication as WithSession
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request

from accounts import keys
from accounts.models import Key, User
from api.http.errors import Problem

REALM = 'Bearer realm="Said & Done"'
BAD_KEY = (
    "This key is unknown, expired or revoked; issue another, or leave the header out to read what is public."
)
LONGEST_TOKEN = 200


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer sd_…`. A bad key is 401 even where none is needed: silence would hide the mistake."""

    def authenticate(self, request: Request) -> tuple[User, Key] | None:
        """The key's owner and the key; None where no Authorization header was sent."""
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not header:
            return None
        kind, _, token = header.partition(" ")
        token = token.strip()
        if kind.lower() != "bearer" or not token or len(token) > LONGEST_TOKEN or not token.isascii():
            raise AuthenticationFailed("Send the key as `Authorization: Bearer <key>`.")
        key = keys.find(token)
        if key is None:
            raise AuthenticationFailed(BAD_KEY)
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        """What makes a stranger's write a 401."""
        return REALM


class SessionAuthentication(WithSession):
    """The portal's session; REST framework enforces CSRF for it."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        """The signed-in user of the session, if any."""
        if not _has_session(request._request):
            return None
        return super().authenticate(request)


def _has_session(request: HttpRequest) -> bool:
    """Whether a session cookie was sent; saves anonymous requests the look-up."""
    session = getattr(request, "session", None)
    return session is not None and session.session_key is not None


def disregard_session(request: HttpRequest) -> None:
    """Read as if no session cookie had been sent: public answers are the same for all, and unset nobody's cookies."""
    request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)


def signed_in(request: Request) -> User:
    """The person who asks. Raises NotAuthenticated (401)."""
    user = request.user
    if not isinstance(user, User):
        raise NotAuthenticated
    return user


def check_scope(request: Request, scope: str) -> None:
    """Refuse a key that does not cover `scope`; a session has no scopes, only its owner's roles."""
    key = request.auth
    if not scope or not isinstance(key, Key) or key.allows(scope):
        return
    detail = (
        f"This key does not carry the scope {scope} ({keys.SCOPES.get(scope, 'see the reference')[:-1]}); "
    )
    raise Problem(403, "scope_missing", detail + "its owner can issue a key that does.")
