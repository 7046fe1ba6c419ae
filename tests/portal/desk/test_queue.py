"""What waits is seen by those for whom it waits, with its date and its way, and by nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format
from pytest_django.fixtures import Settings

from accounts import actions as accounts
from accounts import offices
from accounts.models import Role, User
from commitments import actions
from commitments.actions import granting
from portal.desk.queue import gathering, seats
from portal.desk.queue.items import Item
from portal.desk.queue.registry import KINDS
from record import clock
from tests import make
from tests.portal.desk.waiting import Waiting
from tests.portal.desk.windows import at_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def whole(settings: Settings, tmp_path: Path) -> Iterator[Waiting]:
    """The town, on the day on which everything waits."""
    settings.DATA_DIR = tmp_path
    there = Waiting()
    with clock.at(make.noon(there.on)):
        yield there


@pytest.fixture
def town() -> Iterator[Waiting]:
    """The same, without what people rated."""
    there = Waiting(rated=False)
    with clock.at(make.noon(there.on)):
        yield there


def _seen(who: User, town: Waiting) -> dict[str, list[Item]]:
    found = gathering.of(seats.of(who), town.on)
    return {group.kind.name: group.items for office in found.offices for group in office.groups}


def page(who: User, path: str = "/desk/", status: int = 200) -> str:
    """What somebody reads at the desk."""
    answer = at_desk(who).get(path)
    assert answer.status_code == status
    assert "no-store" in answer["Cache-Control"]
    return " ".join(answer.content.decode().split())


def test_every_kind_is_seen_by_the_one_for_whom_it_waits_with_its_date_and_a_way_that_opens(
    whole: Waiting,
) -> None:
    assert whole.people.keys() == {kind.name for kind in KINDS}
    people = {who.pk: who for who in whole.people.values()}
    seen = {key: _seen(who, whole) for key, who in people.items()}
    desks = {key: at_desk(who) for key, who in people.items()}
    for name, who in whole.people.items():
        assert name in seen[who.pk], name
        for one in seen[who.pk][name]:
            assert date_format(one.on, "DATE_FORMAT") in one.said, name
        link = seen[who.pk][name][0].link
        assert desks[who.pk].get(link).status_code == 200, f"{name}: {link}"


def test_nothing_is_seen_by_other_offices(town: Waiting) -> None:
    elsewhere = make.assembly("othertown-2025")
    nobodies = [
        make.convenor(elsewhere.slug), make.panel(elsewhere.slug), make.responder(make.organisation()),
        make.member(make.team()), make.person(),
    ]  # fmt: skip
    assert [_seen(who, town) for who in nobodies] == [{}] * len(nobodies)
    owners = set(_seen(town.member, town))
    assert owners.isdisjoint(_seen(town.bea, town))
    assert set(_seen(town.panel_member, town)) == {"verify"}


def test_who_belongs_to_an_owner_reads_nothing_of_an_independent_office(town: Waiting) -> None:
    accounts.grant_role(town.member, Role.CONVENOR, assembly=town.assembly.slug)
    assert "words" not in _seen(town.member, town)
    assert "You cannot act as “Convenor: " in page(town.member)


def test_who_asked_is_told_that_another_must_do_it_and_it_is_not_counted(town: Waiting) -> None:
    asked = {"redaction", "grant"}
    own, others = _seen(town.ann, town), _seen(town.bea, town)
    for name in asked:
        assert all(one.is_barred for one in own[name])
        assert not any(one.is_barred for one in others[name])
    counts = [gathering.number_of(who, town.on) for who in (town.ann, town.bea)]
    assert counts[1] - counts[0] == len(asked) + 1, "and the upload is Bea's alone"
    assert page(town.ann).count("so another person has to do it") == len(asked)


def test_roles_wait_for_those_who_may_decide_them_and_for_nobody_else(town: Waiting) -> None:
    lonely = make.organisation("lonely", kind="council")
    for office in (f"panel:{town.assembly.slug}", "organisation:lonely", "team:south-team"):
        if office.startswith("team:"):
            make.team(town.police, "south-team")
        by = town.responder if office.startswith("team:") else town.ann
        granting.propose_role(f"{office[:4]}@example.org", offices.named(office), by=by)
    ending = make.team(town.police, "ending-team")
    granting.propose_role("end@example.org", offices.named("team:ending-team"), by=town.responder)
    actions.reorganise(ending, by=town.responder, today=town.on, reason="Closed.")
    inside = make.member(make.team(lonely))
    for who in (*town.people.values(), make.convenor("othertown-2025"), inside, make.responder(town.police)):
        found = {name: sorted(one.story for one in items) for name, items in _seen(who, town).items()}
        open_for = [one.office for one, _ in granting.open_for(who) if one.state == "proposed"]
        assert found.get("grant", []) == sorted(open_for)
        assert found.get("invitation", []) == sorted(one.office for one, _ in granting.invitations(who))


def test_the_count_in_the_navigation_is_what_the_page_shows(town: Waiting) -> None:
    for who in {who.pk: who for who in town.people.values()}.values():
        number = gathering.number_of(who, town.on)
        assert number == gathering.of(seats.of(who), town.on).number > 0
        assert f'What waits <span class="mark">{number}</span>' in page(who)


def test_the_overdue_stands_first_and_what_is_far_off_is_counted_and_one_step_away(town: Waiting) -> None:
    found = gathering.of(seats.of(town.member), town.on)
    for office in found.offices:
        ranks = [group.items[0].rank for group in office.groups]
        assert ranks == sorted(ranks)
    [later] = [one for one in found.later if one.kind.name == "update"]
    assert later.number
    soon = sum(
        group.number for office in found.offices for group in office.groups if group.kind is later.kind
    )
    told = page(town.member, "/desk/waiting/update/")
    assert told.count('<span class="ref">') == soon + later.number


def test_a_long_group_shows_the_oldest_and_the_way_to_all_of_it(
    town: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "SHOWN", 1)
    told = page(town.member)
    whole = _whole(town, "unmeasurable")
    assert whole > 1
    assert f'<a href="/desk/waiting/unmeasurable/">All {whole}: ' in told
    assert page(town.member, "/desk/waiting/unmeasurable/").count('<span class="ref">') == whole
    page(town.panel_member, "/desk/waiting/unmeasurable/", 404)


def _whole(town: Waiting, name: str) -> int:
    [kind] = [kind for kind in KINDS if kind.name == name]
    return len(gathering.items(kind, seats.of(town.member), town.on))


def test_held_words_are_not_in_the_queue(town: Waiting) -> None:
    late = town.promises["late"]
    late.refresh_from_db()
    assert late.title in page(town.member)
    with clock.at(make.noon(town.on)):
        actions.place_hold(late, by=town.ann, today=town.on, ground="safety")
    told = page(town.member)
    assert late.title not in told
    assert "Words held back for now" in told


def test_a_whole_queue_asks_the_same_few_questions_however_much_waits(town: Waiting) -> None:
    everything = make.person()
    accounts.grant_role(everything, Role.RESPONDER, organisation=town.police)
    accounts.grant_role(everything, Role.TEAM_MEMBER, team=town.lead)
    first = _asks(everything, town)
    for number in range(4):
        make.commitment(town.assembly, lead=town.lead, today=make.days(-150), title=f"More {number}")
    assert _asks(everything, town) == first
    held = seats.of(everything)
    assert 7 < first <= 7 + sum(kind.is_for(held) for kind in KINDS)
    with CaptureQueriesContext(connection) as asked:
        gathering.number_of(town.bea, town.on)
    assert 1 < len(asked) <= 3


def _asks(who: User, town: Waiting) -> int:
    with CaptureQueriesContext(connection) as asked:
        gathering.of(seats.of(who), town.on)
    return len(asked)
