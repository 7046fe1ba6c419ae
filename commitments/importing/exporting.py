"""The record as files in the format: CSVs or one JSON, the same bytes each time, and a page on what is left out."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from commitments.importing.columns import SHEETS, Sheet
from commitments.importing.leaving import left_out
from commitments.importing.saying import said
from commitments.importing.spreadsheets import WITHIN
from commitments.models import Assembly
from record.refusals import NotNow

Item = Mapping[str, Any]
README = "README.txt"
# A zip holds times; this one says nothing about when it was made.
NO_TIME = (1980, 1, 1, 0, 0, 0)
ABOUT = """\
{title} ({slug}), as entered from published sources: in the record format of Said & Done.
docs/record-format.md explains it; manage.py import_record takes it back.

{left}

The whole archive carries everything, as it was recorded: the service's own record, at /api/v1/events/?after=0.
"""
LEFT = """\
Left out, because only those who did it can say it, and a convenor cannot enter it for them (or because it is invented):
{list}"""
NOTHING = "Nothing is left out."


class InventedRecord(NotNow):
    """A demonstration must not look like a record elsewhere."""

    code = "invented_record"
    sentence = (
        "{assembly} is invented, for a demonstration, and would look real elsewhere; it is not exported."
    )


def exported(assembly: Assembly, form: str) -> dict[str, bytes]:
    """The files of an export by name: `csv` or `json`, and the page on what is left out."""
    if assembly.invented:
        raise InventedRecord(assembly=assembly.slug)
    data = said(assembly)
    files = csv_files(data) if form == "csv" else {"record.json": json_file(data)}
    return {**files, README: about(assembly).encode()}


def about(assembly: Assembly) -> str:
    """What is in an export, and how many of what are not."""
    counts = left_out(assembly)
    lines = "\n".join(f"  {count} {name}" for name, count in counts.items())
    left = LEFT.format(list=lines) if counts else NOTHING
    return ABOUT.format(title=assembly.title, slug=assembly.slug, left=left)


def json_file(data: Item) -> bytes:
    """A file in the format as JSON."""
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def csv_files(data: Item) -> dict[str, bytes]:
    """A file in the format as one CSV for each kind, those without rows included."""
    return {f"{sheet.name}.csv": _csv(sheet, list(_items(data, sheet.name))) for sheet in SHEETS}


def _items(data: Item, name: str) -> Iterator[Item]:
    if name == "assembly":
        yield data["assembly"]
    elif name == "facts":
        yield from data["assembly"]["facts"]
    elif name in WITHIN:
        above, column, inside = WITHIN[name]
        for one in data[above]:
            yield from ({**inner, column: one["slug"]} for inner in one[inside])
    else:
        yield from data.get(name, [])


def _csv(sheet: Sheet, items: Sequence[Item]) -> bytes:
    most = max((len(item.get("sources") or []) for item in items), default=1)
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, sheet.names(max(most, 1)), restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(sheet.row(item) for item in items)
    # Excel takes a file for UTF-8 only where it begins so.
    return buffer.getvalue().encode("utf-8-sig")


def write(files: Mapping[str, bytes], path: Path) -> None:
    """Put the files into a folder, a zip, or (a JSON) at the path with its page beside it."""
    if path.suffix.lower() == ".zip":
        path.write_bytes(zipped(files))
    elif path.suffix.lower() == ".json":
        path.write_bytes(files["record.json"])
        path.with_suffix(f".{README}").write_bytes(files[README])
    else:
        path.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (path / name).write_bytes(content)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip, the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in sorted(files.items()):
            member = zipfile.ZipInfo(name, NO_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return buffer.getvalue()
