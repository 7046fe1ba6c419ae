"""The life of a challenge, from a resident's words to the convenor's decision."""

from datetime import date
from typing import Any

import pytest

from accounts import actions as accounts
from accounts.models import Role, Team, User
from commitments import actions, errors, standing
from commitments.models import Challenge, Commitment, ProgressUpdate
from record.entries import shown_words
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


def test_a_residents_challenge_is_proposed_and_its_words_wait_for_the_convenor(claim: ProgressUpdate) -> None:
    resident = make.person()
    with telling() as entries:
        challenge = make.challenge(claim, by=resident)
    told(
        one(entries),
        "challenge.proposed",
        actor="resident",
        facts={"commitment": "AT25-C001", "claim": str(claim.pk), "voice": "resident"},
        words={"reason": "We see nobody."},
        state="pending",
        **about(challenge),
    )
    assert shown_words([one(entries).position]) == {one(entries).position: {"reason": None}}
    assert (challenge.state, challenge.support_count, challenge.support_needed) == ("proposed", 1, 5)
    assert (challenge.reason_shown, challenge.reply_due_on) == (False, None)
    assert shown(claim.commitment) == "claimed"


def test_no_entry_names_the_person_who_challenges_or_supports(claim: ProgressUpdate) -> None:
    with telling() as entries:
        make.open_challenge(claim)
    assert {entry.actor for entry in entries} == {"resident", f"convenor:{SLUG}"}
    assert not any(b"example.org" in bytes(entry.body) for entry in entries)


def test_the_convenor_admits_words_and_they_are_shown(claim: ProgressUpdate) -> None:
    challenge, convenor = make.challenge(claim), make.convenor()
    proposed = challenge.position or 0
    with telling() as entries:
        challenge = actions.admit(challenge, by=convenor, today=days(1))
    told(
        one(entries),
        "words.published",
        actor=f"convenor:{SLUG}",
        on=days(1),
        facts={"entry": proposed, "supporters": 1, "support_needed": 5},
        **about(challenge),
    )
    assert (challenge.state, challenge.reason_shown) == ("gathering", True)
    assert shown_words([proposed]) == {proposed: {"reason": "We see nobody."}}


def test_it_opens_with_the_fifth_resident_and_the_owners_clock_runs(claim: ProgressUpdate) -> None:
    challenge = actions.admit(make.challenge(claim), by=make.convenor(), today=TODAY)
    for number in range(2, 5):
        with telling() as entries:
            challenge = actions.support(challenge, by=make.person(), today=days(1))
        assert entries == []
        assert (challenge.state, challenge.support_count) == ("gathering", number)
    assert shown(claim.commitment) == "claimed"
    with telling() as entries:
        challenge = actions.support(challenge, by=make.person(), today=days(2))
    told(
        one(entries),
        "challenge.opened",
        actor="resident",
        on=days(2),
        facts={
            "commitment": "AT25-C001",
            "claim": str(claim.pk),
            "voice": "resident",
            "supporters": 5,
            "reply_due_on": days(30).isoformat(),
        },
        **about(challenge),
    )
    assert (challenge.state, challenge.opened_on, challenge.reply_due_on) == ("open", days(2), days(30))
    assert shown(claim.commitment) == "contested"
    assert claim.commitment.open_challenges == 1


def test_voices_are_still_counted_while_it_is_open(opened: Challenge) -> None:
    before = opened.support_count
    with telling() as entries:
        found = actions.support(opened, by=make.person(), today=TODAY)
    assert (found.support_count, found.state, entries) == (before + 1, "open", [])


def test_the_assembly_sets_how_many_voices_it_takes(lead: Team) -> None:
    assembly = make.assembly(clocks={"support_needed": 1})
    claim = make.claim(make.commitment(assembly, lead=lead))
    with telling() as entries:
        challenge = actions.admit(make.challenge(claim), by=make.convenor(), today=TODAY)
    assert types(entries) == ["challenge.proposed", "words.published", "challenge.opened"]
    assert challenge.state == "open"


def test_one_person_is_one_voice(claim: ProgressUpdate) -> None:
    proposer, supporter = make.person(), make.person()
    challenge = make.challenge(claim, by=proposer)
    with refused(errors.ChallengeNotAdmitted):
        actions.support(challenge, by=supporter, today=TODAY)
    challenge = actions.admit(challenge, by=make.convenor(), today=TODAY)
    actions.support(challenge, by=supporter, today=TODAY)
    for by in (proposer, supporter):
        with refused(errors.AlreadySupported):
            actions.support(challenge, by=by, today=TODAY)


def test_one_persons_challenge_of_a_claim_runs_at_a_time(claim: ProgressUpdate) -> None:
    resident = make.person()
    challenge = make.challenge(claim, by=resident)
    with refused(errors.AlreadyChallenged):
        make.challenge(claim, by=resident)
    actions.withdraw(challenge, by=resident, today=TODAY)
    make.challenge(claim, by=resident)


