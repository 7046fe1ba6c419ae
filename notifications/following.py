"""Following without an account: nobody is told anything before the address says yes, and stopping takes one press.

None of it is a public fact, so nothing of it stands in the record.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import User, canonical
from commitments.withholding.stories import thing_of
from notifications import kinds as groups
from notifications import topics
from notifications.errors import LinkGone, UnknownTopic
from notifications.models import Cadence, Delivery, Follow, Follower, Message, MessageState, SavedSearch
from notifications.mornings import next_morning

FOLLOWED = ("assembly", "theme", "area", "organisation", "team", "recommendation", "commitment")
KEPT = timedelta(days=7)
"""So long an address has to say yes."""
MOST = 100
"""So many things one address follows."""
ASKED_A_DAY = 5
"""So many mails a day ask one address to confirm; who asks more often is answered alike, and nothing is sent."""
CONFIRM = "confirm:"
MAIL, TEXTS = "mail", "sms"
"""How somebody may be written to."""
Wanted = str | SavedSearch


def topic_of(text: str) -> str:
    """A topic that can be followed. Raises UnknownTopic."""
    if text.partition(":")[0] not in FOLLOWED or thing_of(text) is None:
        raise UnknownTopic(field="topic", topic=ascii(text)[1:-1][:80])
    return text


def search_of(path: str, query: str) -> SavedSearch:
    """A list with its filters, which whoever knows lists has checked."""
    return SavedSearch.objects.get_or_create(path=path, query=query)[0]


@transaction.atomic
def follow(
    address: str,
    wanted: Wanted,
    *,
    now: datetime,
    kinds: Sequence[str] = (),
    cadence: str = Cadence.DAILY,
    zone: str = "Europe/London",
    channel: str = MAIL,
) -> None:
    """Ask the address whether it wants this. Nothing is answered, so that nobody learns who follows what."""
    follower = _follower(canonical(address), cadence, zone, channel, now)
    search = wanted if isinstance(wanted, SavedSearch) else None
    topic = f"search:{search.pk}" if search else str(wanted)
    mine = follower.follows.filter(topic=topic).first()
    if mine is None and follower.follows.count() >= MOST:
        return
    if mine is None:
        mine = Follow(follower=follower, topic=topic, search=search)
    if mine.confirmed_at is None:
        mine.kinds, mine.created_at = groups.packed(list(kinds)), now
        mine.save()
    _ask(mine, now)


def _follower(address: str, cadence: str, zone: str, channel: str, now: datetime) -> Follower:
    """Who has this address, locked; who has not said yes yet is written to as was asked last."""
    Follower.objects.get_or_create(
        address=address,
        defaults={"cadence": cadence, "zone": zone, "channel": channel, "created_at": now},
    )
    follower = Follower.objects.select_for_update().get(address=address)
    if follower.confirmed_at is None:
        follower.cadence, follower.zone = cadence, zone
        follower.save(update_fields=["cadence", "zone"])
    return follower


def _ask(wanted: Follow, now: datetime) -> None:
    """A mail with the link that confirms, unless the address had enough of them today."""
    asked = Delivery.objects.filter(follower=wanted.follower, notice__startswith=CONFIRM)
    if asked.filter(message__created_at__gt=now - timedelta(days=1)).count() >= ASKED_A_DAY:
        return
    notice = f"{CONFIRM}{wanted.pk}:{now:%Y-%m-%dT%H:%M:%S}"
    if asked.filter(notice=notice).exists():
        return
    follower = wanted.follower
    message = Message.objects.create(channel=follower.channel, follower=follower, next_at=now, created_at=now)
    Delivery.objects.create(follower=follower, notice=notice, message=message)


@transaction.atomic
def confirm(asked: Follow, now: datetime) -> Follow:
    """The address says yes to this one thing. Again is harmless. Raises LinkGone after seven days."""
    wanted = Follow.objects.select_for_update().select_related("follower").filter(pk=asked.pk).first()
    if wanted is None or not is_open(wanted, now):
        raise LinkGone
    follower = wanted.follower
    if wanted.confirmed_at is None:
        wanted.confirmed_at = now
        wanted.save(update_fields=["confirmed_at"])
    if follower.confirmed_at is None:
        follower.confirmed_at, follower.next_at = now, next_morning(now, follower.cadence, follower.zone)
        follower.save(update_fields=["confirmed_at", "next_at"])
    return wanted


def is_open(wanted: Follow, now: datetime) -> bool:
    """Whether it is confirmed, or can be still."""
    return wanted.confirmed_at is not None or now - wanted.created_at <= KEPT


@transaction.atomic
def change(
    follower: Follower, *, now: datetime, cadence: str = "", zone: str = "", paused: bool | None = None
) -> Follower:
    """How often, in which time zone, and whether at all for now. What waits while paused is told afterwards."""
    mine = _locked(follower)
    mine.cadence, mine.zone = cadence or mine.cadence, zone or mine.zone
    mine.paused = mine.paused if paused is None else paused
    if cadence or zone:
        mine.next_at = next_morning(now, mine.cadence, mine.zone)
    mine.save(update_fields=["cadence", "zone", "paused", "next_at"])
    if mine.paused:
        _take_back(mine)
    return mine


@transaction.atomic
def want(follow_: Follow, kinds: Sequence[str]) -> None:
    """Of which kinds of events to hear; none is all. What waits and is no longer wanted is not told."""
    follow_.kinds = groups.packed(list(kinds))
    follow_.save(update_fields=["kinds"])
    _forget_unwanted(_locked(follow_.follower))


@transaction.atomic
def unfollow(follow_: Follow) -> None:
    """One thing less, at once; with the last one the follower is forgotten."""
    follower = _locked(follow_.follower)
    follow_.delete()
    if follower.user_id is None and not follower.follows.exists():
        follower.delete()
    else:
        _forget_unwanted(follower)


def stop(follower: Follower) -> None:
    """Everything ends at once, what waits to be sent too: the address is forgotten. Again is harmless."""
    Follower.objects.filter(pk=follower.pk).delete()


def forget_unconfirmed(now: datetime) -> int:
    """Forget what nobody said yes to within seven days, and addresses that follow nothing; how many follows."""
    gone = Follow.objects.filter(confirmed_at=None, created_at__lt=now - KEPT).delete()[1]
    SavedSearch.objects.filter(follows=None).delete()
    Follower.objects.filter(follows=None, user=None, created_at__lt=now - KEPT).delete()
    return gone.get("notifications.Follow", 0)


def forget_person(user: User) -> None:
    """With an account goes what its address follows."""
    Follower.objects.filter(Q(user=user) | Q(address=user.email)).delete()


def _locked(follower: Follower) -> Follower:
    mine = Follower.objects.select_for_update().filter(pk=follower.pk).first()
    if mine is None:
        raise LinkGone
    return mine


def _waiting(follower: Follower) -> Q:
    free = Q(message=None) | Q(message__state=MessageState.WAITING)
    return Q(follower=follower, position__isnull=False) & free


def _take_back(follower: Follower) -> None:
    """What is written and not sent yet waits with the rest."""
    told = Delivery.objects.filter(_waiting(follower), message__isnull=False)
    messages = list(told.values_list("message", flat=True).distinct())
    Delivery.objects.filter(follower=follower, message__in=messages).update(message=None)
    Message.objects.filter(pk__in=messages).delete()


def _forget_unwanted(follower: Follower) -> None:
    """What waits to be told stays only where something that is still followed has it; searches keep what they found."""
    follows = list(follower.follows.filter(confirmed_at__isnull=False).values_list("topic", "kinds"))
    if any(topic.startswith("search:") for topic, _ in follows):
        return
    waiting = Delivery.objects.filter(_waiting(follower))
    entries = topics.at(waiting.values("position"))
    found = topics.of_entries(entries)
    wanted = [one.position for one in entries if _is_wanted(one, found[one.position], follows)]
    waiting.exclude(position__in=wanted).delete()


def _is_wanted(entry: topics.Read, about: set[str], follows: list[tuple[str, str]]) -> bool:
    kind = f",{groups.kind_of(entry.type)},"
    return any(topic in about and (not kinds or kind in kinds) for topic, kinds in follows)
