"""Those who pass promises on at the same moment wait for each other in one order, and leave nothing behind."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.db import close_old_connections, connections

from accounts.models import Team
from commitments import actions
from commitments.models import Commitment
from commitments.promises import Due, Ownership
from record.models import Entry, Head
from record.refusals import Refusal
from tests import graph, make
from tests.make import TODAY, days

Verb = Callable[[], Any]
ROUNDS = 3


class Ground:
    """A body with three teams and overdue promises of two of them, and another body that one is offered to."""

    def __init__(self) -> None:
        self.people = graph.People()
        self.assembly = make.assembly(prefix="AT25")
        self.police, self.council = make.organisation("police"), make.organisation("council", kind="council")
        self.north, self.east, self.west = (make.team(self.police) for _ in range(3))
        self.wardens = make.team(self.council, "wardens")
        self.by, self.theirs = self.people.responder(self.police), self.people.responder(self.council)
        leads = (self.north, self.east, self.north, self.east)
        self.promises = [make.commitment(self.assembly, lead=lead, due=Due(days(5))) for lead in leads]
        self.hand(self.promises[3], self.wardens)

    def hand(self, commitment: Commitment, *teams: Team) -> Any:
        """Hand over, the first team leading."""
        owners = [Ownership(team=team, lead=order == 0) for order, team in enumerate(teams)]
        return actions.hand_over(commitment, by=self.by, today=days(30), owners=owners, reason="Moved")

    def publish(self, *teams: Team) -> Any:
        """One more promise."""
        said = make.promise(*teams)
        return actions.publish_commitment(self.assembly, by=self.by, today=days(30), promise=said)

    def end(self, team: Team, *successors: Team) -> Any:
        """Reorganise a team."""
        said: dict[str, Any] = {"by": self.by, "today": days(30), "reason": "The borough was redrawn"}
        return actions.reorganise(team, successors=successors, **said)

    def verbs(self) -> list[Verb]:
        """Each locks some of the same rows as others, named in another order."""
        first, second, third, offered = self.promises
        said: dict[str, Any] = {"by": self.by, "today": days(30), "reason": "Better"}
        parts = [make.promise(self.west, self.north), make.promise(self.north, self.west)]
        return [
            lambda: self.end(self.north, self.east),
            lambda: self.publish(self.north, self.east),
            lambda: self.publish(self.east, self.north),
            lambda: self.hand(second, self.north, self.west),
            lambda: self.hand(first, self.west, self.north),
            lambda: actions.split(third, parts=parts, **said),
            lambda: actions.supersede(second, successor=first, **said),
            lambda: actions.accept(offered, by=self.theirs, today=days(30)),
            lambda: actions.supersede(offered, successor=second, **said),
            lambda: actions.tick(days(30)),
        ]


def together(verbs: list[Verb]) -> list[BaseException]:
    """Let all begin at the same moment, each on a connection of its own; what was raised that is no refusal."""
    start = threading.Barrier(len(verbs))

    def act(verb: Verb) -> None:
        close_old_connections()
        try:
            start.wait(timeout=60)
            verb()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(verbs)) as pool:
        raised = [one.exception() for one in [pool.submit(act, verb) for verb in verbs]]
    return [one for one in raised if one and not isinstance(one, Refusal)]


def test_whoever_comes_first_nobody_waits_in_a_ring_and_nothing_is_orphaned(committed_db: None) -> None:
    ground = Ground()
    for _ in range(ROUNDS):
        assert together(ground.verbs()) == []
        graph.check_all(ground.people)
    assert Head.objects.get().position == Entry.objects.count()


def test_a_promise_that_is_published_while_its_team_ends_is_not_left_with_it(committed_db: None) -> None:
    ground = Ground()
    for _ in range(ROUNDS):
        heir, team = make.team(ground.police), make.team(ground.police)
        make.commitment(ground.assembly, lead=team, today=TODAY)
        ending = partial(ground.end, team, heir)
        verbs: list[Verb] = [ending, *(partial(ground.publish, team) for _ in range(3))]
        assert together(verbs) == []
        graph.check_all(ground.people)
