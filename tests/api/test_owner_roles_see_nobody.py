"""Whoever owns or judges a promise learns of no rater: no answer names one, and none changes when one more casts."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from accounts import actions as accounts
from accounts.models import Key, Session, User
from commitments.models import Commitment
from ratings import actions as ratings
from ratings import keystore, periods, tokens
from ratings.models import Ballot, FreshBallot
from ratings.subjects import Rated, Said
from record import clock
from record.shelf import SHELF
from tests import make
from tests.api import matrix
from tests.api.stages import staged
from tests.api.test_permissions import API, filled
from tests.api.world import World
from tests.contract import project

pytestmark = pytest.mark.django_db
LOOKING_ON = (
    matrix.LEAD_MEMBER,
    matrix.CO_MEMBER,
    matrix.LEAD_RESPONDER,
    matrix.CO_RESPONDER,
    matrix.PANEL,
    matrix.CONVENOR,
    matrix.TORN_PANEL,
    matrix.TORN_CONVENOR,
)
READS = [API + address for address, cells in matrix.ROWS for cell in cells if cell.method == "GET"]
ELSEWHERE = ["/", "/README.md", "/health/", "/admin/", "/admin/ratings/", "/admin/accounts/user/"]
# These say how much was asked, and when.
OF_THE_MOMENT = frozenset({"RateLimit", "RateLimit-Policy", "Date", "Expires", "Set-Cookie"})
RATERS = 12
FIRST_NUMBER = 770_000_001


@dataclass
class Stage:
    """The world after a dozen people whom we know rated a promise and its theme, and figures came out."""

    world: World
    promise: Commitment
    raters: list[User] = field(default_factory=list)
    sessions: set[str] = field(default_factory=set)

    @property
    def subjects(self) -> tuple[Rated, Rated]:
        """What they rated."""
        return self.promise, self.world.theme

    def rater(self) -> User:
        """One more, with a number, an address and a key that stand nowhere else; casts and is local."""
        number = FIRST_NUMBER + len(self.raters)
        user = User(pk=number, email=f"rater{number}@unmistakable.example", confirmed_at=clock.now())
        user.set_unusable_password()
        user.save()
        accounts.issue_key(user, scopes=["all"], name=f"key of {number}")
        client = Client()
        client.force_login(user)
        self.sessions.add(client.cookies["sessionid"].value)
        self.raters.append(user)
        _, [code] = ratings.issue_codes(self.world.assembly, by=self.world.users[matrix.CONVENOR], number=1)
        ratings.redeem(self.world.assembly, by=user, code=code)
        self.cast(user)
        return user

    def cast(self, user: User, score: int = 2) -> None:
        """Rate both, with an answer on community."""
        said = {"age_band": "75_over", "religion": "sikh"}
        today = clock.today()
        ratings.cast(self.promise, by=user, today=today, said=Said(score))
        ratings.cast(self.world.theme, by=user, today=today, said=Said(score, communities=said))

    def identifiers(self) -> set[str]:
        """All by which a rater could be known."""
        key = keystore.store().get(keystore.name_of(make.SLUG, periods.of(clock.today())))
        assert key is not None
        labels = (tokens.BALLOT, tokens.FRESH, tokens.WORDS)
        found = {
            tokens.token(key, label, subject.record_subject, user)
            for label in labels
            for subject in self.subjects
            for user in self.raters
        }
        for user in self.raters:
            found |= {user.email, str(user.pk), f"key of {user.pk}"}
        for own in Key.objects.filter(user__in=self.raters):
            found |= {str(own.pk), own.prefix, own.digest}
        kept = {one.session_key for one in Session.objects.filter(user__in=self.raters)}
        assert len(kept) == len(self.sessions) >= RATERS
        return found | kept | self.sessions


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """Made once for all roles."""
    with staged(django_db_blocker), clock.at(make.noon(make.TODAY)):
        SHELF.clear()
        world = World()
        stage = Stage(world, Commitment.objects.get(reference=world.names["active"]))
        for _ in range(RATERS):
            stage.rater()
        # The world's own figures came out this week.
        ratings.cut_figures(make.days(7))
        stage.cast(stage.raters[0], 5)
        yield stage


def answer_of(client: Client, path: str, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
    """Status, headers but those of the moment, and all bytes."""
    answer: Any = client.get(path, headers=dict(headers))
    parts = answer.streaming_content if answer.streaming else [answer.content]
    kept = {name: value for name, value in answer.headers.items() if name not in OF_THE_MOMENT}
    return answer.status_code, kept, b"".join(parts)


def seen_by(stage: Stage, role: str, with_session: Client) -> dict[str, tuple[int, dict[str, str], bytes]]:
    """Every readable address, by key and by session."""
    SHELF.clear()
    with_key = Client()
    bearer = {"Authorization": f"Bearer {stage.world.keys[role]}"}
    found = {}
    for address in (*READS, *ELSEWHERE):
        path = filled(address, stage.world.names)
        found[f"{path} by key"] = answer_of(with_key, path, bearer)
        if not path.startswith(API) or _is_private(path):
            found[f"{path} by session"] = answer_of(with_session, path, {})
    return found


def _is_private(path: str) -> bool:
    """Public answers disregard sessions before anything is looked at; private ones are the person's."""
    template = project().path_of(path)
    operation = project().document["paths"].get(template, {}).get("get", {}) if template else {}
    return {"session": []} in operation.get("security", [])


