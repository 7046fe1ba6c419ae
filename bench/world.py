"""Places, bodies, assemblies, what these asked for and what was answered: all that promises hang on."""

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from accounts import events as accounts
from accounts.models import Key, Membership, Organisation, Role, Team, User
from bench.keys import digest, token
from bench.ledger import START, Ledger, days
from bench.tables import Row
from bench.words import Vocabulary
from commitments import events
from commitments.models import Area, Asked, Assembly, Recommendation, Response, SearchDocument, Theme

BOROUGHS, WARDS = 12, 8
BODIES, TEAMS, THEMES = 5, 4, 8
COMMITMENTS_FOR_EACH_RECOMMENDATION = 5
KINDS = ("police_force", "council", "oversight", "other", "other")
KEYS = 32
"""So many teams have a member with a key."""


@dataclass
class Place:
    """An area, as commitments need it."""

    pk: int
    code: str
    name: str


@dataclass
class Body:
    """An organisation with its teams, each team with its one member."""

    pk: int
    slug: str
    teams: list["Member"] = field(default_factory=list)


@dataclass
class Member:
    """A team and who speaks for it."""

    pk: int
    slug: str
    body: Body
    user: int


@dataclass
class Asking:
    """A recommendation, as commitments need it."""

    pk: int
    reference: str
    theme: int


@dataclass
class Meeting:
    """An assembly with all that belongs to it."""

    pk: int
    slug: str
    prefix: str
    bodies: list[Body]
    convenor: int
    panel: int
    recommendations: list[Asking] = field(default_factory=list)
    commitments: int = 0


