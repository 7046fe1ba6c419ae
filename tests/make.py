"""Things for tests, made by calling actions: in by the front door, so no test holds a state that no action reaches."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from accounts import actions as accounts
from accounts.models import Organisation, Role, Team, User
from commitments import actions
from commitments.actions.snapshots import Look, Place
from commitments.choices import PlacedBy
from commitments.evidence.cleaning import Clean
from commitments.models import (
    Area,
    Assembly,
    Challenge,
    Commitment,
    EvidenceFile,
    Neighbourhood,
    Priority,
    ProgressUpdate,
    Recommendation,
    Theme,
)
from commitments.policeuk import reading
from commitments.promises import Due, EvidenceLink, Ownership, Promise

TODAY = date(2026, 6, 1)
SLUG = "anytown-2025"
SOURCE = [{"url": "https://example.org/report", "date": "2025-05-06", "reliability": "primary"}]
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a494441"
    "54789c636000000002000148afa4710000000049454e44ae426082"
)
"""A picture of one black point."""
EVIDENCE = [EvidenceLink("Photographs of the street", "https://example.org/photographs")]
DUE = Due(date(2026, 9, 30), "quarter", "by the end of summer")
MEASURABLE: dict[str, Any] = {"measure": "Patrols a week", "target": "Ten", "proof": "Published patrol logs"}

_numbers = count(1)


def noon(day: date) -> datetime:
    """The middle of a day, as an instant."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def days(number: int, since: date = TODAY) -> date:
    """The day `number` days after `since`."""
    return since + timedelta(days=number)


def person(name: str = "") -> User:
    """Somebody with a confirmed address and no role."""
    return User.objects.create_user(f"{name or f'person{next(_numbers)}'}@example.org")


def convenor(assembly: str = SLUG) -> User:
    """A convenor of the assembly with this slug."""
    user = person()
    accounts.grant_role(user, Role.CONVENOR, assembly=assembly)
    return user


def panel(assembly: str = SLUG) -> User:
    """A panel member of the assembly with this slug."""
    user = person()
    accounts.grant_role(user, Role.PANEL, assembly=assembly)
    return user


def responder(organisation: Organisation) -> User:
    """Somebody who answers for the organisation."""
    user = person()
    accounts.grant_role(user, Role.RESPONDER, organisation=organisation)
    return user


def member(team: Team) -> User:
    """A member of the team."""
    user = person()
    accounts.grant_role(user, Role.TEAM_MEMBER, team=team)
    return user


def organisation(slug: str = "", *, kind: str = "police_force", area: str = "") -> Organisation:
    """A body that can be asked."""
    slug = slug or f"body-{next(_numbers)}"
    return accounts.publish_organisation(
        slug, by=convenor(), today=TODAY, name=slug.title(), kind=kind, area=area
    )


def team(of: Organisation | None = None, slug: str = "") -> Team:
    """A team of a body."""
    slug = slug or f"team-{next(_numbers)}"
    return accounts.publish_team(
        slug, by=convenor(), today=TODAY, name=slug.title(), organisation=of or organisation()
    )


def area(code: str = "", *, kind: str = "borough", parent: Area | None = None) -> Area:
    """A place."""
    code = code or f"E{next(_numbers):08d}"
    return actions.publish_area(
        code, by=convenor(), today=TODAY, name=f"Place {code}", kind=kind, vintage="2022", parent=parent
    )


def assembly(slug: str = SLUG, **more: Any) -> Assembly:
    """An assembly."""
    more.setdefault("prefix", f"T{next(_numbers)}")
    more.setdefault("title", "Anytown Citizens' Assembly")
    return actions.publish_assembly(slug, by=convenor(slug), today=TODAY, **more)


def theme(of: Assembly, slug: str = "", **more: Any) -> Theme:
    """A theme of an assembly."""
    slug = slug or f"theme-{next(_numbers)}"
    more.setdefault("title", slug.replace("-", " ").capitalize())
    return actions.publish_theme(of, by=convenor(of.slug), today=TODAY, slug=slug, **more)


