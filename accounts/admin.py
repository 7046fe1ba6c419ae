"""Windows on people, bodies and roles. When somebody was last here is not shown: it would tell who said what."""

from django.contrib import admin
from django.contrib.auth.models import Group

from accounts.models import Key, Membership, Organisation, Succession, Team, User
from record.admin import Window


class UserWindow(Window):
    """Who has an account."""

    hidden = ("password", "last_login", "created_at", "confirmed_at")
    list_display = ("email", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email",)


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

    list_display = ("user", "role", "assembly", "organisation", "team", "ended_at")
    list_filter = ("role",)


class KeyWindow(Window):
    """Which keys there are, never what they are."""

    hidden = ("digest", "last_used_at")
    list_display = ("prefix", "user", "name", "scopes", "expires_at", "revoked_at")


admin.site.unregister(Group)
admin.site.register(User, UserWindow)
admin.site.register(Organisation, OrganisationWindow)
admin.site.register(Team, TeamWindow)
admin.site.register(Succession, SuccessionWindow)
admin.site.register(Membership, MembershipWindow)
admin.site.register(Key, KeyWindow)
