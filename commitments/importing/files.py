"""Files in memory, or at a path, on their way into the record: JSON, CSVs, a zip or a folder of them."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path, PurePosixPath

from accounts.models import User
from commitments.importing.reading import FileRefused, Place, Problem, read_json
from commitments.importing.saying import assembly_said, said
from commitments.importing.spreadsheets import WITHIN, Sheets, read_sheets
from commitments.importing.writing import Report, import_record
from commitments.models import Assembly

TABLES = (".csv", ".tsv", ".txt")
# Windows keeps these in folders, unseen.
OF_WINDOWS = ("desktop.ini", "thumbs.db")
MOST_FILES, MOST_BYTES = 100, 50_000_000
Files = Mapping[str, bytes]


def gathered(path: Path) -> dict[str, bytes]:
    """The files at a path by name: those of a folder, or the one. Raises FileRefused where nothing can be read."""
    try:
        paths = sorted(one for one in path.iterdir() if one.is_file()) if path.is_dir() else [path]
        return {one.name: one.read_bytes() for one in paths}
    except OSError as error:
        raise _refused(f"It cannot be read ({error.strerror}); check the path.") from error


def import_files(
    files: Files,
    *,
    today: date,
    by: User | None = None,
    assembly: str = "",
    reason: str = "",
    dry_run: bool = False,
) -> Report:
    """Import these files, by their names, as one: a JSON, CSVs, or a zip of CSVs.

    `assembly` (a slug) is the one that the rows belong to where no file holds it; the others are those of
    `import_record`. Raises FileRefused with every fault, each with its file, line and column.
    """
    found = unpacked(files)
    names = list(found)
    if len(names) == 1 and names[0].lower().endswith(".json"):
        data = read_json(found[names[0]])
        return import_record(data, today=today, by=by, reason=reason, dry_run=dry_run)
    _check_names(names)
    sheets = read_sheets(found)
    if not sheets.is_whole:
        raise FileRefused(sheets.located(sheets.problems))
    _complete(sheets, assembly)
    _leave_what_belongs(sheets)
    return _import(sheets, today, by, reason, dry_run)


def _import(sheets: Sheets, today: date, by: User | None, reason: str, dry_run: bool) -> Report:
    """Import them; where they have faults already, only to find the others with them."""
    dry_run = dry_run or bool(sheets.problems)
    try:
        report = import_record(sheets.data, today=today, by=by, reason=reason, dry_run=dry_run)
    except FileRefused as refused:
        raise FileRefused(sheets.located([*sheets.problems, *refused.problems])) from refused
    if sheets.problems:
        raise FileRefused(sheets.located(sheets.problems))
    return report


def _complete(sheets: Sheets, slug: str) -> None:
    """Let the rows belong to an assembly that exists, where the files hold none."""
    given = sheets.data.get("assembly")
    if given is not None:
        if slug and given["slug"] != slug:
            raise _refused(
                f"The files hold the assembly {given['slug']}, and {slug} was asked for; choose one."
            )
        return
    rows = Assembly.objects.filter(slug=slug) if slug else Assembly.objects.all()
    known = list(rows.select_related("area")[:2])
    if len(known) != 1:
        there = ", ".join(Assembly.objects.values_list("slug", flat=True)) or "none yet"
        words = f"It is not said to which assembly the rows belong: add assembly.csv, or name it (--assembly): {there}."
        raise _refused(words)
    sheets.data["assembly"] = assembly_said(known[0])


def _leave_what_belongs(sheets: Sheets) -> None:
    """Let findings, facts and notes of what stands here be as they are, where their sheets are not among the files."""
    there = Assembly.objects.filter(slug=sheets.data["assembly"]["slug"]).first()
    if there is None or sheets.kinds >= {"facts", *WITHIN}:
        return
    here = said(there)
    if "facts" not in sheets.kinds:
        sheets.data["assembly"]["facts"] = here["assembly"]["facts"]
    for kind, (above, _, inside) in WITHIN.items():
        if kind not in sheets.kinds:
            known = {one["slug"]: one[inside] for one in here[above]}
            for one in sheets.data[above]:
                one[inside] = known.get(one["slug"], [])


def _check_names(names: list[str]) -> None:
    others = [name for name in names if not name.lower().endswith(TABLES)]
    if others:
        words = "It is no CSV (and a JSON is imported alone); save it as CSV in UTF-8, or take it out."
        raise FileRefused([Problem("", words, Place(name, 0, 0)) for name in others])
    if not names:
        raise _refused("It holds no CSV and no JSON; docs/spreadsheets has an example of each kind.")


def unpacked(files: Files) -> dict[str, bytes]:
    """Without hidden files and without what only explains; a zip alone is opened. Raises FileRefused."""
    names = [name for name in files if _counts(name)]
    if len(names) == 1 and (names[0].lower().endswith(".zip")):
        return _unzipped(names[0], files[names[0]])
    return {name: files[name] for name in names}


def _counts(name: str) -> bool:
    last = PurePosixPath(name).name
    is_aside = last.upper().startswith("README") or last.lower() in OF_WINDOWS
    return not (is_aside or last.startswith((".", "~$")) or "__MACOSX" in name)


def _unzipped(name: str, content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir() and _counts(one.filename)]
            if len(members) > MOST_FILES or sum(one.file_size for one in members) > MOST_BYTES:
                raise _refused(f"It holds more than {MOST_FILES} files or 50 MB; give it in parts.", name)
            found = {PurePosixPath(one.filename).name: archive.read(one) for one in members}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, zlib.error, OSError) as error:
        raise _refused(
            f"It cannot be opened as a zip ({error}); make it anew, without a password.", name
        ) from error
    if len(found) < len(members):
        raise _refused("It holds two files of one name in different folders; leave one.", name)
    return found


def _refused(words: str, file: str = "") -> FileRefused:
    return FileRefused([Problem("", words, Place(file, 0, 0) if file else None)])
