"""Webhooks: one's own endpoints, their secrets shown once, tests, and the log of what was delivered."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers

from api.http import inputs
from api.http.paging import by
from api.http.views import PrivateDetail, PrivateList, Shape, found
from api.http.writing import Deletes, Done, Patches, Posts
from notifications import endpoints, kinds
from notifications.models import Attempt, Call, CallKind, Endpoint, EndpointState, EndpointTopic, MessageState
from record.models import Entry

TOPIC = r"^(assembly|theme|area|organisation|team|recommendation|commitment):[A-Za-z0-9/_-]{1,180}$"
"""Such as commitment:WF24-C012 or theme:waltham-forest-2024/be-fair."""
MOST_TOPICS = 100
KINDS = sorted(kinds.ALL)


class WebhookOut(serializers.Serializer[Any]):
    """An endpoint, without its secret."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    address = serializers.CharField(help_text="What is called.")
    assembly = serializers.CharField(allow_null=True)
    topics = serializers.ListField(child=serializers.CharField())
    kinds = serializers.ListField(child=serializers.ChoiceField(KINDS))
    state = serializers.ChoiceField(EndpointState.choices)
    reason = serializers.CharField(
        allow_null=True, help_text="Why it is disabled: gone, failing, secret_lost."
    )
    after = serializers.IntegerField(
        allow_null=True,
        help_text="It hears of what is recorded after this position; read what was before in events/.",
    )
    failing_since = serializers.DateTimeField(allow_null=True)
    previous_secret_until = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    verified_at = serializers.DateTimeField(allow_null=True)


class NewWebhookOut(WebhookOut):
    """With its secret, which is shown this once."""

    secret = serializers.CharField(allow_null=True, help_text="Keep it now; null in a repeated answer.")


class WebhookIn(inputs.StrictSerializer):
    """What is to be called, and of what it is told; what is left out is everything."""

    address = inputs.Line(max_length=500)
    assembly = inputs.Slug(required=False)
    topics = serializers.ListField(
        child=serializers.RegexField(TOPIC), required=False, max_length=MOST_TOPICS
    )
    kinds = serializers.ListField(child=serializers.ChoiceField(KINDS), required=False, max_length=len(KINDS))


class WebhookChangeIn(inputs.StrictSerializer):
    """What to change; an empty list is everything again."""

    address = inputs.Line(max_length=500, required=False)
    assembly = inputs.Slug(required=False, allow_null=True)
    topics = serializers.ListField(
        child=serializers.RegexField(TOPIC), required=False, max_length=MOST_TOPICS
    )
    kinds = serializers.ListField(child=serializers.ChoiceField(KINDS), required=False, max_length=len(KINDS))


class TryOut(serializers.Serializer[Any]):
    """How one try went; what the receiver answered beside its status is not kept."""

    at = serializers.DateTimeField()
    status = serializers.IntegerField(allow_null=True)
    milliseconds = serializers.IntegerField()
    error = serializers.CharField(allow_null=True)