def look(
    *issues: str | reading.Priority,
    force: str = "anytown-police",
    code: str = "",
    area: Area | None = None,
    today: date = TODAY,
) -> Neighbourhood:
    """A neighbourhood as the source shows it today, with exactly these priorities."""
    code = code or f"N{next(_numbers)}"
    said = [
        one if isinstance(one, reading.Priority) else reading.Priority(one, issue_date=TODAY)
        for one in issues
    ]
    seen = Look(
        force,
        reading.Neighbourhood(code, f"Neighbourhood {code}"),
        said,
        source=f"https://data.police.uk/api/{force}/{code}",
        place=Place(area, PlacedBy.CODE) if area else None,
    )
    actions.keep_look(seen, today=today)
    return Neighbourhood.objects.get(force=force, code=code)


def priority(issue: str = "Mopeds on the pavement", **more: Any) -> Priority:
    """The only priority of a neighbourhood."""
    return look(issue, **more).priorities.get()


def recommendation(of: Assembly | None = None, *, today: date = TODAY, **more: Any) -> Recommendation:
    """A recommendation of an assembly."""
    of = of or assembly()
    more.setdefault("title", "Engage with young people")
    return actions.publish_recommendation(of, by=convenor(of.slug), today=today, **more)


def promise(
    lead: Team, *co_owners: Team, recommendations: list[Recommendation] | None = None, **more: Any
) -> Promise:
    """A promise with its owners, before it is published."""
    more.setdefault("title", "Walk the high street every evening")
    owners = [Ownership(team=lead, lead=True), *(Ownership(team=one) for one in co_owners)]
    return Promise(owners=owners, recommendations=recommendations or [], **more)


def commitment(
    of: Assembly | None = None,
    *,
    lead: Team | None = None,
    co_owners: tuple[Team, ...] = (),
    today: date = TODAY,
    **more: Any,
) -> Commitment:
    """A commitment that its lead's body published today."""
    of = of or assembly()
    lead = lead or team()
    said = promise(lead, *co_owners, **more)
    return actions.publish_commitment(of, by=responder(lead.organisation), today=today, promise=said)


def entered(of: Assembly | None = None, **more: Any) -> Commitment:
    """A commitment that the convenor entered from a source."""
    of = of or assembly()
    more.setdefault("title", "Review the ward panels")
    return actions.enter_commitment(
        of, by=convenor(of.slug), today=TODAY, promise=Promise(**more), source=SOURCE
    )


def lead_team(of: Commitment) -> Team:
    """The team that leads a commitment."""
    found = of.owners.select_related("team__organisation").get(lead=True, ended_on=None).team
    if found is None:
        raise ValueError(f"{of} is led by no team.")
    return found


def update(
    on: Commitment, *, by: User | None = None, today: date = TODAY, status: str = "in_progress", **more: Any
) -> ProgressUpdate:
    """An update of a commitment's lead."""
    more.setdefault("body", "Two officers walk the high street.")
    return actions.post_update(on, by=by or member(lead_team(on)), today=today, status=status, **more)


def claim(on: Commitment, *, by: User | None = None, today: date = TODAY, **more: Any) -> ProgressUpdate:
    """A claim that a commitment is complete."""
    more.setdefault("evidence", EVIDENCE)
    return update(on, by=by, today=today, status="completed", body="It is done.", **more)


def evidence_file(
    on: Commitment, *, by: User | None = None, title: str = "A photo", **more: Any
) -> EvidenceFile:
    """A file that shows what an update says; its bytes are made here, and no child opens them."""
    by = by or member(lead_team(on))
    sent = actions.send_evidence(Clean(PICTURE, "image/png", width=1, height=1), by=by)
    update(on, by=by, evidence=[EvidenceLink(title, file=sent.pk)], **more)
    return EvidenceFile.objects.get(pk=sent.pk)


def challenge(
    of: ProgressUpdate, *, by: User | None = None, today: date = TODAY, reason: str = "We see nobody."
) -> Challenge:
    """A resident's challenge of a claim, as proposed."""
    return actions.challenge_claim(of.commitment, by=by or person(), today=today, claim=of, reason=reason)


def open_challenge(of: ProgressUpdate, *, today: date = TODAY) -> Challenge:
    """A resident's challenge that enough others supported."""
    found = challenge(of, today=today)
    slug = of.commitment.assembly.slug
    found = actions.admit(found, by=convenor(slug), today=today)
    while found.state != "open":
        found = actions.support(found, by=person(), today=today)
    return found
