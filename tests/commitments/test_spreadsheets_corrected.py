"""A corrected file makes corrections: with a reason, through the verbs, both wordings staying; the rest is a fault."""

from typing import Any

import pytest

from accounts.models import Organisation, Team
from commitments import actions, errors, importing
from commitments.models import Area, Assembly, Commitment, Correction, Owner, Recommendation, Theme
from commitments.promises import Ownership
from record.models import Entry, Head
from tests import make
from tests.sheets import SOURCE, base, commitment, faults, imported, recommendation, sheet, with_commitments

pytestmark = pytest.mark.django_db
WALK = {"owners": "beat (lead)", "due_on": "2026-09-30", "body": "Every day"}


def changed(slug: str = "walk", **more: str) -> dict[str, bytes]:
    """Only the commitments, differently."""
    return {"commitments.csv": sheet("commitments", commitment(slug, **{**WALK, **more}))}


@pytest.fixture
def walk() -> Commitment:
    """A commitment that came from a spreadsheet."""
    imported(with_commitments(commitment("walk", **WALK)))
    return Commitment.objects.get()


def wordings() -> list[tuple[str, str, str, str]]:
    return list(Correction.objects.order_by("position").values_list("field", "old", "new", "reason"))


def test_what_a_row_says_differently_is_corrected_for_its_reason(walk: Commitment) -> None:
    report = imported(changed(title="Walk daily", owners="foot (lead); beat", reason="Read again"))
    assert [one.field for one in report.corrected] == ["title", "owners"]
    assert wordings() == [
        ("title", "Promise walk", "Walk daily", "Read again"),
        ("owners", "beat", "foot, beat", "Read again"),
    ]
    walk.refresh_from_db()
    assert walk.title == "Walk daily"
    present = Owner.objects.filter(ended_on=None).order_by("-lead", "pk")
    assert [(one.team.slug if one.team else "", one.lead) for one in present] == [
        ("foot", True),
        ("beat", False),
    ]


def test_one_reason_serves_all_rows_without_one(walk: Commitment) -> None:
    imported(changed(body="Every night"), reason="A new edition of the plan")
    assert wordings() == [("body", "Every day", "Every night", "A new edition of the plan")]


def test_without_a_reason_the_rows_are_named_and_nothing_is_written(walk: Commitment) -> None:
    before = Head.objects.get().position
    assert faults(changed(body="Every night", title="Walk")) == [
        (
            "commitments.csv line 2, column title: The record says “Promise walk”, and a correction says why: fill in "
            "`reason`, give one reason for all (--reason), or put that back."
        ),
        (
            "commitments.csv line 2, column body: The record says “Every day”, and a correction says why: fill in "
            "`reason`, give one reason for all (--reason), or put that back."
        ),
    ]
    assert Head.objects.get().position == before


def test_the_same_corrected_file_again_changes_nothing(walk: Commitment) -> None:
    files = changed(body="Every night", reason="Read again")
    imported(files)
    before = Head.objects.get().position
    report = imported(files)
    assert (report.corrected, len(report.unchanged), Head.objects.get().position) == ([], 2, before)


def test_a_file_that_takes_a_correction_back_is_another_correction(walk: Commitment) -> None:
    imported(changed(body="Every night", reason="Read again"))
    imported(changed(reason="Read a third time"))
    assert [(old, new) for _, old, new, _ in wordings()] == [
        ("Every day", "Every night"),
        ("Every night", "Every day"),
    ]


FIXED = [
    ({"due_on": "2026-12-31"}, "column due_on: It was published differently (2026-09-30, day), and this is not"),
    ({"recommendations": "1"}, "column recommendations: It was published differently (nothing), and this"),
    ({"reported_state": "done"}, "a changed promise is a new commitment. Put it back, or add a row with another slug."),
    ({"source_url": "https://example.org/b"}, "column source_url: It was published differently (sources: 1)"),
    ({"owners": "police"}, 'column owners: There is no team "police"'),
    ({"owners": "organisation:police"}, "column owners: Owners are corrected to teams, one of which is marked (lead)"),
    ({"owners": ""}, "Owners are corrected to teams"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "sentence"), FIXED, ids=range(len(FIXED)))
def test_what_cannot_be_corrected_is_a_fault_with_what_to_do(
    walk: Commitment, more: dict[str, str], sentence: str
) -> None:
    [said] = faults(changed(**more, reason="Read again"))
    assert sentence in said
    assert not Correction.objects.exists()


def test_an_accepted_promise_is_its_owners_to_correct(walk: Commitment) -> None:
    police = Organisation.objects.get(slug="police")
    actions.accept(walk, by=make.responder(police), today=make.TODAY)
    [said] = faults(changed(title="Walk", reason="Read again"))
    assert "AN25-C001 is its owner's since 2026-06-01, and says “Promise walk”." in said
    assert "commitments/AN25-C001/corrections/" in said
    assert imported(changed()).corrected == []


