"""Files that show what an update says: made clean as they come in, they wait for a day and are named by the update."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import limits
from accounts.models import User
from commitments import actions, errors, permissions
from commitments.evidence import storage, telling
from commitments.evidence.cleaning import clean
from commitments.evidence.kinds import EXTENSIONS
from commitments.models import EvidenceFile
from portal.desk.door import desk
from portal.desk.sending import person
from portal.private import Fault, said
from record import clock
from record.refusals import Forbidden, Missing, NotNow, Refusal

FILE, KEPT = "file", "kept"
"""The field of a new file; and the hidden or ticked fields of those that were sent already."""
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


class TooManySent(NotNow):
    """So many files of one person are opened in an hour, and in a day."""

    code = "too_many_sent"
    sentence = (
        "You sent as many files as are opened for one person for now. Send this one later, or give a link."
    )


@desk
@require_safe
def waiting(request: HttpRequest, key: UUID) -> HttpResponse:
    """A file as everybody will get it, for who sent it, until an update names it."""
    file = _waiting(person(request)).filter(pk=key).first()
    content = storage.read(file.sha256, file.pk) if file else None
    if file is None or content is None:
        raise Missing
    name = f"evidence-{file.sha256[:12]}.{EXTENSIONS[file.media_type]}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": SANDBOX,
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=file.media_type, headers=headers)


def take(request: HttpRequest, by: User) -> EvidenceFile | None:
    """The new file of a form, made clean; None where there is none. Raises what refuses it: its kind, who sends it."""
    sent = request.FILES.get(FILE)
    if sent is None:
        return None
    permissions.check_sends_evidence(by)
    if limits.count_file(by):
        raise TooManySent
    sent.seek(0)
    return actions.send_evidence(clean(sent.read(), FILE), by=by)


@dataclass(frozen=True)
class Taken:
    """The files of a form: the ids that it carries, a new one's too; what waits under them; what is to be mended.

    A form that is sent twice carries the ids of files that do not wait any more.
    """

    keys: list[UUID]
    waiting: dict[UUID, EvidenceFile]
    faults: list[Fault]

    @property
    def links(self) -> list[tuple[UUID, str]]:
        """Each with what it is called where nobody said more."""
        return [(key, title(self.waiting.get(key))) for key in self.keys]


def taken(request: HttpRequest, by: User) -> Taken:
    """All files of a form: those that it carries, and a new one. Asks nothing where there is none."""
    keys, faults = list(dict.fromkeys(_keys(request.POST.getlist(KEPT)))), []
    found = {one.pk: one for one in _waiting(by).filter(pk__in=keys)} if keys else {}
    if len(found) < len(keys):
        faults.append(Fault(FILE, said(errors.EvidenceNotWaiting())))
    try:
        new = take(request, by)
    except Forbidden:
        raise
    except Refusal as no:
        return Taken(keys, found, [*faults, Fault(FILE, said(no))])
    if new:
        keys, found = [*keys, new.pk], found | {new.pk: new}
    return Taken(keys, found, faults)


def shown(taken: Taken) -> list[dict[str, Any]]:
    """Those that wait, each by what it is and how large: a file has no name of its own here."""
    return [
        {"key": str(one.pk), "title": title(one), "kind": telling.kind_of(one.media_type), "size": one.size}
        for one in taken.waiting.values()
    ]


def told(key: UUID, title: str, taken: Taken) -> telling.Told:
    """One as pages show it; still at the address where its sender alone gets it."""
    one, where = taken.waiting.get(key), reverse("desk_waiting_file", args=[key])
    return telling.Told(title, where, telling.kind_of(one.media_type if one else ""), one.size if one else 0)


def title(one: EvidenceFile | None) -> str:
    """What it is called where nobody said more."""
    return _("Document") if one and one.media_type == "application/pdf" else _("Photograph")


def _waiting(by: User) -> Any:
    return EvidenceFile.objects.filter(sender=by, expires_at__gt=clock.now())


def _keys(texts: Sequence[str]) -> list[UUID]:
    """The ids among what was sent. Raises Missing for what is none."""
    try:
        return [UUID(text) for text in texts]
    except ValueError:
        raise Missing from None
