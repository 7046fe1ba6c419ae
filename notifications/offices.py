"""Who works in an office, as entries name it: whose own doing is not told to them."""

from accounts.models import Membership, Role

ROLES = {
    "convenor": (Role.CONVENOR, "assembly"),
    "panel": (Role.PANEL, "assembly"),
    "organisation": (Role.RESPONDER, "organisation__slug"),
    "team": (Role.TEAM_MEMBER, "team__slug"),
}


def addresses(actor: str) -> list[str]:
    """The mail addresses of an office such as `team:safer-schools`; none for residents and the clock."""
    kind, _, key = actor.partition(":")
    if kind not in ROLES:
        return []
    role, named = ROLES[kind]
    held = Membership.objects.filter(role=role, ended_at=None, user__is_active=True, **{named: key})
    return sorted(set(held.values_list("user__email", flat=True)))