class World:
    """Makes registers, assemblies and recommendations. `size` commitments are going to hang on them."""

    def __init__(self, ledger: Ledger, random: Random, size: int, meetings: int) -> None:
        self.ledger, self.random = ledger, random
        self.put = ledger.sink.put
        self.words = Vocabulary(random)
        self.documents = 0
        self.assemblies: list[Row] = []
        self._users = self._memberships = 0
        self.places = self._areas()
        self.meetings = [self._meeting(number) for number in range(1, meetings + 1)]
        self._recommendations(max(2 * THEMES, size // meetings // COMMITMENTS_FOR_EACH_RECOMMENDATION))

    def uuid(self) -> UUID:
        """The next random identifier."""
        return UUID(int=self.random.getrandbits(128), version=4)

    def title(self, length: int) -> str:
        """Words that begin with a capital."""
        return self.words.text(length).capitalize()

    def index(self, assembly: int, subject: Row, title: str, body: str) -> None:
        """Make the search document of one thing; the texts are small letters and spaces already."""
        self.documents += 1
        row = {"id": self.documents, "assembly_id": assembly, "title_words": title, "body_words": body}
        self.put(SearchDocument, {**row, **subject})

    def finish(self) -> None:
        """Write the assemblies, which count what was numbered in them."""
        for row, meeting in zip(self.assemblies, self.meetings, strict=True):
            counts = {"recommendation_count": len(meeting.recommendations)}
            self.put(Assembly, {**row, **counts, "commitment_count": meeting.commitments})

    def _areas(self) -> list[Place]:
        force = self._area(1, "E23000001", "Force", "force", None, "")
        wards = []
        for borough in range(BOROUGHS):
            code = f"E090001{borough:02d}"
            pk = 2 + borough * (WARDS + 1)
            self._area(pk, code, f"Borough {borough}", "borough", force, "E23000001/")
            for ward in range(WARDS):
                named = (f"E05{borough:03d}{ward:03d}", f"Ward {borough}.{ward}")
                parent = Place(pk, code, "")
                wards.append(self._area(pk + 1 + ward, *named, "ward", parent, f"E23000001/{code}/"))
        return wards

    def _area(self, pk: int, code: str, name: str, kind: str, parent: Place | None, above: str) -> Place:
        facts = {"name": name, "kind": kind, "vintage": "2023", "parent": parent.code if parent else None}
        stamp = self.ledger.append(
            events.AREA_PUBLISHED, f"area:{code}", actor="convenor:bench-1", facts=facts
        )
        row = {
            "id": pk,
            "code": code,
            "name": name,
            "kind": kind,
            "vintage": "2023",
            "path": f"{above}{code}/",
        }
        self.put(Area, {**row, "parent_id": parent.pk if parent else None, **stamp})
        return Place(pk, code, name)

    def _user(self, **membership: Any) -> int:
        self._users += 1
        row = {"id": self._users, "email": f"person{self._users}@example.org", "password": "!"}
        self.put(User, {**row, "confirmed_at": START, "created_at": START})
        self._memberships += 1
        self.put(
            Membership, {"id": self._memberships, "user_id": self._users, "created_at": START, **membership}
        )
        return self._users

    def _meeting(self, number: int) -> Meeting:
        slug = f"bench-{number}"
        convenor = self._user(role=Role.CONVENOR, assembly=slug)
        panel = self._user(role=Role.PANEL, assembly=slug)
        bodies = [
            self._body((number - 1) * BODIES + place + 1, KINDS[place], slug) for place in range(BODIES)
        ]
        meeting = Meeting(number, slug, f"B{number:03d}", bodies, convenor, panel)
        title, question = f"Assembly {number}", self.title(12)
        clocks = {"rhythm_days": 120}
        facts = {"prefix": meeting.prefix, "area": None, "clocks": clocks}
        stamp = self.ledger.append(
            events.ASSEMBLY_PUBLISHED,
            f"assembly:{slug}",
            actor=f"convenor:{slug}",
            facts=facts,
            words={"title": title, "question": question},
            assembly=slug,
        )
        row = {"id": number, "slug": slug, "prefix": meeting.prefix, "title": title, "question": question}
        self.assemblies.append({**row, **clocks, **stamp})
        for theme in range(THEMES):
            self._theme(meeting, theme)
        return meeting

    def _body(self, pk: int, kind: str, assembly: str) -> Body:
        body = Body(pk, f"body-{pk}")
        facts = {"name": f"Body {pk}", "kind": kind, "area": None}
        actor = f"convenor:{assembly}"
        stamp = self.ledger.append(
            accounts.ORGANISATION_PUBLISHED, f"organisation:{body.slug}", actor=actor, facts=facts
        )
        self.put(Organisation, {"id": pk, "slug": body.slug, "name": f"Body {pk}", "kind": kind, **stamp})
        body.teams = [self._team((pk - 1) * TEAMS + place + 1, body, actor) for place in range(TEAMS)]
        return body

    def _team(self, pk: int, body: Body, actor: str) -> Member:
        slug, name = f"team-{pk}", f"Team {pk}"
        facts = {"name": name, "organisation": body.slug, "area": None}
        stamp = self.ledger.append(accounts.TEAM_PUBLISHED, f"team:{slug}", actor=actor, facts=facts)
        self.put(Team, {"id": pk, "slug": slug, "name": name, "organisation_id": body.pk, **stamp})
        user = self._user(role=Role.TEAM_MEMBER, organisation_id=body.pk, team_id=pk)
        if pk <= KEYS:
            key = {"id": self.uuid(), "user_id": user, "prefix": f"sd_{pk:08x}", "scopes": ["all"]}
            self.put(Key, {**key, "digest": digest(token(pk)), "created_at": START})
        return Member(pk, slug, body, user)

    def _theme(self, meeting: Meeting, place: int) -> None:
        slug, title, summary = f"theme-{place + 1}", self.title(3), self.title(20)
        finding = self.title(15)
        stamp = self.ledger.append(
            events.THEME_PUBLISHED,
            f"theme:{meeting.slug}/{slug}",
            actor=f"convenor:{meeting.slug}",
            facts={"order": place, "origin": None, "sources": []},
            words={"title": title, "summary": summary, "findings": finding},
            assembly=meeting.slug,
        )
        row = {"id": theme_key(meeting, place), "assembly_id": meeting.pk, "slug": slug, "order": place}
        findings = [{"text": finding, "sources": []}]
        self.put(Theme, {**row, "title": title, "summary": summary, "findings": findings, **stamp})

    def _recommendations(self, of_each: int) -> None:
        for number in range(1, of_each + 1):
            for meeting in self.meetings:
                self._recommendation(meeting, number, (number - 1) * len(self.meetings) + meeting.pk)

    def _recommendation(self, meeting: Meeting, number: int, pk: int) -> None:
        place = (number - 1) % THEMES
        asking = Asking(pk, f"{meeting.prefix}-R{number:02d}", theme_key(meeting, place))
        title, body = self.title(8), self.title(40)
        facts = {"assembly": meeting.slug, "number": number, "theme": f"theme-{place + 1}"}
        subject = f"recommendation:{asking.reference}"
        stamp = self.ledger.append(
            events.RECOMMENDATION_PUBLISHED,
            subject,
            actor=f"convenor:{meeting.slug}",
            facts={**facts, "theme_assigned_by": "", "entered_from": None},
            words={"title": title, "body": body},
            assembly=meeting.slug,
        )
        row = {"id": pk, "reference": asking.reference, "assembly_id": meeting.pk, "number": number}
        row |= {"theme_id": asking.theme, "title": title, "body": body}
        self.put(Recommendation, {**row, **stamp})
        words = f"{asking.reference.lower().replace('-', ' ')} {title.lower()}"
        self.index(meeting.pk, {"recommendation_id": pk}, words, body.lower())
        meeting.recommendations.append(asking)
        self._ask(meeting, asking, subject)

    def _ask(self, meeting: Meeting, asking: Asking, root: str) -> None:
        for body in meeting.bodies[: 1 + number_of(asking)]:
            asked_on = self.ledger.today
            due_on, answers = days(56, asked_on), self.random.random() < 0.85
            key = self.uuid()
            facts = {"recommendation": asking.reference, "organisation": body.slug}
            stamp = self.ledger.append(
                events.RECOMMENDATION_ASKED,
                f"asked:{key}",
                actor=f"convenor:{meeting.slug}",
                facts={**facts, "due_on": due_on.isoformat()},
                root=root,
                assembly=meeting.slug,
            )
            row = {"id": key, "recommendation_id": asking.pk, "organisation_id": body.pk}
            row |= {"asked_on": asked_on, "due_on": due_on, "answered_on": asked_on if answers else None}
            self.put(Asked, {**row, **stamp})
            if answers:
                self._answer(meeting, asking, body, root, asked_on)

    def _answer(self, meeting: Meeting, asking: Asking, body: Body, root: str, day: date) -> None:
        key, said = self.uuid(), self.title(30)
        facts = {"recommendation": asking.reference, "organisation": body.slug, "position": "accepted"}
        stamp = self.ledger.append(
            events.RESPONSE_PUBLISHED,
            f"response:{key}",
            actor=f"organisation:{body.slug}",
            facts={**facts, "late_by_days": 0, "entered_from": None},
            words={"body": said},
            root=root,
            assembly=meeting.slug,
        )
        row = {"id": key, "recommendation_id": asking.pk, "organisation_id": body.pk, "stance": "accepted"}
        row |= {"body": said, "answered_on": day, "late_by_days": 0, "author_id": body.teams[0].user}
        self.put(Response, {**row, **stamp})


def theme_key(meeting: Meeting, place: int) -> int:
    """The key of a theme by its place in its assembly."""
    return (meeting.pk - 1) * THEMES + place + 1


def number_of(asking: Asking) -> int:
    """How many bodies beside the first are asked: none or one, by turns."""
    return asking.pk % 2
