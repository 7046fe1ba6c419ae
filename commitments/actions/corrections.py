"""Corrections of wordings: nothing published is edited, so each is a new fact with old text, new text and reason."""

from collections.abc import Callable, Mapping
from datetime import date

from accounts.models import Team, User
from commitments import deadlines, errors, events, lifecycle, permissions
from commitments.actions.clock import restart, settle_commitment
from commitments.actions.commitments import iso, locked
from commitments.actions.handing import take_back_what_left
from commitments.actions.owners import check_owners, replace_owners
from commitments.actions.recommendations import locked_recommendation
from commitments.actions.updates import office_of
from commitments.choices import RequestState
from commitments.models import Commitment, Correction, Milestone, ProgressUpdate, Recommendation
from commitments.promises import Ownership
from commitments.search import index
from record.ledger import action, append
from record.stand_ins import STAND_INS

TEXTS = ("title", "body", "measure", "baseline", "target", "proof")
LONGEST_TITLE = 300
OWNERS, MILESTONE = "owners", "milestone"
TEXTS_OF_A_RECOMMENDATION = ("title", "body")
TEXTS_OF_AN_UPDATE = ("body",)


@action
def correct_recommendation(
    recommendation: Recommendation, *, by: User, today: date, field: str, text: str, reason: str
) -> Correction:
    """Correct a recommendation's `title` or `body`; the convenor keeps these."""
    recommendation = locked_recommendation(recommendation)
    office = permissions.check_convenor(by, recommendation.assembly.slug)
    old = _check_text(recommendation, field, text, reason, TEXTS_OF_A_RECOMMENDATION)
    correction = _made(by, today, office, field, old, text, reason, recommendation=recommendation)
    setattr(recommendation, field, text)
    recommendation.save(update_fields=[field])
    index(recommendation)
    append(
        events.RECOMMENDATION_CORRECTED,
        correction,
        actor=office,
        today=today,
        facts={"correction": str(correction.pk), "field": field},
        words={"old": old, "new": text, "reason": reason},
        root=recommendation,
        assembly=recommendation.assembly.slug,
        edits_root=True,
    )
    return correction


@action
def correct_update(
    update: ProgressUpdate, *, by: User, today: date, field: str, text: str, reason: str
) -> Correction:
    """Correct the words of an update, for the team that posted it; its status never changes so."""
    commitment = locked(update.commitment)
    update = commitment.updates.select_related("team").get(pk=update.pk)
    owner = permissions.check_owner(by, commitment, update.team.slug)
    if update.nothing_to_report:
        raise errors.NothingToCorrect(field="field")
    old = _check_text(update, field, text, reason, TEXTS_OF_AN_UPDATE)
    correction = _made(by, today, office_of(owner), field, old, text, reason, update=update)
    setattr(update, field, text)
    update.save(update_fields=[field])
    index(update)
    append(
        events.UPDATE_CORRECTED,
        correction,
        actor=office_of(owner),
        today=today,
        facts={"correction": str(correction.pk), "field": field},
        words={"old": old, "new": text, "reason": reason},
        root=update,
        assembly=commitment.assembly.slug,
        edits_root=True,
    )
    return correction


@action
def correct_commitment(
    commitment: Commitment,
    *,
    by: User,
    today: date,
    field: str,
    text: str,
    reason: str,
    milestone: Milestone | None = None,
    team: str | None = None,
) -> Correction:
    """Ask for a corrected wording of one's own promise; it waits for the convenor.

    A promise that is only entered from a source is the convenor's wording, and is corrected by them at once. What was
    given up is still there to read, and is corrected as any.
    `field` is a text, `owners` (team slugs with commas, the lead first) or `milestone` (its date, as YYYY-MM-DD).
    """
    commitment = locked(commitment)
    office = _office_that_corrects(commitment, by, team)
    lifecycle.check_not_replaced(commitment.stage, commitment.reference)
    old = _check_field(commitment, field, text, reason, milestone)
    waiting = commitment.corrections.filter(field=field, milestone=milestone, state=RequestState.REQUESTED)
    if waiting.exists():
        raise errors.CorrectionWaits
    correction = Correction.objects.create(
        commitment=commitment,
        milestone=milestone,
        field=field,
        old=old,
        new=text,
        reason=reason,
        state=RequestState.REQUESTED,
        requested_on=today,
        requested_by=office,
        author=by,
    )
    if commitment.accepted_on is None:
        _apply(correction, commitment, today, office)
        return correction
    append(
        events.CORRECTION_REQUESTED,
        correction,
        actor=office,
        today=today,
        facts={"commitment": commitment.reference, "field": field, "milestone": _key(milestone)},
        words={"old": old, "new": text, "reason": reason},
        root=commitment,
        assembly=commitment.assembly.slug,
    )
    return correction


