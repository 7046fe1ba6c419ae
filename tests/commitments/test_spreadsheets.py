"""Spreadsheets into the record: what Excel writes is taken, every bad row is named, and it is all or nothing."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from commitments import importing
from commitments.importing import exporting
from commitments.importing.columns import SHEETS
from commitments.models import Assembly, Commitment, ImportedItem, Recommendation
from record.models import Entry, Head
from tests import make
from tests.sheets import (
    SOURCE,
    base,
    commitment,
    faults,
    imported,
    recommendation,
    sheet,
    with_commitments,
)

pytestmark = pytest.mark.django_db
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "spreadsheets"


def test_the_examples_are_imported_and_exported_as_they_are() -> None:
    files = importing.gathered(EXAMPLES)
    assert files.keys() == {"README.md", *(f"{one.name}.csv" for one in SHEETS)}
    report = imported(files, assembly="anytown-2025")
    assert str(report) == "17 entered, 0 known and unchanged, 0 there already, 1 corrected."
    out = exporting.exported(Assembly.objects.get(), "csv")
    assert {name: out[name] for name in out if name.endswith(".csv")} == {
        name: files[name] for name in files if name.endswith(".csv")
    }


def test_every_example_says_that_it_is_invented() -> None:
    assert "invented" in (EXAMPLES / "README.md").read_text()
    for one in EXAMPLES.glob("*.csv"):
        text = one.read_text()
        assert "invented" in text or "example.org" in text or one.stem in ("notes", "corrections"), one.name


def test_a_file_of_100_rows_with_7_bad_ones_is_refused_whole_and_names_all_seven() -> None:
    rows = [
        commitment(f"promise-{number}", owners="beat (lead)", due_on="2026-09-30") for number in range(2, 102)
    ]
    rows[4]["due_on"] = "30.09.2026"
    rows[15]["owners"] = "beta (lead)"
    rows[26]["recommendations"] = "2;7"
    rows[37]["title"] = ""
    rows[48]["slug"] = "promise-3"
    rows[59]["due_on"] = "0026-09-30"
    rows[88]["source_url"] = "see the plan"
    said = faults(with_commitments(*rows))
    assert said == [
        (
            'commitments.csv line 6, column due_on: "30.09.2026" is not a day such as 2026-11-23 or 23/11/2026 '
            "(day first)."
        ),
        (
            'commitments.csv line 17, column owners: There is no team "beta", in this file or in the record; '
            "add it to the file."
        ),
        (
            "commitments.csv line 28, column recommendations: There is no recommendation 7, in this file or in the "
            "record; add it to the file."
        ),
        "commitments.csv line 39, column title: It is empty; write the words, or leave the thing out.",
        'commitments.csv line 50, column slug: "promise-3" stands twice among the commitments; each is named once.',
        "commitments.csv line 61, column due_on: 0026-09-30 is not between 1900 and 2199; mend the year.",
        (
            'commitments.csv line 90, column source_url: "see the plan" is not an address that begins with http:// or '
            "https://."
        ),
    ]
    assert not Entry.objects.exists()
    assert not ImportedItem.objects.exists()


def test_what_the_rules_refuse_is_named_with_what_the_format_refuses() -> None:
    make.convenor()
    other = make.assembly("other", prefix="AN25")
    files = with_commitments(commitment("walk"), commitment("talk", due_on="soon"))
    said = faults(files)
    assert "assembly.csv line 2, column prefix: AN25 is published already" in said[0]
    assert "commitments.csv line 3, column due_on" in said[1]
    assert Assembly.objects.get() == other


def test_a_dry_run_says_what_would_be_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    convenor = make.convenor()
    for name, content in with_commitments(commitment("walk")).items():
        (tmp_path / name).write_bytes(content)
    call_command("import_record", str(tmp_path), by=convenor.email, dry_run=True)
    said = capsys.readouterr().out
    assert f"would enter commitment:{make.SLUG}/walk" in said
    assert "Nothing was written. It would be:\n9 entered" in said
    assert (Entry.objects.count(), Head.objects.get().position, ImportedItem.objects.count()) == (0, 0, 0)
    call_command("import_record", str(tmp_path), by=convenor.email)
    assert Entry.objects.count() == 9
    (tmp_path / "commitments.csv").write_bytes(
        sheet("commitments", commitment("walk", body="More", reason="New"))
    )
    call_command("import_record", str(tmp_path), by=convenor.email, dry_run=True)
    assert (
        f"would correct commitment:{make.SLUG}/walk body: “” becomes “More” (New)" in capsys.readouterr().out
    )
    assert (Entry.objects.count(), Commitment.objects.get().body) == (9, "")


def test_a_second_run_changes_nothing() -> None:
    files = with_commitments(commitment("walk", owners="beat (lead); foot", due_on="31/03/2026"))
    imported(files)
    report = imported(files)
    assert str(report) == "0 entered, 9 known and unchanged, 0 there already, 0 corrected."
    assert Entry.objects.count() == 9


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_excel_and_libreoffice_write_is_read(delimiter: str, encoding: str) -> None:
    imported(base())
    row = commitment("walk", title="Gehe über die “Straße”; täglich", recommendations="1; 3", body="a\r\nb")
    content = sheet("commitments", row, delimiter=delimiter, encoding=encoding)
    imported({"commitments.csv": content})
    entered = Commitment.objects.get()
    assert (entered.title, entered.body) == (row["title"], "a\r\nb")
    assert [one.number for one in entered.recommendations.order_by("number")] == [1, 3]


def test_empty_rows_and_columns_at_the_end_are_nothing() -> None:
    imported(base())
    lines = sheet("commitments", commitment("walk")).decode().splitlines()
    content = "\r\n".join([*(f"{line},," for line in lines), "," * 20, ",,", ""])
    imported({"commitments.csv": content.encode()})
    assert Commitment.objects.get().title == "Promise walk"


def test_a_first_line_that_names_the_delimiter_is_read_as_such() -> None:
    imported(base())
    rows = sheet("commitments", commitment("walk"), commitment("talk", due_on="x"), delimiter=";")
    assert "line 4" in faults({"commitments.csv": b"sep=;\r\n" + rows})[0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("2026-03-31", "2026-03-31"), ("31/03/2026", "2026-03-31"), ("1/2/2026", "2026-02-01")],
)
def test_days_are_read_day_first(written: str, meant: str) -> None:
    imported(with_commitments(commitment("walk", due_on=written)))
    assert str(Commitment.objects.get().due_on) == meant
    assert Commitment.objects.get().due_precision == "day"


@pytest.mark.parametrize(
    ("written", "meant"), [("09/2025", "2025-09"), ("2025", "2025"), ("Sep-25", "2025-09"), ("", None)]
)
def test_a_source_is_dated_as_far_as_it_is_known(written: str, meant: str | None) -> None:
    imported(with_commitments(commitment("walk", source_date=written)))
    entered = Commitment.objects.get().entered_from
    assert entered is not None
    assert entered[0]["date"] == meant


def test_a_month_before_its_day_is_refused_and_says_how_it_is_written() -> None:
    assert faults(with_commitments(commitment("walk", due_on="03/31/2026"))) == [
        (
            'commitments.csv line 2, column due_on: "03/31/2026" is not a day such as 2026-11-23 or 23/11/2026 '
            "(day first)."
        )
    ]


def test_the_apostrophe_before_a_formula_is_no_part_of_the_text() -> None:
    texts = ["'=1+1", "'-5", "'@x", "''tis", "'tis", "=1+1"]
    imported(with_commitments(*(commitment(f"c-{place}", body=text) for place, text in enumerate(texts))))
    bodies = list(Commitment.objects.order_by("number").values_list("body", flat=True))
    assert bodies == ["=1+1", "-5", "@x", "'tis", "'tis", "=1+1"]


BROKEN = [
    ("Straße".encode("cp1252"), "line 1: From here it is not UTF-8 (Excel's plain “CSV” is Windows-1252); save it"),
    (b"PK\x03\x04rest", "It is a workbook and no CSV; save it as CSV in UTF-8"),
    (b"", "It is empty; write the names of the columns"),
    (b"slug,title\r\na,b\0c\r\n", "line 2: It holds a NUL"),
    (b"slug,title\r\nwalk,Walk\r\n", "line 1: Columns are missing: body, recommendations,"),
    (b'slug,title\r\nwalk,"Walk\r\n', "line 2: The row that begins here cannot be read"),
    (sheet("commitments").replace(b"slug,", b"slug,colour,"), "column colour: This column is not known"),
    (sheet("commitments").replace(b"slug,", b"slug,slug,"), "column slug: This column stands twice"),
    (sheet("commitments", commitment("a")).replace(b"primary,,", b"primary,,,,more"), "line 2: A cell stands beyond"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "sentence"), BROKEN, ids=range(len(BROKEN)))
def test_what_cannot_be_read_is_refused_with_what_mends_it(content: bytes, sentence: str) -> None:
    said = faults({**base(), "commitments.csv": content})
    assert len(said) == 1
    assert said[0].startswith("commitments.csv")
    assert sentence in said[0]


def test_a_row_after_a_line_break_in_a_cell_is_named_by_line_and_row() -> None:
    rows = [commitment("walk", body="one\ntwo\nthree"), commitment("talk", areas="E99999999")]
    assert faults(with_commitments(*rows)) == [
        (
            'commitments.csv line 5 (row 3), column areas: There is no area "E99999999", in this file or in the '
            "record; add it to the file."
        )
    ]


def test_faults_of_several_files_are_named_together() -> None:
    files = with_commitments(commitment("walk", owners="police (lead)"))
    files["recommendations.csv"] = sheet("recommendations", recommendation(1, theme="none"), {"number": "x"})
    files["responses.csv"] = sheet(
        "responses", {"recommendation": "1", "organisation": "police", "position": "yes"}
    )
    said = faults(files)
    assert [one.split(": ", 1)[0] for one in said] == [
        "commitments.csv line 2, column owners",
        "recommendations.csv line 2, column theme",
        "recommendations.csv line 3, column number",
        "recommendations.csv line 3, column title",
        "responses.csv line 2, column position",
        "responses.csv line 2, column body",
        "responses.csv line 2, column source_url",
    ]


def test_rows_that_belong_to_others_need_them() -> None:
    files = base()
    del files["assembly.csv"]
    make.assembly()
    files["facts.csv"] = (
        b"name,value_is,value,source_url,source_date,source_reliability,source_note\nx,,3,,,,\n"
    )
    files["notes.csv"] = b"commitment,kind,about,text,value_is,value\nwalk,reading,x,Ours.,,\n"
    assert [one.split(";")[0] for one in faults(files)] == [
        "facts.csv line 2: Facts are published with their assembly, and assembly.csv is not among the files",
        "notes.csv line 2, column commitment: There is no commitment “walk” in commitments.csv",
    ]


def test_one_csv_alone_adds_to_an_assembly_that_exists() -> None:
    imported(base())
    report = imported({"commitments.csv": sheet("commitments", commitment("walk", recommendations="3"))})
    assert report.added == [f"commitment:{make.SLUG}/walk"]
    assert imported({"More-rows.csv": sheet("recommendations", recommendation(4))}).added == [
        f"recommendation:{make.SLUG}/4"
    ]
    assert Recommendation.objects.count() == 4


def test_rows_without_an_assembly_say_so() -> None:
    alone = {"commitments.csv": sheet("commitments", commitment("walk"))}
    assert "add assembly.csv, or name it (--assembly): none yet." in faults(alone)[0]
    make.assembly("one")
    make.assembly("two")
    assert "name it (--assembly): one, two." in faults(alone)[0]
    report = importing.import_files(alone, today=make.TODAY, by=make.convenor("two"), assembly="two")
    assert report.added == ["commitment:two/walk"]
    assert (
        "The files hold the assembly anytown-2025, and one was asked for" in faults(base(), assembly="one")[0]
    )


def zipped(files: dict[str, bytes], folder: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(folder + name, content)
    return buffer.getvalue()


def test_a_zip_is_taken_as_a_folder_is() -> None:
    others = {"__MACOSX/._teams.csv": b"x", "README.txt": b"about", ".DS_Store": b"x"}
    assert len(imported({"all.zip": zipped({**base(), **others}, "record/")}).added) == 8


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"all.zip": b"nothing"}, "all.zip: It cannot be opened as a zip"),
        ({"all.zip": zipped({"a/teams.csv": b"x", "b/teams.csv": b"y"})}, "two files of one name"),
        ({"all.zip": zipped({f"{number}.csv": b"" for number in range(101)})}, "more than 100 files"),
        ({"teams.xlsx": b"x", "plan.docx": b"y"}, "teams.xlsx: It is no CSV (and a JSON is imported alone)"),
        ({}, "It holds no CSV and no JSON"),
        ({"what.csv": b"colour,shape\nred,round\n"}, "what.csv: Its name and its columns are of no kind"),
        ({**base(), "teams-2.csv": base()["teams.csv"]}, "It is of the same kind as teams-2.csv"),
    ],
    ids=range(7),
)  # fmt: skip
def test_what_is_no_set_of_spreadsheets_is_refused(files: dict[str, bytes], sentence: str) -> None:
    assert any(sentence in one for one in faults(files)), faults(files)


def test_two_assemblies_are_two_sets() -> None:
    files = base()
    first = files["assembly.csv"].decode().splitlines()
    files["assembly.csv"] = "\n".join([*first, first[1]]).encode()
    assert faults(files) == [
        "assembly.csv line 3: There is one assembly in a set of files; give each a set of its own."
    ]


def test_values_say_what_they_are() -> None:
    head = "name,value_is,value,source_url,source_date,source_reliability,source_note\n"
    rows = [
        "a,number,44",
        "b,,44.5",
        "c,text,44",
        "d,yes/no,TRUE",
        "e,list,x; y",
        'f,json,"[""a;b""]"',
        "g,,",
        "h,,z",
    ]
    imported({**base(), "facts.csv": (head + "".join(f"{row},,,,\n" for row in rows)).encode()})
    values = [fact["value"] for fact in Assembly.objects.get().facts]
    assert values == [44, 44.5, "44", True, ["x", "y"], ["a;b"], None, "z"]
    wrong = ["a,number,many", "b,yes/no,maybe", "c,json,{"]
    said = faults({**base(), "facts.csv": (head + "".join(f"{row},,,,\n" for row in wrong)).encode()})
    assert [one.split(":")[0] for one in said] == [
        f"facts.csv line {line}, column value" for line in (2, 3, 4)
    ]


def test_the_command_names_every_fault_and_fails(tmp_path: Path) -> None:
    make.convenor()
    path = tmp_path / "commitments.csv"
    path.write_bytes(sheet("commitments", commitment("walk"), {"slug": "Talk", **SOURCE}))
    make.assembly()
    with pytest.raises(CommandError, match=r"commitments.csv line 3, column slug(.|\n)*line 3, column title"):
        call_command("import_record", str(path))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_record", str(tmp_path / "nothing"))
