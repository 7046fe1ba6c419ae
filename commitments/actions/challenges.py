"""The life of a challenge: proposed or raised, admitted or refused, supported, answered, resolved, withdrawn."""

from datetime import date
from typing import Any

from accounts import roles
from accounts.models import User
from commitments import deadlines, errors, events, lifecycle, permissions
from commitments.actions.clock import settle_challenge, settle_commitment
from commitments.actions.commitments import iso, locked
from commitments.actions.judging import refresh_refutation
from commitments.actions.updates import office_of
from commitments.choices import ChallengeState, ChallengeVoice, HidingGround, Outcome, ReplyDays
from commitments.models import Challenge, Commitment, ProgressUpdate, Support
from commitments.models.challenges import REFUTING, RUNNING
from record.ledger import action, append, revise, show_words


@action
def challenge_claim(
    commitment: Commitment, *, by: User, today: date, claim: ProgressUpdate, reason: str
) -> Challenge:
    """Dispute the owner's present claim.

    A panel member speaks for the panel, and the challenge opens at once; a resident's waits until the convenor has
    read its words, then until enough residents support it.
    """
    commitment = locked(commitment)
    by_panel = roles.is_panel(by, commitment.assembly.slug)
    office = (permissions.check_panel if by_panel else permissions.check_resident)(by, commitment)
    lifecycle.check_present_claim(commitment, claim)
    lifecycle.check_reason(reason)
    settle_commitment(commitment, today)
    if by_panel:
        return _raise_for_the_panel(commitment, by, today, claim, reason, office)
    return _propose(commitment, by, today, claim, reason)


@action
def admit(challenge: Challenge, *, by: User, today: date) -> Challenge:
    """Let a resident's challenge gather support: the convenor has read its words, and does not judge its merits."""
    commitment, challenge = _locked(challenge)
    office = permissions.check_judge(by, challenge)
    challenge.state = lifecycle.check_challenge(challenge, "admit", today)
    _check_claim_is_present(commitment, challenge)
    challenge.reason_shown = True
    challenge.save()
    show_words(challenge.position or 0)
    append(
        events.WORDS_PUBLISHED,
        challenge,
        actor=office,
        today=today,
        facts={
            "entry": challenge.position,
            "supporters": challenge.support_count,
            "support_needed": challenge.support_needed,
        },
        root=commitment,
        assembly=commitment.assembly.slug,
    )
    _open_when_enough(commitment, challenge, today)
    return challenge


@action
def refuse_challenge(challenge: Challenge, *, by: User, today: date, ground: str) -> Challenge:
    """Do not admit a resident's challenge, on a ground that lies in its words; its merits are not judged.

    The words stay unread by all others, and who proposed it may propose another in other words.
    """
    commitment, challenge = _locked(challenge)
    office = permissions.check_judge(by, challenge)
    challenge.state = lifecycle.check_challenge(challenge, "refuse", today)
    lifecycle.check_word(ground, HidingGround, "ground")
    challenge.refused_ground, challenge.refused_on = ground, today
    challenge.save()
    append(
        events.CHALLENGE_REFUSED,
        challenge,
        actor=office,
        today=today,
        facts={"commitment": commitment.reference, "claim": str(challenge.claim_id), "ground": ground},
        root=commitment,
        assembly=commitment.assembly.slug,
    )
    return challenge


@action
def support(challenge: Challenge, *, by: User, today: date) -> Challenge:
    """Add one's voice to a challenge, once; when enough residents have, it opens and the owner's clock runs.

    Who proposed it counts as its first supporter. Voices are still counted while an open one waits for its outcome.
    """
    commitment, challenge = _locked(challenge)
    permissions.check_resident(by, commitment)
    if challenge.state not in RUNNING:
        lifecycle.check_challenge(challenge, "support", today)
        _check_claim_is_present(commitment, challenge)
    _, is_new = Support.objects.get_or_create(challenge=challenge, user=by)
    if not is_new:
        raise errors.AlreadySupported
    challenge.support_count += 1
    challenge.save(update_fields=["support_count"])
    if challenge.state == ChallengeState.GATHERING:
        _open_when_enough(commitment, challenge, today)
    revise()
    return challenge


@action
def reply(challenge: Challenge, *, by: User, today: date, body: str, team: str | None = None) -> Challenge:
    """Answer for an owner; a late answer is taken, and stays marked late."""
    commitment, challenge = _locked(challenge)
    owner = permissions.check_owner(by, commitment, team)
    lifecycle.check_accepted(commitment, owner)
    state = lifecycle.check_challenge(challenge, "reply", today)
    lifecycle.check_said(body, "body")
    settle_challenge(challenge, today)
    challenge.state = state
    challenge.reply, challenge.answered_on, challenge.replied_by = body, today, owner.team
    challenge.late_by_days = deadlines.days_late(challenge.reply_due_on, today, None) or None
    challenge.save()
    append(
        events.CHALLENGE_ANSWERED,
        challenge,
        actor=office_of(owner),
        today=today,
        facts={
            "commitment": commitment.reference,
            "team": owner.team.slug if owner.team else None,
            "late_by_days": challenge.late_by_days,
        },
        words={"reply": body},
        root=commitment,
        assembly=commitment.assembly.slug,
    )
    return challenge


