"""What must hold of all promises together, whatever was done to them: nothing published is orphaned."""

from collections.abc import Callable, Iterable, Mapping

from django.db.models import Q

from accounts.models import Organisation, Succession, Team, User
from commitments import lifecycle, permissions
from commitments.choices import ChallengeState, HandOverState, RequestState, Status
from commitments.models import (
    Challenge,
    Commitment,
    Correction,
    DueDateChange,
    HandOver,
    Lineage,
    Owner,
)
from commitments.models.commitments import LIVE
from record.models import Entry
from tests import make
from tests.contract import CheckingClient

V1 = "/api/v1/"
Links = Mapping[int, set[int]]
ADDRESSES: dict[str, Callable[[str, str], str]] = {
    "area": lambda key, of: f"areas/{key}/",
    "assembly": lambda key, of: f"assemblies/{key}/",
    "organisation": lambda key, of: f"organisations/{key}/",
    "team": lambda key, of: f"teams/{key}/",
    "recommendation": lambda key, of: f"recommendations/{key}/",
    "commitment": lambda key, of: f"commitments/{key}/",
    "update": lambda key, of: f"updates/{key}/",
    "challenge": lambda key, of: f"challenges/{key}/",
    "milestone": lambda key, of: f"commitments/{of}/milestones/",
    "due_date_change": lambda key, of: f"commitments/{of}/due-date-changes/",
    "correction": lambda key, of: f"commitments/{of}/corrections/",
    "verification": lambda key, of: f"commitments/{of}/verifications/",
}
"""Where each kind of thing can be read, by its key and that of the story it belongs to."""


class People:
    """A member of each team and a responder of each body, made when they are first asked for."""

    def __init__(self) -> None:
        self.members: dict[int, User] = {}
        self.responders: dict[int, User] = {}

    def member(self, team: Team) -> User:
        """A member of the team."""
        if team.pk not in self.members:
            self.members[team.pk] = make.member(team)
        return self.members[team.pk]

    def responder(self, body: Organisation) -> User:
        """A responder of the body."""
        if body.pk not in self.responders:
            self.responders[body.pk] = make.responder(body)
        return self.responders[body.pk]


def reached(start: int, links: Links) -> set[int]:
    """All that follows from `start`, itself left out; raises where something follows from itself."""
    found: set[int] = set()
    ahead: list[tuple[int, tuple[int, ...]]] = [(one, (start,)) for one in links.get(start, ())]
    while ahead:
        key, path = ahead.pop()
        assert key not in path, f"{start} comes from itself by way of {path}"
        found.add(key)
        ahead += [(one, (*path, key)) for one in links.get(key, ())]
    return found


def linked(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    """What follows directly from what."""
    links: dict[int, set[int]] = {}
    for earlier, later in pairs:
        links.setdefault(earlier, set()).add(later)
    return links


def check_lineage() -> None:
    """What was replaced leads to a promise that lives, or that its owner gave up in so many words."""
    links = linked(Lineage.objects.values_list("earlier_id", "later_id"))
    stages = dict(Commitment.objects.values_list("pk", "stage"))
    for key, stage in stages.items():
        became = reached(key, links)
        assert bool(became) == (stage not in LIVE), f"{key} is {stage} and became {became}"
        if became:
            assert any(stages[one] in LIVE for one in became), f"{key} leads to nothing that lives"


def check_owners(people: People) -> None:
    """A promise that lives is led by one team that exists, and that can report on it."""
    for commitment in Commitment.objects.filter(stage__in=LIVE).select_related("assembly"):
        present = list(permissions.present_owners(commitment).select_related("team", "organisation"))
        assert not [one for one in present if one.team and one.team.ended_on], commitment
        leads = [one for one in present if one.lead]
        if commitment.accepted_on is None:
            assert len(leads) <= 1, commitment
            continue
        [lead] = leads
        for owner in (lead, *(one for one in present if one.accepted_on)):
            check_reports(commitment, owner, people)


def check_reports(commitment: Commitment, owner: Owner, people: People) -> None:
    """A member of the owner's team, and a responder of its body, may report."""
    assert owner.team, f"{owner} of {commitment} accepted without a team"
    for somebody in (people.member(owner.team), people.responder(owner.organisation)):
        speaks = permissions.check_owner(somebody, commitment, owner.team.slug)
        lifecycle.check_reportable(commitment, speaks)


def check_waiting(people: People) -> None:
    """What waits belongs to a promise about which it can still be decided, and who must answer can."""
    due = DueDateChange.objects.filter(state=RequestState.REQUESTED).values_list("commitment")
    wordings = Correction.objects.filter(state=RequestState.REQUESTED).values_list("commitment")
    for commitment in Commitment.objects.filter(Q(pk__in=due) | Q(pk__in=wordings)):
        assert commitment.stage in LIVE, commitment
    assert not Commitment.objects.filter(pk__in=due, status=Status.ABANDONED).exists()
    for offer in HandOver.objects.filter(state=HandOverState.OFFERED).select_related("commitment"):
        assert offer.commitment.stage in LIVE, offer
        assert permissions.lead_of(offer.commitment).accepted_on, offer
    for challenge in Challenge.objects.filter(state=ChallengeState.OPEN).select_related("commitment"):
        lead = permissions.lead_of(challenge.commitment)
        assert lead.team, challenge
        assert lead.team.ended_on is None, challenge
        permissions.check_owner(people.member(lead.team), challenge.commitment)


def check_teams() -> None:
    """A team that ended owns nothing more, and those that succeeded it do not lead back to it."""
    links = linked(Succession.objects.values_list("earlier_id", "later_id"))
    for team in Team.objects.all():
        reached(team.pk, links)
        assert team.ended_on or team.pk not in links, f"{team} has successors and goes on"


def check_all(people: People) -> None:
    """All of it, on the rows."""
    check_lineage()
    check_owners(people)
    check_waiting(people)
    check_teams()


def check_readable(api: CheckingClient) -> None:
    """Whatever the record names is read at its public address, and stands there."""
    stories = Entry.objects.exclude(subject="").values_list("subject", "root").distinct()
    for subject, root in sorted(stories):
        kind, _, key = subject.partition(":")
        answer = api.get(V1 + ADDRESSES[kind](key, root.partition(":")[2]))
        assert answer.status_code == 200, f"{subject} of {root}: {answer.status_code}"
        assert key in answer.content.decode(), f"{subject} is not at its address"


def check_followed(api: CheckingClient) -> None:
    """Who reads what the assembly asked for finds every promise that came of it, however often it was replaced."""
    links = linked(Lineage.objects.values_list("earlier_id", "later_id"))
    references = dict(Commitment.objects.values_list("pk", "reference"))
    for asked in {
        one for one in Commitment.objects.values_list("recommendations__reference", flat=True) if one
    }:
        listed = api.get(f"{V1}commitments/", {"recommendation": asked, "page_size": "100"}).json()["results"]
        seen = {one["reference"] for one in listed}
        ahead = [*seen]
        while ahead:
            lineage = api.get(f"{V1}commitments/{ahead.pop()}/").json()["lineage"]
            fresh = {one["commitment"] for one in lineage["became"]} - seen
            seen |= fresh
            ahead += fresh
        answering = Commitment.objects.filter(recommendations__reference=asked).values_list("pk", flat=True)
        came = {references[one] for start in answering for one in (start, *reached(start, links))}
        assert came <= seen, f"{came - seen} came of {asked} and cannot be found from it"
