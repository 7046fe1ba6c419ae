"""Files in the record format: refused whole and in words, or written through the actions, once."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from jsonschema import Draft202012Validator

from commitments import importing, standing
from commitments.importing import checking
from commitments.models import (
    Area,
    Assembly,
    Commitment,
    Correction,
    ImportedItem,
    Owner,
)
from record.models import Entry, Head
from tests import make

pytestmark = pytest.mark.django_db

SOURCES = [{"url": "https://example.org/plan", "date": None, "reliability": "primary"}]


def a_file() -> dict[str, Any]:
    """A small file with one of everything."""
    return {
        "format": "said-and-done/record",
        "version": 1,
        "areas": [
            # A ward before its borough: what lies above is entered first, wherever it stands.
            area("E05000001", "ward", "E09000002"),
            area("E09000002", "borough", None),
        ],
        "organisations": [{"slug": "police", "name": "Police", "kind": "police_force", "area": None}],
        "teams": [{"slug": "beat", "name": "Beat Team", "organisation": "police", "area": "E09000002"}],
        "assembly": {
            "slug": make.SLUG,
            "prefix": "AN25",
            "title": "Anytown Assembly",
            "question": "What now?",
            "area": "E09000002",
            "held": {"text": "one weekend", "from": "2025-02", "to": ""},
            "facts": [{"name": "members.took_part", "value": 44, "sources": SOURCES}],
            "sources": SOURCES,
            "clocks": {"response_days": 30},
        },
        "themes": [
            {
                "slug": "listen",
                "order": 1,
                "title": "Listen",
                "summary": "",
                "origin": {"by": "Researchers", "url": "https://example.org/r", "reliability": "primary"},
                "findings": [{"text": "Nobody listens.", "sources": SOURCES}],
            }
        ],
        "recommendations": [
            recommendation(2, "listen"),
            recommendation(1, None),
        ],
        "commitments": [
            commitment("walk", owners=[{"team": "beat", "lead": True}], recommendations=[2]),
            commitment("talk", owners=[{"organisation": "police"}]),
            commitment("look", due={"on": "2026-05-01", "precision": "quarter", "text": "by summer"}),
        ],
    }


def area(code: str, kind: str, parent: str | None) -> dict[str, Any]:
    return {
        "code": code,
        "name": f"Place {code}",
        "kind": kind,
        "vintage": "2022",
        "parent": parent,
        "latitude": 51.5,
        "longitude": None,
        "sources": SOURCES,
    }


def recommendation(number: int, theme: str | None) -> dict[str, Any]:
    return {
        "number": number,
        "reference": f"AN25-R{number:02d}",
        "title": f"Recommendation {number}",
        "body": "",
        "theme": theme,
        "theme_assigned_by": "",
        "sources": SOURCES,
    }


def commitment(slug: str, **more: Any) -> dict[str, Any]:
    return {
        "slug": slug,
        "title": slug.title(),
        "body": "",
        "recommendations": [],
        "owners": [],
        "due": None,
        "reported_state": "said to be under way",
        "areas": [],
        "notes": [{"kind": "reading", "about": "x", "value": None, "text": "Our reading."}],
        "sources": SOURCES,
    } | more


def imported(data: Any) -> importing.Report:
    return importing.import_record(data, today=make.TODAY, by=make.convenor())


def words(data: Any) -> list[str]:
    """What is wrong with a file."""
    return [str(problem) for problem in importing.problems(data)]


def test_one_of_everything_is_entered_with_its_sources() -> None:
    report = imported(a_file())
    assert str(report) == "11 entered, 0 known and unchanged, 0 there already, 0 corrected."
    assembly = Assembly.objects.get()
    assert (assembly.held, assembly.held_from, assembly.held_to) == ("one weekend", "2025-02", "")
    assert assembly.response_days == 30
    assert Area.objects.get(code="E05000001").path == "E09000002/E05000001/"
    answered = Commitment.objects.get(title="Walk")
    assert [one.reference for one in answered.recommendations.all()] == ["AN25-R02"]
    assert answered.entered_from == SOURCES
    assert answered.notes[0]["kind"] == "reading"
    assert Commitment.objects.get(title="Look").due_on == date(2026, 6, 30)
    assert {one.commitment.title: (one.team is not None, one.lead) for one in Owner.objects.all()} == {
        "Walk": (True, True),
        "Talk": (False, False),
    }


def test_everything_entered_is_in_the_record_by_the_convenor() -> None:
    imported(a_file())
    assert Entry.objects.count() == 11
    assert set(Entry.objects.values_list("actor", flat=True)) == {f"convenor:{make.SLUG}"}


def test_nothing_that_is_imported_has_a_clock_or_a_status() -> None:
    imported(a_file())
    for one in Commitment.objects.all():
        assert (one.status, one.accepted_on, one.update_due_on) == (None, None, None)
        assert standing.standing(standing.facts_of(one), date(2030, 1, 1)) == "no_word"


def test_a_second_import_changes_nothing() -> None:
    imported(a_file())
    before = Head.objects.get().position
    report = imported(a_file())
    assert (len(report.unchanged), report.added, report.corrected) == (11, [], [])
    assert Head.objects.get().position == before


def test_what_is_new_in_a_file_is_entered_and_what_changed_is_corrected_with_its_reason() -> None:
    imported(a_file())
    data = a_file()
    data["recommendations"][0] |= {"title": "Another wording", "reason": "A slip of the pen"}
    data["commitments"].append(commitment("sing"))
    report = imported(data)
    assert report.added == [f"commitment:{make.SLUG}/sing"]
    assert [str(one) for one in report.corrected] == [
        f"recommendation:{make.SLUG}/2 title: “Recommendation 2” becomes “Another wording” (A slip of the pen)"
    ]
    correction = Correction.objects.get()
    assert (correction.old, correction.new) == ("Recommendation 2", "Another wording")
    assert imported(data).corrected == []


def test_a_body_that_somebody_entered_by_another_way_is_used() -> None:
    make.organisation("police")
    report = imported(a_file())
    assert report.found == ["organisation:police"]
    assert ImportedItem.objects.get(external_id="organisation:police").subject == "organisation:police"


def test_a_file_with_a_fault_is_refused_whole() -> None:
    data = a_file()
    data["commitments"][2]["title"] = ""
    with pytest.raises(importing.FileRefused, match="/commitments/2/title: It is empty"):
        imported(data)
    assert not Entry.objects.exists()


def test_a_refusal_of_an_action_refuses_the_whole_file_and_says_where() -> None:
    make.recommendation(make.assembly("other", prefix="AN25"))
    before = Head.objects.get().position
    with pytest.raises(importing.FileRefused, match="/assembly/prefix: AN25 is published already"):
        imported(a_file())
    assert Head.objects.get().position == before


def test_without_a_convenor_nothing_is_entered_and_the_way_is_shown() -> None:
    with pytest.raises(importing.NobodyConvenes, match="grant_role EMAIL convenor --assembly anytown-2025"):
        importing.import_record(a_file(), today=make.TODAY)


def test_the_first_convenor_enters_where_nobody_is_named() -> None:
    make.convenor()
    make.convenor()
    assert len(importing.import_record(a_file(), today=make.TODAY).added) == 11


FAULTS: list[tuple[list[Any], Any, str]] = [
    (["version"], 2, "/version: 2 must be 1."),
    (["areas", 0, "kind"], "county", '/areas/0/kind: "county" must be one of force, borough, ward.'),
    (["areas", 0, "latitude"], "north", '/areas/0/latitude: "north" does not fit here; write a number or null.'),
    (["areas", 0, "latitude"], 91, "/areas/0/latitude: 91 is more than 90."),
    (["areas", 0, "longitude"], -181, "/areas/0/longitude: -181 is less than -180."),
    (["areas", 0, "code"], "E1", '/areas/0/code: "E1" is not an ONS code such as E09000031.'),
    (["areas", 0, "name"], "x" * 121, "/areas/0/name: It is longer than 120 characters; shorten it."),
    (["commitments", 0, "sources"], [], "/commitments/0/sources: It is empty; name at least one."),
    (["commitments", 0, "owners"], [{}], "/commitments/0/owners/0: It is empty; name a team or an organisation."),
    (["commitments", 0, "areas"], ["E09000002"] * 2, "/commitments/0/areas: It names something twice; once is enough."),
    (["commitments", 0, "colour"], 1, '/commitments/0: "colour" is not of this format; take it out.'),
    (["commitments", 0, "due"], True, "/commitments/0/due: true does not fit here; write an object or null."),
    (["commitments", 0, "title"], None, "/commitments/0/title: null does not fit here; write a text."),
    (["commitments", 0, "sources", 0, "date"], "May", '/commitments/0/sources/0/date: "May" is not a day, a month'),
    (["commitments", 2, "due", "on"], "2026-02-31", '"2026-02-31" is no day of the calendar'),
    (["commitments", 2, "due", "on"], None, "/commitments/2/due/on: A due date names a day inside its period"),
    (["commitments", 0, "owners"], [{"team": "beat", "lead": True}] * 2, "/commitments/0/owners: Two owners lead"),
    (["commitments", 1, "slug"], "walk", '/commitments/1/slug: "walk" stands twice among the commitments'),
    (["commitments", 0, "recommendations"], [7], "/commitments/0/recommendations/0: There is no recommendation 7,"),
    (["teams", 0, "organisation"], "army", '/teams/0/organisation: There is no organisation "army"'),
    (["recommendations", 0, "theme"], "none", '/recommendations/0/theme: There is no theme "none"'),
    (["recommendations", 0, "reference"], "AN25-R03", "Number 2 makes this AN25-R02"),
    (["areas", 1, "parent"], "E05000001", "/areas/1/parent: A borough cannot lie in a ward; name its force."),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "sentence"), FAULTS, ids=lambda part: str(part)[:40])
def test_each_fault_is_named_with_its_place_and_what_mends_it(
    path: list[Any], value: Any, sentence: str
) -> None:
    inner = data = json.loads(json.dumps(a_file()))
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    found = words(data)
    assert len(found) == 1
    assert sentence in found[0]


def test_what_is_missing_is_listed_once() -> None:
    data = a_file()
    del data["assembly"]["title"], data["assembly"]["held"]
    assert words(data) == [
        '/assembly: "title", "held" are missing; add them (docs/record-format.md says what is written for unknown).'
    ]


def test_anything_but_an_object_is_refused_too() -> None:
    assert words([]) == ["the file: [] does not fit here; write an object."]


def test_every_rule_of_the_schema_has_words() -> None:
    schema = json.loads(checking.SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)
    assert rules(schema) - checking._WORDS.keys() == set()


def rules(schema: Any) -> set[str]:
    """The names of the rules in a schema that a file can break."""
    if isinstance(schema, list):
        return set().union(*map(rules, schema))
    if not isinstance(schema, dict):
        return set()
    inner = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]
    inner += [schema[name] for name in ("items", "anyOf") if name in schema]
    silent = {"properties", "$defs", "items", "$ref", "$schema", "title", "description"}
    return (schema.keys() - silent) | rules(inner)


def written(folder: Path, text: str) -> str:
    path = folder / "record.json"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_command_imports_a_file_by_a_named_convenor(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    convenor = make.convenor()
    call_command("import_record", written(tmp_path, json.dumps(a_file())), by=convenor.email)
    assert "11 entered" in capsys.readouterr().out


def test_what_differs_without_a_reason_is_refused_and_named(tmp_path: Path) -> None:
    make.convenor()
    data = a_file()
    call_command("import_record", written(tmp_path, json.dumps(data)))
    data["commitments"][0]["body"] = "More."
    with pytest.raises(CommandError, match="/commitments/0/body: The record says"):
        call_command("import_record", written(tmp_path, json.dumps(data)))
    call_command("import_record", written(tmp_path, json.dumps(data)), reason="Read again")
    assert Commitment.objects.get(title="Walk").body == "More."


@pytest.mark.parametrize("by", ["nobody@example.org", "resident@example.org"])
def test_the_command_refuses_who_may_not_enter(tmp_path: Path, by: str) -> None:
    make.person("resident")
    with pytest.raises(CommandError):
        call_command("import_record", written(tmp_path, json.dumps(a_file())), by=by)
    assert not Entry.objects.exists()


def test_what_is_no_json_is_refused_with_the_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"not JSON: .* at line 2, column 1"):
        call_command("import_record", written(tmp_path, "{\n"))


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="not UTF-8"):
        call_command("import_record", str(path))


def test_a_file_that_is_not_there_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_record", str(tmp_path / "nothing.json"))
