"""Holds: words are held back on every route while a case is live. A hold judges nothing, and is public as a fact."""

from datetime import date

from accounts.models import User
from commitments import errors, events, lifecycle
from commitments.choices import HoldGround, WithholdingKind
from commitments.models import Withholding
from commitments.models.held import Holdable
from commitments.withholding import offices, vault
from record.guarded import Recorded
from record.ledger import action, append


@action
def place_hold(thing: Recorded, *, by: User, today: date, ground: str) -> Withholding:
    """Hold back the words of a thing and of all that belongs to it, and what is said of it until the hold is lifted.

    Facts stay to be seen, clocks run on, and owners go on reporting: what they write waits with the rest.
    """
    thing, root = vault.locked(thing)
    if not isinstance(root, Holdable):
        raise errors.CannotBeHeld(field="subject", subject=thing.record_subject)
    office = offices.office_for(by, root)
    lifecycle.check_word(ground, HoldGround, "ground")
    present = Withholding.objects.filter(kind=WithholdingKind.HELD, lifted_on=None)
    if present.filter(subject=thing.record_subject).exists():
        raise errors.AlreadyHeld(field="subject", subject=thing.record_subject)
    assembly = offices.assembly_of(root)
    hold = Withholding.objects.create(
        kind=WithholdingKind.HELD,
        assembly=assembly,
        subject=thing.record_subject,
        root=root.record_subject,
        ground=ground,
        placed_on=today,
        office=office,
        placed_by=by,
    )
    append(
        events.HOLD_PLACED,
        hold,
        actor=office,
        today=today,
        facts={"held": hold.subject, "ground": ground},
        root=root,
        assembly=assembly.slug if assembly else "",
    )
    return hold


@action
def lift_hold(hold: Withholding, *, by: User, today: date) -> Withholding:
    """Show again, as it was, all that a hold kept back, but for what another hold or hiding covers."""
    _, root = vault.locked(offices.named(hold.subject))
    office = offices.office_for(by, root)
    hold = Withholding.objects.select_related("assembly").get(pk=hold.pk)
    if hold.lifted_on is not None:
        raise errors.NotHeld
    hold.lifted_on, hold.lifted_by = today, by
    hold.save(update_fields=["lifted_on", "lifted_by"])
    append(
        events.HOLD_LIFTED,
        hold,
        actor=office,
        today=today,
        facts={"held": hold.subject, "placed_on": hold.placed_on.isoformat()},
        root=root,
        assembly=hold.assembly.slug if hold.assembly else "",
    )
    return hold