def test_every_address_that_can_be_read_is_looked_at(stage: Stage) -> None:
    looked_at = {project().path_of(filled(address, stage.world.names)) for address in READS}
    readable = {path for path, operations in project().document["paths"].items() if "get" in operations}
    assert readable <= looked_at


def test_figures_are_out_so_that_there_is_something_to_give_away(stage: Stage) -> None:
    path = f"{API}ratings/?by=all&subject={stage.promise.record_subject}"
    status, _, body = answer_of(Client(), path, {})
    assert status == 200
    assert all(figure["n"] for figure in json.loads(body)["results"])
    assert json.loads(body)["results"]
    assert Ballot.objects.count() >= 2 * RATERS
    assert FreshBallot.objects.exists()
    assert len(stage.identifiers()) > 10 * RATERS


@pytest.mark.parametrize("role", LOOKING_ON)
def test_no_answer_names_a_rater_and_none_changes_when_one_more_casts(stage: Stage, role: str) -> None:
    signed_in = Client()
    signed_in.force_login(stage.world.users[role])
    before = seen_by(stage, role, signed_in)
    # What is asked of the growth of the record without two sizes is refused, as the table of permissions has it.
    answered = {status for where, (status, _, _) in before.items() if not where.startswith("/health/")}
    assert answered <= {200, 302, 400, 403, 404}
    # By hand and not through the convenor: what the convenor did shows in the convenor's own list of batches.
    stage.cast(make.person())
    stage.cast(stage.raters[1], 4)
    after = seen_by(stage, role, signed_in)
    for where, (status, headers, body) in before.items():
        assert after[where] == (status, headers, body), where
    everything = b"\n".join(
        body + b"\n" + repr(sorted(headers.items())).encode() for _, headers, body in after.values()
    )
    named = [mark for mark in stage.identifiers() if mark.encode() in everything]
    assert named == []


@pytest.mark.parametrize("role", LOOKING_ON)
def test_who_looks_on_finds_no_rating_at_the_addresses_of_ones_own(stage: Stage, role: str) -> None:
    client, bearer = Client(), {"Authorization": f"Bearer {stage.world.keys[role]}"}
    for path in ("commitments/{active}/rating/", "assemblies/anytown-2025/themes/{theme}/rating/"):
        status, _, body = answer_of(client, API + filled(path, stage.world.names), bearer)
        assert status in (403, 404), body
        assert b'"score"' not in body
