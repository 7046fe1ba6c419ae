"""The real record of Waltham Forest: all that was collected, nothing else, and unknown where nothing is known."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db.models import QuerySet

from accounts.models import Organisation, Team, User
from commitments import importing, standing
from commitments.actions import tick
from commitments.models import Area, Assembly, Commitment, Owner, Recommendation, Theme
from commitments.preparing import ASSEMBLY, REAL_RECORD
from record.models import Entry, Head
from tests import make

COLLECTED = Path(__file__).resolve().parents[3] / "shared" / "data" / "waltham-forest.json"
FILE = json.loads(REAL_RECORD.read_text(encoding="utf-8"))
LATER = date(2031, 1, 1)


@pytest.fixture
def entered(db: None) -> User:
    """The record as its convenor entered it."""
    convenor = make.convenor(ASSEMBLY)
    importing.import_record(FILE, today=make.TODAY)
    return convenor


@pytest.fixture
def collected() -> dict[str, Any]:
    """What was collected for the project, where it lies beside it."""
    if not COLLECTED.exists():
        pytest.skip("the collected facts do not lie beside this copy of the project")
    found: dict[str, Any] = json.loads(COLLECTED.read_text(encoding="utf-8"))
    return found


def leaves(value: Any) -> Iterator[Any]:
    """Every plain value in a JSON document."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)
    else:
        yield value


def test_nothing_that_was_collected_is_lost(collected: dict[str, Any]) -> None:
    # Two sentences hold an address: here the address is a source of its own, and the rest its note.
    for holder in (collected["recommendations_source"], collected["wards_source"]):
        holder["said"] = [
            part.strip("() ")
            for name in ("corroboration", "cross_check")
            for part in apart(holder.pop(name, ""))
        ]
    ours = list(leaves(FILE))
    texts = [text for text in ours if isinstance(text, str)]
    lost = [
        value
        for value in leaves(collected)
        if not (any(value in text for text in texts) if isinstance(value, str) else value in ours)
    ]
    assert lost == []


def apart(sentence: str) -> Iterator[str]:
    """The address in a sentence, and the words around it."""
    for word in sentence.split():
        if "://" in word:
            yield word
    yield " ".join(word for word in sentence.split() if "://" not in word)


def test_nothing_is_said_that_was_not_collected(collected: dict[str, Any]) -> None:
    theirs = [text for text in leaves(collected) if isinstance(text, str)]
    ours = [
        *[fact["value"] for fact in FILE["assembly"]["facts"]],
        *[FILE["assembly"][name] for name in ("title", "question", "area")],
        *[
            theme[name]
            for theme in FILE["themes"]
            for name in ("slug", "title", "summary", "findings", "origin")
        ],
        *[
            one[name]
            for one in FILE["recommendations"]
            for name in ("title", "body", "theme", "theme_assigned_by")
        ],
        *[one[name] for one in FILE["commitments"] for name in ("slug", "body", "reported_state")],
        *[ward[name] for ward in FILE["areas"][2:] for name in ("code", "name", "latitude", "longitude")],
    ]
    dates = [source["date"] for source in sources(FILE)]
    said = [value for value in leaves(ours) if isinstance(value, str) and value not in dates]
    assert [value for value in said if not any(value in text for text in theirs)] == []


def sources(value: Any) -> Iterator[dict[str, Any]]:
    """Every source in the file."""
    if isinstance(value, dict):
        if "reliability" in value:
            yield {"date": None} | value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from sources(inner)


def test_every_source_says_how_good_it_is() -> None:
    by_host = {
        "opencouncil.network": "secondary_ai",
        "walthamforestecho.co.uk": "press",
        "cloudfront.net": "press",
        "www.walthamforest.gov.uk": "primary",
        "involve.org.uk": "primary",
        "www.neighbourlylab.com": "primary",
    }
    for source in sources(FILE):
        host = source["url"].split("/")[2]
        expected = [value for name, value in by_host.items() if host.endswith(name)]
        assert source["reliability"] in (expected or ["secondary", "primary"])


def test_a_date_of_a_source_stands_in_its_address_or_is_unknown() -> None:
    for source in sources(FILE):
        if source["date"] and "lgbce" not in source["url"]:
            assert source["date"].replace("-", "/") in source["url"]


