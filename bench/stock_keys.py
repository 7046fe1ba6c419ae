"""Who writes to the stock API."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import Key, User
from bench.keys import digest


class TokenAuthentication(BaseAuthentication):
    """As REST framework's own, with the keys that this database holds."""

    def authenticate(self, request: Request) -> tuple[User, Key] | None:
        """The key's owner."""
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not header:
            return None
        key = Key.objects.select_related("user").filter(digest=digest(header.partition(" ")[2])).first()
        if key is None:
            raise AuthenticationFailed
        return key.user, key