@pytest.mark.parametrize("verb", ["propose", "support"])
def test_members_of_an_owner_body_convenors_and_the_unconfirmed_do_not_challenge(
    commitment: Commitment, claim: ProgressUpdate, lead: Team, verb: str
) -> None:
    challenge = actions.admit(make.challenge(claim), by=make.convenor(), today=TODAY)
    unconfirmed = make.person()
    unconfirmed.confirmed_at = None
    unconfirmed.save()
    sister = make.member(make.team(lead.organisation))
    refusals = [
        (make.member(lead), errors.OwnersDoNotJudge),
        (make.responder(lead.organisation), errors.OwnersDoNotJudge),
        (sister, errors.OwnersDoNotJudge),
        (make.convenor(), errors.ConvenorStaysNeutral),
        (unconfirmed, errors.AddressNotConfirmed),
    ]
    for by, refusal in refusals:
        with refused(refusal):
            if verb == "propose":
                make.challenge(claim, by=by)
            else:
                actions.support(challenge, by=by, today=TODAY)


def test_a_challenge_names_the_present_claim_and_a_reason(commitment: Commitment, lead: Team) -> None:
    resident, officer = make.person(), make.member(lead)
    word = make.update(commitment, by=officer)
    with refused(errors.NothingClaimed):
        make.challenge(word, by=resident)
    old = make.claim(commitment, by=officer)
    present = make.claim(commitment, by=officer)
    with refused(errors.NotThePresentClaim):
        make.challenge(old, by=resident)
    with refused(errors.ReasonMissing, "reason"):
        make.challenge(present, by=resident, reason="  ")


def test_the_panels_challenge_opens_at_once_and_is_told(claim: ProgressUpdate) -> None:
    with telling() as entries:
        challenge = make.challenge(claim, by=make.panel())
    told(
        one(entries),
        "challenge.opened",
        actor=f"panel:{SLUG}",
        facts={
            "commitment": "AT25-C001",
            "claim": str(claim.pk),
            "voice": "panel",
            "supporters": 0,
            "reply_due_on": days(28).isoformat(),
        },
        words={"reason": "We see nobody."},
        **about(challenge),
    )
    assert (challenge.state, challenge.reason_shown) == ("open", True)
    assert shown(claim.commitment) == "contested"


def test_the_panel_challenges_a_claim_once_at_a_time(claim: ProgressUpdate, lead: Team) -> None:
    challenge, second = make.challenge(claim, by=make.panel()), make.panel()
    with refused(errors.AlreadyChallenged):
        make.challenge(claim, by=second)
    resolve(reply(challenge, lead), "not_upheld")
    make.challenge(claim, by=second)


def test_a_panel_member_of_an_owner_body_does_not_challenge(claim: ProgressUpdate, lead: Team) -> None:
    by = make.panel()
    accounts.grant_role(by, Role.TEAM_MEMBER, team=lead)
    with refused(errors.NotIndependent):
        make.challenge(claim, by=by)


def test_only_an_independent_convenor_admits(claim: ProgressUpdate, lead: Team) -> None:
    challenge, both = make.challenge(claim), make.convenor()
    accounts.grant_role(both, Role.RESPONDER, organisation=lead.organisation)
    with refused(errors.NotIndependent):
        actions.admit(challenge, by=both, today=TODAY)
    for by in (make.panel(), make.member(lead), make.person()):
        with refused(errors.NotTheConvenor):
            actions.admit(challenge, by=by, today=TODAY)


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


def test_a_proposer_withdraws_before_it_opens_and_nobody_else(claim: ProgressUpdate) -> None:
    resident, stranger, convenor = make.person(), make.person(), make.convenor()
    challenge = make.challenge(claim, by=resident)
    for by in (stranger, convenor):
        with refused(errors.NotYourChallenge):
            actions.withdraw(challenge, by=by, today=TODAY)
    challenge = actions.admit(challenge, by=convenor, today=TODAY)
    with telling() as entries:
        challenge = actions.withdraw(challenge, by=resident, today=TODAY)
    told(
        one(entries),
        "challenge.withdrawn",
        actor="resident",
        facts={"commitment": "AT25-C001"},
        **about(challenge),
    )
    with refused(errors.ChallengeClosed):
        actions.support(challenge, by=stranger, today=TODAY)
    with refused(errors.ChallengeClosed):
        actions.withdraw(challenge, by=resident, today=TODAY)


def test_an_open_challenge_is_neither_withdrawn_nor_admitted_again(opened: Challenge) -> None:
    convenor = make.convenor()
    with refused(errors.ChallengeAlreadyOpen):
        actions.withdraw(opened, by=opened.proposer, today=TODAY)
    with refused(errors.ChallengeAlreadyOpen):
        actions.admit(opened, by=convenor, today=TODAY)


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


def test_replies_are_counted_in_working_days_where_the_assembly_says_so(lead: Team) -> None:
    assembly = make.assembly(clocks={"reply_days": 5, "reply_days_are": "working"})
    commitment = make.commitment(assembly, lead=lead)
    thursday = date(2026, 12, 24)
    claim = make.claim(commitment, today=thursday)
    challenge = make.challenge(claim, by=make.panel(), today=thursday)
    # Christmas Day, the weekend, Boxing Day's substitute on Monday 28th, New Year's Day and a weekend do not count.
    assert challenge.reply_due_on == date(2027, 1, 5)
