"""Subscriptions: mail about what one follows, without an account; the address says yes by a link and owns it so."""

from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from api import saved_searches
from api.http import inputs, throttling
from api.http.answers import empty_answer, json_answer
from api.http.authentication import KeyAuthentication
from api.http.promises import Promise
from api.http.views import Machine, Shape, found
from notifications import feeds, following, kinds, links
from notifications.errors import AddressOrTelephone, NoTexts, TopicOrList, UnknownZone
from notifications.models import Cadence, Follow, Follower
from record import clock

ZONES = available_timezones()
LONGEST_TOKEN = 100
LONGEST_LIST = 1500
TELEPHONE = r"^\+447[0-9]{9}$"
SENT = (
    "If this address or number can be written to, a link is on its way to it: nothing else is sent until that link is "
    "confirmed. What it follows already, and whether it does, is told to it alone."
)


class Kinds(serializers.ListField):
    """Groups of events; none is all of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=serializers.ChoiceField(kinds.ALL), max_length=len(kinds.ALL), **kwargs)


class Zone(inputs.Line):
    """A time zone by its IANA name."""

    def to_internal_value(self, data: Any) -> str:
        """One that is known here."""
        name = super().to_internal_value(data)
        if name not in ZONES:
            raise UnknownZone(field="zone")
        return name


class SubscriptionIn(inputs.StrictSerializer):
    """What to follow (either a `topic` or a `list` with its filters), of which events to hear, and how often."""

    address = serializers.EmailField(max_length=254, required=False)
    telephone = serializers.RegexField(
        TELEPHONE, required=False, help_text="A British mobile number in the place of an address: +447…"
    )
    topic = inputs.Line(required=False, max_length=LONGEST_LIST)
    list = inputs.Line(required=False, max_length=LONGEST_LIST)
    kinds = Kinds(required=False)
    cadence = serializers.ChoiceField(Cadence.choices, required=False)
    zone = Zone(required=False, max_length=40)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two ways to say who, and one of the two to say what."""
        if ("address" in attrs) == ("telephone" in attrs):
            raise AddressOrTelephone
        if "telephone" in attrs and following.TEXTS not in settings.NOTIFICATION_CHANNELS:
            raise NoTexts(field="telephone")
        if ("topic" in attrs) == ("list" in attrs):
            raise TopicOrList
        return attrs


class SubscribedOut(serializers.Serializer[Any]):
    """The same for every address."""

    detail = serializers.CharField()


class ConfirmationIn(inputs.StrictSerializer):
    """What stands in the link of the mail, after `/following/confirm/`."""

    token = inputs.Line(max_length=LONGEST_TOKEN)


class ChangeIn(inputs.StrictSerializer):
    """How often, in which time zone, and whether at all for now; what is left out stays."""

    cadence = serializers.ChoiceField(Cadence.choices, required=False)
    zone = Zone(required=False, max_length=40)
    paused = inputs.StrictBoolean(required=False)


class KindsIn(inputs.StrictSerializer):
    """Of which groups of events to hear; none is all of them."""

    kinds = Kinds()


class FollowOut(serializers.Serializer[Any]):
    """One thing that is followed."""

    id = serializers.UUIDField()
    topic = serializers.CharField(allow_null=True)
    list = serializers.CharField(
        allow_null=True, help_text="A list with its filters, where that is followed."
    )
    kinds = serializers.ListField(child=serializers.ChoiceField(kinds.ALL))
    feed = serializers.URLField(allow_null=True, help_text="A feed of this alone, where there is a feed.")


class SubscriptionOut(serializers.Serializer[Any]):
    """All that one address follows. The address itself is not said."""

    token = serializers.CharField(help_text="Whoever has it can read and change this.")
    cadence = serializers.ChoiceField(Cadence.choices)
    zone = serializers.CharField()
    paused = serializers.BooleanField()
    feed = serializers.URLField(
        allow_null=True, help_text="All of it as an Atom feed, for whoever has this address."
    )
    follows = FollowOut(many=True)


