"""WHEN: which step may follow which, as tables, and the checks that read them; docs/lifecycle.md is drawn from here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import TextChoices

from commitments import errors
from commitments.choices import (
    ChallengeState,
    CommitmentStage,
    HandOverState,
    RecommendationState,
    RequestState,
    ResponsePosition,
    Status,
)
from commitments.models import Challenge, Commitment, Milestone, Owner, ProgressUpdate
from commitments.models.commitments import LIVE
from record.refusals import NotNow

REASON, EVIDENCE = "reason", "evidence"
_PLAIN: frozenset[str] = frozenset()
_WHY, _SHOWN, _BOTH = frozenset({REASON}), frozenset({EVIDENCE}), frozenset({REASON, EVIDENCE})

START = "start"
"""Where a drawing begins; no thing is ever in it."""


@dataclass(frozen=True)
class Step:
    """A verb that leads from any of `sources` to `target`, and who may take it."""

    verb: str
    sources: tuple[str, ...]
    target: str
    who: str


# From what was said last (null: nothing yet) to what is said now: what the move needs. All moves are possible.
STATUS_NEEDS: Mapping[str | None, Mapping[str, frozenset[str]]] = {
    None: {
        Status.NOT_STARTED: _PLAIN,
        Status.IN_PROGRESS: _PLAIN,
        Status.COMPLETED: _SHOWN,
        Status.ABANDONED: _WHY,
        Status.SUPERSEDED: _WHY,
    },
    Status.NOT_STARTED: {
        Status.NOT_STARTED: _PLAIN,
        Status.IN_PROGRESS: _PLAIN,
        Status.COMPLETED: _SHOWN,
        Status.ABANDONED: _WHY,
        Status.SUPERSEDED: _WHY,
    },
    Status.IN_PROGRESS: {
        Status.NOT_STARTED: _WHY,
        Status.IN_PROGRESS: _PLAIN,
        Status.COMPLETED: _SHOWN,
        Status.ABANDONED: _WHY,
        Status.SUPERSEDED: _WHY,
    },
    Status.COMPLETED: {
        Status.NOT_STARTED: _WHY,
        Status.IN_PROGRESS: _WHY,
        Status.COMPLETED: _SHOWN,
        Status.ABANDONED: _WHY,
        Status.SUPERSEDED: _WHY,
    },
    Status.ABANDONED: {
        Status.NOT_STARTED: _WHY,
        Status.IN_PROGRESS: _WHY,
        Status.COMPLETED: _BOTH,
        Status.ABANDONED: _WHY,
        Status.SUPERSEDED: _WHY,
    },
    Status.SUPERSEDED: {
        Status.NOT_STARTED: _WHY,
        Status.IN_PROGRESS: _WHY,
        Status.COMPLETED: _BOTH,
        Status.ABANDONED: _WHY,
        Status.SUPERSEDED: _WHY,
    },
}

UNDER_WAY: tuple[str, ...] = (Status.NOT_STARTED, Status.IN_PROGRESS)
"""What can be said once and go on: with these there may be nothing to report."""

RESPONSE_NEEDS: Mapping[str, frozenset[str]] = {
    ResponsePosition.ACCEPTED: _PLAIN,
    ResponsePosition.PARTLY_ACCEPTED: _WHY,
    ResponsePosition.REJECTED: _WHY,
}

RECOMMENDATION_STEPS = (
    Step("publish", (START,), RecommendationState.NOT_ASKED, "the convenor"),
    Step("ask", (RecommendationState.NOT_ASKED,), RecommendationState.AWAITING_RESPONSE, "the convenor"),
    Step(
        "ask another", (RecommendationState.RESPONDED,), RecommendationState.AWAITING_RESPONSE, "the convenor"
    ),
    Step(
        "the last answer",
        (RecommendationState.AWAITING_RESPONSE, RecommendationState.NO_RESPONSE),
        RecommendationState.RESPONDED,
        "a responder",
    ),
    Step(
        "a day passes unanswered",
        (RecommendationState.AWAITING_RESPONSE,),
        RecommendationState.NO_RESPONSE,
        "the clock",
    ),
)

_ACCEPTED = (CommitmentStage.PUBLISHED, CommitmentStage.ACCEPTED)
COMMITMENT_STEPS = (
    Step("enter", (START,), CommitmentStage.ENTERED, "the convenor, from a source"),
    Step("publish", (START,), CommitmentStage.PUBLISHED, "a responder"),
    Step("accept", (CommitmentStage.ENTERED,), CommitmentStage.ACCEPTED, "a responder of the owner"),
    Step("supersede", _ACCEPTED, CommitmentStage.SUPERSEDED, "a responder of the lead"),
    Step("split", _ACCEPTED, CommitmentStage.SPLIT, "a responder of the lead"),
    Step("merge", _ACCEPTED, CommitmentStage.MERGED, "a responder of the lead"),
)

HAND_OVER_STEPS = (
    Step("offer", (START,), HandOverState.OFFERED, "a responder of the lead"),
    Step("accept", (HandOverState.OFFERED,), HandOverState.ACCEPTED, "a responder of the other body"),
    Step("refuse", (HandOverState.OFFERED,), HandOverState.REFUSED, "a responder of the other body"),
    Step("withdraw or replace", (HandOverState.OFFERED,), HandOverState.WITHDRAWN, "a responder of the lead"),
)

CHALLENGE_STEPS = (
    Step("propose", (START,), ChallengeState.PROPOSED, "a resident"),
    Step("challenge", (START,), ChallengeState.OPEN, "the panel"),
    Step(
        "admit",
        (ChallengeState.PROPOSED,),
        ChallengeState.GATHERING,
        "the convenor, reading words, not merits",
    ),
    Step(
        "refuse",
        (ChallengeState.PROPOSED,),
        ChallengeState.REFUSED,
        "the convenor, reading words, not merits",
    ),
    Step("support", (ChallengeState.GATHERING,), ChallengeState.GATHERING, "a resident"),
    Step("open", (ChallengeState.GATHERING,), ChallengeState.OPEN, "the last supporter needed"),
    Step("reply", (ChallengeState.OPEN, ChallengeState.UNANSWERED), ChallengeState.ANSWERED, "the owner"),
    Step("the day passes", (ChallengeState.OPEN,), ChallengeState.UNANSWERED, "the clock"),
    Step(
        "resolve",
        (ChallengeState.ANSWERED, ChallengeState.UNANSWERED),
        ChallengeState.RESOLVED,
        "the convenor",
    ),
    Step(
        "withdraw",
        (ChallengeState.PROPOSED, ChallengeState.GATHERING),
        ChallengeState.WITHDRAWN,
        "its proposer",
    ),
)

DATE_CHANGE_STEPS = (
    Step("ask", (START,), RequestState.REQUESTED, "an owner"),
    Step("approve", (RequestState.REQUESTED,), RequestState.APPROVED, "the convenor"),
    Step("refuse", (RequestState.REQUESTED,), RequestState.REFUSED, "the convenor"),
    Step(
        "replace or abandon the commitment", (RequestState.REQUESTED,), RequestState.CLOSED, "the lead owner"
    ),
)
CORRECTION_STEPS = (
    Step("ask", (START,), RequestState.REQUESTED, "an owner, of a commitment"),
    Step("correct", (START,), RequestState.APPROVED, "its author, where no approval is needed"),
    *DATE_CHANGE_STEPS[1:3],
    Step("replace the commitment", (RequestState.REQUESTED,), RequestState.CLOSED, "the lead owner"),
)

# Why a step of a challenge is refused, by verb and state; every pair that CHALLENGE_STEPS does not allow is here.
_Refusals = Mapping[str, type[NotNow]]
_GONE: _Refusals = {
    ChallengeState.RESOLVED: errors.ChallengeClosed,
    ChallengeState.WITHDRAWN: errors.ChallengeClosed,
    ChallengeState.REFUSED: errors.ChallengeClosed,
}
_RUNS: _Refusals = {
    ChallengeState.OPEN: errors.ChallengeAlreadyOpen,
    ChallengeState.ANSWERED: errors.ChallengeAlreadyOpen,
    ChallengeState.UNANSWERED: errors.ChallengeAlreadyOpen,
}
_EARLY: _Refusals = {
    ChallengeState.PROPOSED: errors.ChallengeNotOpen,
    ChallengeState.GATHERING: errors.ChallengeNotOpen,
}
CHALLENGE_REFUSALS: Mapping[str, _Refusals] = {
    "admit": {ChallengeState.GATHERING: errors.ChallengeAdmitted, **_RUNS, **_GONE},
    "refuse": {ChallengeState.GATHERING: errors.ChallengeAdmitted, **_RUNS, **_GONE},
    "support": {ChallengeState.PROPOSED: errors.ChallengeNotAdmitted, **_RUNS, **_GONE},
    "open": {ChallengeState.PROPOSED: errors.ChallengeNotAdmitted, **_RUNS, **_GONE},
    "reply": {**_EARLY, ChallengeState.ANSWERED: errors.ReplyGiven, **_GONE},
    "resolve": {**_EARLY, ChallengeState.OPEN: errors.ResolvedTooEarly, **_GONE},
    "withdraw": {**_RUNS, **_GONE},
}


def status_needs(present: str | None, status: str) -> frozenset[str]:
    """What a move of the owner's status must bring: `reason`, `evidence`, both or neither."""
    return STATUS_NEEDS[present][status]


