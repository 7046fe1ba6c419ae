"""Files as evidence: one waits for its sender's update, which names it, and is forgotten unless it does."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings

from accounts.models import User
from commitments import errors, permissions
from commitments.evidence import storage
from commitments.evidence.cleaning import Clean
from commitments.models import Evidence, EvidenceFile, ProgressUpdate
from commitments.promises import EvidenceLink
from record import clock
from record.ledger import action
from record.refusals import Refusal

WAITS = timedelta(days=1)
Files = Mapping[UUID, EvidenceFile]
NO_FILES: Files = {}


def send_evidence(clean: Clean, *, by: User) -> EvidenceFile:
    """Keep a clean file for an update that is to name it. Raises OwnersSendEvidence, TooManyWaiting.

    The bytes are there before the row is: where the row is refused they go again; where the process dies they are found
    and deleted a day later.
    """
    permissions.check_sends_evidence(by)
    key = uuid4()
    storage.put(clean.content, key)
    try:
        return _keep(clean, key, by=by)
    except Refusal:
        storage.remove([(clean.sha256, key)])
        raise


def forget_files(now: datetime) -> int:
    """Delete what waited for a day, and bytes that no row means; how many files that were. A job."""
    gone = _forget_waiting(now)
    storage.remove(gone)
    rows = EvidenceFile.objects.filter(erased_on=None).values_list("sha256", "pk")
    strays = list(storage.stray(frozenset(f"{sha256}-{key}" for sha256, key in rows.iterator())))
    for file in strays:
        file.unlink(missing_ok=True)
    return len(gone) + len(strays)


@action
def _keep(clean: Clean, key: UUID, *, by: User) -> EvidenceFile:
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if EvidenceFile.objects.filter(sender=by).count() >= settings.EVIDENCE_WAITING:
        raise errors.TooManyWaiting(most=settings.EVIDENCE_WAITING)
    now = clock.now()
    return EvidenceFile.objects.create(
        pk=key,
        sender=by,
        sha256=clean.sha256,
        media_type=clean.media_type,
        size=len(clean.content),
        width=clean.width,
        height=clean.height,
        pages=clean.pages,
        sent_at=now,
        expires_at=now + WAITS,
    )


@action
def _forget_waiting(now: datetime) -> list[tuple[str, UUID]]:
    late = EvidenceFile.objects.select_for_update().filter(evidence=None, expires_at__lte=now)
    gone = [(row.sha256, row.pk) for row in late]
    EvidenceFile.objects.filter(pk__in=[key for _, key in gone]).delete()
    return gone


def waiting_files(evidence: Sequence[EvidenceLink], by: User) -> Files:
    """The files that evidence names, locked. Raises EvidenceNeedsOne, EvidenceNotWaiting at the one that is wrong."""
    for place, one in enumerate(evidence):
        if bool(one.url) == bool(one.file):
            raise errors.EvidenceNeedsOne(field=f"evidence/{place}")
    wanted = [one.file for one in evidence if one.file]
    rows = EvidenceFile.objects.select_for_update(of=("self",)).filter(
        pk__in=wanted, sender=by, expires_at__gt=clock.now()
    )
    found = {row.pk: row for row in rows.order_by("pk")}
    seen: set[UUID] = set()
    for place, one in enumerate(evidence):
        if one.file and (one.file not in found or one.file in seen):
            raise errors.EvidenceNotWaiting(field=f"evidence/{place}/file")
        seen |= {one.file} if one.file else set()
    return found


def keep_evidence(update: ProgressUpdate, evidence: Sequence[EvidenceLink], files: Files) -> None:
    """Keep what shows that the update is so; its files belong to it from now on."""
    rows = [
        Evidence(update=update, title=one.title, url=one.url, dated=one.dated, order=order)
        for order, one in enumerate(evidence)
    ]
    Evidence.objects.bulk_create(rows)
    for row, one in zip(rows, evidence, strict=True):
        if one.file:
            file = files[one.file]
            file.evidence, file.sender, file.expires_at = row, None, None
            file.save(update_fields=["evidence", "sender", "expires_at"])


def facts_of(one: EvidenceLink, files: Files) -> dict[str, Any]:
    """What the entry of an update says of one piece of evidence; of a file the hash of its bytes, too."""
    facts: dict[str, Any] = {"dated": one.dated.isoformat() if one.dated else None}
    if one.file:
        file = files[one.file]
        facts["file"] = {
            "id": str(file.pk),
            "sha256": file.sha256,
            "media_type": file.media_type,
            "bytes": file.size,
        }
    return facts
