"""The owners of a promise as rows: checked, locked, placed, replaced; the verbs record it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from accounts.models import Team
from commitments import errors, permissions
from commitments.models import Commitment, Owner
from commitments.promises import Ownership

CO_OWNERS_WORD = ("team_status", "team_status_at")


def check_owners(owners: Sequence[Ownership]) -> Ownership:
    """The one lead among `owners`; raises where there is none, more than one, a team twice or a team that ended."""
    leads = [owner for owner in owners if owner.lead]
    if not leads:
        raise errors.LeadMissing(field="owners")
    if len(leads) > 1:
        raise errors.TwoLeads(field="owners")
    teams = [owner.team for owner in owners if owner.team]
    if len(set(teams)) < len(owners):
        raise errors.OwnerTwice(field="owners")
    check_not_ended(teams)
    return leads[0]


def lock_teams(owners: Iterable[Ownership]) -> None:
    """Hold these teams until the action ends, so that none of them ends meanwhile; raises TeamEnded if one has.

    Rows are locked in one order everywhere: commitments by key, their assembly, teams by key, the record's head.
    """
    keys = {owner.team.pk for owner in owners if owner.team}
    check_not_ended(Team.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))


def check_not_ended(teams: Iterable[Team], field: str = "owners") -> None:
    """Raise TeamEnded for the first that has ended: it owns nothing more."""
    for team in teams:
        if team.ended_on:
            raise errors.TeamEnded(field=field, team=team.slug)


def place_owners(
    commitment: Commitment, owners: Sequence[Ownership], accepts: int | None, today: date
) -> None:
    """Make the owner rows; those of the body `accepts` have accepted today."""
    for owner in owners:
        Owner.objects.create(
            commitment=commitment,
            organisation=owner.body,
            team=owner.team,
            lead=owner.lead,
            accepted_on=today if owner.body.pk == accepts else None,
        )


def replace_owners(
    commitment: Commitment, owners: Sequence[Ownership], today: date, *, accepts: int | None = None
) -> None:
    """Put other owners in place of the present ones, who stay in the past.

    Bodies that owned it have accepted already, and the body `accepts` does so today. A team that stays a co-owner has
    said what it said: its status stays beside the lead's.
    """
    lock_teams(owners)
    present = permissions.present_owners(commitment)
    before = {one.team_id: one for one in present if one.team_id}
    accepted = {accepts, *(one.organisation_id for one in present if one.accepted_on)}
    present.update(ended_on=today)
    for owner in owners:
        place_owners(commitment, [owner], owner.body.pk if owner.body.pk in accepted else None, today)
        stays = before.get(owner.team.pk) if owner.team else None
        if stays and not owner.lead:
            said = {name: getattr(stays, name) for name in CO_OWNERS_WORD}
            present.filter(team=stays.team_id).update(**said)


def owner_facts(commitment: Commitment) -> list[dict[str, Any]]:
    """The present owners as entries write them."""
    owners = permissions.present_owners(commitment).select_related("team", "organisation")
    return [
        {
            "team": owner.team.slug if owner.team else None,
            "organisation": owner.organisation.slug,
            "lead": owner.lead,
            "accepted_on": owner.accepted_on.isoformat() if owner.accepted_on else None,
        }
        for owner in owners.order_by("-lead", "pk")
    ]


def named_facts(owners: Iterable[Ownership]) -> list[dict[str, Any]]:
    """Owners that are named and own nothing yet, as entries write them."""
    return [
        {"team": one.team.slug if one.team else None, "organisation": one.body.slug, "lead": one.lead}
        for one in sorted(owners, key=lambda one: not one.lead)
    ]