class DeliveryOut(serializers.Serializer[Any]):
    """One thing told to an endpoint; `webhook_id` is what the receiver sees, the same at every try."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    webhook_id = serializers.CharField()
    type = serializers.CharField()
    position = serializers.IntegerField(allow_null=True)
    state = serializers.ChoiceField(MessageState.choices)
    next_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
    tries = TryOut(many=True)


def shapes(rows: list[Endpoint], base: str) -> list[Shape]:
    """The JSON of endpoints; one query for all their topics."""
    topics: dict[UUID, list[str]] = {row.pk: [] for row in rows}
    named = EndpointTopic.objects.filter(endpoint__in=[row.pk for row in rows]).order_by("topic")
    for key, topic in named.values_list("endpoint", "topic"):
        topics[key].append(topic)
    return [_shape(row, topics[row.pk], base) for row in rows]


def _shape(row: Endpoint, topics: list[str], base: str) -> Shape:
    return {
        "id": row.pk,
        "url": f"{base}/api/v1/webhooks/{row.pk}/",
        "address": row.address,
        "assembly": row.assembly or None,
        "topics": topics,
        "kinds": kinds.unpacked(row.kinds),
        "state": row.state,
        "reason": row.reason or None,
        "after": row.after,
        "failing_since": row.failing_since,
        "previous_secret_until": row.previous_until,
        "created_at": row.created_at,
        "verified_at": row.verified_at,
    }


def delivery_shapes(rows: list[Call], base: str) -> list[Shape]:
    """The JSON of deliveries; two queries for all of them."""
    positions = [row.position for row in rows if row.position is not None]
    types = dict(Entry.objects.filter(position__in=positions).values_list("position", "type"))
    tries: dict[UUID, list[Shape]] = {row.pk: [] for row in rows}
    for one in Attempt.objects.filter(call__in=[row.pk for row in rows]).order_by("pk"):
        tries[one.call_id].append(
            {"at": one.at, "status": one.status, "milliseconds": one.milliseconds, "error": one.error or None}
        )
    return [
        {
            "id": row.pk,
            "url": f"{base}/api/v1/webhooks/{row.endpoint_id}/deliveries/{row.pk}/",
            "webhook_id": f"msg_{row.pk.hex}",
            "type": types.get(row.position or 0, f"webhook.{row.kind}"),
            "position": row.position,
            "state": row.state,
            "next_at": row.next_at if row.state == MessageState.WAITING else None,
            "created_at": row.created_at,
            "done_at": row.done_at,
            "tries": tries[row.pk],
        }
        for row in rows
    ]


def _wanted(data: dict[str, Any]) -> dict[str, Any]:
    """As the verbs name it."""
    wanted = {"chosen" if name == "kinds" else name: value for name, value in data.items()}
    return wanted | ({"assembly": wanted["assembly"] or ""} if "assembly" in wanted else {})


class Webhooks(Posts, PrivateList):
    """Your own webhooks, newest first."""

    output = WebhookOut
    ordering = by("-created_at", tie="id", created_at="created_at")
    read_scope, scope = "webhooks:read", "webhooks:write"
    post_input, post_output = WebhookIn, NewWebhookOut
    secrets = ("secret",)

    def rows(self) -> QuerySet[Any]:
        """Those of the account that asks."""
        rows: QuerySet[Any] = endpoints.of(self.by)
        return rows

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return shapes(rows, self.base)

    def on_post(self, data: dict[str, Any]) -> Done:
        """Add a webhook. It is called once with a signed `webhook.verify`, and used when it answered that with 2xx."""
        made, secret = endpoints.add(self.by, **_wanted(data))
        return Done({**shapes([made], self.base)[0], "secret": secret})


class OneWebhook(Patches, Deletes, PrivateDetail):
    """One of your webhooks."""

    output = patch_output = WebhookOut
    patch_input = WebhookChangeIn
    read_scope, scope = "webhooks:read", "webhooks:write"
    patch_if_match = delete_if_match = ""

    def row(self) -> Any:
        """Among those of the account that asks."""
        return found(endpoints.of(self.by), pk=self.kwargs["id"])

    def shape(self, row: Any) -> Shape:
        """It alone."""
        return shapes([row], self.base)[0]

    def on_patch(self, data: dict[str, Any]) -> Done:
        """Change what it hears of, or its address, which is then verified before anything more goes to it."""
        return Done(self.shape(endpoints.change(self.row(), **_wanted(data))))

    def on_delete(self) -> None:
        """Remove it; nothing more is sent, from this moment."""
        endpoints.remove(self.row())


class OfWebhook(Posts):
    """A verb of one webhook."""

    reads_publicly = False
    scope = "webhooks:write"

    def endpoint(self) -> Endpoint:
        """Among those of the account that asks."""
        one: Endpoint = found(endpoints.of(self.by), pk=self.kwargs["id"])
        return one


class WebhookVerification(OfWebhook):
    """Verification."""

    post_output, post_status, kind = DeliveryOut, 202, CallKind.VERIFY

    def on_post(self, data: dict[str, Any]) -> Done:
        """Have it called with a signed `webhook.verify`; with 2xx it is used, also after it was switched off."""
        call = endpoints.test(self.endpoint(), self.kind)
        return Done(delivery_shapes([call], self.base)[0])


class WebhookPing(WebhookVerification):
    """A test."""

    kind = CallKind.PING

    def on_post(self, data: dict[str, Any]) -> Done:
        """Have it called once with a signed `webhook.ping`, to see that it works."""
        return super().on_post(data)


class WebhookRotation(OfWebhook):
    """A new secret."""

    post_output, post_status, secrets = NewWebhookOut, 200, ("secret",)

    def on_post(self, data: dict[str, Any]) -> Done:
        """Give it a new secret, shown this once; for 24 hours the earlier one signs too."""
        made, secret = endpoints.rotate(self.endpoint())
        return Done({**shapes([made], self.base)[0], "secret": secret})


class WebhookDeliveries(PrivateList):
    """What was sent to one of your webhooks in the last 30 days, newest first, with every try."""

    output = DeliveryOut
    ordering = by("-created_at", tie="id", created_at="created_at")
    read_scope = "webhooks:read"

    def rows(self) -> QuerySet[Any]:
        """Of an endpoint of the account that asks."""
        one = found(endpoints.of(self.by), pk=self.kwargs["id"])
        rows: QuerySet[Any] = Call.objects.filter(endpoint=one)
        return rows

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return delivery_shapes(rows, self.base)


class OneDelivery(PrivateDetail):
    """One of them."""

    output = DeliveryOut
    read_scope = "webhooks:read"

    def row(self) -> Any:
        """Of an endpoint of the account that asks."""
        return _delivery(self)

    def shape(self, row: Any) -> Shape:
        """It alone."""
        return delivery_shapes([row], self.base)[0]


class DeliveryReplay(OfWebhook):
    """Once more."""

    post_output, post_status = DeliveryOut, 202

    def on_post(self, data: dict[str, Any]) -> Done:
        """Send it once more, under the same id, with all its tries."""
        return Done(delivery_shapes([endpoints.replay(_delivery(self))], self.base)[0])


def _delivery(view: Any) -> Call:
    one: Call = found(
        Call.objects.filter(endpoint__in=endpoints.of(view.by)),
        pk=view.kwargs["delivery"],
        endpoint=view.kwargs["id"],
    )
    return one
