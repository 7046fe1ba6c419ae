"""What owners report: progress updates with evidence, and milestones."""

from collections.abc import Sequence
from datetime import date, datetime

from accounts.models import Team, User
from commitments import deadlines, errors, events, lifecycle, permissions
from commitments.actions.clock import restart, settle_commitment
from commitments.actions.closing import close_dates
from commitments.actions.commitments import iso, locked
from commitments.actions.evidence_files import NO_FILES, Files, facts_of, keep_evidence, waiting_files
from commitments.choices import Status
from commitments.models import Commitment, Milestone, Owner, ProgressUpdate
from commitments.promises import EvidenceLink
from commitments.search import index
from record import clock
from record.ledger import action, append


@action
def post_update(
    commitment: Commitment,
    *,
    by: User,
    today: date,
    body: str,
    status: str,
    evidence: Sequence[EvidenceLink] = (),
    reason: str = "",
    team: str | None = None,
) -> ProgressUpdate:
    """Report on a commitment in the name of a team that owns it (`team`, a slug, chooses among several).

    The lead's `status` becomes the owner's claim; a co-owner's is shown beside it. `completed` by the lead is a claim,
    and starts the window for verification. Replacing a commitment is `supersede`.
    """
    commitment = locked(commitment)
    owner = permissions.check_owner(by, commitment, team)
    lifecycle.check_reportable(commitment, owner)
    if status == Status.SUPERSEDED:
        raise errors.UseSupersede(field="status", reference=commitment.reference)
    lifecycle.check_said(body, "body")
    present = commitment.status if owner.lead else owner.team_status
    lifecycle.check_status_move(present, status, reason=reason, has_evidence=bool(evidence))
    files = waiting_files(evidence, by)
    settle_commitment(commitment, today)
    update = write_update(commitment, owner, by=by, today=today, body=body, status=status, reason=reason)
    keep_evidence(update, evidence, files)
    record_update(commitment, update, evidence, today, files)
    if update.status == Status.ABANDONED:
        append(
            events.COMMITMENT_ABANDONED,
            commitment,
            actor=f"team:{update.team.slug}",
            today=today,
            facts={"update": str(update.pk)},
            words={"reason": reason},
            assembly=commitment.assembly.slug,
        )
        close_dates(commitment, office=office_of(owner), today=today)
    return update


@action
def report_nothing(
    commitment: Commitment, *, by: User, today: date, team: str | None = None
) -> ProgressUpdate:
    """Say in the name of a team that there is nothing to report: its status stays, and the rhythm begins anew.

    Only while it was said to be not started or in progress: what is over, or was never spoken of, needs words.
    """
    commitment = locked(commitment)
    owner = permissions.check_owner(by, commitment, team)
    lifecycle.check_reportable(commitment, owner)
    present = commitment.status if owner.lead else owner.team_status
    status = lifecycle.check_under_way(present, commitment.reference)
    settle_commitment(commitment, today)
    update = write_update(commitment, owner, by=by, today=today, status=status, nothing=True)
    record_update(commitment, update, (), today)
    return update


@action
def add_milestone(
    commitment: Commitment, *, by: User, today: date, title: str, due_on: date, team: str | None = None
) -> Milestone:
    """Add a dated step."""
    commitment = locked(commitment)
    owner = permissions.check_owner(by, commitment, team)
    lifecycle.check_reportable(commitment, owner)
    if not deadlines.is_plausible(due_on):
        raise errors.DueDateMissing(field="due_on")
    settle_commitment(commitment, today)
    restart(commitment, today)
    milestone = Milestone.objects.create(
        commitment=commitment, title=title, due_on=due_on, first_due_on=due_on
    )
    append(
        events.MILESTONE_ADDED,
        milestone,
        actor=office_of(owner),
        today=today,
        facts={"commitment": commitment.reference, "due_on": iso(due_on)},
        words={"title": title},
        root=commitment,
        assembly=commitment.assembly.slug,
    )
    return milestone


