"""Files that a convenor had checked, kept for an hour, so that what is imported is what was checked."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from accounts.models import User
from portal.models import WaitingImport
from record import clock
from record.refusals import Gone, NotNow

KEPT = timedelta(hours=1)
MOST = 3
"""So many of one person wait at once; the oldest goes first."""


class UploadGone(Gone):
    """An upload that was imported, or whose hour is over."""

    code = "upload_gone"
    sentence = (
        "These files are not kept any more: they were imported, or an hour has passed. Upload them again."
    )


class OtherUpload(NotNow):
    """The files are not those that were checked."""

    code = "other_upload"
    sentence = (
        "These are not the files that you had checked; upload them again and look at what is said of them."
    )


def keep(files: Mapping[str, bytes], *, by: User, assembly: str, reason: str) -> WaitingImport:
    """Keep these files, by their names, for an hour."""
    purge()
    content = _packed(files)
    row = WaitingImport.objects.create(
        user=by,
        assembly=assembly,
        reason=reason,
        names=list(files),
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
        created_at=clock.now(),
    )
    older = WaitingImport.objects.filter(user=by).order_by("-created_at", "-pk")
    WaitingImport.objects.filter(pk__in=list(older.values_list("pk", flat=True)[MOST:])).delete()
    return row


def note(row: WaitingImport, outcome: dict[str, Any]) -> WaitingImport:
    """Keep what a check found of it."""
    row.outcome = outcome
    row.save(update_fields=["outcome"])
    return row


def of(by: User, key: UUID, *, lock: bool = False) -> WaitingImport:
    """A person's own upload. Raises UploadGone."""
    rows = WaitingImport.objects.filter(user=by, created_at__gt=clock.now() - KEPT)
    found = (rows.select_for_update() if lock else rows).filter(pk=key).first()
    if found is None:
        raise UploadGone
    return found


def files_of(row: WaitingImport) -> dict[str, bytes]:
    """The files, by their names. Raises OtherUpload where they are not what was kept."""
    content = bytes(row.content)
    if hashlib.sha256(content).hexdigest() != row.digest:
        raise OtherUpload
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def purge() -> int:
    """Forget uploads whose hour is over; how many. For the jobs that run now and then."""
    return WaitingImport.objects.filter(created_at__lte=clock.now() - KEPT).delete()[0]


def _packed(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
