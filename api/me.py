"""One's own account: a copy of what is stored about the person, and its erasure."""

from typing import Any

from rest_framework import serializers

from accounts import roles
from accounts.models import Key, Role
from api import keys
from api.http.views import PrivateDetail, Shape
from api.http.writing import Deletes
from notifications import endpoints, following, post
from ratings import actions
from ratings.choices import Stratum
from ratings.models import Belonging

BALLOTS = (
    "How many ratings you cast, and what they say, cannot be looked up here: they are kept without your account. "
    "Ask for each at the address where you cast it, while its quarter runs; after that nobody can tell which are yours."
)


class RoleOut(serializers.Serializer[Any]):
    """For whom the person speaks."""

    role = serializers.ChoiceField(Role.choices)
    assembly = serializers.CharField(allow_null=True)
    organisation = serializers.CharField(allow_null=True)
    team = serializers.CharField(allow_null=True)
    since = serializers.DateTimeField()


class BelongsOut(serializers.Serializer[Any]):
    """As whom the person rates in an assembly, by a code that they redeemed. Which one is not known."""

    assembly = serializers.CharField()
    stratum = serializers.ChoiceField([Stratum.LOCAL, Stratum.MEMBER])


class MeOut(serializers.Serializer[Any]):
    """All that the account holds about the person."""

    email = serializers.CharField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    last_login = serializers.DateTimeField(allow_null=True)
    roles = RoleOut(many=True)
    keys = keys.KeyOut(many=True)
    rates_as = BelongsOut(many=True)
    ratings = serializers.CharField(help_text="A sentence: why the ratings themselves are not in the copy.")


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
            "rates_as": [
                {"assembly": one.assembly.slug, "stratum": one.stratum}
                for one in Belonging.objects.filter(user=row)
                .select_related("assembly")
                .order_by("assembly__slug")
            ],
            "ratings": BALLOTS,
        }

    def on_delete(self) -> None:
        """Erase your account: address, password, what you follow and redeemed codes go, roles end, keys shut.

        What an office published stays. Ratings name nobody and stay; take them back first if you want them gone.
        """
        endpoints.forget_all(self.by)
        following.forget_person(self.by)
        post.forget_person(self.by)
        actions.erase_person(self.by)


def _role(one: Any) -> Shape:
    return {
        "role": one.role,
        "assembly": one.assembly or None,
        "organisation": one.organisation.slug if one.organisation else None,
        "team": one.team.slug if one.team else None,
        "since": one.created_at,
    }
