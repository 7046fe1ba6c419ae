"""Following without an account: nobody is told anything before the address says yes, and stopping takes one press.

None of it is a public fact, so nothing of it stands in the record.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import User, canonical
from commitments.withholding.stories import thing_of
from notifications import kinds as groups
from notifications import searches, topics
from notifications.errors import LinkGone, UnknownTopic
from notifications.models import Cadence, Delivery, Follow, Follower, Message, MessageState, SavedSearch
from notifications.mornings import next_morning
from record import clock

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
    if mine is None and not _has_room(follower):
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


def _has_room(follower: Follower) -> bool:
    """Whether it may follow one thing more; what it never said yes to makes room, so that nobody can fill it up."""
    if follower.follows.count() >= MOST:
        oldest = follower.follows.filter(confirmed_at=None).order_by("created_at", "pk").values("pk")[:1]
        return bool(Follow.objects.filter(pk__in=list(oldest.values_list("pk", flat=True))).delete()[0])
    return True


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
        _take_back(mine, now)
    return mine


@transaction.atomic
def want(follow_: Follow, kinds: Sequence[str]) -> None:
    """Of which kinds of events to hear; none is all. What waits and is no longer wanted is not told."""
    follow_.kinds = groups.packed(list(kinds))
    follow_.save(update_fields=["kinds"])
    _let_go(_locked(follow_.follower))


@transaction.atomic
def unfollow(follow_: Follow) -> None:
    """One thing less, at once; with the last one the follower is forgotten."""
    follower = _locked(follow_.follower)
    follow_.delete()
    if follower.user_id is None and not follower.follows.exists():
        follower.delete()
    else:
        _let_go(follower)


@transaction.atomic
def stop(follower: Follower) -> None:
    """Everything ends at once, what waits to be sent too: the address is forgotten. Again is harmless."""
    # Locked first, so that nobody writes a message for it between its parts.
    for mine in Follower.objects.select_for_update().filter(pk=follower.pk):
        mine.delete()


def forget_unconfirmed(now: datetime) -> int:
    """Forget what nobody said yes to within seven days, and addresses that follow nothing; how many follows."""
    gone = Follow.objects.filter(confirmed_at=None, created_at__lt=now - KEPT).delete()[1]
    SavedSearch.objects.filter(follows=None).delete()
    Follower.objects.filter(follows=None, user=None, created_at__lt=now - KEPT).delete()
    # What was written for somebody who stopped in that moment.
    Delivery.objects.filter(~Exists(Follower.objects.filter(pk=OuterRef("follower"))), message=None).delete()
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


def _take_back(follower: Follower, now: datetime) -> None:
    """What is written and not sent yet waits with the rest; what is being sent at this moment goes."""
    on_its_way = Q(message__lease_until__gte=now)
    told = Delivery.objects.filter(_waiting(follower), message__isnull=False).exclude(on_its_way)
    messages = list(told.values_list("message", flat=True).distinct())
    Delivery.objects.filter(follower=follower, message__in=messages).update(message=None)
    Message.objects.filter(pk__in=messages).delete()


def give_back(message: Message) -> None:
    """What a message was to tell waits for another one."""
    message.deliveries.filter(position__isnull=False).update(message=None)


def _let_go(follower: Follower) -> None:
    """Looked at now, and once more when the next message is written: what is being read meanwhile is not seen here."""
    follower.let_go_at = clock.now()
    follower.save(update_fields=["let_go_at"])
    forget_unwanted(follower)


def forget_unwanted(follower: Follower) -> None:
    """What waits to be told stays only where something that is still followed has it."""
    follows = list(follower.follows.filter(confirmed_at__isnull=False).values_list("topic", "kinds"))
    waiting = Delivery.objects.filter(_waiting(follower))
    entries = topics.at(waiting.values("position"))
    found, saved = topics.of_entries(entries), searches.matches(entries, follower)
    wanted = [
        one.position for one in entries if _is_wanted(one, found[one.position] | saved[one.position], follows)
    ]
    waiting.exclude(position__in=wanted).delete()


def _is_wanted(entry: topics.Read, about: set[str], follows: list[tuple[str, str]]) -> bool:
    kind = f",{groups.kind_of(entry.type)},"
    return any(topic in about and (not kinds or kind in kinds) for topic, kinds in follows)
