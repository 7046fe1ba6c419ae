"""Spreadsheets as people leave them: blanks at the ends, capitals, cells that show an error, single sheets."""

import json
from pathlib import Path

import pytest

from commitments import actions, importing
from commitments.importing import cells, exporting, tables
from commitments.models import Assembly, Commitment, Response
from record.models import Head
from tests import make
from tests.sheets import base, commitment, faults, imported, recommendation, sheet, with_commitments

pytestmark = pytest.mark.django_db
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "spreadsheets"


def examples(*names: str) -> dict[str, bytes]:
    """Some of the example spreadsheets, or all of them."""
    wanted = [EXAMPLES / f"{name}.csv" for name in names] or EXAMPLES.glob("*.csv")
    return {path.name: path.read_bytes() for path in wanted}


def example(**edits: tuple[bytes, bytes]) -> dict[str, bytes]:
    """The examples with a part of a sheet replaced."""
    files = examples()
    for name, (old, new) in edits.items():
        assert old in files[f"{name}.csv"]
        files[f"{name}.csv"] = files[f"{name}.csv"].replace(old, new)
    return files


def test_blanks_around_a_text_are_no_part_of_it_and_no_difference() -> None:
    imported(with_commitments(commitment("walk", title="\u00a0Walk the streets  ", body="One\nTwo\n")))
    entered = Commitment.objects.get()
    assert (entered.title, entered.body) == ("Walk the streets", "One\nTwo")
    before = Head.objects.get().position
    again = commitment("walk ", title="Walk the streets ", body="One\r\nTwo")
    assert imported(with_commitments(again)).corrected == []
    assert Head.objects.get().position == before


def test_a_text_that_was_entered_with_blanks_around_it_is_known_again() -> None:
    imported(base())
    assembly = Assembly.objects.get()
    entered = make.entered(assembly, title=" Walk ", body="One\r\nTwo ")
    actions.correct_commitment(
        entered, by=make.convenor(), today=make.TODAY, field="body", text=" Three ", reason="Read again"
    )
    before = Head.objects.get().position
    report = imported(exporting.exported(assembly, "csv"))
    assert (report.corrected, Head.objects.get().position) == ([], before)


def test_names_of_kinds_are_read_in_any_case() -> None:
    answer = {"recommendation": "1", "organisation": "police", "position": "Partly accepted", "body": "Some"}
    files = base() | {
        "responses.csv": sheet(
            "responses",
            {
                **answer,
                "reason": "No money",
                "source_url": "https://example.org",
                "source_reliability": "Press",
            },
        )
    }
    imported(files)
    entered = Response.objects.get()
    assert (entered.stance, (entered.entered_from or [{}])[0]["reliability"]) == ("partly_accepted", "press")


@pytest.mark.parametrize("shown", ["#NAME?", "#REF!", "#N/A", "#DIV/0!", "########", "Err:508"])
def test_what_a_spreadsheet_writes_for_a_cell_that_it_cannot_show_is_no_text(shown: str) -> None:
    [said] = faults(with_commitments(commitment("walk", title=shown)))
    assert said.startswith(
        f"commitments.csv line 2, column title: The spreadsheet wrote {shown}, since it could"
    )


def test_such_words_where_somebody_means_them_go_out_and_come_back() -> None:
    assert [cells.unguarded(cells.guarded(text)) for text in ("#N/A", "'#N/A", "#1 first")] == [
        "#N/A",
        "'#N/A",
        "#1 first",
    ]
    cell = cells.guarded("#N/A")
    assert not tables.read_table(
        "commitments.csv", sheet("commitments", commitment("walk", title=cell))
    ).problems


def test_a_control_character_is_refused_with_the_words_before_it() -> None:
    assert faults(with_commitments(commitment("walk", body="A line\x0bbroken in Word"))) == [
        (
            "commitments.csv line 2, column body: It holds a control character (U+000B) after “A line”; "
            "type these words anew."
        )
    ]
    data = json.loads((EXAMPLES.parents[1] / "commitments/data/waltham-forest.json").read_text())
    data["commitments"][0]["title"] = "Bell\x07"
    assert [str(one) for one in importing.problems(data)] == [
        "/commitments/0/title: It holds a control character (U+0007) after “Bell”; type these words anew."
    ]


