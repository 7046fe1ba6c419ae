"""Promises are published, passed on, split, merged, replaced and given up at random; nothing published is orphaned."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date
from typing import Any, TypeVar

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.models import Organisation, Team, User
from api.http.kept import SHELF
from commitments import actions, permissions
from commitments.choices import Status
from commitments.models import Challenge, Commitment, Correction, DueDateChange, Lineage
from commitments.promises import Due, Ownership, Promise
from record import clock
from record.guarded import opened
from record.refusals import NotNow, Refusal
from tests import graph, make
from tests.contract import CheckingClient
from tests.make import days

pytestmark = pytest.mark.django_db
CHOICE = st.integers(0, 2**16)
MOST = 14
"""So many promises at most, so that one example can be read through over HTTP."""
T = TypeVar("T")


class Promises(RuleBasedStateMachine):
    """Two bodies, a convenor, and what they do; what is refused is no step, and must have changed nothing."""

    @initialize()
    def begin(self) -> None:
        """The ground, in a transaction that is rolled back."""
        self.around = ExitStack()
        self.around.enter_context(transaction.atomic())
        SHELF.clear()
        self.day = 0
        self.assembly = make.assembly(prefix="AT25")
        self.asked = [make.recommendation(self.assembly) for _ in range(2)]
        self.bodies = [make.organisation("police"), make.organisation("council", kind="council")]
        self.people = graph.People()
        for body in self.bodies:
            make.team(body), make.team(body)
        self.convenor, self.panel = make.convenor(), make.panel()
        self.publish(0, 0, 0)

    def teardown(self) -> None:
        """Read everything over HTTP, and undo it."""
        if not hasattr(self, "around"):
            return
        api = CheckingClient()
        try:
            with clock.at(make.noon(self.today)):
                graph.check_readable(api)
                graph.check_followed(api)
        finally:
            transaction.set_rollback(True)
            self.around.close()
            SHELF.clear()

    @property
    def today(self) -> date:
        return days(self.day)

    def tried(self, verb: Callable[..., Any], *args: Any, **said: Any) -> None:
        """Do it on the next day, if it may be done."""
        self.day += 1
        try:
            with clock.at(make.noon(self.today)), transaction.atomic():
                verb(*args, today=self.today, **said)
        except Refusal:
            pass

    def one(self, rows: Sequence[T], number: int) -> T:
        return rows[number % len(rows)]

    def commitment(self, number: int) -> Commitment:
        return self.one(list(Commitment.objects.order_by("pk")), number)

    def team(self, number: int, body: Organisation | None = None) -> Team:
        """One that has not ended."""
        teams = Team.objects.filter(ended_on=None).select_related("organisation").order_by("pk")
        return self.one(list(teams.filter(organisation=body) if body else teams), number)

    def lead_speaker(self, commitment: Commitment) -> User:
        """A responder of the body that leads, or of any."""
        lead = permissions.present_owners(commitment).filter(lead=True).first()
        return self.people.responder(lead.organisation if lead else self.bodies[0])

    def promise(self, lead: Team, other: int = 0, asked: int = 0) -> Promise:
        """Sometimes with a partner, sometimes for a recommendation."""
        partner = self.team(other)
        partners = [partner] if other % 3 == 0 and partner != lead else []
        return make.promise(
            lead, *partners, recommendations=[self.asked[0]] if asked % 2 else [], due=Due(days(60))
        )

    def is_full(self) -> bool:
        return Commitment.objects.count() >= MOST

    @rule(lead=CHOICE, partner=CHOICE, asked=CHOICE)
    def publish(self, lead: int, partner: int, asked: int) -> None:
        team = self.team(lead)
        if not self.is_full():
            said = self.promise(team, partner, asked)
            by = self.people.responder(team.organisation)
            self.tried(actions.publish_commitment, self.assembly, by=by, promise=said)

    @rule(lead=CHOICE, kind=st.integers(0, 3))
    def enter(self, lead: int, kind: int) -> None:
        team, partner = self.team(lead), self.one(self.bodies, lead + 1)
        owners: list[list[Ownership]] = [
            [],
            [Ownership(team=team, lead=True)],
            [Ownership(organisation=team.organisation, lead=True)],
            [Ownership(team=team, lead=True), Ownership(organisation=partner)],
        ]
        if not self.is_full():
            said = Promise(title="From a source", owners=owners[kind], recommendations=[self.asked[1]])
            source = make.SOURCE
            self.tried(actions.enter_commitment, self.assembly, by=self.convenor, promise=said, source=source)

    @rule(which=CHOICE, body=CHOICE, named=CHOICE)
    def accept(self, which: int, body: int, named: int) -> None:
        speaks = self.one(self.bodies, body)
        team = self.team(named, speaks)
        owners = [[], [Ownership(team=team)], [Ownership(team=team, lead=True)]][named % 3]
        by = self.people.responder(speaks)
        self.tried(actions.accept, self.commitment(which), by=by, owners=owners)

    @rule(which=CHOICE, status=st.sampled_from(Status.values))
    def report(self, which: int, status: str) -> None:
        commitment = self.commitment(which)
        said = {"body": "So it stands.", "reason": "So it is.", "evidence": make.EVIDENCE}
        by = self.lead_speaker(commitment)
        self.tried(actions.post_update, commitment, by=by, status=status, **said)

    @rule(which=CHOICE, lead=CHOICE, partner=CHOICE)
    def hand_over(self, which: int, lead: int, partner: int) -> None:
        commitment, team = self.commitment(which), self.team(lead)
        owners = self.promise(team, partner).owners
        by = self.lead_speaker(commitment)
        self.tried(actions.hand_over, commitment, by=by, owners=owners, reason="Moved")

    @rule(which=CHOICE, body=CHOICE, takes_back=st.booleans())
    def say_no(self, which: int, body: int, takes_back: bool) -> None:
        commitment = self.commitment(which)
        verb = actions.withdraw_hand_over if takes_back else actions.refuse_hand_over
        by = (
            self.lead_speaker(commitment)
            if takes_back
            else self.people.responder(self.one(self.bodies, body))
        )
        self.tried(verb, commitment, by=by, reason="No")

    @rule(which=CHOICE, lead=CHOICE, other=CHOICE)
    def split(self, which: int, lead: int, other: int) -> None:
        commitment = self.commitment(which)
        by = self.lead_speaker(commitment)
        parts = [self.promise(self.team(lead)), self.promise(self.team(lead), other, other)]
        if not self.is_full():
            self.tried(actions.split, commitment, by=by, parts=parts, reason="Two steps")

    @rule(which=CHOICE, other=CHOICE, lead=CHOICE)
    def merge(self, which: int, other: int, lead: int) -> None:
        commitment, others = self.commitment(which), [self.commitment(other)]
        by, said = self.lead_speaker(commitment), self.promise(self.team(lead))
        if not self.is_full():
            self.tried(actions.merge, commitment, by=by, others=others, promise=said, reason="One")

    @rule(which=CHOICE, other=CHOICE)
    def supersede(self, which: int, other: int) -> None:
        commitment, successor = self.commitment(which), self.commitment(other)
        by = self.lead_speaker(commitment)
        self.tried(actions.supersede, commitment, by=by, successor=successor, reason="Better")

    @rule(which=CHOICE, kind=st.integers(0, 4), other=CHOICE)
    def reorganise(self, which: int, kind: int, other: int) -> None:
        """Renamed, merged, split, moved, dissolved."""
        team = self.team(which)
        fresh = [make.team(team.organisation) for _ in range((1, 0, 2, 0, 0)[kind])]
        heirs = [fresh, [self.team(other)], fresh, [self.team(other)], []][kind]
        by = self.people.responder(team.organisation)
        owned = Commitment.objects.filter(owners__team=team, owners__ended_on=None)
        passing = {one.reference: heirs[-1] for one in owned[:1]} if kind == 2 else {}
        self.tried(
            actions.reorganise, team, by=by, successors=heirs, passing=passing, reason="The borough changed"
        )

    @rule(which=CHOICE, field=st.sampled_from(["title", "owners"]), team=CHOICE, other=CHOICE)
    def correct(self, which: int, field: str, team: int, other: int) -> None:
        commitment = self.commitment(which)
        names = dict.fromkeys([self.team(team).slug, self.team(other).slug])
        text = f"Title {self.day}" if field == "title" else ", ".join(names)
        by = self.convenor if commitment.accepted_on is None else self.lead_speaker(commitment)
        self.tried(actions.correct_commitment, commitment, by=by, field=field, text=text, reason="A slip")

    @rule(which=CHOICE)
    def ask_for_a_date(self, which: int) -> None:
        commitment = self.commitment(which)
        by, due = self.lead_speaker(commitment), Due(days(self.day + 90))
        self.tried(actions.request_due_date, commitment, by=by, due=due, reason="Two posts are vacant")

    @rule(which=CHOICE, yes=st.booleans())
    def decide(self, which: int, yes: bool) -> None:
        """The convenor decides something that waits, or once waited."""
        changes, corrections = list(DueDateChange.objects.all()), list(Correction.objects.all())
        if changes:
            verb: Any = actions.approve_due_date if yes else actions.refuse_due_date
            self.tried(verb, self.one(changes, which), by=self.convenor, reason="So be it")
        if corrections:
            verb = actions.approve_correction if yes else actions.refuse_correction
            self.tried(verb, self.one(corrections, which), by=self.convenor, reason="So be it")

    @rule(which=CHOICE)
    def dispute(self, which: int) -> None:
        """The panel challenges a claim, or the lead replies to what is open."""
        commitment = self.commitment(which)
        opened = Challenge.objects.filter(commitment=commitment, state="open").first()
        if opened:
            self.tried(actions.reply, opened, by=self.lead_speaker(commitment), body="We do.")
        elif commitment.claim:
            said = {"claim": commitment.claim, "reason": "We see nobody."}
            self.tried(actions.challenge_claim, commitment, by=self.panel, **said)

    @rule(which=CHOICE)
    def set_a_step(self, which: int) -> None:
        commitment = self.commitment(which)
        said = {"title": "Begin", "due_on": days(self.day + 20)}
        self.tried(actions.add_milestone, commitment, by=self.lead_speaker(commitment), **said)

    @rule(later=st.integers(1, 120))
    def wait(self, later: int) -> None:
        self.day += later
        with clock.at(make.noon(self.today)):
            actions.tick(self.today)

    @invariant()
    def nothing_is_orphaned(self) -> None:
        if hasattr(self, "around"):
            graph.check_all(self.people)


def test_nothing_published_is_ever_orphaned() -> None:
    run_state_machine_as_test(
        Promises,
        settings=settings(max_examples=6, stateful_step_count=25, deadline=None, derandomize=True),
    )


def orphan_a_split(commitment: Commitment) -> None:
    Commitment.objects.filter(pk=commitment.pk).update(stage="split")


def end_the_lead(commitment: Commitment) -> None:
    Team.objects.filter(owned__commitment=commitment).update(ended_on=make.TODAY)


def lose_the_lead(commitment: Commitment) -> None:
    commitment.owners.update(lead=False)


def let_nobody_report(commitment: Commitment) -> None:
    commitment.owners.update(accepted_on=None)


def come_from_itself(commitment: Commitment) -> None:
    other = make.commitment(commitment.assembly)
    for earlier, later in ((commitment, other), (other, commitment)):
        said = {"kind": "superseded", "reason": "Better", "on": make.TODAY, "author": make.person()}
        Lineage.objects.create(earlier=earlier, later=later, **said)


def let_a_request_wait_on_what_was_given_up(commitment: Commitment) -> None:
    said: dict[str, Any] = {"by": make.member(make.lead_team(commitment)), "today": make.TODAY, "reason": "Later"}
    actions.request_due_date(commitment, due=Due(days(90)), **said)
    Commitment.objects.filter(pk=commitment.pk).update(status="abandoned")


@pytest.mark.parametrize(
    "breaking",
    [
        orphan_a_split,
        end_the_lead,
        lose_the_lead,
        let_nobody_report,
        come_from_itself,
        let_a_request_wait_on_what_was_given_up,
    ],
)
def test_an_orphan_would_be_found(breaking: Callable[[Commitment], None]) -> None:
    commitment, people = make.commitment(), graph.People()
    graph.check_all(people)
    with opened():
        breaking(commitment)
    with pytest.raises((AssertionError, ValueError, NotNow)):
        graph.check_all(people)
