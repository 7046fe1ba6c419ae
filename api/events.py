"""Events: the change feed, every public fact in the record's order."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http.response import HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request

from api import waiting
from api.http import filters, negotiation
from api.http.paging import by
from api.http.views import PublicDetail, PublicList, Shape, found
from commitments.models import ProgressUpdate
from record import values
from record.editions import address_of, edition, stamp
from record.entries import Opening, body_of, shown_openings
from record.event_types import EVENT_TYPES
from record.models import Entry

SUBJECT = values.Pattern(r"[a-z_]+:[A-Za-z0-9/_-]+", "A subject such as commitment:WF24-C012")


class EventOut(serializers.Serializer[Any]):
    """One public fact. `body` is what the record's tree is made of; `words` are those that may be shown."""

    position = serializers.IntegerField()
    type = serializers.CharField()
    at = serializers.DateTimeField(help_text="When it was recorded.")
    occurred_on = serializers.DateField(help_text="The day it happened.")
    actor = serializers.CharField(help_text="An office, never a person.")
    subject = serializers.CharField()
    root: Any = serializers.CharField(
        help_text="To whose story it belongs: a recommendation, a commitment, or the update whose words are corrected."
    )
    assembly = serializers.CharField(allow_null=True)
    invented = serializers.BooleanField()
    url = serializers.URLField()
    body = serializers.DictField(help_text="The entry's exact content; its words only as salted hashes.")
    words = serializers.DictField(
        child=serializers.CharField(allow_null=True),
        help_text="What was typed, by name; null where it is not shown: not looked at yet, hidden, or redacted.",
    )
    salts = serializers.DictField(
        child=serializers.CharField(allow_null=True),
        help_text="For each of the words its salt, in hex: sha256(salt + words) is the hash in the body.",
    )


class EventFilters(filters.StrictFilterSet):
    """Which events."""

    after = filters.Whole("position", lookup_expr="gt", label="Beyond this position; 0 is everything.")
    type = filters.Choices("type", choices=sorted(EVENT_TYPES), label="Of these types.")
    subject = filters.Several("subject", one=SUBJECT, label="About exactly these things.")
    root = filters.Several("root", one=SUBJECT, label="Of the stories of these things.")
    recommendation = filters.References(
        method="by_recommendation", label="Of these recommendations' stories."
    )
    commitment = filters.References(method="by_commitment", label="Of these commitments' stories.")
    assembly = filters.Slugs("assembly", label="Of these assemblies.")
    actor = filters.Several(
        "actor",
        one=values.Pattern(r"[a-z]+(:[a-z0-9-]+)?", "An office such as team:safer-schools"),
        label="Done by these offices.",
    )
    occurred_after = filters.Day("occurred_on", lookup_expr="gt", label="Happened after this day.")
    occurred_before = filters.Day("occurred_on", lookup_expr="lt", label="Happened before this day.")

    def by_recommendation(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """What happened to them, and to what belongs to them."""
        return _story(rows, "recommendation", value)

    def by_commitment(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """What happened to them, and to what belongs to them; the root of an update's corrected words is the update."""
        updates = ProgressUpdate.objects.filter(commitment__reference__in=value).values_list("pk", flat=True)
        return _story(rows, "commitment", value, *(f"update:{key}" for key in updates))


def _story(rows: QuerySet[Any], kind: str, references: list[str], *more: str) -> QuerySet[Any]:
    subjects = [*(f"{kind}:{reference}" for reference in references), *more]
    return rows.filter(Q(root__in=subjects) | Q(subject__in=subjects))


def shapes(rows: list[Entry], base: str) -> list[Shape]:
    """The JSON of these entries, in one query more."""
    words = shown_openings([row.position for row in rows])
    return [_shape(row, base, words[row.position]) for row in rows]


def _shape(row: Entry, base: str, words: dict[str, Opening]) -> Shape:
    body = body_of(row)
    return {
        "position": row.position,
        "type": row.type,
        "at": row.at,
        "occurred_on": row.occurred_on,
        "actor": row.actor,
        "subject": row.subject,
        "root": row.root,
        "assembly": row.assembly or None,
        "invented": bool(body.get("invented")),
        "url": f"{base}/api/v1/events/{row.position}/",
        "body": body,
        "words": {name: text for name, (text, _) in words.items()},
        "salts": {name: salt for name, (_, salt) in words.items()},
    }


class Events(PublicList):
    """The change feed: every public fact in the order of the record.

    Read from `after=0`, keep the position of the last event, and ask for what comes after it: no position is missing.
    With `wait=20` the answer comes when there is something, or after twenty seconds; where `Retry-After` says so, too
    many wait already, and you ask again then.
    """

    output, filterset = EventOut, EventFilters
    ordering = by("position", position="position")
    extra_parameters = frozenset({waiting.PARAMETER})
    extra_schemas = waiting.SCHEMA

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Read a page of it; with `wait`, what comes next, as soon as it comes."""
        seconds = waiting.seconds_in(request)
        if not seconds:
            return super().get(request, *args, **kwargs)
        waited = waiting.until(self._has_any, seconds)
        present = edition()
        answer = self.page()
        # Stamped as others are, and kept by nobody here: a kept answer would not wait.
        stamp(answer, present, present.tag(0, negotiation.SHORT[self.form], address_of(request._request)))
        if not waited:
            answer["Retry-After"] = str(waiting.COME_BACK)
        return answer

    def _has_any(self) -> bool:
        data = self.request.query_params
        found = self.filterset.check(data, filters.PAGING | self.extra_parameters)
        return self.filterset(data, self.rows(), today=self.today).apply(found).exists()

    def rows(self) -> QuerySet[Any]:
        """The whole record."""
        rows: QuerySet[Any] = Entry.objects.all()
        return rows

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return shapes(rows, self.base)


class OneEvent(PublicDetail):
    """One public fact, by its position."""

    output = EventOut

    def row(self) -> Any:
        """By its position."""
        return found(Entry.objects.all(), position=self.kwargs["position"])

    def shape(self, row: Any) -> Shape:
        """It alone."""
        return shapes([row], self.base)[0]
