"""Watching for organised voting: people counted by the hour, scores by the day, and a flag for what is rare.

A flag changes nothing: `setting_aside` is where people decide. What is counted holds no person, and soon goes.
"""

import hmac
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from math import ceil, log10
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import BigIntegerField, Count, DateTimeField, F, IntegerField, QuerySet, Sum

from accounts.models import User
from commitments.models import Assembly
from ratings import detection, disclosure, periods
from ratings.models import Ballot, DayCount, Flag, HourlyCount, RatingPeriod, Watch
from record import clock
from record.ledger import action
from record.prepared import Blank, Change
from record.strokes import stroke

KEPT = timedelta(days=30)
DRAWERS = 8
HOUR = timedelta(hours=1)
SCORES = ("ones", "twos", "threes", "fours", "fives")
RAREST = 1e-12
Row = Mapping[str, Any]


def _a_drawer() -> QuerySet[HourlyCount]:
    hour: Any = Blank("hour", DateTimeField())
    assembly: Any = Blank("assembly_id", BigIntegerField())
    drawer: Any = Blank("drawer", IntegerField())
    return HourlyCount.objects.filter(assembly=assembly, hour=hour, drawer=drawer)


_ONE_MORE = Change(_a_drawer, people=F("people") + 1)


def is_first_this_hour(assembly: int, by: User) -> bool:
    """Whether this person casts here for the first time in this hour.

    The cache remembers it for an hour, under a keyed hash of all three. Asked once the ballot is cast.
    """
    said = f"cast-in-hour\0{assembly}\0{by.pk}\0{_hour_of(clock.now()).isoformat()}"
    mark = hmac.digest(settings.SECRET_KEY.encode(), said.encode(), "sha256").hex()
    return cache.add(f"cast:{mark}", 1, HOUR.seconds)


@stroke
def count_person(assembly: int) -> None:
    """Count one person more in this hour, in a transaction of its own, so that no voter waits for another."""
    drawer = {
        "assembly_id": assembly,
        "hour": _hour_of(clock.now()),
        "drawer": secrets.randbelow(DRAWERS),
    }
    if not _ONE_MORE.write(**drawer):
        HourlyCount.objects.bulk_create([HourlyCount(**drawer)], ignore_conflicts=True)
        _ONE_MORE.write(**drawer)


@action
def count_day(fresh: Iterable[Row], before: Mapping[str, Row], today: date) -> None:
    """Count the scores that are mixed in today; ballots that say what they said before, or nothing, are left out."""
    counts: Counter[tuple[int, str, int]] = Counter()
    for row in fresh:
        old = before.get(row["token"])
        if not row["withdrawn"] and row["score"] and (old is None or old["score"] != row["score"]):
            counts[row["period_id"], row["subject"], row["score"]] += 1
    for (period, subject, score), number in sorted(counts.items()):
        day, _ = DayCount.objects.get_or_create(period_id=period, subject=subject, day=today)
        name = SCORES[score - 1]
        DayCount.objects.filter(pk=day.pk).update(**{name: F(name) + number})


def watch(today: date) -> int:
    """Flag what is rare in the hours and days that were counted, and forget what is old; how many flags are new.

    Safe to run at any time, and twice; after `cut_figures`, which mixes.
    """
    counted = Assembly.objects.filter(pk__in=HourlyCount.objects.values("assembly")).order_by("pk")
    found = sum(_watch_hours(assembly, today) for assembly in counted)
    days = DayCount.objects.select_related("period__assembly").order_by("pk")
    found += sum(_watch_day(day, today) for day in days)
    _forget(today)
    return found


@action
def _watch_hours(assembly: Assembly, today: date) -> int:
    """Hold each full hour with many people against the thirty days before it."""
    since = Watch.objects.get_or_create(assembly=assembly, defaults={"since": today})[0].since
    counted = HourlyCount.objects.filter(assembly=assembly).values_list("hour")
    people = dict(counted.annotate(number=Sum("people")).order_by())
    flagged = Flag.objects.filter(period__assembly=assembly, rule=detection.BURST_RULE)
    known = set(flagged.values_list("hour", flat=True))
    found = 0
    for hour in sorted(people):
        if people[hour] < detection.LEAST_BURST or hour in known or hour >= _hour_of(clock.now()):
            continue
        before = [people.get(one, 0) for one in _hours_before(hour, since) if one not in known]
        flag = detection.burst(before, people[hour])
        if flag is not None:
            known.add(hour)
            found += _flag(assembly, "", flag, people[hour], today, _day_of(hour), hour)
    return found + _watch_whole_days(assembly, people, since, today)


