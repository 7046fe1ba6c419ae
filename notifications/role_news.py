"""What those who administer an office hear of its roles: that one is proposed, was taken up or ended. It names nobody.

Read from the rows of roles and proposals and behind a cursor that counts their changes, so that a crash delays it.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from accounts import offices, roles
from accounts.models import Membership, RoleRequest, RoleRequestState, Team
from commitments.deadlines import london_date
from commitments.sentences import day
from notifications import offices as working
from notifications import reading
from notifications.models import Cursor, Reminded, Reminder, ReminderKind
from notifications.wording import Item, plain
from record import clock

NAME = "office_roles"
BACK = timedelta(days=14)
"""What is older is told to nobody any more."""
PROPOSED, GIVEN, ENDED = "proposed", "given", "ended"
SAID = {
    PROPOSED: "A role is proposed in {name}, and waits for a second person.",
    GIVEN: "A role was taken up in {name} on {on}.",
    ENDED: "A role was ended in {name} on {on}.",
}
PAGES = {PROPOSED: "desk_grants", GIVEN: "desk_people", ENDED: "desk_people"}


class Change(NamedTuple):
    """What happened in which office, and when."""

    what: str
    office: str
    on: date


def is_behind() -> bool:
    """Whether any role changed since this was read."""
    return _state() != (Cursor.objects.filter(name=NAME).values_list("position", flat=True).first() or 0)


@transaction.atomic
def note(now: datetime) -> None:
    """Write down what each office is to hear, once a day and sort."""
    cursor, state = reading.lock(NAME), _state()
    if cursor.position == state:
        return
    found = [
        Reminder(
            office=told, kind=ReminderKind.ROLES, subject=f"{one.what}:{one.office}", on=one.on, made_at=now
        )
        for one in sorted(set(_changes(now)))
        for told in _administering(one.office)
    ]
    Reminder.objects.bulk_create(found, ignore_conflicts=True)
    _give_back({one.office for one in _changes(now) if one.what == ENDED})
    Cursor.objects.filter(pk=cursor.pk).update(position=state)


def items(told: Sequence[Reminder]) -> dict[str, list[Item]]:
    """By office what these reminders say now; of a proposal, while it waits."""
    found: dict[str, list[Item]] = {}
    for one in sorted(
        (one for one in told if one.kind == ReminderKind.ROLES), key=lambda row: (row.on, row.pk)
    ):
        what, _, office = one.subject.partition(":")
        waits = RoleRequest.objects.filter(office=office, state=RoleRequestState.PROPOSED)
        if what != PROPOSED or waits.exists():
            text = SAID[what].format(name=_name(office), on=day(one.on.isoformat()))
            found.setdefault(one.office, []).append(Item(text, _page(what), "See it at the desk"))
    return found


def _state() -> int:
    """How often a role was proposed, decided on, or ended by somebody: it only grows."""
    requests = RoleRequest.objects.all()
    ended = Membership.objects.filter(~Q(ended_by=None) | Q(ended_at=None, last_day__lt=clock.today()))
    return requests.count() + requests.exclude(decided_at=None).count() + ended.count()


def _give_back(left: set[str]) -> None:
    """What waits for somebody who left an office goes to those who work there now."""
    rows = Reminded.objects.filter(written_at=None, reminder__office__in=left)
    there = working.people(left)
    gone = [
        (row, reminder)
        for row, reminder, user, office in rows.values_list(
            "pk", "reminder", "reader__user", "reminder__office"
        )
        if user not in there[office]
    ]
    Reminded.objects.filter(pk__in=[row for row, _ in gone]).delete()
    waiting = Reminder.objects.filter(pk__in=[reminder for _, reminder in gone])
    waiting.exclude(told__isnull=False).update(placed_at=None)


def _changes(now: datetime) -> Iterable[Change]:
    requests, since = RoleRequest.objects.all(), now - BACK
    for office, at in requests.filter(proposed_at__gte=since).values_list("office", "proposed_at"):
        yield Change(PROPOSED, office, london_date(at))
    taken_up = requests.filter(state=RoleRequestState.TAKEN_UP, decided_at__gte=since)
    for office, taken in taken_up.values_list("office", "decided_at"):
        yield Change(GIVEN, office, london_date(taken or now))
    ended = Membership.objects.filter(ended_at__gte=since).exclude(ended_by=None)
    for membership in ended.select_related("organisation", "team"):
        yield Change(ENDED, membership.office, london_date(membership.ended_at or now))
    over = Membership.objects.filter(
        ended_at=None, last_day__lt=london_date(now), last_day__gte=london_date(since)
    )
    for membership in over.select_related("organisation", "team"):
        yield Change(ENDED, membership.office, (membership.last_day or london_date(now)) + timedelta(days=1))


def _administering(office: str) -> list[str]:
    """The offices that administer an office, and stand in: all convenors', where its body has not two responders."""
    kind, _, slug = office.partition(":")
    if kind in ("convenor", "panel"):
        return [f"convenor:{slug}"]
    team = Team.objects.filter(slug=slug).select_related("organisation").first() if kind == "team" else None
    body = team.organisation if team else offices.named(office).organisation
    if body is None:
        return []
    mine = f"organisation:{body.slug}"
    if roles.responders(body).count() > 1:
        return [mine]
    convenors = Membership.objects.filter(roles.present(), role="convenor").values_list("assembly", flat=True)
    return [mine, *(f"convenor:{one}" for one in sorted(set(convenors)))]


def _name(office: str) -> str:
    kind, _, slug = office.partition(":")
    if kind in ("convenor", "panel"):
        return f"the {'panel' if kind == 'panel' else 'convenors'} of {slug}"
    team = Team.objects.filter(slug=slug).first() if kind == "team" else None
    return plain(team.name if team else str(offices.named(office)))


def _page(name: str) -> str:
    try:
        return f"{settings.PUBLIC_URL}{reverse(PAGES[name])}"
    except NoReverseMatch:
        return ""
