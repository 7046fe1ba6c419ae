"""`Idempotency-Key`: a POST that is repeated has one effect and gets the same answer, for 24 hours.

The row that claims a key, the effect and the stored answer are one transaction. Of sixteen parallel tries
one inserts the row; the others wait for it at the unique constraint and then replay. If it fails or
crashes, the claim vanishes with everything it did.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from api.http import caching
from api.http.answers import JSON, encoded
from api.http.errors import Problem
from api.models import IdempotentAnswer
from commitments.withholding.erasing import sweep
from record import clock
from record.models import Entry

KEPT = timedelta(hours=24)
LONGEST_KEY = 255
KEY = re.compile(rf"[!-~]{{1,{LONGEST_KEY}}}")
REPLAYED = "Idempotent-Replayed"
HEADERS = ("Location", "ETag")
WITHHOLDING = ("hold.placed", "words.hidden", "words.redacted")
NOT_KEPT = (
    "This was done when you first asked, and is not done again. Its answer is no longer given, since words were held "
    "back or erased since; read the thing at its own address."
)
Answering = Callable[[], HttpResponse]


def key_in(request: HttpRequest) -> str | None:
    """The Idempotency-Key, if sent. Raises a 400 where it is not 1 to 255 visible ASCII characters."""
    key: str | None = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return None
    key = key.strip()
    if not KEY.fullmatch(key):
        detail = f"An Idempotency-Key has 1 to {LONGEST_KEY} visible ASCII characters; a UUID is a good one."
        raise Problem(400, "malformed_idempotency_key", detail)
    return key


def once(
    request: HttpRequest, user: User, data: Any, answering: Answering, secrets: Iterable[str] = ()
) -> HttpResponse:
    """Answer in one transaction; where the request carries a key that was used for the same before, replay.

    `answering` does the work and raises to refuse; `secrets` name the members of its body that are
    shown once and never stored.
    Raises a 422 where the key was used for something else.
    """
    key = key_in(request)
    if key is None:
        with transaction.atomic():
            return answering()
    fingerprint = _fingerprint(request, data)
    stored = _stored(user, key)
    if stored is None:
        try:
            return _first(user, key, fingerprint, answering, secrets)
        except _Taken:
            stored = _stored(user, key)
    if stored is None:
        raise Problem(
            409, "idempotency_key_in_use", "The first request with this key is still running; try again."
        )
    return _replay(stored, fingerprint)


class _Taken(Exception):
    """Another request holds the key."""


def _stored(user: User, key: str) -> IdempotentAnswer | None:
    rows = IdempotentAnswer.objects.filter(user_id=user.pk, key=key, created_at__gt=clock.now() - KEPT)
    return rows.first()


def _first(
    user: User, key: str, fingerprint: str, answering: Answering, secrets: Iterable[str]
) -> HttpResponse:
    with transaction.atomic():
        claim = _claimed(user, key, fingerprint)
        answer = answering()
        claim.status = answer.status_code
        claim.headers = {name: answer[name] for name in HEADERS if name in answer}
        claim.body = _without(secrets, answer.content)
        claim.position = caching.edition().position
        claim.save(update_fields=["status", "headers", "body", "position"])
    return answer


def _claimed(user: User, key: str, fingerprint: str) -> IdempotentAnswer:
    """Claim the key. Waits for a parallel claim to end; raises _Taken if that one was kept."""
    now = clock.now()
    IdempotentAnswer.objects.filter(user_id=user.pk, key=key, created_at__lte=now - KEPT).delete()
    try:
        with transaction.atomic():
            return IdempotentAnswer.objects.create(
                user_id=user.pk, key=key, fingerprint=fingerprint, created_at=now
            )
    except IntegrityError:
        raise _Taken from None


def _replay(stored: IdempotentAnswer, fingerprint: str) -> HttpResponse:
    if stored.fingerprint != fingerprint:
        detail = "This Idempotency-Key was used for another request within 24 hours; use a fresh one."
        raise Problem(422, "idempotency_key_reused", detail)
    if _words_went_since(stored):
        raise Problem(409, "answer_not_kept", NOT_KEPT)
    answer = HttpResponse(bytes(stored.body), status=stored.status, headers=stored.headers)
    if stored.body:
        answer["Content-Type"] = JSON
    else:
        del answer["Content-Type"]
    answer[REPLAYED] = "true"
    return answer


def _words_went_since(stored: IdempotentAnswer) -> bool:
    """Whether any words were held back, hidden or erased since: perhaps some that the answer holds."""
    since = Entry.objects.filter(type__in=WITHHOLDING, position__gt=stored.position)
    return since.exists()


def _fingerprint(request: HttpRequest, data: Any) -> str:
    """What makes a request the same: method, address, If-Match and the JSON that was sent, however it was spaced."""
    content = json.dumps(data, sort_keys=True, separators=(",", ":"), default=_digest)
    parts = (request.method, request.get_full_path(), request.META.get("HTTP_IF_MATCH", ""), content)
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()


def _digest(file: Any) -> str:
    """What tells a file that was sent from another: its bytes."""
    file.seek(0)
    return hashlib.sha256(file.read()).hexdigest()


def _without(secrets: Iterable[str], content: bytes) -> bytes:
    names = tuple(secrets)
    if not names or not content:
        return content
    body = json.loads(content)
    return encoded({name: None if name in names else value for name, value in body.items()})


def forget_bodies() -> None:
    """Empty every kept answer, since words that were erased may stand in any; what was done once stays done once."""
    IdempotentAnswer.objects.exclude(body=b"").update(body=b"")
    tables = [IdempotentAnswer._meta.db_table]
    transaction.on_commit(lambda: sweep(tables), robust=True)


def purge() -> int:
    """Delete what is older than 24 hours; how many rows that was. For the jobs that run now and then."""
    deleted, _ = IdempotentAnswer.objects.filter(created_at__lte=clock.now() - KEPT).delete()
    return deleted
