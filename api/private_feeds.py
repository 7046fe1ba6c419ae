"""Feeds of one's own: all that one follows, for whoever has the address, with a mail address or with none."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from api import atom
from api.feeds import MOST, Feed, before_in
from api.http import inputs, negotiation
from api.http.answers import empty_answer, json_answer
from api.http.promises import Promise
from api.http.views import Machine, found
from api.subscriptions import (
    LONGEST_LIST,
    Kinds,
    OpenWriting,
    SubscriptionOut,
    check_network,
    shape,
    wanted_of,
)
from notifications import feeds, following, links
from notifications.errors import TopicOrList
from notifications.models import Follow, Follower
from record import checkpoints, clock

ALL, ONE = "what you follow", "one thing that you follow"


class FeedOfIn(inputs.StrictSerializer):
    """One thing to follow: either a `topic`, or a `list` with its filters."""

    topic = inputs.Line(required=False, max_length=LONGEST_LIST)
    list = inputs.Line(required=False, max_length=LONGEST_LIST)
    kinds = Kinds(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two ways to say what."""
        if ("topic" in attrs) == ("list" in attrs):
            raise TopicOrList
        return attrs


class FeedIn(inputs.StrictSerializer):
    """What to follow by a feed alone."""

    follows = serializers.ListField(child=FeedOfIn(), allow_empty=False, max_length=following.MOST)


class FeedOut(serializers.Serializer[Any]):
    """Where the feed is."""

    feed = serializers.URLField(help_text="Whoever has it can read the feed, and do nothing else.")


class Feeds(OpenWriting):
    """Feeds without an address."""

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Have a feed of what you follow, and give no address. One that nobody reads for seven days goes again."""
        data = self.sent(FeedIn)
        check_network(request)
        with transaction.atomic():
            wanted = [
                (wanted_of(one.get("topic"), one.get("list", "")), one.get("kinds", ()))
                for one in data["follows"]
            ]
            return json_answer(shape(feeds.open_for(wanted, clock.now())), 201)

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """POST."""
        return {"POST": Promise(SubscriptionOut, body=FeedIn, status=201)}


class OwnFeed(OpenWriting):
    """The feed of all that one address follows."""

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Have a feed, or another address for it; the earlier one shows nothing any more."""
        self.sent(None)
        made = feeds.begin(links.follower_of(self.kwargs["token"]))
        return json_answer({"feed": feeds.address(made)}, 201)

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the feed."""
        self.sent(None)
        feeds.end(links.follower_of(self.kwargs["token"]))
        return empty_answer()

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """POST and DELETE."""
        return {
            "POST": Promise(FeedOut, status=201, withdrawn=True),
            "DELETE": Promise(status=204, withdrawn=True),
        }


class PrivateFeed(Machine):
    """All that somebody follows, as an Atom feed, for whoever has its address."""

    reads_publicly = False
    form = negotiation.ATOM
    http_method_names = negotiation.READING
    extra_parameters = frozenset({"before"})
    extra_schemas = Feed.extra_schemas

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Read the newest 50; what is held or withdrawn by now is in it no more."""
        self.check_parameters()
        before = before_in(request)
        reader = feeds.reader_of(self.kwargs["token"])
        entries = feeds.entries(reader, self._one(reader), before, MOST + 1)
        feeds.note_reading(reader, self.today)
        content = atom.written(entries[:MOST], self._heading(reader, entries), self.base)
        return HttpResponse(content, content_type=f"{negotiation.ATOM}; charset=utf-8")

    def _one(self, reader: Follower) -> Follow | None:
        if "id" not in self.kwargs:
            return None
        one: Follow = found(reader.follows.select_related("search"), pk=self.kwargs["id"])
        return one

    def _heading(self, reader: Follower, entries: list[Any]) -> atom.Heading:
        """It names no page that could do more than read."""
        here = self.base + self.request.path
        state = checkpoints.latest()
        return atom.Heading(
            title=f"{atom.NAME}: {ONE if 'id' in self.kwargs else ALL}",
            address=here,
            alternate=f"{self.base}/#feed-{self.kwargs.get('id', reader.pk)}",
            earlier=f"{here}?before={entries[MOST - 1].position}" if len(entries) > MOST else None,
            checkpoint=state.note if state else "",
        )

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """GET."""
        return {"GET": Promise({"type": "string"}, withdrawn=True, forms=(negotiation.ATOM,))}
