"""The walk over HTTP, on the real record: recommendation WF24-R05 from the asking to an upheld challenge."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from accounts import actions as accounts
from accounts.models import User
from commitments.preparing import prepare
from record import clock
from record.shelf import SHELF
from tests.api.stages import staged
from tests.api.walk import STEPS, Step
from tests.contract import CheckingClient
from tests.make import noon

pytestmark = pytest.mark.django_db
BEGIN = date(2026, 6, 1)
PEOPLE = ("convenor", "responder", "team", "panel", *(f"resident{number}" for number in range(1, 7)))
API = "/api/v1/"


@dataclass
class Outcome:
    """What came of one step."""

    status: int
    body: Any
    events: tuple[str, ...]
    standing: str
    headers: Any


@dataclass
class Walk:
    """Somebody who goes from step to step, and remembers."""

    keys: dict[str, str]
    api: CheckingClient = field(default_factory=CheckingClient)
    kept: dict[str, str] = field(default_factory=dict)
    position: int = 0

    def go(self, step: Step) -> Outcome:
        """Take one step."""
        with clock.at(noon(BEGIN + timedelta(days=step.day))):
            answer = self.api.send(
                step.method,
                API + self.filled(step.path),
                self.filled(step.body),
                key=self.keys.get(step.who, ""),
                **self.filled(step.headers),
            )
            body = answer.json()
            for name, member in step.keeps.items():
                self.kept[name] = answer[member] if member == "ETag" else body[member]
            return Outcome(answer.status_code, body, self.events(), self.standing(), answer.headers)

    def filled(self, value: Any) -> Any:
        """The same, with what was kept in the place of names."""
        if isinstance(value, str):
            for name, kept in self.kept.items():
                value = value.replace(f"{{{name}}}", kept)
            return value
        if isinstance(value, dict):
            return {name: self.filled(part) for name, part in value.items()}
        return [self.filled(part) for part in value] if isinstance(value, list) else value

    def events(self) -> tuple[str, ...]:
        """What the change feed has since it was asked last."""
        found = self.api.get(f"{API}events/?after={self.position}&page_size=100").json()["results"]
        self.position = found[-1]["position"] if found else self.position
        return tuple(event["type"] for event in found)

    def standing(self) -> str:
        """What the record shows of the commitment, once there is one."""
        if "commitment" not in self.kept:
            return ""
        found = self.api.get(f"{API}commitments/{self.kept['commitment']}/").json()
        return str(found["standing"])


@pytest.fixture(scope="module")
def walked(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Outcome]]:
    """Every step, taken in order; by what it says."""
    with staged(django_db_blocker):
        with clock.at(noon(BEGIN)):
            prepare(demo=False, say=lambda _: None)
        SHELF.clear()
        users = {name: User.objects.get(email=f"{name}@example.org") for name in PEOPLE}
        walk = Walk({name: accounts.issue_key(user, scopes=["all"])[1] for name, user in users.items()})
        while walk.events():
            pass
        yield {step.says: walk.go(step) for step in STEPS}


def named(step: Step) -> str:
    return step.says


@pytest.mark.parametrize("step", STEPS, ids=named)
def test_each_step_is_answered_as_the_walk_says(step: Step, walked: dict[str, Outcome]) -> None:
    came = walked[step.says]
    assert (came.status, came.body.get("code", "")) == (step.status, step.code), came.body


@pytest.mark.parametrize("step", STEPS, ids=named)
def test_each_step_stands_in_the_change_feed_and_a_refused_one_leaves_nothing(
    step: Step, walked: dict[str, Outcome]
) -> None:
    assert walked[step.says].events == step.events


@pytest.mark.parametrize("step", [step for step in STEPS if step.standing], ids=named)
def test_the_standing_follows(step: Step, walked: dict[str, Outcome]) -> None:
    assert walked[step.says].standing == step.standing


@pytest.mark.parametrize("step", [step for step in STEPS if step.status >= 400], ids=named)
def test_each_refusal_is_a_sentence_that_helps(step: Step, walked: dict[str, Outcome]) -> None:
    body = walked[step.says].body
    assert len(body["detail"]) > 20
    assert body["detail"].endswith(".")
    assert body["title"]


def test_a_replayed_claim_is_the_same_claim(walked: dict[str, Outcome]) -> None:
    first, again = walked["the team claims completion"], walked["the same claim sent again"]
    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"


def test_no_answer_of_the_walk_names_a_person(walked: dict[str, Outcome]) -> None:
    assert not [came for came in walked.values() if "@example.org" in str(came.body)]


def test_the_way_ends_contested(walked: dict[str, Outcome]) -> None:
    assert walked["it is resolved once"].standing == "contested"
