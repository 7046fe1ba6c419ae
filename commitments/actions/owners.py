"""The owners of a promise as rows: checked, locked, placed, replaced; the verbs record it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

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
    """Put other owners in place of the present ones, who stay in the past; who stays what it was is left alone.

    A team that has said yes goes on to have said it, and what it said as a co-owner stays beside the lead's word.
    Other teams have accepted where their body speaks: the one that leads so far, the one that will lead, if it has
    accepted before, and `accepts`.
    """
    lock_teams(owners)
    present = permissions.present_owners(commitment)
    before = {(one.organisation_id, one.team_id): one for one in present}
    speaking = {accepts, *_bodies_that_speak(before.values(), owners)}
    places = [_Place(owner, before.get(_key(owner)), owner.body.pk in speaking) for owner in owners]
    staying = [place.before.pk for place in places if place.before and place.stays]
    present.exclude(pk__in=staying).update(ended_on=today)
    for place in places:
        if not place.stays:
            _put(commitment, place, today)


class _Place(NamedTuple):
    """An owner to be, the row that it has already, and whether its body says yes now."""

    owner: Ownership
    before: Owner | None
    says_yes: bool

    @property
    def stays(self) -> bool:
        """Whether its row is right as it is."""
        if self.before is None or self.before.lead != self.owner.lead:
            return False
        return bool(self.before.accepted_on) or not self.says_yes or self.owner.team is None


def _key(owner: Ownership) -> tuple[int, int | None]:
    return owner.body.pk, owner.team.pk if owner.team else None


def _bodies_that_speak(present: Iterable[Owner], owners: Sequence[Ownership]) -> set[int]:
    leads = {owner.body.pk for owner in owners if owner.lead}
    accepted = [one for one in present if one.accepted_on]
    return {one.organisation_id for one in accepted if one.lead or one.organisation_id in leads}


def _put(commitment: Commitment, place: _Place, today: date) -> None:
    owner, before = place.owner, place.before
    said = {name: getattr(before, name) for name in CO_OWNERS_WORD} if before and not owner.lead else {}
    accepted_on = before.accepted_on if before else None
    if accepted_on is None and place.says_yes and owner.team:
        accepted_on = today
    Owner.objects.create(
        commitment=commitment,
        organisation=owner.body,
        team=owner.team,
        lead=owner.lead,
        accepted_on=accepted_on,
        **said,
    )


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
