"""Two years of a tracker's history, replayed: every event is accounted for, and what the clock wrote is right."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client

from commitments import standing
from commitments.actions import tick
from commitments.deadlines import london_date
from commitments.models import Commitment, Correction, Evidence, Lineage, ProgressUpdate
from commitments.promises import Due
from record.models import Entry
from tests.contract import CheckingClient
from tests.foreign import tracker
from tests.foreign.holding import V1, check_no_gaps, paged
from tests.foreign.missing import Miss, missed
from tests.foreign.replaying import Replay
from tests.foreign.sources import MADE_UP, document, of_others
from tests.foreign.tracker import STATUSES, Event, Publish, Replace, Report, Story

pytestmark = pytest.mark.django_db
HUNDRED_DAYS = Due(date(2017, 4, 29), "day", "First 100 Days")
LATER = date(2019, 12, 31)


def dues(story: Story, listed: Iterable[Event]) -> dict[int, Due]:
    """What is due when: the tracker lists some promises under the first 100 days, and no other has a date."""
    urgent = [one["title"] for one in listed if one["category"] == "First 100 Days"]
    return {story.titles[title]: HUNDRED_DAYS for title in urgent}


def check_replay(events: list[Event], listed: list[Event]) -> tuple[Story, Replay]:
    """Replay a history, and hold the record against the events, the tracker's final list and its own clock."""
    story = tracker.story(events)
    assert story.tally.total() == len(events)
    due = dues(story, listed)
    replay = Replay(story.steps[0].at, due)
    replay.play(story, until=LATER)
    check_final(story, replay, listed)
    check_rows(story, events)
    check_clock(story, replay, due)
    check_order()
    check_standings()
    return story, replay


def check_final(story: Story, replay: Replay, listed: list[Event]) -> None:
    """What the tracker lists at the end says the same here; what it dropped or changed is here too."""
    now = {key: Commitment.objects.get(pk=one.pk) for key, one in replay.commitments.items()}
    assert len(now) == Commitment.objects.count() == sum(isinstance(one, Publish) for one in story.steps)
    assert story.titles.keys() == {one["title"] for one in listed}
    for one in listed:
        here = now[story.titles[one["title"]]]
        assert here.status == STATUSES[one["status"]]
        assert here.finding == tracker.FINDINGS.get(one["status"])
    for promise, text in story.texts.items():
        assert tracker.titled_alike(now[promise].title, text)


def check_rows(story: Story, events: list[Event]) -> None:
    """Each step left its row; each link of the tracker's is the evidence of an update."""
    kinds = Counter(type(step) for step in story.steps)
    assert ProgressUpdate.objects.count() == kinds[Report] + kinds[Replace]
    assert Lineage.objects.count() == kinds[Replace]
    assert Correction.objects.filter(state="approved").count() == Correction.objects.count()
    links = Counter(event["url"] for event in events if event["kind"] == "source_added" and event["url"])
    assert not links - Counter(Evidence.objects.values_list("url", flat=True))
    told = Counter(Entry.objects.values_list("type", flat=True))
    assert told["commitment.published"] == kinds[Publish]
    assert told["update.posted"] == kinds[Report] + kinds[Replace]
    assert told["commitment.superseded"] == kinds[Replace]
    assert told["commitment.corrected"] == told["correction.requested"] == Correction.objects.count()


def check_clock(story: Story, replay: Replay, due: dict[int, Due]) -> None:
    """The clock wrote each missed deadline once, dated the day it happened, and has nothing left to write."""
    keys = {one.reference: key for key, one in replay.commitments.items()}
    wrote = [
        Miss(
            entry.type, keys[entry.subject.removeprefix("commitment:")], deadline_of(entry), entry.occurred_on
        )
        for entry in Entry.objects.filter(actor="clock")
    ]
    assert sorted(wrote) == sorted(missed(story, due, LATER))
    assert tick(LATER) == 0


def deadline_of(entry: Entry) -> date:
    """The day that passed, as an entry of the clock says it."""
    [day] = json.loads(bytes(entry.body))["facts"].values()
    return date.fromisoformat(day)


def check_order() -> None:
    """No gaps, and no time that runs back: people's facts are dated the day they said them, the clock's no later."""
    check_no_gaps()
    said = list(Entry.objects.exclude(actor="clock").order_by("position"))
    days = [entry.occurred_on for entry in said]
    assert days == sorted(days)
    assert days == [london_date(entry.at) for entry in said]
    assert all(entry.occurred_on <= london_date(entry.at) for entry in Entry.objects.filter(actor="clock"))