def test_a_row_that_did_not_change_undoes_no_correction_made_here(walk: Commitment) -> None:
    convenor = make.convenor()
    actions.correct_commitment(
        walk, by=convenor, today=make.TODAY, field="body", text="At night", reason="Seen in print"
    )
    imported(changed(title="Walk", reason="Read again"))
    walk.refresh_from_db()
    assert (walk.title, walk.body) == ("Walk", "At night")


def test_where_file_and_record_both_moved_the_file_must_begin_from_the_present(walk: Commitment) -> None:
    said: dict[str, Any] = {
        "by": make.convenor(),
        "today": make.TODAY,
        "field": "body",
        "reason": "Seen in print",
    }
    actions.correct_commitment(walk, text="At night", **said)
    files = changed(body="At noon", reason="Read again")
    assert "It was corrected here since it was imported, to “At night”" in faults(files)[0]
    row = {"kind": "commitment", "of": "walk", "field": "body", "old": "At night", "new": "At noon"}
    files["corrections.csv"] = sheet("corrections", {**row, "reason": "Noon it is"})
    imported(files)
    assert [(old, new) for _, old, new, _ in wordings()] == [
        ("Every day", "At night"),
        ("At night", "At noon"),
    ]
    assert imported(files).corrected == []


def test_corrections_alone_are_made_once_and_in_their_order(walk: Commitment) -> None:
    row = {"kind": "commitment", "of": "walk", "field": "body", "reason": "Read again"}
    rows = [
        {**row, "old": "Every day", "new": "Every night"},
        {**row, "old": "Every night", "new": "Every day"},
        {
            **row,
            "kind": "recommendation",
            "of": "2",
            "field": "title",
            "old": "Recommendation 2",
            "new": "Two",
        },
    ]
    files = {"corrections.csv": sheet("corrections", *rows)}
    assert len(imported(files).corrected) == 3
    assert Recommendation.objects.get(number=2).title == "Two"
    assert imported(files).corrected == []
    files["corrections.csv"] = sheet("corrections", {**row, "old": "Never", "new": "Always"})
    assert faults(files) == [
        (
            "corrections.csv line 2, column old: The present wording is “Every day”, and a correction begins with it; "
            "mend `old`, or their order."
        )
    ]


WRONG = [
    ({"field": "due"}, 'column field: "due" is not corrected; of this kind one can correct title, body,'),
    ({"of": "talk"}, 'column of: There is no commitment "talk"'),
    ({"kind": "update"}, 'column kind: "update" must be one of area,'),
    ({"reason": ""}, "column reason: It is empty"),
    ({"field": "title", "old": "Promise walk", "new": ""}, "column new: It is empty"),
    ({"field": "title", "old": "Promise walk", "new": "x" * 301}, "column new: It is longer than 300 characters"),
    ({"kind": "recommendation", "of": "9", "field": "title"}, "column of: There is no recommendation 9"),
    ({"kind": "team", "of": "beat", "field": "ended_on", "old": "", "new": "May"}, 'column new: "May" is not a day'),
]  # fmt: skip


@pytest.mark.parametrize(("more", "sentence"), WRONG, ids=range(len(WRONG)))
def test_a_correction_that_cannot_be_is_named(walk: Commitment, more: dict[str, str], sentence: str) -> None:
    row = {
        "kind": "commitment",
        "of": "walk",
        "field": "body",
        "old": "Every day",
        "new": "Daily",
        "reason": "Why",
    }
    said = faults({"corrections.csv": sheet("corrections", row | more)})
    assert len(said) == 1
    assert sentence in said[0]