def test_there_are_ten_recommendations_in_three_themes(entered: User) -> None:
    references = list(Recommendation.objects.values_list("reference", flat=True))
    assert references == [f"WF24-R{number:02d}" for number in range(1, 11)]
    assert set(Recommendation.objects.values_list("theme_assigned_by", flat=True)) == {
        "our reading; no source assigns themes"
    }
    assert list(Theme.objects.values_list("slug", flat=True)) == [
        "be-in-the-community",
        "understand-the-community",
        "be-for-the-community",
    ]
    assert all(finding["sources"] for theme in Theme.objects.all() for finding in theme.findings)
    assert all(
        theme.origin and theme.origin["by"].startswith("Neighbourly Lab") for theme in Theme.objects.all()
    )


def test_there_are_22_wards_of_2022_in_their_borough_and_force(entered: User) -> None:
    wards = Area.objects.filter(kind="ward")
    assert [ward.code for ward in wards] == [f"E050{number}" for number in range(13882, 13904)]
    assert {ward.vintage for ward in wards} == {"2022"}
    assert {ward.path for ward in wards} == {f"E23000001/E09000031/{ward.code}/" for ward in wards}
    assert all(ward.latitude and ward.longitude and ward.entered_from for ward in wards)


def test_there_are_three_organisations_and_police_teams_to_own_promises(entered: User) -> None:
    assert list(Organisation.objects.values_list("slug", "area_code")) == [
        ("metropolitan-police", "E23000001"),
        ("mopac", ""),
        ("waltham-forest-council", "E09000031"),
    ]
    assert set(Team.objects.values_list("organisation__slug", flat=True)) == {"metropolitan-police"}
    assert Team.objects.filter(slug="wf-safer-neighbourhoods").exists()


def test_what_is_unknown_of_the_five_commitments_stays_unknown(entered: User) -> None:
    five = list(Commitment.objects.all())
    assert [one.reference for one in five] == [f"WF24-C00{number}" for number in range(1, 6)]
    for one in five:
        assert (one.due_on, one.due_precision, one.first_due_on) == (None, "", None)
        assert (one.status, one.claim, one.accepted_on, one.update_due_on) == (None, None, None, None)
        assert not one.recommendations.exists()
        assert [area.code for area in one.areas.all()] == ["E09000031"]
        assert one.reported_state
        assert one.entered_from
        assert {source["reliability"] for source in one.entered_from} == {"secondary_ai"}


def test_an_owner_stands_only_where_the_source_names_one(entered: User) -> None:
    owner = Owner.objects.get()
    assert owner.commitment.reference == "WF24-C005"
    assert (owner.organisation.slug, owner.team, owner.lead, owner.accepted_on) == (
        "waltham-forest-council",
        None,
        False,
        None,
    )


def test_a_likely_recommendation_is_a_reading_and_no_link(entered: User) -> None:
    readings = [note for one in Commitment.objects.all() for note in one.notes if note["kind"] == "reading"]
    assert [note["value"] for note in readings] == [6, 6, 5, 8, 8]
    assert all("by our reading; no source links the two" in note["text"] for note in readings)


def test_what_sources_report_differently_stands_once_for_each(entered: User) -> None:
    facts = Assembly.objects.get().facts
    took_part = [
        (fact["value"], len(fact["sources"])) for fact in facts if fact["name"] == "members.took_part"
    ]
    assert took_part == [(44, 1), (45, 1), (50, 1)]
    unknown = {fact["name"] for fact in facts if fact["value"] is None}
    assert {"action_plan.monitoring_body", "recommendations.support_percent"} <= unknown


def test_nothing_is_ever_late_silent_or_without_response_that_nobody_was_asked(entered: User) -> None:
    assert tick(LATER) == 0
    assert {standing.standing(standing.facts_of(one), LATER) for one in Commitment.objects.all()} == {
        "no_word"
    }
    assert not Commitment.objects.overdue(LATER).exists()
    assert not Commitment.objects.silent(LATER).exists()
    rows: QuerySet[Any] = Recommendation.objects.with_state(LATER)
    assert {one.state for one in rows} == {"not_asked"}


def test_all_of_it_is_in_the_record_and_nothing_is_marked_invented(entered: User) -> None:
    position = Head.objects.get().position
    things = 24 + 3 + 4 + 1 + 3 + 10 + 5
    assert (position, Entry.objects.count()) == (things, things)
    assert all(b'"invented"' not in bytes(entry.body) for entry in Entry.objects.all())
    assert not Commitment.objects.filter(invented=True).exists()


def test_a_second_import_changes_nothing(entered: User) -> None:
    before = Head.objects.get().position
    report = importing.import_record(FILE, today=LATER)
    assert (report.added, report.found, report.corrected) == ([], [], [])
    assert Head.objects.get().position == before
