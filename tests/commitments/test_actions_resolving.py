"""How a challenge ends: the owner's answer, in time or late, and the convenor's decision."""

from datetime import date
from typing import Any

import pytest

from accounts import actions as accounts
from accounts.models import Role, Team, User
from commitments import actions, errors, standing
from commitments.models import Challenge, Commitment, ProgressUpdate
from tests import make
from tests.make import SLUG, TODAY, days
from tests.recording import one, refused, telling, told, types

pytestmark = pytest.mark.django_db

ROOT = "commitment:AT25-C001"


@pytest.fixture
def lead() -> Team:
    return make.team(slug="north")


@pytest.fixture
def commitment(lead: Team) -> Commitment:
    return make.commitment(make.assembly(prefix="AT25"), lead=lead)


@pytest.fixture
def claim(commitment: Commitment) -> ProgressUpdate:
    return make.claim(commitment)


@pytest.fixture
def opened(claim: ProgressUpdate) -> Challenge:
    return make.open_challenge(claim)


def state(challenge: Challenge, today: date = TODAY) -> str:
    found = Challenge.objects.with_state(today).get(pk=challenge.pk)
    shown: str = vars(found)["shown_state"]
    return shown


def shown(commitment: Commitment, today: date = TODAY) -> str:
    commitment.refresh_from_db()
    return standing.standing(standing.facts_of(commitment), today)


def reply(challenge: Challenge, lead: Team, today: date = TODAY) -> Challenge:
    return actions.reply(challenge, by=make.member(lead), today=today, body="They walk at night.")


def resolve(
    challenge: Challenge, outcome: str, today: date = TODAY, reason: str = "Nobody saw them."
) -> Challenge:
    return actions.resolve(challenge, by=make.convenor(), today=today, outcome=outcome, reason=reason)


def about(challenge: Challenge) -> dict[str, Any]:
    return {"subject": f"challenge:{challenge.pk}", "root": ROOT}


def test_an_owner_answers_in_time_and_it_is_told(opened: Challenge, lead: Team) -> None:
    with telling() as entries:
        challenge = reply(opened, lead, days(28))
    told(
        one(entries),
        "challenge.answered",
        actor="team:north",
        on=days(28),
        facts={"commitment": "AT25-C001", "team": "north", "late_by_days": None},
        words={"reply": "They walk at night."},
        **about(challenge),
    )
    assert (challenge.state, challenge.late_by_days) == ("answered", None)
    assert shown(challenge.commitment) == "contested"


def test_a_late_reply_is_taken_after_the_silence_is_recorded_and_stays_marked_late(
    opened: Challenge, lead: Team
) -> None:
    assert state(opened, days(28)) == "open"
    assert state(opened, days(29)) == "unanswered"
    with telling() as entries:
        challenge = reply(opened, lead, days(33))
    assert types(entries) == ["challenge.unanswered", "challenge.answered"]
    told(
        entries[0],
        "challenge.unanswered",
        actor="clock",
        on=days(29),
        facts={"commitment": "AT25-C001", "reply_due_on": days(28).isoformat()},
        **about(challenge),
    )
    assert (challenge.state, challenge.late_by_days) == ("answered", 5)
    resolve(challenge, "not_upheld", days(40))
    challenge.refresh_from_db()
    assert challenge.late_by_days == 5


def test_a_challenge_is_answered_once_by_an_owner_and_when_it_is_open(
    claim: ProgressUpdate, lead: Team
) -> None:
    challenge, officer, stranger = make.challenge(claim), make.member(lead), make.convenor()
    with refused(errors.ChallengeNotOpen):
        actions.reply(challenge, by=officer, today=TODAY, body="Early")
    challenge = make.open_challenge(claim)
    with refused(errors.NotAnOwner):
        actions.reply(challenge, by=stranger, today=TODAY, body="Not mine")
    reply(challenge, lead)
    with refused(errors.ReplyGiven):
        actions.reply(challenge, by=officer, today=TODAY, body="Again")


