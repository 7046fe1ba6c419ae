"""Hiding words after the convenor has looked at them, and showing them again."""

from collections.abc import Sequence
from datetime import date

from accounts.models import User
from commitments import errors, events, lifecycle
from commitments.choices import HidingGround, WithholdingKind
from commitments.models import Withholding
from commitments.withholding import offices, stories, vault
from commitments.withholding.reach import reach_of
from record.event_types import EventType
from record.guarded import Recorded
from record.ledger import action, append


@action
def hide_words(
    thing: Recorded,
    *,
    by: User,
    today: date,
    ground: str,
    entries: Sequence[int] = (),
    note: str = "",
) -> Withholding:
    """Hide the words of a thing on every route, or those of some `entries` about it alone; the convenor judges them so.

    `note` is the convenor's own and is never published. The facts stay: that it was said, when, and by which office.
    """
    thing, root = vault.locked(thing)
    office = offices.office_for(by, root)
    lifecycle.check_word(ground, HidingGround, "ground")
    offices.check_about(thing, entries)
    hiding = Withholding(
        kind=WithholdingKind.HIDDEN,
        assembly=offices.assembly_of(root),
        subject=thing.record_subject,
        root=root.record_subject,
        entries=sorted(set(entries)),
        ground=ground,
        note=note,
        placed_on=today,
        office=office,
        placed_by=by,
    )
    hidden = _hidden_by(hiding, thing, root)
    if not hidden:
        raise errors.NothingToWithhold(field="subject", subject=thing.record_subject)
    hiding.save(force_insert=True)
    for position in hidden:
        _say(events.WORDS_HIDDEN, hiding, root, office, today, entry=position, ground=ground)
    return hiding


@action
def restore_words(hiding: Withholding, *, by: User, today: date) -> Withholding:
    """Show again what was hidden, byte for byte, but for what a hold covers meanwhile."""
    thing, root = vault.locked(offices.named(hiding.subject))
    office = offices.office_for(by, root)
    hiding = Withholding.objects.select_related("assembly").get(pk=hiding.pk)
    if hiding.lifted_on is not None:
        raise errors.NotHeld
    hiding.lifted_on, hiding.lifted_by = today, by
    hiding.save(update_fields=["lifted_on", "lifted_by"])
    for position in _hidden_by(hiding, thing, root):
        _say(events.WORDS_RESTORED, hiding, root, office, today, entry=position)
    return hiding


def _hidden_by(hiding: Withholding, thing: Recorded, root: Recorded) -> list[int]:
    return reach_of(hiding, thing, stories.story(root)).positions


def _say(
    event: EventType, hiding: Withholding, root: Recorded, office: str, today: date, **facts: int | str
) -> None:
    assembly = hiding.assembly.slug if hiding.assembly else ""
    append(event, hiding, actor=office, today=today, facts=facts, root=root, assembly=assembly)
