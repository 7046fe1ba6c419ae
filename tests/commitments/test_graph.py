"""Promises are published, passed on, split, merged, replaced and given up at random; nothing published is orphaned."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from random import Random
from typing import Any, TypeVar

import pytest
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import Organisation, Team, User
from commitments import actions, permissions
from commitments.choices import ChallengeState, HandOverState, RequestState, Status
from commitments.models import Challenge, Commitment, Correction, DueDateChange, Lineage
from commitments.models.commitments import LIVE
from commitments.promises import Due, Ownership, Promise
from record import clock
from record.guarded import opened
from record.refusals import NotNow, Refusal
from record.shelf import SHELF
from tests import graph, make
from tests.contract import CheckingClient
from tests.make import days

pytestmark = pytest.mark.django_db
FEWEST, MOST_WALKS, STEPS, LOOK_EVERY, MOST = 2, 8, 60, 6, 14
"""Walks (more while a verb was never done), steps in each, how often all is looked at, promises at most in one."""
T = TypeVar("T")


class Walk:
    """Two bodies, a convenor and a panel, who do now this and now that; what is refused is no step."""

    def __init__(self, seed: int) -> None:
        self.dice, self.day = Random(seed), 0
        self.done: Counter[str] = Counter()
        self.people = graph.People()
        self.assembly = make.assembly(prefix="AT25")
        self.asked = [make.recommendation(self.assembly) for _ in range(2)]
        self.bodies = [make.organisation("police"), make.organisation("council", kind="council")]
        for body in self.bodies * 2:
            make.team(body)
        self.convenor, self.panel = make.convenor(), make.panel()
        self.publish()

    @property
    def today(self) -> date:
        """The day of the walk."""
        return days(self.day)

    def tried(self, verb: Callable[..., Any], *args: Any, **said: Any) -> None:
        """Do it on the next day, if it may be done; a refusal has changed nothing."""
        self.day += 1
        try:
            with clock.at(make.noon(self.today)), transaction.atomic():
                verb(*args, today=self.today, **said)
        except Refusal:
            return
        self.done[verb.__name__] += 1

    def steps(self, number: int) -> Iterator[Callable[[], None]]:
        """So many at random: all of them in one order, then in another."""
        every: list[Callable[[], None]] = [
            self.publish, self.enter, self.accept, self.report, self.hand_over, self.say_no, self.say_no, self.split,
            self.merge, self.supersede, self.reorganise, self.reorganise, self.correct, self.ask_for_a_date,
            self.decide_a_date, self.decide_a_correction, self.dispute, self.set_a_step, self.wait,
        ]  # fmt: skip
        for place in range(number):
            if place % len(every) == 0:
                self.dice.shuffle(every)
            yield every[place % len(every)]

    def one(self, *wanted: Q) -> Commitment:
        """A commitment that is wanted, if there is one; now and then any."""
        rows: QuerySet[Commitment] = Commitment.objects.order_by("pk")
        found = rows.filter(*wanted, stage__in=LIVE).distinct() if self.dice.random() < 0.9 else rows
        return self.dice.choice(list(found) or list(rows))

    def team(self, body: Organisation | None = None) -> Team:
        """One that has not ended."""
        teams = Team.objects.filter(ended_on=None).select_related("organisation").order_by("pk")
        found = list(teams.filter(organisation=body) if body else teams)
        return self.dice.choice(found or [make.team(body)])

    def responder(self, commitment: Commitment) -> User:
        """Of the body that leads, else of any."""
        lead = permissions.present_owners(commitment).filter(lead=True).select_related("organisation").first()
        return self.people.responder(lead.organisation if lead else self.dice.choice(self.bodies))

    def owners(self, lead: Team) -> list[Ownership]:
        """The lead, sometimes with a partner."""
        partner = self.team()
        partners = [partner] if partner != lead and self.dice.random() < 0.4 else []
        return [Ownership(team=lead, lead=True), *(Ownership(team=one) for one in partners)]

    def promise(self, body: Organisation | None = None) -> Promise:
        """Sometimes for a recommendation."""
        asked = self.dice.sample(self.asked, self.dice.randint(0, 2))
        owners = self.owners(self.team(body))
        return Promise(title="Walk", owners=owners, recommendations=asked, due=Due(days(self.day + 60)))

    def is_full(self) -> bool:
        """Enough to read through."""
        return Commitment.objects.count() >= MOST

    def publish(self) -> None:
        said = self.promise()
        by = self.people.responder(said.owners[0].body)
        if not self.is_full():
            self.tried(actions.publish_commitment, self.assembly, by=by, promise=said)

    def enter(self) -> None:
        team, partner = self.team(), self.dice.choice(self.bodies)
        owners: Sequence[list[Ownership]] = [
            [],
            [Ownership(team=team, lead=True)],
            [Ownership(organisation=team.organisation, lead=True)],
            [Ownership(team=team, lead=True), Ownership(organisation=partner)],
        ]
        said = Promise(
            title="From a source", owners=self.dice.choice(owners), recommendations=[self.asked[1]]
        )
        if not self.is_full():
            by, source = self.convenor, make.SOURCE
            self.tried(actions.enter_commitment, self.assembly, by=by, promise=said, source=source)

    def accept(self) -> None:
        waiting = Q(accepted_on=None) | Q(hand_overs__state=HandOverState.OFFERED)
        commitment = self.one(waiting | Q(owners__accepted_on=None, owners__ended_on=None))
        for body in self.dice.sample(self.bodies, 2):
            lead = self.dice.random() < 0.5
            owners = self.dice.choice([[], [Ownership(team=self.team(body), lead=lead)]])
            self.tried(actions.accept, commitment, by=self.people.responder(body), owners=owners)

    def report(self) -> None:
        commitment = self.one()
        status = self.dice.choice([*Status.values, *[Status.COMPLETED] * 5])
        said = {"body": "So it stands.", "reason": "So it is.", "evidence": make.EVIDENCE}
        self.tried(actions.post_update, commitment, by=self.responder(commitment), status=status, **said)

    def hand_over(self) -> None:
        commitment = self.one(Q(accepted_on__isnull=False))
        owners = self.owners(self.team())
        by = self.responder(commitment)
        self.tried(actions.hand_over, commitment, by=by, owners=owners, reason="Moved")

    def say_no(self) -> None:
        commitment = self.one(Q(hand_overs__state=HandOverState.OFFERED))
        if self.dice.random() < 0.4:
            by = self.responder(commitment)
            self.tried(actions.withdraw_hand_over, commitment, by=by, reason="We keep it")
            return
        by = self.people.responder(self.dice.choice(self.bodies))
        self.tried(actions.refuse_hand_over, commitment, by=by, reason="It is not ours")

    def split(self) -> None:
        commitment = self.one(Q(accepted_on__isnull=False))
        by = self.responder(commitment)
        lead = permissions.present_owners(commitment).filter(lead=True).first()
        body = lead.organisation if lead else None
        parts = [self.promise(body) for _ in range(2)]
        if not self.is_full():
            self.tried(actions.split, commitment, by=by, parts=parts, reason="Two steps")

    def merge(self) -> None:
        commitment = self.one(Q(accepted_on__isnull=False))
        by = self.responder(commitment)
        lead = permissions.present_owners(commitment).filter(lead=True).first()
        same = Q(accepted_on__isnull=False, owners__lead=True, owners__ended_on=None)
        body = lead.organisation if lead else None
        others = [self.one(same & Q(owners__organisation=body))]
        if not self.is_full():
            said = self.promise(body)
            self.tried(actions.merge, commitment, by=by, others=others, promise=said, reason="One")

    def supersede(self) -> None:
        commitment, successor = (self.one(Q(accepted_on__isnull=False)) for _ in range(2))
        by = self.responder(commitment)
        self.tried(actions.supersede, commitment, by=by, successor=successor, reason="Better")

    def reorganise(self) -> None:
        """A team renamed, merged, split, moved or dissolved."""
        team = self.team()
        fresh = [make.team(team.organisation) for _ in range(self.dice.choice((0, 1, 2)))]
        heirs = fresh or self.dice.choice([[self.team()], []])
        owned = Commitment.objects.filter(owners__team=team, owners__ended_on=None, stage__in=LIVE)
        passing = {one.reference: heirs[-1] for one in owned[:1]} if len(heirs) > 1 else {}
        said = {"successors": heirs, "passing": passing, "reason": "The borough changed"}
        self.tried(actions.reorganise, team, by=self.people.responder(team.organisation), **said)

    def correct(self) -> None:
        commitment = self.one()
        by = self.convenor if commitment.accepted_on is None else self.responder(commitment)
        names = ", ".join(dict.fromkeys([self.team().slug, self.team().slug]))
        field, text = self.dice.choice([("title", f"Title {self.day}"), ("owners", names)])
        self.tried(actions.correct_commitment, commitment, by=by, field=field, text=text, reason="A slip")

    def ask_for_a_date(self) -> None:
        commitment = self.one(Q(accepted_on__isnull=False))
        by, due = self.responder(commitment), Due(days(self.day + 90))
        self.tried(actions.request_due_date, commitment, by=by, due=due, reason="Two posts are vacant")

    def decide_a_date(self) -> None:
        self.decide(DueDateChange.objects.all(), actions.approve_due_date, actions.refuse_due_date)

    def decide_a_correction(self) -> None:
        self.decide(Correction.objects.all(), actions.approve_correction, actions.refuse_correction)

    def decide(self, rows: QuerySet[Any], *verbs: Callable[..., Any]) -> None:
        """The convenor decides something that waits, or once waited."""
        found = list(rows.filter(state=RequestState.REQUESTED)) or list(rows)
        if found:
            request, verb = self.dice.choice(found), self.dice.choice(verbs)
            self.tried(verb, request, by=self.convenor, reason="So be it")

    def dispute(self) -> None:
        """The panel challenges a claim, and the owner may reply to what is open."""
        commitment = self.one(Q(claim__isnull=False))
        if commitment.claim:
            said = {"claim": commitment.claim, "reason": "We see nobody."}
            self.tried(actions.challenge_claim, commitment, by=self.panel, **said)
        opened = list(Challenge.objects.filter(state=ChallengeState.OPEN).select_related("commitment"))
        if opened and self.dice.random() < 0.5:
            challenge = self.dice.choice(opened)
            by = self.responder(challenge.commitment)
            self.tried(actions.reply, challenge, by=by, body="We do.")

    def set_a_step(self) -> None:
        commitment = self.one(Q(accepted_on__isnull=False))
        said = {"title": "Begin", "due_on": days(self.day + 20)}
        self.tried(actions.add_milestone, commitment, by=self.responder(commitment), **said)

    def wait(self) -> None:
        self.day += self.dice.randint(1, 120)
        with clock.at(make.noon(self.today)):
            actions.tick(self.today)


VERBS = {
    "accept", "add_milestone", "approve_correction", "approve_due_date", "challenge_claim", "correct_commitment",
    "enter_commitment", "hand_over", "merge", "post_update", "publish_commitment", "refuse_correction",
    "refuse_due_date", "refuse_hand_over", "reorganise", "reply", "request_due_date", "split", "supersede",
    "withdraw_hand_over",
}  # fmt: skip


@contextmanager
def taken_back() -> Iterator[None]:
    """What is done inside is rolled back."""
    SHELF.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    SHELF.clear()


def test_whatever_is_done_to_promises_nothing_published_is_orphaned() -> None:
    done: Counter[str] = Counter()
    for seed in range(MOST_WALKS):
        if seed >= FEWEST and set(done) == VERBS:
            break
        with taken_back():
            walk = Walk(seed)
            for number, step in enumerate(walk.steps(STEPS)):
                step()
                if number % LOOK_EVERY == 0:
                    graph.check_all(walk.people)
            graph.check_all(walk.people)
            with clock.at(make.noon(walk.today)):
                graph.check_readable(CheckingClient())
                graph.check_followed(CheckingClient())
            done += walk.done
    assert set(done) == VERBS, f"never done: {VERBS - set(done)}; {done}"


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
    said: dict[str, Any] = {
        "by": make.member(make.lead_team(commitment)),
        "today": make.TODAY,
        "reason": "Later",
    }
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
