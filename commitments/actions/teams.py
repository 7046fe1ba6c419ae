"""Teams renamed, merged, split, moved or dissolved: what they own passes on with them, and nothing is left behind."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Q, QuerySet

from accounts import errors as refusals_of_accounts
from accounts import events as of_accounts
from accounts.models import Succession, Team, User
from commitments import errors, events, lifecycle, permissions
from commitments.actions.clock import settle_commitment
from commitments.actions.commitments import iso, locked
from commitments.actions.handing import offer, take_back_what_left
from commitments.actions.owners import check_not_ended, owner_facts
from commitments.choices import HandOverState
from commitments.models import Commitment, OfferedOwner, Owner
from commitments.models.commitments import LIVE
from commitments.promises import Ownership
from record.ledger import action, append

Shares = list[tuple[Commitment, Team]]


@action
def reorganise(
    team: Team,
    *,
    by: User,
    today: date,
    reason: str,
    successors: Sequence[Team] = (),
    passing: Mapping[str, Team] | None = None,
    ended_on: date | None = None,
) -> Team:
    """End a team, and pass all that it owns to its successors: promises with their clocks, steps, requests, challenges.

    The first successor takes what `passing` (by reference) gives to no other. A successor in another body is offered
    its share and has to accept it; until then the team goes on, and this is done again when all has been accepted.
    Nobody becomes a member of a successor by this: the operator gives roles.
    """
    owned = _held(team) if successors else list(_owned(team).select_related("assembly"))
    team, heirs = _locked_teams(team, successors)
    if missed := _owned(team).exclude(pk__in=[one.pk for one in owned]).first():
        raise errors.OwnsMoreByNow(team=team.slug, reference=missed.reference)
    office = permissions.check_reorganiser(by, team, owned)
    lifecycle.check_reason(reason)
    if ended_on and ended_on > today:
        raise refusals_of_accounts.EndsInTheFuture(field="ended_on")
    shares = _shares(team, owned, heirs, passing or {})
    at_home = [(one, heir) for one, heir in shares if heir.organisation_id == team.organisation_id]
    away = [(one, heir) for one, heir in shares if heir.organisation_id != team.organisation_id]
    for commitment, _ in away:
        _check_offered_by(by, commitment, team)
    _rename_in_offers(team, heirs)
    _pass_on(at_home, team, office, today)
    for commitment, heir in away:
        _offer(commitment, team, heir, office, today, reason)
    if not away:
        _end(team, heirs, at_home, office, today, reason, ended_on or today)
    return team


def _held(team: Team) -> list[Commitment]:
    """What the team owns, locked: by key and before the teams, as everywhere."""
    return [locked(one) for one in _owned(team).order_by("pk")]


def _owned(team: Team) -> QuerySet[Commitment]:
    """What a team owns and still has to answer for: live promises, and replaced ones with challenges to answer."""
    present = Owner.objects.filter(team=team, ended_on=None)
    answerable = Q(stage__in=LIVE) | Q(open_challenges__gt=0)
    owned: QuerySet[Commitment] = Commitment.objects.filter(answerable, owners__in=present)
    return owned


def _locked_teams(team: Team, successors: Sequence[Team]) -> tuple[Team, list[Team]]:
    """The team and its successors as they are now, locked by key after the commitments."""
    keys = [team.pk, *(one.pk for one in successors)]
    rows = Team.objects.select_for_update(of=("self",)).select_related("organisation")
    found = {one.pk: one for one in rows.filter(pk__in=keys).order_by("pk")}
    if len(found) < len(keys):
        raise errors.SucceedsItself(field="successors", team=team.slug)
    heirs = [found[one.pk] for one in successors]
    check_not_ended(heirs, "successors")
    if found[team.pk].ended_on:
        raise errors.TeamGone(team=team.slug)
    return found[team.pk], heirs


def _shares(
    team: Team, owned: Sequence[Commitment], heirs: Sequence[Team], passing: Mapping[str, Team]
) -> Shares:
    """Each commitment with the successor that takes it."""
    strangers = set(passing) - {one.reference for one in owned}
    if strangers:
        raise errors.NotOwned(field="passing", reference=min(strangers), team=team.slug)
    if any(heir not in heirs for heir in passing.values()):
        raise errors.NoSuccessor(field="passing", team=team.slug)
    if owned and not heirs:
        raise errors.StillOwns(team=team.slug, reference=owned[0].reference)
    return [(one, passing.get(one.reference) or heirs[0]) for one in owned]


def _check_offered_by(by: User, commitment: Commitment, team: Team) -> None:
    """To another body, only who leads passes something on, and only what an owner has said yes to."""
    permissions.check_lead_responder(by, commitment)
    lifecycle.check_reportable(commitment, commitment.owners.get(team=team, ended_on=None))


def _rename_in_offers(team: Team, heirs: Sequence[Team]) -> None:
    """Where others offer a commitment to the team, its first successor in the body stands in its place."""
    heir = next((one for one in heirs if one.organisation_id == team.organisation_id), None)
    if heir is None:
        return
    for named in OfferedOwner.objects.filter(team=team, hand_over__state=HandOverState.OFFERED):
        beside = named.hand_over.owners.filter(team=heir).first()
        if beside is None:
            named.team = heir
            named.save(update_fields=["team"])
            continue
        named.delete()
        beside.lead = beside.lead or named.lead
        beside.save(update_fields=["lead"])


def _pass_on(shares: Shares, team: Team, office: str, today: date) -> None:
    """Within the body it takes effect at once, and no clock moves."""
    for commitment, heir in shares:
        old = owner_facts(commitment)
        settle_commitment(commitment, today)
        _replace(commitment, team, heir, today)
        take_back_what_left(commitment, office=office, today=today)
        append(
            events.COMMITMENT_HANDED_OVER,
            commitment,
            actor=office,
            today=today,
            facts={"old_owners": old, "owners": owner_facts(commitment), "reorganised": team.slug},
            assembly=commitment.assembly.slug,
        )


def _replace(commitment: Commitment, team: Team, heir: Team, today: date) -> None:
    """Put the heir in the team's place: what it leads, what it has said yes to, what it has said as a co-owner."""
    present = permissions.present_owners(commitment)
    before, beside = present.get(team=team), present.filter(team=heir).first()
    before.ended_on, before.passed_to = today, heir
    before.save(update_fields=["ended_on", "passed_to"])
    if beside and not before.lead:
        return
    if beside:
        beside.ended_on = today
        beside.save(update_fields=["ended_on"])
    accepted = before.accepted_on or (beside and beside.accepted_on)
    Owner.objects.create(
        commitment=commitment,
        organisation=heir.organisation,
        team=heir,
        lead=before.lead,
        accepted_on=today if accepted else None,
        team_status=before.team_status,
        team_status_at=before.team_status_at,
    )