@pytest.mark.parametrize("outcome", ["upheld", "partly_upheld"])
def test_an_upheld_challenge_keeps_the_claim_contested_and_lateness_runs_on(
    opened: Challenge, lead: Team, outcome: str
) -> None:
    with telling() as entries:
        challenge = resolve(reply(opened, lead), outcome)
    told(
        entries[-1],
        "challenge.resolved",
        actor=f"convenor:{SLUG}",
        facts={"commitment": "AT25-C001", "claim": str(challenge.claim_id), "outcome": outcome},
        words={"reason": "Nobody saw them."},
        **about(challenge),
    )
    commitment = challenge.commitment
    assert shown(commitment) == "contested"
    assert (commitment.refuted_on, commitment.open_challenges) == (TODAY, 0)
    assert not standing.has_standing_claim(standing.facts_of(commitment))


def test_a_verified_finding_does_not_undo_an_upheld_challenge(opened: Challenge, lead: Team) -> None:
    resolve(reply(opened, lead), "upheld")
    actions.verify(
        opened.commitment,
        by=make.panel(),
        today=TODAY,
        claim=opened.claim,
        finding="verified",
        reason="We looked.",
    )
    assert shown(opened.commitment) == "contested"
    assert opened.commitment.refuted_on is not None


def test_a_challenge_that_is_not_upheld_gives_the_claim_back_what_it_was(
    opened: Challenge, lead: Team
) -> None:
    resolve(reply(opened, lead), "not_upheld")
    assert shown(opened.commitment) == "claimed"
    assert opened.commitment.refuted_on is None


def test_an_unanswered_challenge_is_resolved_only_after_its_day(opened: Challenge) -> None:
    convenor = make.convenor()
    with refused(errors.ResolvedTooEarly):
        actions.resolve(opened, by=convenor, today=days(28), outcome="upheld", reason="Silence.")
    with telling() as entries:
        challenge = resolve(opened, "upheld", days(29))
    assert types(entries) == ["challenge.unanswered", "challenge.resolved"]
    assert (challenge.state, challenge.outcome, challenge.answered_on) == ("resolved", "upheld", None)


def test_a_decision_needs_an_independent_convenor_a_reason_and_a_word_that_exists(
    opened: Challenge, lead: Team
) -> None:
    challenge, panel = reply(opened, lead), make.panel()
    convenor, both = make.convenor(), make.convenor()
    accounts.grant_role(both, Role.TEAM_MEMBER, team=lead)

    def decide(by: User, outcome: str = "upheld", reason: str = "So.") -> None:
        actions.resolve(challenge, by=by, today=TODAY, outcome=outcome, reason=reason)

    with refused(errors.NotTheConvenor):
        decide(panel)
    with refused(errors.NotIndependent):
        decide(both)
    with refused(errors.ReasonMissing, "reason"):
        decide(convenor, reason="")
    with refused(errors.UnknownField, "outcome"):
        decide(convenor, "perhaps")
    decide(convenor)
    with refused(errors.ChallengeClosed):
        decide(convenor)


def test_a_new_word_of_the_owner_ends_contest_and_leaves_old_challenges_to_history(
    opened: Challenge, lead: Team
) -> None:
    waiting = make.challenge(opened.claim)
    gathering = actions.admit(make.challenge(opened.claim), by=make.convenor(), today=TODAY)
    make.update(opened.commitment, by=make.member(lead), reason="We begin again.")
    assert shown(opened.commitment) == "on_track"
    convenor, resident = make.convenor(), make.person()
    with refused(errors.ClaimIsGone):
        actions.admit(waiting, by=convenor, today=TODAY)
    with refused(errors.ClaimIsGone):
        actions.support(gathering, by=resident, today=TODAY)
    make.claim(opened.commitment, by=make.member(lead))
    assert shown(opened.commitment) == "claimed"
    resolve(reply(opened, lead), "upheld")
    assert shown(opened.commitment) == "claimed"


def test_a_challenge_of_a_claim_that_is_gone_is_still_answered_and_resolved(
    opened: Challenge, lead: Team
) -> None:
    make.update(opened.commitment, by=make.member(lead), reason="We begin again.")
    challenge = resolve(reply(opened, lead), "upheld")
    commitment = challenge.commitment
    assert shown(commitment) == "on_track"
    assert (commitment.open_challenges, commitment.disputed, commitment.refuted_on) == (0, False, None)
    assert challenge.outcome == "upheld"


def test_the_panel_challenges_a_claim_once_at_a_time(claim: ProgressUpdate, lead: Team) -> None:
    challenge, second = make.challenge(claim, by=make.panel()), make.panel()
    with refused(errors.AlreadyChallenged):
        make.challenge(claim, by=second)
    resolve(reply(challenge, lead), "not_upheld")
    make.challenge(claim, by=second)
