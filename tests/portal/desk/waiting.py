"""A town in which something of every kind waits, each made by the action that lets it wait, and for whom it does."""

from datetime import timedelta
from typing import Any

from accounts import offices
from accounts.models import User
from commitments import actions
from commitments.actions import granting
from commitments.models import Commitment
from commitments.promises import Due, Ownership
from portal.models import WaitingImport
from ratings import actions as ratings
from record import clock
from record.models import Entry
from tests import make
from tests.portal.finding import TODAY, Town
from tests.ratings import crowds, speaking

SPRING = Due(make.days(60), "day")


class Waiting(Town):
    """Look at it on `on`, when everything waits; what comes with ratings only where people rated (`rated`).

    `people` says who is to see each kind of it.
    """

    on = TODAY + timedelta(days=10)

    def __init__(self, *, rated: bool = True) -> None:
        self.people: dict[str, User] = {}
        with clock.at(make.noon(TODAY)):
            super().__init__()
            self.member, self.responder = make.member(self.lead), make.responder(self.police)
            self.other = make.responder(self.council)
            self.ann, self.bea = make.convenor(self.assembly.slug), make.convenor(self.assembly.slug)
            self.panel_member = make.panel(self.assembly.slug)
            self._owners()
            self._bodies()
            self._decisions()
            self._second_people()
        if rated:
            self._ratings()
        with clock.at(make.noon(self.on)):
            WaitingImport.objects.create(
                user=self.bea, assembly=self.assembly.slug, content=b"", digest="0", created_at=clock.now()
            )
        for name in CONVENOR:
            self.people[name] = self.bea

    def _promise(self) -> None:
        super()._promise()
        self._add("dated", due=Due(make.days(15), "day"), **make.MEASURABLE)

    def _owners(self) -> None:
        dated = self.promises["dated"]
        actions.add_milestone(dated, by=self.member, today=TODAY, title="Begin", due_on=make.days(12))
        found = self.promises["claimed"]
        make.open_challenge(found.updates.get(is_claim=True), today=TODAY)
        for name in ("reply", "refuted", "promise", "update", "step", "unmeasurable"):
            self.people[name] = self.member
        self.people["verify"] = self.panel_member

    def _bodies(self) -> None:
        asked = make.recommendation(self.assembly)
        actions.ask(asked, by=self.ann, today=TODAY, organisation=self.police)
        answer: dict[str, Any] = {"organisation": self.police, "stance": "accepted", "body": "We will."}
        actions.ask(self.recommendation, by=self.ann, today=TODAY, organisation=self.police)
        said = make.recommendation(self.assembly)
        actions.ask(said, by=self.ann, today=TODAY, organisation=self.police)
        actions.respond(said, by=self.responder, today=TODAY, **answer)
        make.recommendation(self.assembly)
        quiet = make.team(self.police, "quiet-team")
        make.entered(self.assembly, owners=[Ownership(team=quiet, lead=True)])
        nobody = make.team(make.organisation("nobody"))
        make.entered(self.assembly, owners=[Ownership(team=nobody, lead=True)])
        self._offer()
        for name in ("response", "accept", "offer", "unpromised", "empty_team"):
            self.people[name] = self.responder

    def _offer(self) -> None:
        owners = [Ownership(team=self.lead, lead=True)]
        offered = self.promises["very_late"]
        actions.hand_over(offered, by=self.other, today=TODAY, owners=owners, reason="It is yours.")

    def _decisions(self) -> None:
        late = self.promises["late"]
        asks: dict[str, Any] = {"by": self.member, "today": TODAY, "reason": "No money."}
        actions.request_due_date(late, due=SPRING, **asks)
        actions.correct_commitment(late, field="title", text="Walk the high street, by night", **asks)
        again = self._claimed("again")
        make.challenge(again, today=TODAY)
        answered = make.open_challenge(self._claimed("answered"), today=TODAY)
        actions.reply(answered, by=self.member, today=TODAY, body="We were there.")

    def _claimed(self, name: str) -> Any:
        self._add(name)
        return make.claim(self.promises[name], today=make.days(-1))

    def _second_people(self) -> None:
        held: Commitment = self.promises["abandoned"]
        actions.place_hold(held, by=self.ann, today=TODAY, ground="safety")
        late = self.promises["silent"]
        actions.ask_redaction(late, by=self.ann, today=TODAY, ground="anonymity", category="identity")
        panel = offices.named(f"panel:{self.assembly.slug}")
        granting.propose_role("new@example.org", panel, by=self.ann)
        police = offices.named("organisation:police")
        invited = granting.propose_role(self.member.email, police, by=self.responder)
        granting.approve_role(invited, by=make.responder(self.police))
        self.people["invitation"] = self.member

    def _ratings(self) -> None:
        subject = self.promises["claimed"]
        shown = speaking.published(subject, make.person())
        reported = Entry.objects.get(position=shown.position or 0)
        ratings.report(reported, by=make.person(), today=TODAY, reason="It names my son.")
        speaking.waiting(subject, make.person(), "Nobody came.")
        flag = crowds.burst(subject)
        ratings.propose_setting_aside(
            flag, by=self.ann, today=self.on, reason="All the same.", subject=subject
        )
        crowds.shift(self.theme)


CONVENOR = (
    "resolve", "admit", "date_change", "correction", "ask", "ownerless", "unmanned", "redaction", "report",
    "words", "set_aside", "flag", "hold", "import", "grant",
)  # fmt: skip
