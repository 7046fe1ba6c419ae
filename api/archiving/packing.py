"""One zip with everything public, as it was when it was signed; the same state gives the same bytes."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from api.archiving import tables
from commitments.evidence import storage
from commitments.importing import exporting
from commitments.models import Assembly, Challenge
from commitments.withholding import files as evidence_files
from record import checkpoints, tiles
from record.models import Checkpoint, Head, Words, WordsState

HERE = Path(settings.BASE_DIR)
TOOLS = ("record/verify.py", "record/unwritten.py", "record/shown.py", "record/monitor.py")
PAGES = {"docs/verify.md": "verify.md", "docs/record-format.md": "record-format.md", "LICENCE": "LICENCE"}
THE_SAME_DAY = (1980, 1, 1, 0, 0, 0)
BATCH = 2000
FOLDER = "exports"
"""Below the data folder: what exports/ offers."""
EVIDENCE = "evidence/"
HALF_MADE = ".archive.new"
SOMEBODY = "somebody"
README = """Said & Done: everything public of {origin}, {size} entries, as signed.

verify.md      how to check this without trusting anybody:  python3 verify.py KEY copy THIS.zip
checkpoint     the signed state; checkpoints/ has all earlier ones, vkey the keys
tile/          the entries, byte for byte, in bundles (C2SP tlog-tiles)
words.ndjson   the words, each with the salt that opens its hash; null where they are not shown
tables/        what is shown, a line a row, to begin an instance anew:  manage.py restore_archive THIS.zip
evidence/      the files that show what updates say, each called by the SHA-256 of its bytes, which entries hold
data/          each assembly as spreadsheets and as JSON (record-format.md)

Nobody's name, address, ballot or key is in here, nor words that are held back, hidden, erased or not looked at yet.
The service is free software: LICENCE. What was published stays its publishers'; state where you have it from.
"""


class NotArchived(RuntimeError):
    """No archive was made; the words say what comes first."""


def pack(folder: Path) -> Path:
    """Put the archive of the present signed state into `folder`, unless it is there. Raises NotArchived."""
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / HALF_MADE
    with _as_one_moment():
        latest = checkpoints.latest()
        if latest is None or latest.size != Head.objects.get().position:
            raise NotArchived("Not all entries are signed: manage.py sign_record comes first.")
        with beside.open("wb") as file:
            _write(file, latest)
    named = hashlib.sha256(beside.read_bytes()).hexdigest()[:16]
    return beside.replace(folder / f"{latest.size:09d}-{named}.zip")


def _as_one_moment() -> Any:
    """A transaction that sees nothing of what others write meanwhile."""
    moment = transaction.atomic()
    if connection.vendor != "postgresql":
        return moment
    return _Repeatable(moment)


class _Repeatable:
    """PostgreSQL must be told to look at one moment only; within another transaction it looks as that one does."""

    def __init__(self, moment: Any) -> None:
        self.moment = moment

    def __enter__(self) -> None:
        outermost = not connection.in_atomic_block
        self.moment.__enter__()
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

    def __exit__(self, *raised: Any) -> None:
        self.moment.__exit__(*raised)


def _write(file: IO[bytes], latest: Checkpoint) -> None:
    manifest: dict[str, str] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(latest):
            info = zipfile.ZipInfo(name, THE_SAME_DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
            manifest[name] = hashlib.sha256(content).hexdigest()
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(manifest.items()))
        archive.writestr(zipfile.ZipInfo("SHA256SUMS", THE_SAME_DAY), lines)


def _files(latest: Checkpoint) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", README.format(origin=latest.key.origin, size=latest.size).encode()
    yield "checkpoint", latest.cosigned.encode()
    yield "vkey", "".join(f"{one}\n" for one in checkpoints.vkeys()).encode()
    for one in checkpoints.all_of_them():
        yield f"checkpoints/{one.size:012d}-{one.pk}", one.cosigned.encode()
    for tile in tiles.of_size(latest.size):
        yield f"tile/{tile.address}", tiles.content(tile)
    yield "words.ndjson", _lines(_words())
    for label in tables.ARCHIVED:
        yield f"tables/{label}.ndjson", _lines(rows_of(label))
    yield from _evidence()
    yield from _data()
    for tool in TOOLS:
        yield Path(tool).name, (HERE / tool).read_bytes()
    for page, name in PAGES.items():
        yield name, (HERE / page).read_bytes()


def _evidence() -> Iterator[tuple[str, bytes]]:
    """The files that are shown; two of the same bytes are one here. Raises NotArchived where one is lost."""
    named: set[str] = set()
    for file in evidence_files.shown():
        content = None if file.sha256 in named else storage.read(file.sha256, file.pk)
        if content is not None:
            named.add(file.sha256)
            yield f"{EVIDENCE}{file.sha256}", content
        elif file.sha256 not in named:
            raise NotArchived(
                f"The evidence file {file.pk} is lost or damaged; manage.py check_record says which are."
            )


def _data() -> Iterator[tuple[str, bytes]]:
    for assembly in Assembly.objects.select_related("area").order_by("slug"):
        for form in ("csv", "json"):
            for name, content in exporting.exported(assembly, form).items():
                yield f"data/{assembly.slug}/{form}/{name}", content


def _words() -> Iterator[dict[str, Any]]:
    for row in Words.objects.order_by("position", "pk").iterator(chunk_size=BATCH):
        is_shown = row.state == WordsState.PUBLISHED
        text, salt = (row.text, bytes(row.salt or b"").hex()) if is_shown else (None, None)
        yield {"position": row.position, "name": row.name, "text": text, "salt": salt}


def rows_of(label: str) -> Iterator[dict[str, Any]]:
    """The public rows of a model, in the order of their keys; people are `somebody`."""
    model = apps.get_model(label)
    fields = [model._meta.get_field(name) for name in tables.ARCHIVED[label].split()]
    rows = model._base_manager.filter(**tables.ONLY.get(label, {})).order_by("pk")
    if label in tables.REFERRED:
        referring, column = tables.REFERRED[label]
        named = apps.get_model(referring)._base_manager.exclude(**{column: None})
        rows = rows.filter(pk__in=named.values(column))
    for row in rows.iterator(chunk_size=BATCH):
        if isinstance(row, Challenge) and not row.reason_shown:
            row.reason = ""
        yield {field.name: _plain(field, getattr(row, field.attname)) for field in fields}


def is_person(field: Any) -> bool:
    """Whether a column names an account."""
    return isinstance(field, models.ForeignKey) and field.related_model is apps.get_model(
        settings.AUTH_USER_MODEL
    )


def _plain(field: Any, value: Any) -> Any:
    if value is None or is_person(field):
        return None if value is None else SOMEBODY
    if isinstance(field, models.JSONField):
        return value
    told: list[tuple[type | tuple[type, ...], Callable[[Any], Any]]] = [
        ((datetime, date), lambda one: one.isoformat()),
        ((bytes, memoryview), lambda one: bytes(one).hex()),
        ((bool, int, float, str), lambda one: one),
        (UUID, str),
    ]
    return next((say(value) for kind, say in told if isinstance(value, kind)), str(value))


def _lines(rows: Iterator[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