@action
def finish_milestone(
    milestone: Milestone, *, by: User, today: date, done_on: date | None = None, team: str | None = None
) -> Milestone:
    """Say that a step is done, today or on the earlier day `done_on`; lateness that was recorded stays."""
    commitment = locked(milestone.commitment)
    owner = permissions.check_owner(by, commitment, team)
    lifecycle.check_reportable(commitment, owner)
    milestone = commitment.milestones.get(pk=milestone.pk)
    done_on = done_on or today
    lifecycle.check_milestone_can_finish(milestone, done_on, today)
    settle_commitment(commitment, today)
    milestone.done_on = done_on
    milestone.save(update_fields=["done_on"])
    append(
        events.MILESTONE_DONE,
        milestone,
        actor=office_of(owner),
        today=today,
        facts={
            "commitment": commitment.reference,
            "due_on": iso(milestone.due_on),
            "done_on": iso(done_on),
        },
        root=commitment,
        assembly=commitment.assembly.slug,
    )
    return milestone


def write_update(
    commitment: Commitment,
    owner: Owner,
    *,
    by: User,
    today: date,
    status: str,
    body: str = "",
    reason: str = "",
    nothing: bool = False,
) -> ProgressUpdate:
    """Make the row of an update and move what the commitment says by it; the callers record it."""
    update = ProgressUpdate.objects.create(
        commitment=commitment,
        team=spoken_for(owner),
        author=by,
        posted_on=today,
        lead=owner.lead,
        status=status if owner.lead else None,
        team_status=None if owner.lead else status,
        is_claim=owner.lead and status == Status.COMPLETED,
        nothing_to_report=nothing,
        body=body,
        reason=reason,
    )
    now = clock.now()
    if not nothing:
        _say(commitment, owner, update, today, now)
    commitment.last_update_at = now
    commitment.clock_moved_on = today
    commitment.update_due_on = deadlines.days_after(today, commitment.assembly.rhythm_days)
    commitment.save()
    index(update)
    return update


def record_update(
    commitment: Commitment,
    update: ProgressUpdate,
    evidence: Sequence[EvidenceLink],
    today: date,
    files: Files = NO_FILES,
) -> None:
    """Write the update into the record."""
    facts = {
        "commitment": commitment.reference,
        "team": update.team.slug,
        "lead": update.lead,
        "status": update.status,
        "team_status": update.team_status,
        "claim": update.is_claim,
        "verify_by": iso(commitment.verify_by) if update.is_claim else None,
        "update_due_on": iso(commitment.update_due_on),
        "evidence": [facts_of(one, files) for one in evidence],
        **({"nothing_to_report": True} if update.nothing_to_report else {}),
    }
    append(
        events.UPDATE_POSTED,
        update,
        actor=f"team:{update.team.slug}",
        today=today,
        facts=facts,
        words={
            "body": update.body,
            "reason": update.reason,
            "evidence_titles": "\n".join(one.title for one in evidence),
            "evidence_urls": "\n".join(one.url for one in evidence),
        },
        root=commitment,
        assembly=commitment.assembly.slug,
        edits_root=True,
    )


def spoken_for(owner: Owner) -> Team:
    """The team of an owner that acts; one that a source names without a team cannot act."""
    if owner.team is None:
        raise errors.NotAnOwner(reference=owner.commitment.reference)
    return owner.team


def office_of(owner: Owner) -> str:
    """The office that an owner's words are recorded under."""
    return f"team:{owner.team.slug}" if owner.team else f"organisation:{owner.organisation.slug}"


def _say(commitment: Commitment, owner: Owner, update: ProgressUpdate, today: date, now: datetime) -> None:
    """What the owner says of it from now on: the lead of the whole, another of its part."""
    if owner.lead:
        _claim(commitment, update, today)
        commitment.status_at = now
    else:
        owner.team_status, owner.team_status_at = update.team_status, now
        owner.save(update_fields=["team_status", "team_status_at"])


def _claim(commitment: Commitment, update: ProgressUpdate, today: date) -> None:
    """A new status ends the present claim with all that was found on it; `completed` begins a new one."""
    commitment.status = update.status
    commitment.finding = commitment.refuted_on = None
    commitment.disputed = False
    if update.is_claim:
        commitment.claim, commitment.claimed_on = update, today
        commitment.verify_by = deadlines.days_after(today, commitment.assembly.verification_days)
    else:
        commitment.claim = commitment.claimed_on = commitment.verify_by = None
