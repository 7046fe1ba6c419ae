"""A promise with everybody around it, for tests of the API: keys for each role, and short ways to ask."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import actions as accounts
from accounts.models import Organisation, Team, User
from commitments.models import Area, Assembly, Commitment, Recommendation, Theme
from record import clock
from record.models import Entry
from record.shelf import SHELF
from tests import make
from tests.contract import CheckingClient

V1 = "/api/v1"
EVIDENCE = [{"title": "Photographs", "url": "https://example.org/photographs"}]


def key_of(user: User, *scopes: str) -> str:
    """A token of a fresh key."""
    return accounts.issue_key(user, scopes=scopes or ("all",))[1]


@contextmanager
def on(day: date) -> Iterator[None]:
    """At noon of a day."""
    with clock.at(make.noon(day)):
        yield


@dataclass
class Scene:
    """An assembly in a borough with a ward, a theme, a recommendation, and a promise of police and council to it."""

    api: CheckingClient
    borough: Area = field(default_factory=lambda: make.area("E09000031"))
    ward: Area = field(init=False)
    assembly: Assembly = field(init=False)
    theme: Theme = field(init=False)
    recommendation: Recommendation = field(init=False)
    police: Organisation = field(default_factory=lambda: make.organisation("police"))
    council: Organisation = field(default_factory=lambda: make.organisation("council", kind="council"))
    lead: Team = field(init=False)
    partner: Team = field(init=False)
    commitment: Commitment = field(init=False)

    def __post_init__(self) -> None:
        self.ward = make.area("E05013880", kind="ward", parent=self.borough)
        self.assembly = make.assembly(area=self.borough, prefix="AT25")
        self.theme = make.theme(self.assembly, "be-there")
        self.recommendation = make.recommendation(self.assembly, theme=self.theme)
        self.lead = make.team(self.police, "north-team")
        self.partner = make.team(self.council, "youth-team")
        self.commitment = make.commitment(
            self.assembly,
            lead=self.lead,
            co_owners=(self.partner,),
            recommendations=[self.recommendation],
            due=make.DUE,
        )
        self.responder = key_of(make.responder(self.police))
        self.council_responder = key_of(make.responder(self.council))
        self.member = key_of(make.member(self.lead))
        self.co_member = key_of(make.member(self.partner))
        self.convenor = key_of(make.convenor())
        self.panel = key_of(make.panel())
        self.resident = key_of(make.person())

    @property
    def path(self) -> str:
        """Where the commitment is."""
        return f"{V1}/commitments/{self.commitment.reference}/"

    def get(self, path: str, status: int = 200) -> Any:
        """The JSON at a path below the API's base, or at a full one."""
        answer = self.api.get(path if path.startswith("/") else f"{V1}/{path}")
        assert answer.status_code == status, answer.content
        return answer.json()

    def results(self, path: str) -> Any:
        """The rows of a list."""
        return self.get(path)["results"]

    def post(self, path: str, data: Any = None, *, key: str, status: int = 201, **headers: str) -> Any:
        """What a POST answers."""
        where = path if path.startswith("/") else f"{V1}/{path}"
        answer = self.api.send("POST", where, data, key=key, **headers)
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None

    def refused(self, path: str, data: Any = None, *, key: str, status: int) -> str:
        """The code of a refusal."""
        return str(self.post(path, data, key=key, status=status)["code"])

    def pointer(self, path: str, data: Any = None, *, key: str) -> str:
        """What part of a body a 400 points at."""
        return str(self.post(path, data, key=key, status=400)["errors"][0]["pointer"])

    def claimed(self) -> Any:
        """The lead's claim that the promise is kept, as an update."""
        said = {"body": "It is done.", "status": "completed", "evidence": EVIDENCE}
        return self.post(f"{self.path}updates/", said, key=self.member)

    def events(self) -> list[str]:
        """The types of all entries of the record so far, in order."""
        return list(Entry.objects.order_by("position").values_list("type", flat=True))


def queries(api: CheckingClient, path: str) -> int:
    """How many queries a first request costs."""
    SHELF.clear()
    with CaptureQueriesContext(connection) as asked:
        assert api.get(path).status_code == 200
    return len(asked)
