"""Importing files at the desk: all checked first, each fault at its place; then what was checked is imported."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import roles
from accounts.models import User
from commitments import permissions
from commitments.importing import FileRefused, Problem, Report, import_files
from commitments.importing.cells import guarded
from commitments.importing.columns import BY_NAME
from commitments.importing.files import unpacked
from commitments.importing.reading import read_json
from portal.desk import waiting_uploads
from portal.desk.door import desk
from portal.desk.once import once, token
from portal.models import WaitingImport
from portal.private import Fault, said
from portal.typed import fault_of_prose, prose
from record import clock
from record.refusals import Forbidden, Missing, Refusal

FILES, ASSEMBLY, REASON, DIGEST = "files", "assembly", "reason", "digest"
MOST_FILES, MOST_BYTES, MOST_UNPACKED = 20, 2_000_000, 10_000_000
LONGEST_NAME = 100
COUNTS = ("entered", "unchanged", "found", "corrected")
PLACED = ("file", "line", "row", "column", "words")
Outcome = dict[str, Any]
"""What a check found: the `problems`, each with its place; or the `lines` of what would be done, and their `counts`."""
BOM = "\ufeff"
"""Without it Excel takes UTF-8 for Windows-1252."""


@desk
def begin(request: HttpRequest) -> HttpResponse:
    """The files, the assembly, why what differs is corrected; sent, they are kept and checked."""
    by = _person(request)
    convened = _convened(by)
    if request.method != "POST":
        return _form(request, convened, [])
    files, faults = _uploaded(request)
    assembly = request.POST.get(ASSEMBLY, "")
    reason = prose(request.POST.get(REASON, ""))
    if assembly not in convened:
        faults.append(Fault(ASSEMBLY, _("Choose the assembly to which these files belong.")))
    fault = fault_of_prose(REASON, reason)
    faults += [fault] if fault else []
    if faults:
        return _form(request, convened, faults)
    kept = waiting_uploads.keep(files, by=by, assembly=assembly, reason=reason)
    waiting_uploads.note(kept, _tried(kept, by))
    return redirect("desk_import_checked", kept.pk)


@desk
def checked(request: HttpRequest, key: UUID) -> HttpResponse:
    """What the files would do, or all that is to be mended; and the button that imports them."""
    by = _person(request)
    if request.method != "POST":
        return _outcome(request, waiting_uploads.of(by, key))

    def sending() -> str:
        row = waiting_uploads.of(by, key, lock=True)
        if request.POST.get(DIGEST) != row.digest:
            raise waiting_uploads.OtherUpload
        report = _run(row, by, dry_run=False)
        row.delete()
        return f"{reverse('desk_import')}?{urlencode(_counts(report))}"

    try:
        return once(request, sending)
    except FileRefused as refused:
        kept = waiting_uploads.note(waiting_uploads.of(by, key), _wrong(refused.problems))
        return _outcome(request, kept, 409)


@desk
@require_safe
def faults(request: HttpRequest, key: UUID) -> HttpResponse:
    """All that is to be mended, as a spreadsheet."""
    found = waiting_uploads.of(_person(request), key).outcome["problems"]
    rows = [[one[name] for name in PLACED] for one in found]
    return _csv("to-mend.csv", [("file", "line", "row", "column", "what would mend it"), *rows])


@desk
@require_safe
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty sheet of one kind: the names of its columns."""
    _convened(_person(request))
    sheet = BY_NAME.get(kind)
    if sheet is None:
        raise Missing
    return _csv(f"{kind}.csv", [sheet.names()])


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Forbidden
    return request.user


def _convened(by: User) -> list[str]:
    """The assemblies for which this person may import. Raises Forbidden where there is none."""
    permissions.check_any_convenor(by)
    return [one for one in roles.convened(by) if permissions.is_allowed(permissions.check_convenor, by, one)]


def _uploaded(request: HttpRequest) -> tuple[dict[str, bytes], list[Fault]]:
    """The files by name, as far as they are not too many, too large, or twice the same."""
    sent: Sequence[UploadedFile[bytes]] = request.FILES.getlist(FILES)
    wrong = _too_much(sent)
    names = [_name(one) for one in sent]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        wrong = _("Two of the files have the name %(name)s; leave one.") % {"name": twice[0]}
    if wrong:
        return {}, [Fault(FILES, wrong)]
    files = {name: one.read() for name, one in zip(names, sent, strict=True)}
    wrong = next(
        (said for name, content in files.items() if (said := _unpacks_to_too_much(name, content))), ""
    )
    return files, [Fault(FILES, wrong)] if wrong else []


