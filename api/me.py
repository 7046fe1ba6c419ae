"""One's own account: a copy of what is stored about the person, and its erasure."""

from typing import Any

from rest_framework import serializers

from accounts import actions, roles
from accounts.models import Key, Role
from api import keys
from api.http.views import PrivateDetail, Shape
from api.http.writing import Deletes


class RoleOut(serializers.Serializer[Any]):
    """For whom the person speaks."""

    role = serializers.ChoiceField(Role.choices)
    assembly = serializers.CharField(allow_null=True)
    organisation = serializers.CharField(allow_null=True)
    team = serializers.CharField(allow_null=True)
    since = serializers.DateTimeField()


class MeOut(serializers.Serializer[Any]):
    """All that the account holds about the person."""

    email = serializers.CharField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    last_login = serializers.DateTimeField(allow_null=True)
    roles = RoleOut(many=True)
    keys = keys.KeyOut(many=True)


class Me(Deletes, PrivateDetail):
    """A copy of all that your account holds about you."""

    output = MeOut
    read_scope = "account:read"
    scope = "account:write"
    delete_if_match = ""

    def row(self) -> Any:
        """The person who asks."""
        return self.by

    def shape(self, row: Any) -> Shape:
        """With roles and keys."""
        held = roles.held(row).select_related("organisation", "team").order_by("pk")
        return {
            "email": row.email,
            "confirmed_at": row.confirmed_at,
            "created_at": row.created_at,
            "last_login": row.last_login,
            "roles": [_role(one) for one in held],
            "keys": [keys.shape(key, self.base) for key in Key.objects.filter(user=row)],
        }

    def on_delete(self) -> None:
        """Erase your account: address and password go, roles end, keys shut. What an office published stays."""
        actions.erase_account(self.by)


def _role(one: Any) -> Shape:
    return {
        "role": one.role,
        "assembly": one.assembly or None,
        "organisation": one.organisation.slug if one.organisation else None,
        "team": one.team.slug if one.team else None,
        "since": one.created_at,
    }