@action
def approve_correction(correction: Correction, *, by: User, today: date, reason: str = "") -> Correction:
    """Agree that a correction changes no meaning; from now on the new wording is shown, and the old beside it."""
    commitment, correction, office = _to_decide(correction, by)
    lifecycle.check_request_move(correction.state, "approve")
    lifecycle.check_not_replaced(commitment.stage, commitment.reference)
    changed = _present(commitment, correction.field, correction.milestone) != correction.old
    if changed or correction.new in STAND_INS:
        raise errors.WordsHaveChanged
    correction.decided_by, correction.decision_reason = by, reason
    _apply(correction, commitment, today, office)
    return correction


@action
def refuse_correction(correction: Correction, *, by: User, today: date, reason: str) -> Correction:
    """Refuse a correction, since it would change what was promised; a changed promise is a new commitment."""
    commitment, correction, office = _to_decide(correction, by)
    correction.state = lifecycle.check_request_move(correction.state, "refuse")
    lifecycle.check_not_replaced(commitment.stage, commitment.reference)
    lifecycle.check_reason(reason)
    correction.decided_on, correction.decided_by, correction.decision_reason = today, by, reason
    correction.save()
    append(
        events.CORRECTION_REFUSED,
        correction,
        actor=office,
        today=today,
        facts={"commitment": commitment.reference, "field": correction.field},
        words={"reason": reason},
        root=commitment,
        assembly=commitment.assembly.slug,
    )
    return correction


def _apply(correction: Correction, commitment: Commitment, today: date, office: str) -> None:
    changes: Mapping[str, Callable[[Correction, Commitment, date], None]] = {
        OWNERS: _change_owners,
        MILESTONE: _move_milestone,
    }
    changes.get(correction.field, _change_text)(correction, commitment, today)
    if correction.field == OWNERS:
        take_back_what_left(commitment, office=office, today=today)
    correction.state = RequestState.APPROVED
    correction.decided_on = today
    correction.save()
    append(
        events.COMMITMENT_CORRECTED,
        correction,
        actor=office,
        today=today,
        facts={
            "correction": str(correction.pk),
            "field": correction.field,
            "milestone": _key(correction.milestone),
            "requested_by": correction.requested_by,
            # A date is no wording, and clocks run by it: it stands in the leaf itself.
            **({"old_value": correction.old, "new_value": correction.new} if correction.milestone else {}),
        },
        words={
            "old": correction.old,
            "new": correction.new,
            "reason": correction.reason,
            "decision_reason": correction.decision_reason,
        },
        root=commitment,
        assembly=commitment.assembly.slug,
        edits_root=True,
    )


def _change_text(correction: Correction, commitment: Commitment, today: date) -> None:
    setattr(commitment, correction.field, correction.new)
    commitment.save(update_fields=[correction.field])
    index(commitment)


def _change_owners(correction: Correction, commitment: Commitment, today: date) -> None:
    owners = _owners(correction.new)
    _check_lead(commitment, check_owners(owners))
    replace_owners(commitment, owners, today)


def _move_milestone(correction: Correction, commitment: Commitment, today: date) -> None:
    settle_commitment(commitment, today)
    restart(commitment, today)
    milestone = commitment.milestones.get(corrections=correction)
    milestone.due_on = date.fromisoformat(correction.new)
    milestone.save(update_fields=["due_on"])
    correction.milestone = milestone


