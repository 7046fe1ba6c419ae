"""The only way into the record: `@action` opens a verb, `append` writes what it did, last."""

import functools
import secrets
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ParamSpec, TypeVar

import rfc8785
from django.db import transaction

from record import clock, tree
from record.event_types import EventType
from record.guarded import Recorded, opened
from record.leaves import SALT_BYTES as SALT_BYTES
from record.leaves import stamp as stamp
from record.leaves import word_hash as word_hash
from record.models import Entry, Head, Words, WordsState
from record.refusals import Invalid

LONGEST_ENTRY = 65_535

P = ParamSpec("P")
R = TypeVar("R")


class TooLong(Invalid):
    """More is said at once than one entry can hold. Typed words do not count: entries hold their hashes alone."""

    code = "entry_too_long"
    title = "This is too much for one entry of the record"
    sentence = "One entry holds {most} bytes, and this would take {length}. Do it in several smaller steps."


def action(verb: Callable[P, R]) -> Callable[P, R]:
    """Run `verb` in one transaction with the guarded models open: all of it is recorded, or none of it happened."""

    @functools.wraps(verb)
    def acting(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic(), opened():
            return verb(*args, **kwargs)

    return acting


def append(
    event: EventType,
    subject: Recorded,
    *,
    actor: str,
    today: date,
    facts: Mapping[str, Any],
    words: Mapping[str, str] | None = None,
    occurred_on: date | None = None,
    root: Recorded | None = None,
    assembly: str = "",
    pending: bool = False,
    edits: bool = True,
    edits_root: bool = False,
) -> Entry:
    """Write one entry at the next position and stamp `subject` with it.

    `facts` are plain JSON values; `words` are typed texts, of which only salted hashes enter the leaf (`pending` keeps
    them unseen until a moderator looked). `root` is the recommendation or commitment whose story this belongs to; its
    time of change moves too, but its own version only where the entry changes what it says (`edits_root`), so that
    a stranger's challenge breaks nobody's edit. `edits` False: not even the subject's version moves, for what the clock
    writes says nothing that its readers did not see.
    Call it last in an action, since it holds the head until the transaction ends.
    Raises UndeclaredContent where the event type does not name a fact or word, TooLong where the facts are too many.
    """
    words = {name: text for name, text in (words or {}).items() if text}
    event.check(facts, words)
    head = Head.objects.select_for_update().get(pk=1)
    at = max(clock.now(), head.at) if head.at else clock.now()
    entry = Entry(
        position=head.position + 1,
        type=event.name,
        at=at,
        occurred_on=occurred_on or today,
        actor=actor,
        subject=subject.record_subject,
        root=(root or subject).record_subject,
        assembly=assembly,
    )
    entry.body = _leaf(entry, facts, _keep(words, entry.position, pending))
    check_length(entry.body)
    entry.save(force_insert=True)
    tree.grow(entry.position, entry.body)
    _move(head, entry)
    _stamp(subject, entry, edits=edits)
    if root is not None and root is not subject:
        _stamp(root, entry, edits=edits_root)
    return entry


def show_words(position: int) -> None:
    """Show the words of an entry that a moderator has looked at."""
    Words.objects.filter(position=position, state=WordsState.PENDING).update(state=WordsState.PUBLISHED)


def revise() -> None:
    """Count a change of public output that is no public fact of its own (a hold, a setting)."""
    head = Head.objects.select_for_update().get(pk=1)
    head.revision += 1
    head.at = max(clock.now(), head.at) if head.at else clock.now()
    head.save(update_fields=["revision", "at"])


def _keep(words: Mapping[str, str], position: int, pending: bool) -> dict[str, str]:
    state = WordsState.PENDING if pending else WordsState.PUBLISHED
    rows = [
        Words(position=position, name=name, text=text, salt=secrets.token_bytes(SALT_BYTES), state=state)
        for name, text in words.items()
    ]
    Words.objects.bulk_create(rows)
    return {row.name: word_hash(bytes(row.salt or b""), row.text or "") for row in rows}


def check_length(body: bytes) -> None:
    """Raise TooLong for an entry that could not be copied: bundles say each length in 16 bits (C2SP tlog-tiles)."""
    if len(body) > LONGEST_ENTRY:
        raise TooLong(length=len(body), most=LONGEST_ENTRY)


def _leaf(entry: Entry, facts: Mapping[str, Any], hashes: dict[str, str]) -> bytes:
    body: dict[str, Any] = {
        "v": 1,
        "position": entry.position,
        "type": entry.type,
        "at": stamp(entry.at),
        "occurred_on": entry.occurred_on.isoformat(),
        "actor": entry.actor,
        "subject": entry.subject,
        "root": entry.root,
        "assembly": entry.assembly,
        "facts": dict(facts),
        "words": hashes,
    }
    if clock.is_invented():
        body["invented"] = True
    return rfc8785.dumps(body)


def _move(head: Head, entry: Entry) -> None:
    head.position, head.at = entry.position, entry.at
    head.save(update_fields=["position", "at"])


def _stamp(subject: Recorded, entry: Entry, *, edits: bool) -> None:
    if subject.position is None:
        subject.position, subject.published_at = entry.position, entry.at
        subject.invented = clock.is_invented()
    subject.version += edits
    subject.updated_at, subject.updated_position = entry.at, entry.position
    subject.save(
        update_fields=["position", "published_at", "invented", "version", "updated_at", "updated_position"]
    )
