"""Keys: one's own, issued with scopes, shown once, revocable."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from accounts import actions, errors
from accounts.keys import SCOPES
from accounts.models import Key
from api.http import inputs
from api.http.paging import by
from api.http.views import PrivateDetail, PrivateList, Shape, found
from api.http.writing import Deletes, Done, Posts
from record import clock


class KeyOut(serializers.Serializer[Any]):
    """A key, without the secret: of that only the beginning is known."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    name = serializers.CharField(allow_null=True)
    prefix = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(sorted(SCOPES)))
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class NewKeyOut(KeyOut):
    """A fresh key with its token, which is shown this once."""

    token = serializers.CharField(allow_null=True, help_text="Keep it now; null in a repeated answer.")


class KeyIn(inputs.StrictSerializer):
    """What the new key is for."""

    name = inputs.Line(required=False, max_length=100)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(sorted(SCOPES)), min_length=1, max_length=len(SCOPES)
    )
    expires_at = serializers.DateTimeField(required=False)


def shape(row: Key, base: str) -> Shape:
    """The JSON of a key."""
    return {
        "id": row.pk,
        "url": f"{base}/api/v1/keys/{row.pk}/",
        "name": row.name or None,
        "prefix": row.prefix,
        "scopes": row.scopes,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "last_used_at": row.last_used_at,
        "revoked_at": row.revoked_at,
    }


class Keys(Posts, PrivateList):
    """Your own keys, newest first."""

    output = KeyOut
    ordering = by("-created_at", tie="id", created_at="created_at")
    read_scope = "account:read"
    scope = "account:write"
    post_input, post_output = KeyIn, NewKeyOut
    secrets = ("token",)

    def rows(self) -> QuerySet[Any]:
        """Those of the person who asks."""
        rows: QuerySet[Any] = Key.objects.filter(user=self.by)
        return rows

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return [shape(row, self.base) for row in rows]

    def on_post(self, data: dict[str, Any]) -> Done:
        """Issue a key. A key issues none that may do more than itself, nor one that outlives it."""
        issuer = self.request.auth if isinstance(self.request.auth, Key) else None
        if issuer is not None:
            _check_no_more(issuer, data)
        if "expires_at" in data and data["expires_at"] <= clock.now():
            raise errors.ExpiresInThePast(field="expires_at")
        made, token = actions.issue_key(self.by, **data)
        return Done({**shape(made, self.base), "token": token})


def _check_no_more(issuer: Key, data: dict[str, Any]) -> None:
    if not all(issuer.allows(scope) for scope in data["scopes"]):
        raise errors.ScopeNotYours(field="scopes")
    expires_at = data.get("expires_at")
    if issuer.expires_at is not None and (expires_at is None or expires_at > issuer.expires_at):
        raise errors.ScopeNotYours(
            "A key cannot issue a key that outlives it; sign in to issue this one.", field="expires_at"
        )


class OneKey(Deletes, PrivateDetail):
    """One of your keys."""

    output = KeyOut
    read_scope = "account:read"
    scope = "account:write"
    delete_if_match = ""

    def row(self) -> Any:
        """Among those of the person who asks."""
        return found(Key.objects.filter(user=self.by), pk=self.kwargs["id"])

    def shape(self, row: Any) -> Shape:
        """It alone."""
        return shape(row, self.base)

    def on_delete(self) -> None:
        """Revoke it, for good and at once."""
        actions.revoke_key(self.row())
