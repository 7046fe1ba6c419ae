"""Erasure where the law demands it: one convenor asks, another of the same assembly agrees, and words and salt go."""

from collections.abc import Sequence
from datetime import date

from accounts.models import User
from commitments import errors, events, lifecycle, permissions
from commitments.choices import RedactionCategory, RedactionGround, RedactionState
from commitments.models import Redaction
from commitments.withholding import offices, stories, vault
from commitments.withholding.erasing import erase
from commitments.withholding.reach import Reach, aimed
from record.guarded import Recorded
from record.ledger import action, append


@action
def ask_redaction(
    thing: Recorded, *, by: User, today: date, ground: str, category: str, entries: Sequence[int] = ()
) -> Redaction:
    """Ask for the words of a thing to be erased, or those of some `entries` about it alone.

    Nothing is published of it, since it points to the words, until another convenor agrees.
    """
    thing, root = vault.locked(thing)
    offices.office_for(by, root)
    lifecycle.check_word(ground, RedactionGround, "ground")
    lifecycle.check_word(category, RedactionCategory, "category")
    offices.check_about(thing, entries)
    _meant(thing, root, entries)
    return Redaction.objects.create(
        assembly=offices.assembly_of(root),
        subject=thing.record_subject,
        root=root.record_subject,
        entries=sorted(set(entries)),
        ground=ground,
        category=category,
        asked_on=today,
        asked_by=by,
    )


@action
def approve_redaction(redaction: Redaction, *, by: User, today: date) -> Redaction:
    """Agree, as another convenor: words and salt go, the entries stay, and that they were erased is public.

    Who asked must be an independent convenor still, so that two are.
    """
    thing, root, redaction, office = _to_decide(redaction, by)
    if redaction.asked_by_id == by.pk:
        raise errors.OwnRequest
    if not permissions.is_allowed(offices.office_for, redaction.asked_by, root):
        raise errors.AskedByNoConvenor
    reach = _meant(thing, root, redaction.entries)
    erase(root, thing, reach)
    redaction.erased = reach.positions
    _decide(redaction, RedactionState.APPROVED, by, today)
    for position in reach.positions:
        append(
            events.WORDS_REDACTED,
            redaction,
            actor=office,
            today=today,
            facts={"entry": position, "ground": redaction.ground, "category": redaction.category},
            root=root,
            assembly=redaction.assembly.slug if redaction.assembly else "",
        )
    return redaction


@action
def refuse_redaction(redaction: Redaction, *, by: User, today: date) -> Redaction:
    """Leave the words where they are, as another convenor; nothing is published of it."""
    *_, redaction, _ = _to_decide(redaction, by)
    if redaction.asked_by_id == by.pk:
        raise errors.OwnRequest
    return _decide(redaction, RedactionState.REFUSED, by, today)


@action
def withdraw_redaction(redaction: Redaction, *, by: User, today: date) -> Redaction:
    """Take back what one asked for oneself; nothing is published of it."""
    *_, redaction, _ = _to_decide(redaction, by)
    if redaction.asked_by_id != by.pk:
        raise errors.NotYourRedaction
    return _decide(redaction, RedactionState.WITHDRAWN, by, today)


def _to_decide(redaction: Redaction, by: User) -> tuple[Recorded, Recorded, Redaction, str]:
    """The thing, its root, the request and the office: the root's row is locked, so that one decides at a time."""
    thing, root = vault.locked(offices.named(redaction.subject))
    office = offices.office_for(by, root)
    redaction = Redaction.objects.select_related("assembly").get(pk=redaction.pk)
    if redaction.state != RedactionState.ASKED:
        raise errors.AlreadyDecided(state=RedactionState(redaction.state).label)
    return thing, root, redaction, office


def _meant(thing: Recorded, root: Recorded, entries: Sequence[int]) -> Reach:
    reach = aimed(thing, stories.story(root), entries)
    if not reach.positions:
        raise errors.NothingToWithhold(field="subject", subject=thing.record_subject)
    return reach


def _decide(redaction: Redaction, state: RedactionState, by: User, today: date) -> Redaction:
    redaction.state, redaction.decided_on, redaction.decided_by = state, today, by
    redaction.save()
    return redaction
