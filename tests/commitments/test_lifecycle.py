"""The tables of what may follow what, and the checks that read them."""

from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command

from commitments import errors, lifecycle
from commitments.choices import ChallengeState, CommitmentStage, RequestState, ResponsePosition, Status
from commitments.drawing import lifecycle_page
from commitments.models import Challenge, Commitment, Milestone, Owner, ProgressUpdate
from record.refusals import Forbidden, Invalid, NotNow, Refusal

TODAY = date(2026, 11, 23)
SAID = [None, *Status]
VERBS = sorted(lifecycle.CHALLENGE_REFUSALS)


def forwards(present: str | None, status: str) -> bool:
    """Whether a move goes on or stays, among the three steps of the work."""
    work: list[str | None] = [None, Status.NOT_STARTED, Status.IN_PROGRESS, Status.COMPLETED]
    return present in work and status in work and work.index(present) <= work.index(status)


@pytest.mark.parametrize(("present", "status"), list(product(SAID, Status)))
def test_going_back_giving_up_and_replacing_need_a_reason(present: str | None, status: str) -> None:
    needs_reason = lifecycle.REASON in lifecycle.status_needs(present, status)
    assert needs_reason == (not forwards(present, status))


@pytest.mark.parametrize(("present", "status"), list(product(SAID, Status)))
def test_only_a_claim_needs_evidence(present: str | None, status: str) -> None:
    needs_evidence = lifecycle.EVIDENCE in lifecycle.status_needs(present, status)
    assert needs_evidence == (status == Status.COMPLETED)


@pytest.mark.parametrize(("present", "status"), list(product(SAID, Status)))
def test_any_move_is_possible_with_a_reason_and_evidence(present: str | None, status: str) -> None:
    lifecycle.check_status_move(present, status, reason="Because.", has_evidence=True)


def test_a_backward_move_without_a_reason_is_refused() -> None:
    with pytest.raises(errors.ReasonMissing) as refused:
        lifecycle.check_status_move(Status.COMPLETED, Status.IN_PROGRESS, reason="  ", has_evidence=True)
    assert refused.value.field == "reason"


def test_a_claim_without_evidence_is_refused() -> None:
    with pytest.raises(errors.EvidenceMissing):
        lifecycle.check_status_move(None, Status.COMPLETED, reason="", has_evidence=False)


def test_a_status_that_nobody_knows_is_refused() -> None:
    with pytest.raises(errors.UnknownField):
        lifecycle.check_status_move(None, "late", reason="", has_evidence=False)


def test_a_response_that_does_not_accept_needs_a_reason() -> None:
    lifecycle.check_response(ResponsePosition.ACCEPTED, "")
    lifecycle.check_response(ResponsePosition.REJECTED, "No money.")
    for stance in (ResponsePosition.PARTLY_ACCEPTED, ResponsePosition.REJECTED):
        with pytest.raises(errors.ReasonMissing):
            lifecycle.check_response(stance, "")
    with pytest.raises(errors.UnknownField):
        lifecycle.check_response("perhaps", "")


@pytest.mark.parametrize(("verb", "state"), list(product(VERBS, ChallengeState)))
def test_each_step_of_a_challenge_is_allowed_or_refused_in_words(verb: str, state: ChallengeState) -> None:
    target = lifecycle.allowed(lifecycle.CHALLENGE_STEPS, state, verb)
    if target:
        assert lifecycle.check_challenge_move(state, verb) == target
        assert state not in lifecycle.CHALLENGE_REFUSALS[verb]
    else:
        with pytest.raises(Refusal) as refused:
            lifecycle.check_challenge_move(state, verb, reply_due_on=TODAY)
        assert refused.value.detail.endswith(".")


def test_an_open_challenge_is_unanswered_from_the_day_after_its_reply_was_due() -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert lifecycle.challenge_state(ChallengeState.OPEN, TODAY, TODAY) == ChallengeState.OPEN
    assert lifecycle.challenge_state(ChallengeState.OPEN, TODAY, tomorrow) == ChallengeState.UNANSWERED
    assert lifecycle.challenge_state(ChallengeState.ANSWERED, TODAY, tomorrow) == ChallengeState.ANSWERED


def test_a_challenge_is_not_resolved_while_the_owner_may_still_answer() -> None:
    challenge = Challenge(state=ChallengeState.OPEN, reply_due_on=TODAY)
    with pytest.raises(errors.ResolvedTooEarly, match="2026-11-23"):
        lifecycle.check_challenge(challenge, "resolve", TODAY)
    assert (
        lifecycle.check_challenge(challenge, "resolve", TODAY + timedelta(days=1)) == ChallengeState.RESOLVED
    )