def check_standings() -> None:
    """What lists and filters say in SQL is what the definition says, for every promise, all along and after."""
    for day in (date(2016, 12, 31), date(2017, 4, 30), date(2017, 7, 29), date(2018, 8, 27), LATER):
        said: QuerySet[Any] = Commitment.objects.with_standing(day)
        assert {one.pk: one.standing for one in said} == {
            one.pk: standing.standing(standing.facts_of(one), day) for one in Commitment.objects.all()
        }


def test_1552_events_of_a_tracker_are_replayed_and_each_is_accounted_for(api: CheckingClient) -> None:
    listed = document(of_others("trumptracker/data.json"))["promises"]
    story, _ = check_replay(document(of_others("trumptracker/history-events.json")), listed)
    assert story.tally == {
        ("initial", tracker.PUBLISHED): 198,
        ("added", tracker.PUBLISHED): 19,
        ("added", tracker.REWORDED): 76,
        ("added", tracker.REPLACED): 12,
        ("added", tracker.STOOD): 164,
        ("removed_or_reworded", tracker.REWORDED): 76,
        ("removed_or_reworded", tracker.REPLACED): 12,
        ("removed_or_reworded", tracker.STOOD): 164,
        ("removed_or_reworded", tracker.STAYS): 43,
        ("status", tracker.REPORTED): 93,
        ("status", tracker.REPORTED_BACK): 6,
        ("source_added", tracker.SHOWN): 688,
        ("source_added", tracker.NOWHERE): 1,
    }
    assert Counter(one["status"] for one in listed) == {
        "Not started": 84,
        "Broken": 43,
        "Achieved": 21,
        "In progress": 18,
        "Compromised": 8,
    }
    check_feed(api)


def test_a_made_up_history_is_replayed_the_same_way(api: CheckingClient) -> None:
    made_up: dict[str, Any] = document(MADE_UP / "history.json")
    story, replay = check_replay(made_up["events"], made_up["promises"])
    assert {outcome for _, outcome in story.tally} == {
        tracker.PUBLISHED,
        tracker.REWORDED,
        tracker.REPLACED,
        tracker.REPORTED,
        tracker.REPORTED_BACK,
        tracker.SHOWN,
        tracker.STOOD,
        tracker.STAYS,
        tracker.NOWHERE,
    }
    kinds = Counter(Entry.objects.filter(actor="clock").values_list("type", flat=True))
    assert kinds.keys() == {"commitment.overdue", "commitment.very_late", "commitment.silent"}
    dropped = replay.commitments[2]
    assert Commitment.objects.get(pk=dropped.pk).title == "Paint the fence."
    check_feed(api)


def check_feed(api: CheckingClient) -> None:
    """The change feed tells the whole record, in its order."""
    found = [one["position"] for one in paged(Client(), f"{V1}/events/?after=0&page_size=100")]
    assert found == list(range(1, Entry.objects.count() + 1))
    assert api.get(f"{V1}/events/?after={max(0, len(found) - 100)}&page_size=100").status_code == 200


def test_texts_are_paired_by_their_words_and_a_changed_number_is_a_changed_promise() -> None:
    assert tracker.likeness("End the war.", "“End the War”") == 1
    assert tracker.likeness("Plant ten trees.", "Close the harbour at night.") < tracker.SAME_PROMISE
    assert tracker.likeness("aaaa", "zzzz") == 0
    at = datetime(2017, 1, 1, tzinfo=UTC).isoformat()
    for old, new, outcome in [
        (
            "Cut the tax by 10 percent for all families.",
            "Cut the tax by 15 percent for all families.",
            tracker.REPLACED,
        ),
        (
            "Cut the tax by 10 percent for all families.",
            "Cut the tax by 10 percent, for all families",
            tracker.REWORDED,
        ),
        ("Cut the tax by 10 percent for all families.", "Cut the tax by 10 percent", tracker.REWORDED),
        ("Cut the tax by 10 percent for all families.", "Open the harbour.", tracker.STAYS),
    ]:
        listed = {"commit": "a", "at": at, "kind": "initial", "title": old, "new": "Not started"}
        gone = {"commit": "b", "at": at, "kind": "removed_or_reworded", "title": old}
        come = {"commit": "b", "at": at, "kind": "added", "title": new, "new": "Not started"}
        assert tracker.story([listed, gone, come]).tally["removed_or_reworded", outcome] == 1
