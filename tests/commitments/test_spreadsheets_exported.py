"""The record as spreadsheets and back: the same bytes twice, and in an empty instance the same public JSON."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.actions import correct_organisation
from accounts.models import Team
from commitments import actions, importing
from commitments.importing import exporting
from commitments.importing.leaving import CALLED, CARRIED
from commitments.models import Assembly, Commitment, Recommendation, Response
from commitments.preparing import ASSEMBLY, REAL_RECORD
from commitments.promises import Due, Ownership, Promise
from record import clock
from record.event_types import EVENT_TYPES
from record.models import Entry, Head
from record.shelf import SHELF
from tests import make
from tests.contract import CheckingClient

pytestmark = pytest.mark.django_db
LATER = date(2026, 8, 1)
LISTS = ("areas", "organisations", "teams", "assemblies", "themes", "recommendations", "commitments")
# Ids, positions and recorded times, and what carries an id.
RECORDED = {"id", "record_position", "published_at", "updated_at", "since", "correction"}
RECORDED |= {"answered_on", "requested_on", "decided_on"}
AN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TRICKY = '=1+1\n-5, “quoted” "twice"; ‘so’\r\n@x\tÅngström 你好 🚓'
SOURCES: list[dict[str, Any]] = [
    {
        "url": "https://example.org/a?b=1,2;3",
        "date": "2025-05",
        "reliability": "press",
        "note": "-page 3, “below”",
    },
    {"url": "https://example.org/c", "date": None, "reliability": "secondary_ai"},
    {"url": "https://example.org/d", "date": "2024", "reliability": "primary"},
]


def everything(api: CheckingClient) -> dict[str, Any]:
    """Every public list and detail of the kinds that a file carries, but for ids, positions and recorded times."""
    SHELF.clear()
    found: dict[str, Any] = {}
    for name in LISTS:
        rows = list(listed(api, f"/api/v1/{name}/?page_size=100"))
        found[name] = timeless(rows)
        for row in rows:
            path = row["url"].removeprefix("http://testserver")
            found[path] = timeless(api.get(path).json())
            if name in ("recommendations", "commitments"):
                inner = [f"{path}corrections/"] + [f"{path}responses/"] * (name == "recommendations")
                found |= {one: timeless(list(listed(api, one))) for one in inner}
    return found


def listed(api: CheckingClient, path: str | None) -> Iterator[dict[str, Any]]:
    while path:
        page = api.get(path.removeprefix("http://testserver")).json()
        yield from page["results"]
        path = page["next"]


def timeless(value: Any) -> Any:
    """JSON without what an import cannot and should not repeat."""
    if isinstance(value, list):
        return [timeless(one) for one in value]
    if isinstance(value, str):
        return AN_ID.sub("an id", value)
    if not isinstance(value, dict):
        return value
    gone = RECORDED | ({"ended_on"} if "accepted_on" in value else set())
    # An answer calls its own word so.
    gone |= {"position"} if isinstance(value.get("position"), int) else set()
    return {name: timeless(one) for name, one in value.items() if name not in gone}


def moved(api: CheckingClient, build: Callable[[], Assembly], form: str) -> Assembly:
    """Build a record, export it, empty the instance, import it there, and hold the two against each other."""
    with transaction.atomic():
        assembly = build()
        files, before = exporting.exported(assembly, form), everything(api)
        assert exporting.exported(assembly, form) == files
        entries = Entry.objects.count()
        report = importing.import_files(files, today=LATER, by=make.convenor(assembly.slug))
        assert (report.added, report.corrected, Entry.objects.count()) == ([], [], entries)
        assert exporting.exported(assembly, form) == files
        transaction.set_rollback(True)
    assert not Entry.objects.exists()
    importing.import_files(files, today=LATER, by=make.convenor(assembly.slug))
    after = everything(api)
    assert after.keys() == before.keys()
    for name, one in before.items():
        assert after[name] == one, name
    there = Assembly.objects.get()
    assert exporting.exported(there, form) == files
    return there


def real() -> Assembly:
    """The record of Waltham Forest."""
    importing.import_record(importing.read(REAL_RECORD), today=make.TODAY, by=make.convenor(ASSEMBLY))
    return Assembly.objects.get()


def rich() -> Assembly:
    """One of everything that a convenor enters by hand, corrected several times, in words that trip spreadsheets."""
    by, today = make.convenor(), make.TODAY
    said: dict[str, Any] = {"by": by, "today": today}
    force = make.area("E23000009", kind="force")
    borough = make.area("E09000009", parent=force)
    ward = make.area("E05000009", kind="ward", parent=borough)
    actions.correct_area(ward, **said, reason="+ a slip", name="=Ward & “Co”")
    police, council = (
        make.organisation("police", area="E23000009"),
        make.organisation("council", kind="council"),
    )
    correct_organisation(police, **said, name="Police, the", reason="'tis their name")
    beat, foot, gone = (make.team(police, slug) for slug in ("beat", "foot", "gone"))
    office = make.team(council, "office")
    actions.reorganise(gone, **said, reason="Dissolved", ended_on=date(2026, 5, 1))
    facts = [
        {"name": "members", "value": 44, "sources": SOURCES[:1]},
        {"name": "members", "value": 45.5, "sources": []},
        {"name": "a list", "value": ["one", "two; three"], "sources": SOURCES},
        {"name": "another", "value": ["-one", "two"], "sources": SOURCES[1:]},
        {"name": "unknown", "value": None, "sources": []},
        {"name": "bound", "value": False, "sources": []},
        {"name": "words", "value": TRICKY, "sources": []},
        {"name": "a number in words", "value": "44", "sources": []},
    ]
    held: dict[str, Any] = {"held": "-two weekends", "held_from": "2025-02", "held_to": "2025-03-02"}
    assembly = make.assembly(
        prefix="AN25", title="@Anytown", question=TRICKY, area=borough, facts=facts, source=SOURCES, **held
    )
    actions.correct_assembly(assembly, **said, reason="Agreed", response_days=30, reply_days_are="working")
    origin = {"by": "=Researchers", "url": "https://example.org/r", "reliability": "press"}
    theme = make.theme(
        assembly,
        "listen",
        summary=TRICKY,
        order=2,
        origin=origin,
        findings=[{"text": TRICKY, "sources": SOURCES}],
    )
    make.theme(assembly, "act", order=1)
    actions.correct_theme(theme, **said, field="title", text="'Listen", reason="Quoted so")
    first = make.recommendation(assembly, title="-1 is less", body=TRICKY, theme=theme, source=SOURCES)
    second = make.recommendation(assembly, number=7, title="Seven", theme_assigned_by="=our reading")
    for text in ("Was seven", "Seven", "Seven at last"):
        actions.correct_recommendation(second, **said, field="title", text=text, reason=f"Read again: {text}")
    for stance, body, reason in (("rejected", "No", "=Money"), ("accepted", TRICKY, "")):
        actions.enter_response(
            first, **said, organisation=police, stance=stance, body=body, reason=reason, source=SOURCES
        )
    actions.enter_response(
        second, **said, organisation=council, stance="rejected", body="@no", source=SOURCES[:1]
    )
    enter(assembly, 3, title="=1+1", body=TRICKY, recommendations=[first, second], areas=[borough, ward])
    owners = [Ownership(team=beat, lead=True), Ownership(organisation=council), Ownership(team=foot)]
    due = Due(date(2026, 2, 1), "season", "by spring, “perhaps”")
    many = enter(
        assembly,
        12,
        title="Many",
        owners=owners,
        due=due,
        measure="-5",
        target="+5",
        proof="@x",
        baseline="%",
    )
    enter(assembly, 11, title="Some day", due=Due(None, "ongoing", "=ongoing"), areas=[ward])
    one = enter(
        assembly, None, title="One", due=Due(date(2027, 1, 1), "year", ""), owners=[Ownership(team=office)]
    )
    correct: dict[str, Any] = {**said, "reason": "Read again, “twice”"}
    actions.correct_commitment(many, **correct, field="owners", text="foot,beat")
    actions.correct_commitment(one, **correct, field="title", text="Two\r\nlines")
    actions.correct_commitment(many, **correct, field="body", text=TRICKY)
    actions.correct_commitment(one, **correct, field="title", text="One")
    actions.correct_commitment(many, **correct, field="owners", text="office, foot")
    actions.correct_commitment(many, **correct, field="body", text="")
    return assembly


def enter(assembly: Assembly, number: int | None, **said: Any) -> Commitment:
    notes: list[dict[str, Any]] = [
        {"kind": "reading", "about": "=likely", "value": 8, "text": "-our reading"},
        {"kind": "source", "about": "x", "value": "8", "text": TRICKY},
        {"kind": "source", "about": "y", "value": True, "text": "yes"},
        {"kind": "source", "about": "z", "value": None, "text": "nothing"},
    ]
    return actions.enter_commitment(
        assembly,
        by=make.convenor(assembly.slug),
        today=make.TODAY,
        promise=Promise(**said),
        source=SOURCES,
        reported_state="=under way",
        notes=notes,
        number=number,
    )


@pytest.mark.parametrize("form", ["csv", "json"])
def test_the_real_record_moves_to_an_empty_instance_and_says_the_same(api: CheckingClient, form: str) -> None:
    there = moved(api, real, form)
    assert there.slug == ASSEMBLY
    assert Commitment.objects.count() == 5


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_rich_record_moves_to_an_empty_instance_and_says_the_same(api: CheckingClient, form: str) -> None:
    moved(api, rich, form)
    assert Commitment.objects.get(number=3).body == TRICKY
    assert [one.number for one in Commitment.objects.order_by("position")] == [3, 12, 11, 13]
    wordings = api.get("/api/v1/commitments/AN25-C013/").json()["wordings"]
    assert [(one["field"], one["text"]) for one in wordings] == [
        ("title", "One"),
        ("title", "Two\r\nlines"),
        ("title", "One"),
    ]
    assert str(Team.objects.get(slug="gone").ended_on) == "2026-05-01"
    assert Response.objects.count() == 3
    assert Recommendation.objects.get(number=7).title == "Seven at last"


def test_the_bytes_are_safe_to_open_and_in_the_form_that_excel_takes() -> None:
    files = exporting.exported(rich(), "csv")
    table = files["commitments.csv"]
    assert table.startswith(b"\xef\xbb\xbfslug,number,title,")
    assert b"\r\nan25-c003,3,'=1+1," in table
    assert b",'-5,'%,'+5,'@x," in table
    assert files["README.txt"].decode().count("Nothing is left out.") == 1


@pytest.fixture
def lived() -> Assembly:
    """A record in which owners, residents and the panel did things themselves."""
    assembly = make.assembly(prefix="AN25")
    beat = make.team(slug="beat")
    asked = make.recommendation(assembly)
    said: dict[str, Any] = {"by": make.convenor(), "today": make.TODAY}
    actions.ask(asked, **said, organisation=beat.organisation)
    actions.respond(
        asked,
        by=make.responder(beat.organisation),
        today=make.TODAY,
        organisation=beat.organisation,
        stance="accepted",
        body="Yes",
    )
    mine = make.entered(assembly, title="Walk", owners=[Ownership(team=beat, lead=True)], due=make.DUE)
    actions.correct_commitment(mine, **said, field="title", text="Walk daily", reason="Read again")
    actions.accept(mine, by=make.responder(beat.organisation), today=make.TODAY)
    owner = make.member(beat)
    moved_to: dict[str, Any] = {"due": Due(date(2027, 3, 31), "month", "next year"), "reason": "Staff"}
    change = actions.request_due_date(mine, by=owner, today=make.TODAY, **moved_to)
    actions.approve_due_date(change, **said)
    asked_for = actions.correct_commitment(
        mine, by=owner, today=make.TODAY, field="title", text="Walk at night", reason="Clearer"
    )
    actions.approve_correction(asked_for, **said)
    theirs = make.commitment(assembly, lead=beat, title="Ours")
    make.challenge(make.claim(theirs))
    return assembly


def test_what_others_did_themselves_is_counted_and_left_out(
    lived: Assembly, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("export_record", str(tmp_path / "out"))
    said = (tmp_path / "out" / "README.txt").read_text()
    assert capsys.readouterr().err.strip() == said.strip()
    for line in (
        "1 acceptances of commitments by their owners",
        "1 approved changes of due dates",
        "1 commitments that their owners published",
        "1 corrections that owners asked for",
        "1 proposed challenges",
        "1 questions put to organisations through this service, with their clocks",
        "1 requests for another due date",
        "1 responses that organisations gave themselves",
        "1 updates of owners, with their evidence",
    ):
        assert f"  {line}\n" in said
    assert "The whole archive carries everything" in said


def test_everything_that_can_happen_is_carried_or_left_out_in_words() -> None:
    assert set(EVENT_TYPES) == {*CARRIED, *CALLED}


def test_what_a_convenor_entered_is_exported_as_they_left_it(lived: Assembly) -> None:
    [walk] = importing.said(lived)["commitments"]
    assert (walk["title"], walk["number"]) == ("Walk daily", 1)
    assert walk["due"] == {"on": "2026-09-30", "precision": "quarter", "text": "by the end of summer"}
    assert walk["owners"] == [{"team": "beat", "lead": True}]
    before = Head.objects.get().position
    files = exporting.exported(lived, "csv")
    report = importing.import_files(files, today=LATER, by=make.convenor())
    assert (report.added, report.corrected, Head.objects.get().position) == ([], [], before)


def test_an_invented_record_is_not_exported(tmp_path: Path) -> None:
    with clock.invented():
        make.assembly("invented")
    with pytest.raises(CommandError, match="invented is invented, for a demonstration"):
        call_command("export_record", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_invented_things_are_counted_and_left_out() -> None:
    assembly = make.assembly()
    with clock.invented():
        make.entered(assembly)
    assert importing.said(assembly)["commitments"] == []
    assert "1 invented things of a demonstration" in exporting.about(assembly)


def test_the_command_writes_a_folder_a_zip_or_a_json(tmp_path: Path) -> None:
    assembly = real()
    for name in ("folder", "all.zip", "record.json"):
        call_command("export_record", str(tmp_path / name))
        report = importing.import_files(
            importing.gathered(tmp_path / name), today=LATER, by=make.convenor(ASSEMBLY)
        )
        assert len(report.unchanged) == 50
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["all.zip", "folder", "record.README.txt", "record.json"]
    assert (tmp_path / "all.zip").read_bytes() == exporting.zipped(exporting.exported(assembly, "csv"))
    assert json.loads((tmp_path / "record.json").read_bytes())["assembly"]["slug"] == ASSEMBLY


def test_the_command_says_what_it_cannot_do(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Name one of the assemblies with --assembly: none yet"):
        call_command("export_record", str(tmp_path / "out"))
    make.assembly("one")
    make.assembly("two")
    with pytest.raises(CommandError, match="--assembly: one, two"):
        call_command("export_record", str(tmp_path / "out"))
    with pytest.raises(CommandError, match="CSVs are several files"):
        call_command("export_record", str(tmp_path / "a.json"), format="csv", assembly="one")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_record", str(tmp_path / "no" / "a.zip"), assembly="one")
    call_command("export_record", str(tmp_path / "two"), assembly="two")
    said: Mapping[str, Any] = importing.said(Assembly.objects.get(slug="two"))
    assert said["assembly"]["slug"] == "two"
