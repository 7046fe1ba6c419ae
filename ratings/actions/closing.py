"""Closing a quarter: thirty days after it the key is destroyed, and from then on nobody can link or change a ballot."""

from datetime import date, timedelta

from commitments import events
from ratings import keystore, periods
from ratings.models import RatingPeriod
from record.ledger import action, append

KEPT = timedelta(days=30)


def destroy_keys(today: date) -> int:
    """Destroy the keys of quarters that ended more than thirty days ago, and record it; how many.

    The key goes first: where the process dies in between, the next run records what was done.
    """
    gone = 0
    for period in RatingPeriod.objects.filter(key_destroyed_on=None).select_related("assembly"):
        if today > periods.last_day(period.name) + KEPT:
            keystore.store().destroy(keystore.name_of(period.assembly.slug, period.name))
            _record(period, today)
            gone += 1
    return gone


@action
def _record(period: RatingPeriod, today: date) -> None:
    period = RatingPeriod.objects.select_for_update(of=("self",)).select_related("assembly").get(pk=period.pk)
    if period.key_destroyed_on is not None:
        return
    period.key_destroyed_on = today
    period.save(update_fields=["key_destroyed_on"])
    append(
        events.KEY_DESTROYED,
        period,
        actor="clock",
        today=today,
        facts={"assembly": period.assembly.slug, "period": period.name},
        assembly=period.assembly.slug,
    )