def _offer(commitment: Commitment, team: Team, heir: Team, office: str, today: date, reason: str) -> None:
    """Offer what a team owned to its successor in another body, once."""
    if commitment.hand_overs.filter(state=HandOverState.OFFERED, owners__team=heir).exists():
        return
    rows = permissions.present_owners(commitment).select_related("team__organisation", "organisation")
    others = [row for row in rows if row.team and row.team not in (team, heir)]
    leads = any(row.lead for row in rows if row.team in (team, heir))
    owners = [
        Ownership(team=heir, lead=leads),
        *(Ownership(team=row.team, lead=row.lead) for row in others),
    ]
    offer(
        commitment,
        owners,
        to=heir.organisation,
        office=office,
        today=today,
        reason=reason,
        instead_of=team,
    )


def _end(
    team: Team, heirs: Sequence[Team], shares: Shares, office: str, today: date, reason: str, ended_on: date
) -> None:
    team.ended_on = ended_on
    team.save(update_fields=["ended_on"])
    Succession.objects.bulk_create(
        Succession(earlier=team, later=heir, reason=reason, on=ended_on) for heir in heirs
    )
    facts = {
        "organisation": team.organisation.slug,
        "ended_on": iso(ended_on),
        "successors": [heir.slug for heir in heirs],
        "passed": [{"commitment": one.reference, "to": heir.slug} for one, heir in shares],
    }
    append(
        of_accounts.TEAM_REORGANISED, team, actor=office, today=today, facts=facts, words={"reason": reason}
    )