def _watch_whole_days(assembly: Assembly, people: dict[datetime, int], since: date, today: date) -> int:
    """Hold each full day against those before it; hours that are flagged already are left out of both."""
    flags = Flag.objects.filter(period__assembly=assembly, rule=detection.BURST_RULE)
    hours = set(flags.values_list("hour", flat=True))
    known = set(flags.filter(hour=None).values_list("day", flat=True))
    days: Counter[date] = Counter()
    for hour, number in people.items():
        days[_day_of(hour)] += number if hour not in hours else 0
    found = 0
    for day in sorted(one for one in days if one < today and one not in known):
        first = max(day - KEPT, since)
        earlier = (day - timedelta(days=back) for back in range(1, (day - first).days + 1))
        flag = detection.burst([days[one] for one in earlier if one not in known], days[day], detection.DAY)
        if flag is not None:
            known.add(day)
            found += _flag(assembly, "", flag, days[day], today, day, None)
    return found


@action
def _watch_day(day: DayCount, today: date) -> int:
    """Hold the scores of one day against all others of the subject in the quarter; then, once it is over, forget it."""
    scores = [getattr(day, name) for name in SCORES]
    flag = detection.shift(_before(day), scores)
    found = 0
    if flag is not None:
        found = _flag(day.period.assembly, day.subject, flag, sum(scores), today, day.day, None)
    if day.day < today:
        day.delete()
    return found


def _before(day: DayCount) -> list[int]:
    """How the scores of the subject lie in the quarter without this day's and later ones."""
    mine = {"period": day.period, "subject": day.subject}
    rows = Ballot.objects.filter(**mine, dont_know=False).order_by().values_list("score")
    counts = dict(rows.annotate(number=Count("pk")))
    later = DayCount.objects.filter(**mine, day__gte=day.day).aggregate(**{one: Sum(one) for one in SCORES})
    return [max(0, counts.get(place, 0) - later[name]) for place, name in enumerate(SCORES, start=1)]


def _flag(
    assembly: Assembly,
    subject: str,
    flag: detection.Flag,
    number: int,
    today: date,
    day: date,
    hour: datetime | None,
) -> int:
    """Write it down, unless it is; 1 if it is new. A day's later batches do not flag it again."""
    period = RatingPeriod.objects.filter(assembly=assembly, name=periods.of(day)).first()
    if period is None:
        return 0
    rows = Flag.objects.filter(period=period, subject=subject, rule=flag.rule, day=day, hour=hour)
    if rows.exists():
        return 0
    Flag.objects.create(
        period=period,
        subject=subject,
        rule=flag.rule,
        day=day,
        hour=hour,
        about=disclosure.rounded(number),
        chance=_power(flag.chance),
        found_on=today,
        invented=clock.is_invented(),
    )
    return 1


@action
def _forget(today: date) -> None:
    oldest = datetime.combine(today, time(), tzinfo=UTC) - KEPT
    HourlyCount.objects.filter(hour__lt=oldest).delete()


def _hours_before(hour: datetime, since: date) -> list[datetime]:
    """The hours of the thirty days before this one in which the assembly was watched."""
    first = max(hour - KEPT, datetime.combine(since, time(), tzinfo=UTC))
    return [hour - HOUR * back for back in range(1, (hour - first) // HOUR + 1)]


def _power(chance: float) -> float:
    """Up to the next power of ten: nobody needs it finer, and the exact one would tell exact counts."""
    return float(f"1e{ceil(log10(max(chance, RAREST)))}")


def _hour_of(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _day_of(hour: datetime) -> date:
    return hour.astimezone(clock.LONDON).date()