def test_registers_themes_and_clocks_are_corrected_too() -> None:
    source: list[dict[str, Any]] = [
        {"url": "https://example.org/plan", "date": None, "reliability": "primary"}
    ]
    origin = {"by": "Researchers", "url": None, "reliability": None}
    data: dict[str, Any] = {
        "format": "said-and-done/record",
        "version": 1,
        "areas": [
            {"code": "E09000002", "name": "Anytown", "kind": "borough", "vintage": "2022", "parent": None}
            | {"latitude": None, "longitude": None, "sources": source}
        ],
        "organisations": [{"slug": "police", "name": "Police", "kind": "police_force", "area": None}],
        "teams": [{"slug": "beat", "name": "Beat", "organisation": "police", "area": None}],
        "assembly": {
            "slug": make.SLUG,
            "prefix": "AN25",
            "title": "Anytown Assembly",
            "question": "",
            "area": None,
        }
        | {"held": {"text": "", "from": "", "to": ""}, "facts": [], "sources": None},
        "themes": [
            {"slug": "listen", "order": 1, "title": "Listen", "summary": "", "origin": origin, "findings": []}
        ],
        "recommendations": [],
        "commitments": [],
    }
    today, by = make.TODAY, make.convenor()
    importing.import_record(data, today=today, by=by)
    data["areas"][0]["name"] = "Any Town"
    data["organisations"][0] |= {"name": "The Police", "reason": "Their own name"}
    data["teams"][0] |= {"name": "Beat Team", "ended_on": "2026-05-01"}
    data["assembly"]["clocks"] = {"response_days": 30, "reply_days_are": "working"}
    data["themes"][0]["summary"] = "What residents asked for"
    report = importing.import_record(data, today=today, by=by, reason="Read again")
    assert len(report.corrected) == 7
    assert Area.objects.get().name == "Any Town"
    assert Organisation.objects.get().name == "The Police"
    assert (Team.objects.get().name, str(Team.objects.get().ended_on)) == ("Beat Team", "2026-05-01")
    assert (Assembly.objects.get().response_days, Assembly.objects.get().reply_days_are) == (30, "working")
    assert Theme.objects.get().summary == "What residents asked for"
    assert Entry.objects.filter(type__endswith=".corrected").count() == 6
    assert Entry.objects.filter(type="team.reorganised").count() == 1
    assert importing.import_record(data, today=today, by=by).corrected == []
    data["themes"][0]["order"] = 2
    data["teams"][0]["ended_on"] = None
    data["assembly"]["title"] = "Another"
    with pytest.raises(importing.FileRefused) as refused:
        importing.import_record(data, today=today, by=by, reason="Read again")
    assert [problem.pointer for problem in refused.value.problems] == [
        "/assembly/title",
        "/teams/0",
        "/themes/0/order",
    ]


def test_answers_are_not_corrected_but_have_versions() -> None:
    answer = {
        "recommendation": "1",
        "organisation": "police",
        "version": "1",
        "position": "accepted",
        **SOURCE,
    }
    files = {**base(), "responses.csv": sheet("responses", {**answer, "body": "Yes"})}
    imported(files)
    files["responses.csv"] = sheet("responses", {**answer, "body": "No"})
    assert "a later answer is a row with the next version" in faults(files, reason="x")[0]
    later = {**answer, "version": "2", "position": "rejected", "body": "No", "reason": "Money"}
    files["responses.csv"] = sheet("responses", {**answer, "body": "Yes"}, later)
    assert imported(files).added == [f"response:{make.SLUG}/1/police/2"]
    for version, sentence in (("2", "stands twice"), ("4", "There is no version 3 of this answer")):
        rows = sheet("responses", {**answer, "body": "Yes"}, later, {**later, "version": version})
        assert any(sentence in one for one in faults({**files, "responses.csv": rows}))


def test_what_somebody_entered_by_another_way_is_found_and_held_against_the_file() -> None:
    imported(base())
    assembly, convenor = Assembly.objects.get(), make.convenor()
    actions.publish_recommendation(assembly, by=convenor, today=make.TODAY, title="Four", source=make.SOURCE)
    make.entered(
        assembly, title="Entered by hand", owners=[Ownership(team=Team.objects.get(slug="beat"), lead=True)]
    )
    rows = {
        "commitments.csv": sheet(
            "commitments",
            {"slug": "an25-c001", "title": "Entered by hand", "owners": "beat (lead)"}
            | {
                "source_url": "https://example.org/report",
                "source_date": "2025-05-06",
                "source_reliability": "primary",
            },
        ),
        "recommendations.csv": sheet(
            "recommendations", recommendation(4, title="Number four", reason="Longer")
        ),
    }
    assert "recommendations.csv line 2, column source_url: It was published differently" in faults(rows)[0]
    rows["recommendations.csv"] = sheet(
        "recommendations",
        recommendation(
            4,
            title="Number four",
            reason="Longer",
            source_url="https://example.org/report",
            source_date="2025-05-06",
        ),
    )
    report = imported(rows)
    assert report.found == [f"recommendation:{make.SLUG}/4", f"commitment:{make.SLUG}/an25-c001"]
    assert [one.new for one in report.corrected] == ["Number four"]
    assert (Commitment.objects.count(), imported(rows).corrected) == (1, [])


def test_a_number_that_another_commitment_has_is_refused(walk: Commitment) -> None:
    head = sheet("commitments", commitment("talk")).decode().splitlines()
    content = "\n".join(["number," + head[0], "1," + head[1]]).encode()
    assert "column number: number 1 is published already" in faults({"commitments.csv": content})[0]
    imported({"commitments.csv": content.replace(b"1,talk", b"7,talk")})
    assert Commitment.objects.get(title="Promise talk").reference == "AN25-C007"
    imported({"commitments.csv": sheet("commitments", commitment("sing"))})
    assert Commitment.objects.get(title="Promise sing").reference == "AN25-C008"


def test_only_the_convenor_imports() -> None:
    stranger = make.person()
    with pytest.raises(errors.NotTheConvenor, match="Only the convenor of anytown-2025"):
        importing.import_files(base(), today=make.TODAY, by=stranger)
    assert not Organisation.objects.exists()