class OpenWriting(Machine):
    """Writing without an account: a link from a mail, or nothing at all, says that one may. Never kept by caches."""

    reads_publicly = False

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Keys alone, for their limit; a session has no meaning here."""
        return [KeyAuthentication()]

    def sent(self, form: type[inputs.StrictSerializer] | None) -> dict[str, Any]:
        """What was sent, checked."""
        self.check_parameters()
        return inputs.checked(form or inputs.StrictSerializer, self.request.data)


def shape(follower: Follower) -> Shape:
    """The JSON of all that somebody follows."""
    follows = (
        follower.follows.filter(confirmed_at__isnull=False)
        .select_related("search", "follower")
        .order_by("created_at", "pk")
    )
    return {
        "token": links.token(links.MANAGE, follower),
        "cadence": follower.cadence,
        "zone": follower.zone,
        "paused": follower.paused,
        "feed": feeds.address(follower),
        "follows": [_follow_shape(one) for one in follows],
    }


def _follow_shape(one: Follow) -> Shape:
    return {
        "id": one.pk,
        "topic": None if one.search else one.topic,
        "list": str(one.search) if one.search else None,
        "kinds": kinds.unpacked(one.kinds),
        "feed": feeds.address(one.follower, one),
    }


def wanted_of(topic: str | None, of: str) -> following.Wanted:
    """What somebody names to follow. Raises a 400 that says what is wrong with it."""
    if topic:
        return following.topic_of(topic)
    return following.search_of(*saved_searches.taken_apart(of))


def check_network(request: Request) -> None:
    """Raise a 429 where one network asks too often."""
    for limit in throttling.limits("subscriptions", settings.SUBSCRIPTIONS_PER_NETWORK):
        count = throttling.count_within(limit, throttling.network(request._request))
        if count.is_over:
            raise throttling.refusal(count)


class Subscriptions(OpenWriting):
    """Mail about what you follow."""

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for mail about something. The answer is the same for every address, whatever it follows."""
        data = self.sent(SubscriptionIn)
        check_network(request)
        telephone = data.pop("telephone", None)
        address = telephone or data.pop("address")
        data["channel"] = following.TEXTS if telephone else following.MAIL
        with transaction.atomic():
            wanted = wanted_of(data.pop("topic", None), data.pop("list", ""))
            following.follow(address, wanted, now=clock.now(), **data)
        return json_answer({"detail": SENT}, 202)

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """POST."""
        return {"POST": Promise(SubscribedOut, body=SubscriptionIn, status=202)}


class SubscriptionConfirmation(OpenWriting):
    """Saying yes."""

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Confirm what a mail asked about. Again is harmless."""
        wanted = links.follow_of(self.sent(ConfirmationIn)["token"])
        return json_answer(shape(following.confirm(wanted, clock.now()).follower))

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """POST."""
        return {"POST": Promise(SubscriptionOut, body=ConfirmationIn, withdrawn=True)}


class OneSubscription(OpenWriting):
    """All that one address follows, for whoever has the link that stands in each of its mails."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Read it."""
        self.check_parameters()
        return json_answer(shape(links.follower_of(self.kwargs["token"])))

    def patch(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Change how often, in which time zone, or pause."""
        data = self.sent(ChangeIn)
        return json_answer(
            shape(following.change(links.follower_of(self.kwargs["token"]), now=clock.now(), **data))
        )

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Stop everything at once; the address is forgotten."""
        self.sent(None)
        following.stop(links.follower_of(self.kwargs["token"]))
        return empty_answer()

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """GET, PATCH and DELETE."""
        return {
            "GET": Promise(SubscriptionOut, withdrawn=True),
            "PATCH": Promise(SubscriptionOut, body=ChangeIn, withdrawn=True),
            "DELETE": Promise(status=204, withdrawn=True),
        }


class OneFollow(OpenWriting):
    """One thing that an address follows."""

    def patch(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Change of which events to hear."""
        data = self.sent(KindsIn)
        following.want(self._mine(), data["kinds"])
        return json_answer(_follow_shape(self._mine()))

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Stop following it; with the last one the address is forgotten."""
        self.sent(None)
        following.unfollow(self._mine())
        return empty_answer()

    def _mine(self) -> Follow:
        rows = links.follower_of(self.kwargs["token"]).follows.filter(confirmed_at__isnull=False)
        mine: Follow = found(rows.select_related("follower", "search"), pk=self.kwargs["id"])
        return mine

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """PATCH and DELETE."""
        return {
            "PATCH": Promise(FollowOut, body=KindsIn, withdrawn=True),
            "DELETE": Promise(status=204, withdrawn=True),
        }
