"""Who is to be told of what: from entries to deliveries, once each."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import actions
from commitments.promises import Ownership
from notifications import kinds, topics
from notifications.composing import compose
from notifications.fanout import fan_out
from notifications.models import Cadence, Cursor, Delivery, Follower, Message
from record import clock
from record.event_types import EVENT_TYPES
from record.models import Entry
from tests import make
from tests.notifications.following import follower

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon() -> object:
    with clock.at(make.noon(make.TODAY)):
        yield


def test_every_kind_of_event_stands_in_one_group() -> None:
    named = [name for names in kinds.KINDS.values() for name in names]
    assert len(named) == len(set(named))
    assert set(named) <= set(EVENT_TYPES)


def told(one: Follower) -> list[str]:
    positions = Delivery.objects.filter(follower=one).values("position")
    return list(
        Entry.objects.filter(position__in=positions).order_by("position").values_list("type", flat=True)
    )


def test_an_update_reaches_those_who_follow_anything_that_it_belongs_to() -> None:
    commitment = make.commitment()
    owner = commitment.owners.get(lead=True)
    assert owner.team is not None
    answering = commitment.answering.first()
    names = [
        commitment.record_subject,
        commitment.assembly.record_subject,
        f"team:{owner.team.slug}",
        f"organisation:{owner.organisation.slug}",
    ]
    names += [answering.recommendation.record_subject] if answering else []
    fan_out()
    followers = [follower(f"f{number}@example.org", name) for number, name in enumerate(names)]
    stranger = follower("stranger@example.org", "commitment:XX1-C001")
    make.update(commitment)
    assert fan_out() == 1
    assert [told(one) for one in followers] == [["update.posted"]] * len(names)
    assert told(stranger) == []


def test_a_second_run_tells_nothing_twice_and_a_lost_cursor_neither() -> None:
    commitment = make.commitment()
    one = follower("ana@example.org", commitment.record_subject, commitment.assembly.record_subject)
    fan_out()
    before = told(one)
    assert before.count("commitment.published") == 1
    assert fan_out() == 0
    Cursor.objects.update(position=0)
    fan_out()
    assert told(one) == before


def test_only_the_kinds_that_were_asked_for_are_told() -> None:
    commitment = make.commitment()
    one = follower("ana@example.org", commitment.record_subject, kinds=kinds.packed(["dates"]))
    make.update(commitment)
    fan_out()
    assert told(one) == []


def test_what_ones_own_office_did_does_not_come_back() -> None:
    commitment = make.commitment()
    team = commitment.owners.get(lead=True).team
    assert team is not None
    colleague, other_one = make.member(team), make.person()
    fan_out()
    own = follower(colleague.email, commitment.record_subject)
    other = follower(other_one.email, commitment.record_subject)
    make.update(commitment)
    fan_out()
    assert (told(own), told(other)) == ([], ["update.posted"])


def test_who_did_not_confirm_is_told_nothing() -> None:
    commitment = make.commitment()
    one = follower("ana@example.org", commitment.record_subject)
    Follower.objects.update(confirmed_at=None)
    fan_out()
    assert told(one) == []


def test_fanning_out_asks_the_same_number_of_questions_for_one_follower_and_for_many() -> None:
    commitment = make.commitment()
    follower("ana@example.org", commitment.record_subject)
    fan_out()
    Cursor.objects.update(position=0)
    with CaptureQueriesContext(connection) as few:
        fan_out()
    Delivery.objects.all().delete()
    Cursor.objects.update(position=0)
    for number in range(30):
        follower(f"f{number}@example.org", commitment.record_subject)
    with CaptureQueriesContext(connection) as many:
        fan_out()
    assert len(few) == len(many)


def test_one_message_holds_all_that_is_due_and_a_digest_waits_for_the_morning() -> None:
    commitment = make.commitment()
    at_once = follower("ana@example.org", commitment.record_subject)
    daily = follower("bea@example.org", commitment.record_subject, cadence=Cadence.DAILY)
    make.update(commitment)
    fan_out()
    assert compose(clock.now()) == 1
    assert Message.objects.get().deliveries.count() == len(told(at_once)) > 1
    assert compose(clock.now() + timedelta(hours=1)) == 0
    assert compose(clock.now() + timedelta(days=1)) == 1
    assert Message.objects.get(follower=daily).deliveries.count() == len(told(daily))


def test_topics_of_many_entries_cost_as_many_questions_as_of_few() -> None:
    first = make.commitment()
    make.commitment(first.assembly)
    entries = topics.read(0, 1000)
    with CaptureQueriesContext(connection) as one:
        topics.of_entries(entries)
    make.commitment(first.assembly)
    make.commitment(first.assembly)
    longer = topics.read(0, 1000)
    with CaptureQueriesContext(connection) as more:
        topics.of_entries(longer)
    assert len(one) == len(more)


def test_what_happens_to_a_team_is_told_to_who_follows_its_body() -> None:
    team = make.commitment().owners.get(lead=True).team
    assert team is not None
    one = follower("ana@example.org", f"organisation:{team.organisation.slug}")
    fan_out()
    assert {"organisation.published", "team.published"} <= set(told(one))


def test_who_follows_today_is_not_told_what_was_recorded_before() -> None:
    commitment = make.commitment()
    with clock.at(clock.now() + timedelta(minutes=1)):
        late = follower("late@example.org", commitment.record_subject)
    fan_out()
    assert told(late) == []
    with clock.at(clock.now() + timedelta(minutes=2)):
        make.update(commitment)
    fan_out()
    assert told(late) == ["update.posted"]


def test_who_follows_a_team_hears_that_a_promise_was_passed_on_from_it() -> None:
    commitment = make.commitment()
    team = make.lead_team(commitment)
    other = make.team(team.organisation)
    fan_out()
    old, new = (
        follower("old@example.org", team.record_subject),
        follower("new@example.org", other.record_subject),
    )
    owners = [Ownership(team=other, lead=True)]
    by = make.responder(team.organisation)
    actions.hand_over(commitment, by=by, today=make.TODAY, owners=owners, reason="They walk there.")
    fan_out()
    assert told(old) == told(new) == ["commitment.handed_over"]
    make.update(commitment)
    fan_out()
    assert told(old) == ["commitment.handed_over"]