def _office_that_corrects(commitment: Commitment, by: User, team: str | None) -> str:
    if commitment.accepted_on is None:
        return permissions.check_convenor(by, commitment.assembly.slug)
    owner = permissions.check_owner(by, commitment, team)
    lifecycle.check_reportable(commitment, owner)
    return office_of(owner)


def _to_decide(correction: Correction, by: User) -> tuple[Commitment, Correction, str]:
    if correction.commitment is None:
        raise errors.AlreadyDecided(state=correction.state)
    commitment = locked(correction.commitment)
    office = permissions.check_convenor(by, commitment.assembly.slug)
    correction = commitment.corrections.select_related("milestone").get(pk=correction.pk)
    if correction.author_id == by.pk:
        raise errors.OwnRequest
    return commitment, correction, office


def _check_field(
    commitment: Commitment, field: str, text: str, reason: str, milestone: Milestone | None
) -> str:
    of_another = milestone is not None and milestone.commitment_id != commitment.pk
    if (field == MILESTONE) != (milestone is not None) or of_another:
        raise errors.UnknownField(field="milestone", name="milestone")
    if field in TEXTS:
        return _check_text(commitment, field, text, reason, TEXTS)
    lifecycle.check_reason(reason)
    if field == OWNERS:
        _check_lead(commitment, check_owners(_owners(text)))
    elif field == MILESTONE:
        _check_day(text)
    else:
        raise errors.NothingToCorrect(field="field")
    old = _present(commitment, field, milestone)
    if old == text:
        raise errors.NothingChanged(field="text")
    return old


def _check_text(
    thing: Commitment | Recommendation | ProgressUpdate,
    field: str,
    text: str,
    reason: str,
    fields: tuple[str, ...],
) -> str:
    if field not in fields:
        raise errors.NothingToCorrect(field="field")
    lifecycle.check_reason(reason)
    if field == "title" or isinstance(thing, ProgressUpdate):
        lifecycle.check_said(text, "text", LONGEST_TITLE if field == "title" else None)
    old: str = getattr(thing, field)
    if old == text:
        raise errors.NothingChanged(field="text")
    return old


def _check_lead(commitment: Commitment, lead: Ownership) -> None:
    """Raise UseHandOver where the new lead's body has not said yes: it could not report, and nobody else could."""
    accepted = permissions.present_owners(commitment).exclude(accepted_on=None)
    if commitment.accepted_on and not accepted.filter(organisation=lead.body).exists():
        raise errors.UseHandOver(field="text", organisation=lead.body.name, reference=commitment.reference)


def _check_day(text: str) -> None:
    try:
        day = date.fromisoformat(text)
        plausible = deadlines.is_plausible(day) and day.isoformat() == text
    except ValueError:
        plausible = False
    if not plausible:
        raise errors.DueDateMissing(field="text")


def _present(commitment: Commitment, field: str, milestone: Milestone | None) -> str:
    if field == OWNERS:
        owners = permissions.present_owners(commitment).select_related("team", "organisation")
        return ", ".join(owner.team.slug if owner.team else owner.organisation.slug for owner in owners)
    if milestone is not None:
        return iso(commitment.milestones.get(pk=milestone.pk).due_on) or ""
    return str(getattr(commitment, field))


def _owners(text: str) -> list[Ownership]:
    slugs = [slug.strip() for slug in text.split(",") if slug.strip()]
    teams = {team.slug: team for team in Team.objects.filter(slug__in=slugs).select_related("organisation")}
    for slug in slugs:
        if slug not in teams:
            raise errors.UnknownTeam(field="text", team=slug)
    return [Ownership(team=teams[slug], lead=order == 0) for order, slug in enumerate(slugs)]


def _made(
    by: User,
    today: date,
    office: str,
    field: str,
    old: str,
    new: str,
    reason: str,
    *,
    recommendation: Recommendation | None = None,
    update: ProgressUpdate | None = None,
) -> Correction:
    return Correction.objects.create(
        recommendation=recommendation,
        update=update,
        field=field,
        old=old,
        new=new,
        reason=reason,
        state=RequestState.APPROVED,
        requested_on=today,
        requested_by=office,
        decided_on=today,
        author=by,
    )


def _key(milestone: Milestone | None) -> str | None:
    return str(milestone.pk) if milestone else None