def check_status_move(present: str | None, status: str, *, reason: str, has_evidence: bool) -> None:
    """Raise UnknownField, ReasonMissing or EvidenceMissing unless the move brings what it needs."""
    if status not in STATUS_NEEDS[present]:
        raise errors.UnknownField(field="status", name="status")
    needs = status_needs(present, status)
    if REASON in needs:
        check_reason(reason)
    if EVIDENCE in needs and not has_evidence:
        raise errors.EvidenceMissing(field="evidence")


def check_under_way(status: str | None, reference: str) -> str:
    """The status that stays where there is nothing to report; raises SayHowItIs where none is under way."""
    if status not in UNDER_WAY:
        raise errors.SayHowItIs(reference=reference)
    return status


def check_response(stance: str, reason: str) -> None:
    """Raise UnknownField for a position that does not exist, ReasonMissing for a refusal without one."""
    check_word(stance, ResponsePosition, "position")
    if REASON in RESPONSE_NEEDS[stance]:
        check_reason(reason)


def check_word(word: str, choices: type[TextChoices], field: str) -> None:
    """Raise UnknownField for a word that `field` does not take."""
    if word not in choices.values:
        raise errors.UnknownField(field=field, name=field)


def check_said(text: str, field: str, longest: int | None = None) -> None:
    """Raise UnknownField where nothing is said, or more than the `longest` characters that are kept."""
    if not text.strip() or (longest is not None and len(text) > longest):
        raise errors.UnknownField(field=field, name=field)


