"""The panel's findings on claims of completion."""

from datetime import date

from accounts.models import User
from commitments import errors, events, lifecycle, permissions
from commitments.actions.clock import settle_commitment
from commitments.actions.commitments import locked
from commitments.choices import Finding
from commitments.models import Challenge, Commitment, ProgressUpdate, Verification
from commitments.models.challenges import REFUTING
from record.ledger import action, append


@action
def verify(
    commitment: Commitment, *, by: User, today: date, claim: ProgressUpdate, finding: str, reason: str
) -> Verification:
    """Say, for the panel, whether the owner's present claim holds. The latest finding counts.

    Whoever made the claim, or belongs to a body that owns something in the assembly, cannot judge it.
    """
    commitment = locked(commitment)
    office = permissions.check_panel(by, commitment)
    lifecycle.check_present_claim(commitment, claim)
    lifecycle.check_word(finding, Finding, "finding")
    lifecycle.check_reason(reason)
    if claim.author_id == by.pk:
        raise errors.OwnClaim
    settle_commitment(commitment, today)
    verification = Verification.objects.create(
        commitment=commitment,
        claim=claim,
        finding=finding,
        reason=reason,
        found_on=today,
        verified_by=by,
        claimed_by_id=claim.author_id,
    )
    commitment.finding = finding
    refresh_refutation(commitment, today)
    append(
        events.VERIFICATION_PUBLISHED,
        verification,
        actor=office,
        today=today,
        facts={"commitment": commitment.reference, "claim": str(claim.pk), "finding": finding},
        words={"reason": reason},
        root=commitment,
        assembly=commitment.assembly.slug,
    )
    return verification


def refresh_refutation(commitment: Commitment, today: date) -> None:
    """Set since when the present claim is refuted (null while it stands), from its finding and its challenges."""
    upheld = Challenge.objects.filter(claim=commitment.claim_id, outcome__in=REFUTING).exists()
    refuted = upheld or commitment.finding not in (None, Finding.VERIFIED)
    if refuted != (commitment.refuted_on is not None):
        commitment.refuted_on = today if refuted else None
        commitment.clock_moved_on = today
    commitment.save()