def test_a_late_answer_is_taken() -> None:
    challenge = Challenge(state=ChallengeState.OPEN, reply_due_on=TODAY)
    late = TODAY + timedelta(days=9)
    assert lifecycle.check_challenge(challenge, "reply", late) == ChallengeState.ANSWERED


def test_a_request_is_decided_once() -> None:
    assert lifecycle.check_request_move(RequestState.REQUESTED, "approve") == RequestState.APPROVED
    assert lifecycle.check_request_move(RequestState.REQUESTED, "refuse") == RequestState.REFUSED
    with pytest.raises(errors.AlreadyDecided, match="approved already"):
        lifecycle.check_request_move(RequestState.APPROVED, "refuse")


@pytest.mark.parametrize(
    "target", [CommitmentStage.SUPERSEDED, CommitmentStage.SPLIT, CommitmentStage.MERGED]
)
def test_only_an_owners_commitment_is_replaced(target: CommitmentStage) -> None:
    lifecycle.check_stage(CommitmentStage.PUBLISHED, target)
    lifecycle.check_stage(CommitmentStage.ACCEPTED, target)
    with pytest.raises(errors.NotAcceptedYet):
        lifecycle.check_stage(CommitmentStage.ENTERED, target)
    with pytest.raises(errors.Replaced):
        lifecycle.check_stage(CommitmentStage.MERGED, target)


def test_a_commitment_is_accepted_once() -> None:
    lifecycle.check_stage(CommitmentStage.ENTERED, CommitmentStage.ACCEPTED)
    with pytest.raises(errors.AlreadyAccepted):
        lifecycle.check_stage(CommitmentStage.PUBLISHED, CommitmentStage.ACCEPTED)


def test_only_an_accepted_owner_of_a_present_commitment_reports() -> None:
    commitment = Commitment(reference="WF24-C001", stage=CommitmentStage.ACCEPTED, accepted_on=TODAY)
    lifecycle.check_reportable(commitment, Owner(accepted_on=TODAY))
    with pytest.raises(errors.NotAcceptedYet):
        lifecycle.check_reportable(commitment, Owner())
    commitment.stage = CommitmentStage.SUPERSEDED
    with pytest.raises(errors.Replaced, match="was superseded"):
        lifecycle.check_reportable(commitment, Owner(accepted_on=TODAY))


def test_only_the_present_claim_is_judged() -> None:
    claim, newer = ProgressUpdate(), ProgressUpdate()
    commitment = Commitment(reference="WF24-C001", claim=newer)
    lifecycle.check_present_claim(commitment, newer)
    with pytest.raises(errors.NotThePresentClaim, match=str(newer.pk)):
        lifecycle.check_present_claim(commitment, claim)
    with pytest.raises(errors.NothingClaimed):
        lifecycle.check_present_claim(Commitment(reference="WF24-C001"), claim)


def test_a_milestone_is_done_once_and_never_tomorrow() -> None:
    lifecycle.check_milestone_can_finish(Milestone(), TODAY, TODAY)
    with pytest.raises(errors.DoneInTheFuture):
        lifecycle.check_milestone_can_finish(Milestone(), TODAY + timedelta(days=1), TODAY)
    with pytest.raises(errors.MilestoneDone):
        lifecycle.check_milestone_can_finish(Milestone(done_on=TODAY), TODAY, TODAY)


def test_every_refusal_has_a_code_of_its_own_and_a_sentence() -> None:
    kinds: list[type[Refusal]] = [
        *Forbidden.__subclasses__(),
        *Invalid.__subclasses__(),
        *NotNow.__subclasses__(),
    ]
    refusals = [each for each in kinds if each.__module__.startswith(errors.__name__)]
    codes = [each.code for each in refusals]
    assert len(set(codes)) == len(codes) > 40
    for each in refusals:
        assert each.sentence[-1] == "."
        assert "sentence" in vars(each)


def test_the_drawing_of_the_lifecycles_is_fresh() -> None:
    drawn = (Path(configured.BASE_DIR) / "docs" / "lifecycle.md").read_text(encoding="utf-8")
    assert drawn == lifecycle_page(), "Run manage.py draw_lifecycle and commit the page."


def test_the_door_draws_and_checks_the_drawing(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "docs").mkdir()
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match="stale"):
        call_command("draw_lifecycle", "--check")
    call_command("draw_lifecycle")
    call_command("draw_lifecycle", "--check")
