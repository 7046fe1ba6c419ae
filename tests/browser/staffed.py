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
from accounts import second_factor
from accounts.models import Role, Team, User
from commitments import actions
from commitments.models import Assembly, Commitment, ProgressUpdate
from commitments.promises import Due
from record import clock
from tests import make
from tests.browser.officers import NEWCOMERS, PASSWORD, SECRET, STAFF, TEAM_OF_ALL, WAYS, address

SLUG = "waltham-forest-2024"


def main() -> None:
    """Make them, and say in a file how their things are called."""
    with transaction.atomic():
        stage = Stage()
        told = {way: dict(stage.things()) for way in WAYS}
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
        yield "approved", self.asked("Give every school a named officer")
        yield "refused", self.asked("Repair the lamps of the underpass")
        yield "erased", self.promise("Visit the family at the corner").reference

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

    def asked(self, title: str) -> str:
        """A request for another date."""
        of, due = self.promise(title), Due(self.today + timedelta(days=200))
        by: dict[str, Any] = {
            "by": self.people["team"],
            "today": self.today,
            "reason": "Two posts are vacant.",
        }
        return str(actions.request_due_date(of, due=due, **by).pk)

    def _person(self, name: str, password: str) -> User:
        found, _ = User.objects.get_or_create(email=address(name), defaults={"confirmed_at": clock.now()})
        found.password = password
        found.save()
        return found
