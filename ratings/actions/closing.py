"""Closing a quarter: thirty days after it the key is destroyed, and from then on nobody can link or change a ballot."""

from datetime import date, timedelta

from commitments import events
from ratings import keystore, periods
from ratings.actions.codes import count_redeemed, mix_redemptions
from ratings.actions.cutting import slot_of
from ratings.actions.mixing import mix_ballots, sweep
from ratings.actions.moving import forget_words
from ratings.models import FreshBallot, RatingPeriod
from record.ledger import action, append

KEPT = timedelta(days=30)


def close(today: date) -> int:
    """What each day does for secrecy, after figures were cut; how many keys were destroyed."""
    mix_redemptions()
    count_redeemed(slot_of(today))
    return destroy_keys(today)


def destroy_keys(today: date) -> int:
    """Destroy the keys of quarters that ended more than thirty days ago, and record it; how many.

    The key goes first: where the process dies in between, the next run records what was done. A key that cannot be
    destroyed keeps no other from going. Raises KeysUnavailable at the end, if there was one.
    """
    due = [period for period in _open() if today > periods.last_day(period.name) + KEPT]
    if due:
        mix_ballots(today)
        sweep()
    kept = [period.record_key for period in due if not _destroyed(period, today)]
    if kept:
        names = ", ".join(kept)
        raise keystore.KeysUnavailable(
            f"Keys that should be gone could not be destroyed: {names}. Mend the key store and run this again."
        )
    return len(due)


def _open() -> list[RatingPeriod]:
    return list(RatingPeriod.objects.filter(key_destroyed_on=None).select_related("assembly"))


def _destroyed(period: RatingPeriod, today: date) -> bool:
    store, name = keystore.store(), keystore.name_of(period.assembly.slug, period.name)
    try:
        store.destroy(name)
        gone = store.get(name) is None
    except (keystore.KeysUnavailable, OSError):
        return False
    if gone:
        _record(period, today)
    return gone


@action
def _record(period: RatingPeriod, today: date) -> None:
    period = RatingPeriod.objects.select_for_update(of=("self",)).select_related("assembly").get(pk=period.pk)
    if period.key_destroyed_on is not None:
        return
    period.key_destroyed_on = today
    period.save(update_fields=["key_destroyed_on"])
    # Sealed with a key that is gone, nobody can read them: what was cast after the last cut of all.
    FreshBallot.objects.filter(period=period).delete()
    forget_words(period)
    append(
        events.KEY_DESTROYED,
        period,
        actor="clock",
        today=today,
        facts={"assembly": period.assembly.slug, "period": period.name},
        assembly=period.assembly.slug,
    )
