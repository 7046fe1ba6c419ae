"""A told story, acted: every step by its verb, at its own moment, while the clock ticks once a month beside it."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import singledispatchmethod
from itertools import groupby
from typing import Any

from accounts import actions as accounts
from accounts.models import Role
from commitments import actions
from commitments.actions import tick
from commitments.deadlines import london_date
from commitments.models import Commitment, Correction
from commitments.promises import Due, EvidenceLink, Ownership, Promise
from record import clock
from tests import make
from tests.foreign.shaping import titled
from tests.foreign.tracker import FINDINGS, STATUSES, Publish, Replace, Report, Reword, Step, Story

SLUG = "a-tracker"
TICK_EVERY = timedelta(days=30)
REASON = "The list says it otherwise since today."


class Replay:
    """An assembly, one body with one team that promises everything, a convenor and a panel."""

    def __init__(self, begin: datetime, due: Mapping[int, Due]) -> None:
        self.due = due
        self.commitments: dict[int, Commitment] = {}
        self.ticked = london_date(begin)
        self._shortened: set[int] = set()
        self.convenor, self.panel = make.convenor(SLUG), make.panel(SLUG)
        said: dict[str, Any] = {"by": self.convenor, "today": self.ticked}
        with clock.at(begin - timedelta(minutes=1)):
            body = accounts.publish_organisation(
                "administration", **said, name="An administration", kind="other"
            )
            self.team = accounts.publish_team("office", **said, name="Its office", organisation=body)
            self.assembly = actions.publish_assembly(SLUG, **said, prefix="TT", title="A tracker's list")
        self.responder, self.member = make.responder(body), make.person()
        accounts.grant_role(self.member, Role.TEAM_MEMBER, team=self.team)

    def play(self, story: Story, until: date) -> None:
        """Every step, and the clock's own tick once a month: what it would miss between, the verbs settle."""
        for at, together in groupby(story.steps, key=lambda step: step.at):
            self.let_pass(london_date(at))
            with clock.at(at):
                for step in together:
                    self.act(step, london_date(at))
        self.let_pass(until)
        self.tick(until)

    def let_pass(self, until: date) -> None:
        """Time goes by, a whole month at once."""
        while self.ticked + TICK_EVERY <= until:
            self.ticked += TICK_EVERY
            self.tick(self.ticked)

    def tick(self, day: date) -> None:
        """The clock writes what has passed, as a day begins."""
        with clock.at(datetime.combine(day, time.min, tzinfo=clock.LONDON)):
            tick(day)

    @singledispatchmethod
    def act(self, step: Step, today: date) -> None:
        """Do what a step says."""
        raise TypeError(step)

    @act.register
    def _publish(self, step: Publish, today: date) -> None:
        title, body = titled(step.text)
        promise = Promise(
            title, body, owners=[Ownership(team=self.team, lead=True)], due=self.due.get(step.promise)
        )
        self.commitments[step.promise] = actions.publish_commitment(
            self.assembly, by=self.responder, today=today, promise=promise
        )

    @act.register
    def _report(self, step: Report, today: date) -> None:
        commitment = self.commitments[step.promise]
        update = actions.post_update(
            commitment,
            by=self.member,
            today=today,
            body=f"The list says: {step.said}.",
            status=STATUSES[step.said],
            reason=step.reason,
            evidence=[EvidenceLink(one.title, one.url) for one in step.links],
        )
        if step.said in FINDINGS:
            finding = FINDINGS[step.said]
            actions.verify(
                commitment, by=self.panel, today=today, claim=update, finding=finding, reason=step.reason
            )

    @act.register
    def _reword(self, step: Reword, today: date) -> None:
        """A shortened title leaves the whole text standing as the body."""
        commitment = Commitment.objects.get(pk=self.commitments[step.promise].pk)
        title, body = titled(step.text)
        if step.shortened:
            self._shortened.add(step.promise)
            body = commitment.body or commitment.title
        elif commitment.body:
            body = commitment.body if step.promise in self._shortened else step.text
        for field, text in (("body", body), ("title", title)):
            if getattr(commitment, field) != text:
                asked = self._correct(commitment, field, text, today)
                actions.approve_correction(asked, by=self.convenor, today=today)

    def _correct(self, commitment: Commitment, field: str, text: str, today: date) -> Correction:
        said: dict[str, Any] = {"field": field, "text": text, "reason": REASON}
        return actions.correct_commitment(commitment, by=self.member, today=today, **said)

    @act.register
    def _replace(self, step: Replace, today: date) -> None:
        successor = self.commitments[step.by]
        actions.supersede(
            self.commitments[step.promise], by=self.responder, today=today, successor=successor, reason=REASON
        )
