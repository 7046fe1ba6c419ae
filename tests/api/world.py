"""The world of the permission matrix: everybody, two assemblies, and a thing in each state that a route needs."""

from functools import partial
from typing import Any

from django.test import Client

from accounts import actions as accounts
from accounts.keys import SCOPES
from accounts.models import Role, Team, User
from commitments import actions
from commitments.models import Commitment, Redaction
from commitments.promises import Due, Ownership
from notifications import endpoints, feeds, links
from notifications.models import Call
from ratings import actions as ratings
from ratings.models import RatingWords
from ratings.subjects import Said
from record import clock
from record.models import Entry, Head
from tests import make, signed
from tests.api import matrix
from tests.contract import CheckingClient
from tests.notifications.following import follower
from tests.notifications.receiving import endpoint
from tests.ratings import crowds

OTHER = "othertown-2025"
UNPUBLISHED = "newtown-2026"


class World:
    """People by role with their keys, and the names that addresses and bodies of the matrix use."""

    def __init__(self) -> None:
        # One for all requests: each new client looks through all middleware anew.
        self.api, self.browser = CheckingClient(), Client()
        self.names: dict[str, str] = {}
        self._bodies()
        self._promises()
        self._priorities()
        self._disputes()
        self.users = self._people()
        self.keys = {role: self.key(role, ["all"]) for role in self.users}
        self.names["own_challenge"] = self._challenge(by=self.users[matrix.RESIDENT])
        self.names["own_key"] = str(
            accounts.issue_key(self.users[matrix.RESIDENT], scopes=["account:read"])[0].pk
        )
        self._hook()
        self._follow()
        self._rate()
        self._flag()
        self._speak()
        self._withhold()
        self.names["position"] = str(Head.objects.get().position)
        signed.now()

    def _follow(self) -> None:
        one = follower("follower@example.org", "assembly:anytown-2025")
        followed = one.follows.get()
        self.names |= {
            "subscriber": links.token(links.MANAGE, one),
            "followed": str(followed.pk),
            "asked": links.token(links.CONFIRM, followed),
        }
        reader = feeds.open_for([("assembly:anytown-2025", [])], clock.now())
        self.names |= {"reader": feeds.token(reader), "read": str(reader.follows.get().pk)}

    def _hook(self) -> None:
        made, _ = endpoint(matrix.HOOK, self.users[matrix.RESIDENT])
        call = endpoints.test(made, "ping")
        Call.objects.filter(pk=call.pk).update(state="sent")
        self.names |= {"hook": str(made.pk), "called": str(call.pk)}

    def key(self, role: str, scopes: list[str]) -> str:
        """A token of a fresh key."""
        return accounts.issue_key(self.users[role], scopes=scopes)[1]

    def key_without(self, role: str, scope: str) -> str:
        """A token that may do everything but what `scope` opens."""
        return self.key(role, sorted(set(SCOPES) - {"all", scope}))

    def _bodies(self) -> None:
        self.borough = make.area("E09000031")
        self.assembly = make.assembly(area=self.borough, prefix="AT25")
        other = make.assembly(OTHER, prefix="OT25")
        self.theme = make.theme(self.assembly, "be-there")
        self.recommendation = make.recommendation(self.assembly, theme=self.theme)
        self.police = make.organisation("police")
        self.council = make.organisation("council", kind="council")
        self.charity = make.organisation("charity", kind="other")
        actions.ask(self.recommendation, by=make.convenor(), today=make.TODAY, organisation=self.police)
        answer = actions.respond(
            self.recommendation,
            by=make.responder(self.police),
            today=make.TODAY,
            organisation=self.police,
            stance="accepted",
            body="We will.",
        )
        self.lead = make.team(self.police, "north-team")
        self.partner = make.team(self.council, "youth-team")
        make.team(self.police, "south-team")
        elsewhere = make.team(self.charity, "charity-team")
        make.commitment(other, lead=elsewhere)
        self.names |= {"theme": self.theme.slug, "recommendation": self.recommendation.reference}
        self.names |= {"area": self.borough.code, "response": str(answer.pk)}

    def _promise(self, **more: Any) -> Commitment:
        """One of the police's and the council's, which both have accepted."""
        made = make.commitment(self.assembly, lead=self.lead, co_owners=(self.partner,), **more)
        return actions.accept(made, by=make.responder(self.council), today=make.TODAY)

    def _promises(self) -> None:
        owner, today = make.member(self.lead), make.TODAY
        active = self._promise(recommendations=[self.recommendation], due=make.DUE)
        update = make.update(active, by=owner)
        step = actions.add_milestone(active, by=owner, today=today, title="Begin", due_on=make.days(30))
        waiting = self._promise(due=make.DUE)
        change = actions.request_due_date(
            waiting, by=owner, today=today, due=Due(make.days(300)), reason="Two posts are vacant."
        )
        correction = actions.correct_commitment(
            waiting, by=owner, today=today, field="title", text="Walk the high street", reason="A slip."
        )
        self.names |= {
            "active": active.reference,
            "update": str(update.pk),
            "file": str(make.evidence_file(active, by=owner).pk),
            "milestone": str(step.pk),
            "waiting": waiting.reference,
            "change": str(change.pk),
            "correction": str(correction.pk),
            "second": self._promise().reference,
            "entered": make.entered(self.assembly).reference,
            "offered": self._offered().reference,
        }

    def _offered(self) -> Commitment:
        """One that the police offer to the charity."""
        made, charity_team = self._promise(), Team.objects.get(slug="charity-team")
        owners = [Ownership(team=charity_team, lead=True)]
        by = make.responder(self.police)
        return actions.hand_over(made, by=by, today=make.TODAY, owners=owners, reason="Theirs now.")

    def _priorities(self) -> None:
        place = make.look("Mopeds on the pavement", "Burglary", area=self.borough)
        free, tied = place.priorities.order_by("position")
        active = Commitment.objects.get(reference=self.names["active"])
        actions.tie(tied, by=make.convenor(), today=make.TODAY, commitment=active)
        self.names |= {"neighbourhood": str(place.pk), "priority": str(free.pk), "tied": str(tied.pk)}

    def _withhold(self) -> None:
        """A hold, and redactions: asked for by another convenor and by the one of the table, and carried out."""
        hold = actions.place_hold(self._promise(), by=make.convenor(), today=make.TODAY, ground="live_case")
        said = self._promise()
        self.names |= {
            "hold": str(hold.pk),
            "redaction": self._redaction(said, make.convenor()),
            "own_redaction": self._redaction(said, self.users[matrix.CONVENOR]),
        }
        erased = self._redaction(self._promise(), make.convenor())
        actions.approve_redaction(Redaction.objects.get(pk=erased), by=make.convenor(), today=make.TODAY)
        self.names["redacted"] = erased

    def _redaction(self, of: Commitment, by: User) -> str:
        asked = actions.ask_redaction(of, by=by, today=make.TODAY, ground="court_order", category="identity")
        return str(asked.pk)

    def _rate(self) -> None:
        batch, [code, *_] = ratings.issue_codes(self.assembly, by=make.convenor(), number=5)
        self.names |= {"batch": str(batch.pk), "code": code}
        active = Commitment.objects.get(reference=self.names["active"])
        for subject in (active, self.theme):
            ratings.cast(
                subject, by=self.users[matrix.RESIDENT], today=clock.today(), said=Said(2, words="Hm.")
            )

    def _speak(self) -> None:
        """Words that wait, words that are shown, and a report of them."""
        judged, today = self._promise(), clock.today()
        people = [self.users[matrix.RESIDENT], *(make.person() for _ in range(11))]
        for number, person in enumerate(people):
            said = Said(3, words=f"Word {number}." if number < 3 else "")
            ratings.cast(judged, by=person, today=today, said=said)
        ratings.cut_figures(today)
        ratings.bring_words(today)
        first, second, third = RatingWords.objects.filter(commitment=judged, stage="waiting").order_by("pk")
        shown = ratings.publish_words(first, by=make.convenor(), today=today)
        entry = Entry.objects.get(position=shown.position or 0)
        report = ratings.report(entry, by=people[-1], today=today, reason="It names me.")
        spoken = ratings.publish_words(third, by=make.convenor(), today=today)
        hiding = actions.hide_words(spoken, by=make.convenor(), today=today, ground="abuse")
        self.names["hiding"] = str(hiding.pk)
        self.names |= {"judged": judged.reference, "waiting_words": str(second.pk)}
        self.names |= {"report": str(report.pk), "shown_entry": str(entry.position)}

    def _flag(self) -> None:
        """A flag on the assembly; a request on the theme that waits, and a promise that is set aside."""
        active, today = Commitment.objects.get(reference=self.names["active"]), make.TODAY
        flag = crowds.burst(active)
        ask = partial(ratings.propose_setting_aside, flag, today=today, reason="All the same.")
        asked = ask(by=make.convenor(), subject=active)
        ratings.approve_setting_aside(asked, by=make.convenor(), today=today)
        waiting = ask(by=make.convenor(), subject=self.theme)
        self.names |= {"flag": str(flag.pk), "set_aside": str(asked.pk), "waiting_aside": str(waiting.pk)}

    def _disputes(self) -> None:
        claimed = self._promise()
        self.claim = make.claim(claimed)
        disputed = self._promise()
        self.disputed_claim = make.claim(disputed)
        opened = make.open_challenge(self.disputed_claim)
        answered = make.open_challenge(self.disputed_claim)
        actions.reply(answered, by=make.member(self.lead), today=make.TODAY, body="We have.")
        gathering = make.challenge(self.disputed_claim)
        actions.admit(gathering, by=make.convenor(), today=make.TODAY)
        self.names |= {
            "claimed": claimed.reference,
            "claim": str(self.claim.pk),
            "proposed": self._challenge(),
            "gathering": str(gathering.pk),
            "open": str(opened.pk),
            "answered": str(answered.pk),
        }

    def _challenge(self, by: User | None = None) -> str:
        return str(make.challenge(self.disputed_claim, by=by).pk)

    def _people(self) -> dict[str, User]:
        unconfirmed = make.person()
        unconfirmed.confirmed_at = None
        unconfirmed.save()
        convenor = make.convenor()
        accounts.grant_role(convenor, Role.CONVENOR, assembly=UNPUBLISHED)
        south = Team.objects.get(slug="south-team")
        return {
            matrix.RESIDENT: make.person(),
            matrix.UNCONFIRMED: unconfirmed,
            matrix.LEAD_MEMBER: make.member(self.lead),
            matrix.CO_MEMBER: make.member(self.partner),
            matrix.OTHER_MEMBER: make.member(Team.objects.get(slug="charity-team")),
            matrix.LEAD_RESPONDER: make.responder(self.police),
            matrix.CO_RESPONDER: make.responder(self.council),
            matrix.OTHER_RESPONDER: make.responder(self.charity),
            matrix.PANEL: make.panel(),
            matrix.CONVENOR: convenor,
            matrix.OTHER_PANEL: make.panel(OTHER),
            matrix.OTHER_CONVENOR: make.convenor(OTHER),
            matrix.TORN_PANEL: _also(make.panel(), south),
            matrix.TORN_CONVENOR: _also(make.convenor(), south),
            matrix.SUPERUSER: User.objects.create_superuser("superuser@example.org"),
        }


def _also(user: User, team: Team) -> User:
    accounts.grant_role(user, Role.TEAM_MEMBER, team=team)
    return user
