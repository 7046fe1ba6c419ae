"""Windows on people in office, bodies and roles.

Residents are not shown, nor when anybody was last here: it would tell who took part, and who said what. Whoever writes
to the service about their own account is found by their address, on the command line.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.models import Key, Membership, Organisation, RoleRequest, Succession, Team, User
from record.admin import Window


def in_office(prefix: str = "") -> Q:
    """People who hold or held a role, or run the service."""
    return Q(**{f"{prefix}is_staff": True}) | Q(**{f"{prefix}memberships__isnull": False})


class UserWindow(Window):
    """Who holds an office."""

    hidden = ("password", "last_login", "created_at", "confirmed_at")
    list_display = ("email", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """No resident."""
        return super().get_queryset(request).filter(in_office()).distinct()


class OrganisationWindow(Window):
    """Bodies that are asked and promise."""

    list_display = ("slug", "name", "kind", "area_code", "invented")
    search_fields = ("slug", "name")


class TeamWindow(Window):
    """Their teams."""

    list_display = ("slug", "name", "organisation", "ended_on", "invented")
    search_fields = ("slug", "name")


class SuccessionWindow(Window):
    """Which team took over from which."""

    list_display = ("earlier", "later", "on")


class MembershipWindow(Window):
    """Who holds which role."""

    list_display = ("user", "role", "assembly", "organisation", "team", "last_day", "ended_at", "ended_by")
    list_filter = ("role",)


class RoleRequestWindow(Window):
    """Which roles were proposed, by whom, and who decided."""

    list_display = ("office", "email", "state", "proposed_by", "proposed_at", "decided_by", "decided_at")
    list_filter = ("state",)


class KeyWindow(Window):
    """Which keys there are, never what they are."""

    hidden = ("digest", "last_used_at")
    list_display = ("prefix", "user", "name", "scopes", "expires_at", "revoked_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """No resident's."""
        return super().get_queryset(request).filter(in_office("user__")).distinct()


admin.site.unregister(Group)
# Those of second factors and of other sites' accounts could be written through.
for _model in [one for one in admin.site._registry if one.__module__.startswith("allauth.")]:
    admin.site.unregister(_model)
admin.site.register(User, UserWindow)
admin.site.register(Organisation, OrganisationWindow)
admin.site.register(Team, TeamWindow)
admin.site.register(Succession, SuccessionWindow)
admin.site.register(Membership, MembershipWindow)
admin.site.register(RoleRequest, RoleRequestWindow)
admin.site.register(Key, KeyWindow)
