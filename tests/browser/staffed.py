"""People at the desk of a served demonstration, and what waits for them; for one process of `manage.py` on its data.

All have one password and one app. What somebody did in one journey another would find done, so each way through the
pages has things of its own.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import actions as accounts
from accounts import offices, second_factor
from accounts.models import Membership, Role, Team, User
from commitments import actions
from commitments.actions import granting
from commitments.models import Assembly, Commitment, DueDateChange, ProgressUpdate
from commitments.promises import Due, Ownership, Promise
from ratings.actions import issue_codes
from ratings.models import RatingWords
from record import clock
from tests import make
from tests.browser.officers import NEWCOMERS, PASSWORD, SECRET, STAFF, TEAM_OF_ALL, WAYS, address

SLUG = "waltham-forest-2024"


def main() -> None:
    """Make them, and say in a file how their things are called."""
    with transaction.atomic():
        stage = Stage()
        told = {way: dict(stage.things()) for way in WAYS}
        told["looking"] = dict(stage.things()) | dict(stage.more())
    (settings.DATA_DIR / "desk.json").write_text(json.dumps(told))


class Stage:
    """Who sits at the desk."""

    def __init__(self) -> None:
        self.today = clock.today()
        self.assembly = Assembly.objects.get(slug=SLUG)
        self.lead = Team.objects.select_related("organisation").get(slug=TEAM_OF_ALL)
        password = make_password(PASSWORD)
        self.people = {name: self._person(name, password) for name in (*STAFF, *NEWCOMERS)}
        for name in STAFF:
            second_factor.forget(self.people[name])
            TOTP.activate(self.people[name], SECRET)
        for name in NEWCOMERS:
            accounts.grant_role(self.people[name], Role.TEAM_MEMBER, team=self.lead)

    def things(self) -> Iterator[tuple[str, str]]:
        """What is there for one way through the pages, by name."""
        yield "reported", self.promise("Walk the high street every evening").reference
        yield "done", self.promise("Open a front desk in the town hall").reference
        yield "open", self.promise("Answer letters within a week").reference
        claim = self.claimed("Train every new constable in the law of stop and search")
        yield "disputed", claim.commitment.reference
        yield "challenge", str(make.open_challenge(claim, today=self.today).pk)
        yield "claimed", self.claimed("Publish every minute of the ward panels").commitment.reference
        asked = self.asked("Give every school a named officer")
        yield "asked", asked.commitment.reference
        yield "approved", str(asked.pk)
        yield "refused", str(self.asked("Repair the lamps of the underpass").pk)
        yield "erased", self.promise("Visit the family at the corner").reference

    def more(self) -> Iterator[tuple[str, str]]:
        """What pages are about that no way leads through."""
        ann, bea, today = self.people["convenor"], self.people["convenor2"], self.today
        active = self.promise("Say who polices which street")
        shown = make.update(active, by=self.people["team"], today=today)
        step = actions.add_milestone(
            active, by=self.people["team"], today=today, title="Begin", due_on=today + timedelta(days=30)
        )
        wording: dict[str, Any] = {
            "field": "title",
            "text": "Say who polices each street",
            "reason": "A slip.",
        }
        slip = actions.correct_commitment(active, by=self.people["team"], today=today, **wording)
        held = actions.place_hold(
            self.promise("Visit the family next door"), by=ann, today=today, ground="live_case"
        )
        erased = actions.ask_redaction(active, by=bea, today=today, ground="court_order", category="identity")
        batch, _codes = issue_codes(self.assembly, by=ann, number=3)
        proposed = make.challenge(self.claimed("Publish the duty rota"), today=today)
        answered = make.open_challenge(proposed.claim, today=today)
        actions.reply(answered, by=self.people["team"], today=today, body="It is on the wall of the library.")
        asked = actions.enter_commitment(
            self.assembly,
            by=ann,
            today=today,
            promise=Promise(title="Review the ward panels"),
            source=make.SOURCE,
        )
        offered = actions.hand_over(
            self.promise("Light the path by the school"),
            by=self.people["responder"],
            today=today,
            owners=[Ownership(team=self._elsewhere(), lead=True)],
            reason="The lamps are the council's.",
        )
        panel = offices.named(f"panel:{SLUG}")
        invited = granting.propose_role(address("convenor2"), panel, by=ann)
        yield "active", active.reference
        yield "update", str(shown.pk)
        yield "step", str(step.pk)
        yield "correction", str(slip.pk)
        yield "hold", str(held.pk)
        yield "redaction", str(erased.pk)
        yield "batch", str(batch.pk)
        yield "proposed", str(proposed.pk)
        yield "answered", str(answered.pk)
        yield "entered", asked.reference
        yield "offered", offered.reference
        yield "word", str(RatingWords.objects.filter(stage="waiting").values_list("pk", flat=True)[0])
        yield "factor", str(second_factor.of(self.people["team"])[0].pk)
        yield "post", str(Membership.objects.filter(user=self.people["team"])[0].pk)
        yield "held_by", str(Membership.objects.filter(user=bea, role=Role.CONVENOR)[0].pk)
        yield "invited", str(invited.pk)

    def _elsewhere(self) -> Team:
        """A team of another body, for which somebody answers."""
        council = Team.objects.exclude(organisation=self.lead.organisation).filter(ended_on=None)
        return council.select_related("organisation").order_by("pk")[0]

    def promise(self, title: str) -> Commitment:
        """One that the team leads, published today."""
        said = make.promise(
            self.lead, title=title, due=Due(self.today + timedelta(days=90)), **make.MEASURABLE
        )
        by = self.people["responder"]
        return actions.publish_commitment(self.assembly, by=by, today=self.today, promise=said)

    def claimed(self, title: str) -> ProgressUpdate:
        """A claim that one is complete."""
        return make.claim(self.promise(title), by=self.people["team"], today=self.today)

    def asked(self, title: str) -> DueDateChange:
        """A request for another date."""
        of, due = self.promise(title), Due(self.today + timedelta(days=200))
        by: dict[str, Any] = {
            "by": self.people["team"],
            "today": self.today,
            "reason": "Two posts are vacant.",
        }
        return actions.request_due_date(of, due=due, **by)

    def _person(self, name: str, password: str) -> User:
        found, _ = User.objects.get_or_create(email=address(name), defaults={"confirmed_at": clock.now()})
        found.password = password
        found.save()
        return found