@action
def resolve(challenge: Challenge, *, by: User, today: date, outcome: str, reason: str) -> Challenge:
    """Decide an answered challenge, or one whose day for answering has passed, with reasons."""
    commitment, challenge = _locked(challenge)
    office = permissions.check_judge(by, challenge)
    state = lifecycle.check_challenge(challenge, "resolve", today)
    lifecycle.check_word(outcome, Outcome, "outcome")
    lifecycle.check_reason(reason)
    settle_challenge(challenge, today)
    settle_commitment(commitment, today)
    challenge.state = state
    challenge.outcome, challenge.outcome_reason, challenge.resolved_on = outcome, reason, today
    challenge.save()
    _refresh_disputes(commitment, today)
    append(
        events.CHALLENGE_RESOLVED,
        challenge,
        actor=office,
        today=today,
        facts={
            "commitment": commitment.reference,
            "claim": str(challenge.claim_id),
            "outcome": outcome,
        },
        words={"reason": reason},
        root=commitment,
        assembly=commitment.assembly.slug,
    )
    return challenge


@action
def withdraw(challenge: Challenge, *, by: User, today: date) -> Challenge:
    """Take back one's own challenge before it opens."""
    commitment, challenge = _locked(challenge)
    office = permissions.check_proposer(by, challenge)
    challenge.state = lifecycle.check_challenge(challenge, "withdraw", today)
    challenge.save()
    append(
        events.CHALLENGE_WITHDRAWN,
        challenge,
        actor=office,
        today=today,
        facts={"commitment": commitment.reference},
        root=commitment,
        assembly=commitment.assembly.slug,
    )
    return challenge


def _raise_for_the_panel(
    commitment: Commitment, by: User, today: date, claim: ProgressUpdate, reason: str, office: str
) -> Challenge:
    _check_not_challenged(claim, voice=ChallengeVoice.PANEL)
    challenge = Challenge.objects.create(
        commitment=commitment,
        claim=claim,
        voice=ChallengeVoice.PANEL,
        proposer=by,
        reason=reason,
        reason_shown=True,
        state=ChallengeState.OPEN,
        proposed_on=today,
        opened_on=today,
        reply_due_on=_reply_due_on(commitment, today),
    )
    _refresh_disputes(commitment, today)
    _record_opened(commitment, challenge, today, office, {"reason": reason})
    return challenge


def _propose(commitment: Commitment, by: User, today: date, claim: ProgressUpdate, reason: str) -> Challenge:
    _check_not_challenged(claim, proposer=by)
    challenge = Challenge.objects.create(
        commitment=commitment,
        claim=claim,
        voice=ChallengeVoice.RESIDENT,
        proposer=by,
        reason=reason,
        state=ChallengeState.PROPOSED,
        support_count=1,
        support_needed=commitment.assembly.support_needed,
        proposed_on=today,
    )
    Support.objects.create(challenge=challenge, user=by)
    append(
        events.CHALLENGE_PROPOSED,
        challenge,
        actor="resident",
        today=today,
        facts={
            "commitment": commitment.reference,
            "claim": str(claim.pk),
            "voice": challenge.voice,
        },
        words={"reason": reason},
        root=commitment,
        assembly=commitment.assembly.slug,
        pending=True,
    )
    return challenge


def _open_when_enough(commitment: Commitment, challenge: Challenge, today: date) -> None:
    if challenge.support_count < challenge.support_needed:
        return
    challenge.state = lifecycle.check_challenge(challenge, "open", today)
    challenge.opened_on, challenge.reply_due_on = today, _reply_due_on(commitment, today)
    challenge.save()
    _refresh_disputes(commitment, today)
    _record_opened(commitment, challenge, today, "resident", {})


def _record_opened(
    commitment: Commitment, challenge: Challenge, today: date, office: str, words: dict[str, str]
) -> None:
    facts = {
        "commitment": commitment.reference,
        "claim": str(challenge.claim_id),
        "voice": challenge.voice,
        "supporters": challenge.support_count,
        "reply_due_on": iso(challenge.reply_due_on),
    }
    append(
        events.CHALLENGE_OPENED,
        challenge,
        actor=office,
        today=today,
        facts=facts,
        words=words,
        root=commitment,
        assembly=commitment.assembly.slug,
    )


def _refresh_disputes(commitment: Commitment, today: date) -> None:
    """Set, from the challenges themselves, whether the present claim is disputed, and how many are undecided."""
    running = Challenge.objects.filter(commitment=commitment, state__in=RUNNING)
    commitment.open_challenges = running.count()
    if commitment.claim_id is None:
        commitment.save(update_fields=["open_challenges"])
        return
    upheld = Challenge.objects.filter(claim=commitment.claim_id, outcome__in=REFUTING)
    commitment.disputed = running.filter(claim=commitment.claim_id).exists() or upheld.exists()
    refresh_refutation(commitment, today)


def _reply_due_on(commitment: Commitment, today: date) -> date:
    assembly = commitment.assembly
    counted = {
        ReplyDays.CALENDAR: deadlines.days_after,
        ReplyDays.WORKING: deadlines.working_days_after,
    }
    return counted[ReplyDays(assembly.reply_days_are)](today, assembly.reply_days)


def _check_not_challenged(claim: ProgressUpdate, **whose: Any) -> None:
    """Raise AlreadyChallenged while a challenge of this claim by the same voice runs."""
    ended = (ChallengeState.WITHDRAWN, ChallengeState.REFUSED, ChallengeState.RESOLVED)
    if Challenge.objects.filter(claim=claim, **whose).exclude(state__in=ended).exists():
        raise errors.AlreadyChallenged


def _check_claim_is_present(commitment: Commitment, challenge: Challenge) -> None:
    if commitment.claim_id != challenge.claim_id:
        raise errors.ClaimIsGone


def _locked(challenge: Challenge) -> tuple[Commitment, Challenge]:
    commitment = locked(challenge.commitment)
    challenge = commitment.challenges.get(pk=challenge.pk)
    return commitment, challenge
