"""The life of a challenge, from a resident's words until it is open or withdrawn."""

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


def shown(commitment: Commitment, today: date = TODAY) -> str:
    commitment.refresh_from_db()
    return standing.standing(standing.facts_of(commitment), today)


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
        (make.convenor(), errors.JudgesTakeNoSide),
        (unconfirmed, errors.AddressNotConfirmed),
    ]
    if verb == "support":
        refusals.append((make.panel(), errors.JudgesTakeNoSide))
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


def test_the_convenor_refuses_words_on_a_ground_and_other_words_can_be_proposed(
    claim: ProgressUpdate,
) -> None:
    resident, convenor = make.person(), make.convenor()
    challenge = make.challenge(claim, by=resident)
    with refused(errors.UnknownField):
        actions.refuse_challenge(challenge, by=convenor, today=TODAY, ground="it is not so")
    with telling() as entries:
        challenge = actions.refuse_challenge(challenge, by=convenor, today=TODAY, ground="personal_data")
    told(
        one(entries),
        "challenge.refused",
        actor=f"convenor:{SLUG}",
        facts={"commitment": "AT25-C001", "claim": str(claim.pk), "ground": "personal_data"},
        **about(challenge),
    )
    assert (challenge.state, challenge.refused_ground, challenge.refused_on) == (
        "refused",
        "personal_data",
        TODAY,
    )
    assert not challenge.reason_shown
    assert shown_words([challenge.position or 0])[challenge.position or 0] == {"reason": None}
    tries: tuple[tuple[Any, User], ...] = (
        (actions.support, make.person()),
        (actions.admit, convenor),
        (actions.withdraw, resident),
    )
    for verb, by in tries:
        with refused(errors.ChallengeClosed):
            verb(challenge, by=by, today=TODAY)
    assert make.challenge(claim, by=resident, reason="Nobody walks there.").state == "proposed"


def test_only_an_independent_convenor_refuses_and_nothing_that_was_admitted(
    claim: ProgressUpdate, lead: Team
) -> None:
    challenge, both, convenor = make.challenge(claim), make.convenor(), make.convenor()
    accounts.grant_role(both, Role.RESPONDER, organisation=lead.organisation)
    with refused(errors.NotIndependent):
        actions.refuse_challenge(challenge, by=both, today=TODAY, ground="abuse")
    for by in (make.panel(), make.member(lead), make.person()):
        with refused(errors.NotTheConvenor):
            actions.refuse_challenge(challenge, by=by, today=TODAY, ground="abuse")
    challenge = actions.admit(challenge, by=convenor, today=TODAY)
    with refused(errors.ChallengeAdmitted):
        actions.refuse_challenge(challenge, by=convenor, today=TODAY, ground="abuse")


def test_an_open_challenge_is_neither_withdrawn_nor_admitted_again(opened: Challenge) -> None:
    convenor = make.convenor()
    with refused(errors.ChallengeAlreadyOpen):
        actions.withdraw(opened, by=opened.proposer, today=TODAY)
    with refused(errors.ChallengeAlreadyOpen):
        actions.admit(opened, by=convenor, today=TODAY)


def test_replies_are_counted_in_working_days_where_the_assembly_says_so(lead: Team) -> None:
    assembly = make.assembly(clocks={"reply_days": 5, "reply_days_are": "working"})
    commitment = make.commitment(assembly, lead=lead)
    thursday = date(2026, 12, 24)
    claim = make.claim(commitment, today=thursday)
    challenge = make.challenge(claim, by=make.panel(), today=thursday)
    # Christmas Day, the weekend, Boxing Day's substitute on Monday 28th, New Year's Day and a weekend do not count.
    assert challenge.reply_due_on == date(2027, 1, 5)