def check_reason(reason: str) -> None:
    """Raise ReasonMissing where nothing is said."""
    if not reason.strip():
        raise errors.ReasonMissing(field="reason")


def allowed(steps: Iterable[Step], state: str, verb: str) -> str | None:
    """Where `verb` leads from `state`; None when it leads nowhere."""
    return next((step.target for step in steps if step.verb == verb and state in step.sources), None)


def check_stage(stage: str, target: CommitmentStage, reference: str = "This commitment") -> None:
    """Raise NotAcceptedYet, AlreadyAccepted or Replaced unless a commitment may go from `stage` to `target`."""
    if any(target == step.target and stage in step.sources for step in COMMITMENT_STEPS):
        return
    if stage == CommitmentStage.ENTERED:
        raise errors.NotAcceptedYet(reference=reference)
    check_not_replaced(stage, reference)
    raise errors.AlreadyAccepted(reference=reference)


def check_not_replaced(stage: str, reference: str) -> None:
    """Raise Replaced once another commitment has taken this one's place."""
    if stage not in LIVE:
        raise errors.Replaced(reference=reference, stage=stage)


def check_due_some_day(commitment: Commitment) -> None:
    """Raise Replaced or GivenUp where there is no promise left that could be due on another day."""
    check_not_replaced(commitment.stage, commitment.reference)
    if commitment.status == Status.ABANDONED:
        raise errors.GivenUp(reference=commitment.reference)


def check_reportable(commitment: Commitment, owner: Owner) -> None:
    """Raise unless this owner may report: both have been accepted, and nothing has taken the commitment's place."""
    check_not_replaced(commitment.stage, commitment.reference)
    check_accepted(commitment, owner)


def check_accepted(commitment: Commitment, owner: Owner) -> None:
    """Raise NotAcceptedYet until the commitment, and this owner of it, have been accepted."""
    if commitment.accepted_on is None or owner.accepted_on is None:
        raise errors.NotAcceptedYet(reference=commitment.reference)


def check_present_claim(commitment: Commitment, claim: ProgressUpdate) -> None:
    """Raise NothingClaimed or NotThePresentClaim unless `claim` is the owner's last word, and says completed."""
    if commitment.claim_id is None:
        raise errors.NothingClaimed(reference=commitment.reference)
    if commitment.claim_id != claim.pk:
        raise errors.NotThePresentClaim(claim=str(commitment.claim_id))


def check_milestone_can_finish(milestone: Milestone, done_on: date, today: date) -> None:
    """Raise MilestoneDone the second time, DoneInTheFuture for a day to come."""
    if milestone.done_on is not None:
        raise errors.MilestoneDone
    if done_on > today:
        raise errors.DoneInTheFuture(field="done_on")


def check_request_move(state: str, verb: str) -> RequestState:
    """The state that `approve` or `refuse` leads to; raises AlreadyDecided once it was decided."""
    target = allowed(DATE_CHANGE_STEPS, state, verb)
    if target is None:
        raise errors.AlreadyDecided(state=state)
    return RequestState(target)


def challenge_state(state: str, reply_due_on: date | None, today: date) -> ChallengeState:
    """The state as it is shown on `today`: an open challenge is `unanswered` once its day has passed."""
    if state == ChallengeState.OPEN and reply_due_on is not None and reply_due_on < today:
        return ChallengeState.UNANSWERED
    return ChallengeState(state)


def check_challenge_move(state: str, verb: str, **shown: Any) -> ChallengeState:
    """The state that `verb` leads to from the shown `state`; raises the refusal that the table names.

    `shown` fills the refusal's sentence (`reply_due_on`).
    """
    target = allowed(CHALLENGE_STEPS, state, verb)
    if target is None:
        raise CHALLENGE_REFUSALS[verb][state](state=state, **shown)
    return ChallengeState(target)


def check_challenge(challenge: Challenge, verb: str, today: date) -> ChallengeState:
    """The state that `verb` leads this challenge to on `today`; raises when it may not go there."""
    state = challenge_state(challenge.state, challenge.reply_due_on, today)
    return check_challenge_move(state, verb, reply_due_on=challenge.reply_due_on)