def test_a_clock_of_nought_is_refused_and_not_passed_over() -> None:
    files = example(assembly=(b",56,90,", b",0,90,"))
    assert faults(files, assembly="anytown-2025")[0].startswith(
        "assembly.csv line 2, column response_days: 0 is less"
    )


def test_a_whole_number_may_end_in_nought() -> None:
    imported(base() | {"recommendations.csv": sheet("recommendations", recommendation(1), recommendation(2))})
    imported({"commitments.csv": sheet("commitments", commitment("walk", recommendations="2.0"))})
    assert list(Commitment.objects.values_list("recommendations__number", flat=True)) == [2]


@pytest.mark.parametrize("wrong", [b"number,forty", b"yes/no,perhaps", b"json,{", b"figure,42"])
def test_a_value_that_is_not_what_it_is_said_to_be_is_named_as_such(wrong: bytes) -> None:
    said = faults(example(facts=(b"number,42", wrong)), assembly="anytown-2025")
    assert said == [
        (
            "facts.csv line 2, column value: It is not what `value_is` says. That is text, number, yes/no, list "
            "(with ;), json, unknown or nothing, and the value is such a one."
        )
    ]


def test_several_with_a_comma_between_them_are_told_of_the_semicolon() -> None:
    [said] = faults(with_commitments(commitment("walk", recommendations="1, 3")))
    assert said.endswith(
        '"1, 3" does not fit here; write a whole number. Between several stands a semicolon (;).'
    )


def test_a_number_that_stands_twice_is_named_with_all_else() -> None:
    files = example(
        commitments=(b"lights-in-old-market,3,", b"lights-in-old-market,1,"), themes=(b",1,", b",x,")
    )
    said = [one.split(":")[0] for one in faults(files, assembly="anytown-2025")]
    assert said == ["commitments.csv line 4, column number", "themes.csv line 2, column order"]


def test_a_fault_elsewhere_does_not_make_a_correction_a_stranger() -> None:
    files = example(assembly=(b"ANY25", b"any25"))
    assert [one.split(":")[0] for one in faults(files, assembly="anytown-2025")] == [
        "assembly.csv line 2, column prefix"
    ]


@pytest.mark.parametrize("name", ["commitments", "themes", "assembly"])
def test_one_sheet_of_an_export_alone_changes_nothing_of_what_belongs_to_it(name: str) -> None:
    make.convenor("anytown-2025")
    convenor = make.convenor("anytown-2025")
    importing.import_files(examples(), today=make.TODAY, by=convenor)
    before = Head.objects.get().position
    report = importing.import_files(examples(name), today=make.TODAY, by=convenor, assembly="anytown-2025")
    assert (report.added, report.corrected, Head.objects.get().position) == ([], [], before)


def test_one_sheet_alone_is_corrected_and_new_rows_bring_no_notes() -> None:
    convenor = make.convenor("anytown-2025")
    importing.import_files(examples(), today=make.TODAY, by=convenor)
    content = examples("commitments")["commitments.csv"].replace(b"Hear the youth council (", b"Hear youth (")
    row = b"new-lamps,,New lamps (invented),,,,,,,,,,,,,https://example.org/x,2025,press,,,,,,\r\n"
    files = {"commitments.csv": content + row}
    report = importing.import_files(
        files, today=make.TODAY, by=convenor, assembly="anytown-2025", reason="Read again"
    )
    assert (report.added, len(report.corrected)) == (["commitment:anytown-2025/new-lamps"], 1)
    notes = dict(Commitment.objects.values_list("reference", "notes"))
    assert (len(notes["ANY25-C002"]), notes["ANY25-C004"]) == (1, [])


def test_rows_taken_out_of_a_sheet_take_nothing_out_of_the_record() -> None:
    imported(with_commitments(commitment("walk"), commitment("talk")))
    report = imported(with_commitments(commitment("talk")))
    assert (report.added, report.corrected, Commitment.objects.count()) == ([], [], 2)


def test_what_windows_keeps_in_a_folder_unseen_is_no_part_of_it() -> None:
    assert imported({**base(), "desktop.ini": b"x", "Thumbs.db": b"x"}).added