def _too_much(sent: "Sequence[UploadedFile[bytes]]") -> str:
    if not sent:
        return _("Choose one file or several: CSVs, a zip of them, or one JSON.")
    if len(sent) > MOST_FILES:
        return _("These are %(n)s files; send %(most)s at most, or a zip of them.") % {
            "n": len(sent),
            "most": MOST_FILES,
        }
    if sum(one.size or 0 for one in sent) > MOST_BYTES:
        return _("The files are larger than 2 MB together; import them in parts.")
    return ""


def _unpacks_to_too_much(name: str, content: bytes) -> str:
    """Whether a zip says that it holds more than is read here; what cannot be opened is refused later, in words."""
    if not name.lower().endswith(".zip"):
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            whole = sum(one.file_size for one in archive.infolist())
    except zipfile.BadZipFile:
        return ""
    if whole > MOST_UNPACKED:
        return _("The zip holds more than 10 MB; import it in parts.")
    return ""


def _name(one: "UploadedFile[bytes]") -> str:
    """A file's own name, without folders and signs that nobody sees."""
    name = PurePosixPath((one.name or "").replace("\\", "/")).name
    return "".join(sign for sign in name if sign.isprintable())[-LONGEST_NAME:] or "file"


def _tried(kept: WaitingImport, by: User) -> Outcome:
    """What an import would do, or all that is wrong; nothing is written."""
    try:
        report = _run(kept, by, dry_run=True)
    except FileRefused as refused:
        return _wrong(refused.problems)
    except Refusal as no:
        return _wrong([Problem("", said(no))])
    return {"problems": [], "lines": report.lines(), "counts": _counts(report)}


def _wrong(found: Iterable[Problem]) -> Outcome:
    rows = [dict(zip(PLACED, _line(one), strict=True)) for one in found]
    return {"problems": rows, "lines": [], "counts": {}}


def _run(kept: WaitingImport, by: User, *, dry_run: bool) -> Report:
    files = waiting_uploads.files_of(kept)
    _check_assembly(files, kept.assembly)
    return import_files(
        files,
        today=clock.today(),
        by=by,
        assembly=kept.assembly,
        reason=kept.reason,
        dry_run=dry_run,
    )


def _check_assembly(files: Mapping[str, bytes], chosen: str) -> None:
    """A JSON says to which assembly it belongs; that is the one that was chosen."""
    for name, content in unpacked(files).items():
        data = read_json(content) if name.lower().endswith(".json") else None
        part = data.get("assembly") if isinstance(data, dict) else None
        slug = part.get("slug") if isinstance(part, dict) else None
        if slug and slug != chosen:
            words = _("The file holds the assembly %(it)s, and %(chosen)s was chosen; choose one.")
            raise FileRefused([Problem("/assembly/slug", words % {"it": slug, "chosen": chosen})])


def _counts(report: Report) -> dict[str, int]:
    sorts: tuple[Sequence[object], ...] = (report.added, report.unchanged, report.found, report.corrected)
    return {name: len(sort) for name, sort in zip(COUNTS, sorts, strict=True)}


def _form(request: HttpRequest, convened: Sequence[str], wrong: Sequence[Fault]) -> HttpResponse:
    done = {name: int(value) for name in COUNTS if (value := request.GET.get(name, "")).isdecimal()}
    page = {
        "convened": convened,
        "chosen": request.POST.get(ASSEMBLY) or request.GET.get(ASSEMBLY) or convened[0],
        "reason": request.POST.get(REASON, ""),
        "faults": wrong,
        "kinds": list(BY_NAME),
        "done": done if len(done) == len(COUNTS) else None,
        "most_files": MOST_FILES,
    }
    return render(request, "portal/desk/import.html", page, status=400 if wrong else 200)


def _outcome(request: HttpRequest, kept: WaitingImport, status: int = 200) -> HttpResponse:
    page = {
        "kept": kept,
        "once": token(),
        "changed_meanwhile": status == 409,
        "until": kept.created_at + waiting_uploads.KEPT,
        **kept.outcome,
    }
    return render(request, "portal/desk/import_checked.html", page, status=status)


def _line(one: Problem) -> tuple[str, str, str, str, str]:
    """Where a fault is, and what would mend it; in a JSON the place is a pointer."""
    if one.place is None:
        return "", "", "", one.pointer, one.words
    line, row = (str(number or "") for number in (one.place.line, one.place.row))
    return one.place.file, line, row, one.column, one.words


def _csv(name: str, rows: Iterable[Iterable[str]]) -> HttpResponse:
    """Rows as a spreadsheet may safely open them."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([guarded(cell) for cell in row] for row in rows)
    answer = HttpResponse(BOM + buffer.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
