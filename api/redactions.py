"""Redactions: words that the law demanded to go. Public once they are carried out; before that for convenors alone."""

from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Q, QuerySet
from rest_framework import serializers

from accounts import roles
from api import exports
from api.archiving import withdrawn
from api.events import SUBJECT
from api.http import filters, idempotency, inputs
from api.http.paging import by
from api.http.views import Machine, Output, PrivateList, PublicDetail, PublicList, Shape, found
from api.http.writing import Done, Posts
from commitments import actions, permissions
from commitments.choices import RedactionCategory, RedactionGround, RedactionState
from commitments.models import Redaction
from commitments.models.withheld import LONGEST_SUBJECT
from commitments.subjects import path_to
from commitments.withholding.offices import named, subject_of_entries
from record.refusals import Invalid

MOST_ENTRIES = 100


class NothingNamed(Invalid):
    """Neither a thing nor events."""

    code = "nothing_named"
    sentence = "Name the thing whose words are to go as `subject`, or events about one thing as `entries`."


class RedactionOut(serializers.Serializer[Any]):
    """Words that were erased: which events lost theirs, on which ground, and of which sort they were."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    position = serializers.IntegerField(help_text="Of the first of the events that say so.")
    assembly = serializers.CharField(allow_null=True)
    subject = serializers.CharField(help_text="Whose words they were, as events name it.")
    subject_url = serializers.URLField()
    entries = serializers.ListField(
        child=serializers.IntegerField(), help_text="The events whose words went; each can still be proved."
    )
    ground = serializers.ChoiceField(RedactionGround.choices)
    category = serializers.ChoiceField(RedactionCategory.choices)
    by = serializers.CharField(help_text="An office, never a person; two of its members agreed.")
    redacted_on = serializers.DateField()
    invented = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class RedactionRequestOut(serializers.Serializer[Any]):
    """A redaction that somebody asked for; shown to convenors alone, since it points to the words."""

    id = serializers.UUIDField()
    assembly = serializers.CharField(allow_null=True)
    subject = serializers.CharField()
    subject_url = serializers.URLField()
    entries = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="The events that were named; empty for all of the subject.",
    )
    ground = serializers.ChoiceField(RedactionGround.choices)
    category = serializers.ChoiceField(RedactionCategory.choices)
    state = serializers.ChoiceField(RedactionState.choices)
    asked_on = serializers.DateField()
    decided_on = serializers.DateField(allow_null=True)
    yours = serializers.BooleanField(help_text="Whether you asked; then another convenor decides.")


class RedactionIn(inputs.StrictSerializer):
    """Whose words are to go, and why: all of a `subject`, or those of `entries` about one thing."""

    subject = inputs.Line(max_length=LONGEST_SUBJECT, required=False, help_text="As in `update:…`.")
    entries = serializers.ListField(
        child=inputs.StrictInteger(min_value=1, max_value=2**53),
        min_length=1,
        max_length=MOST_ENTRIES,
        required=False,
    )
    ground = serializers.ChoiceField(RedactionGround.choices)
    category = serializers.ChoiceField(RedactionCategory.choices)


class RedactionFilters(filters.StrictFilterSet):
    """Which redactions."""

    assembly = filters.Slugs("assembly__slug", label="Of these assemblies.")
    subject = filters.Several("subject", one=SUBJECT, label="Of exactly these things.")
    ground = filters.Choices("ground", choices=RedactionGround.values, label="On these grounds.")
    category = filters.Choices("category", choices=RedactionCategory.values, label="Of these sorts of words.")
    redacted_before = filters.Day("decided_on", lookup_expr="lt", label="Carried out before this day.")
    redacted_after = filters.Day("decided_on", lookup_expr="gt", label="Carried out after this day.")
    updated_since = filters.UpdatedSince()


def carried_out() -> QuerySet[Redaction]:
    """Those that are public."""
    return Redaction.objects.filter(state=RedactionState.APPROVED).select_related("assembly")


def shape(row: Redaction, base: str) -> Shape:
    """The JSON of one that is public; nobody is named in it."""
    return {
        "id": row.pk,
        "url": f"{base}/api/v1/redactions/{row.pk}/",
        "position": row.position,
        "assembly": row.assembly.slug if row.assembly else None,
        "subject": row.subject,
        "subject_url": base + path_to(row.subject, row.root, row.erased[0]),
        "entries": row.erased,
        "ground": row.ground,
        "category": row.category,
        "by": f"convenor:{row.assembly.slug}" if row.assembly else "convenor",
        "redacted_on": row.decided_on,
        "invented": row.invented,
        "published_at": row.published_at,
        "updated_at": row.updated_at,
    }


def request_shape(row: Redaction, base: str, reader: Any) -> Shape:
    """The JSON of a request, for a convenor."""
    return {
        "id": row.pk,
        "assembly": row.assembly.slug if row.assembly else None,
        "subject": row.subject,
        "subject_url": base + path_to(row.subject, row.root, 1),
        "entries": row.entries,
        "ground": row.ground,
        "category": row.category,
        "state": row.state,
        "asked_on": row.asked_on,
        "decided_on": row.decided_on,
        "yours": row.asked_by_id == reader.pk,
    }


class Redactions(Posts, PublicList):
    """All redactions that were carried out, newest first."""

    output, filterset = RedactionOut, RedactionFilters
    ordering = by("-position", position="position", redacted_on="decided_on")
    scope = "withholding:write"
    post_input, post_output = RedactionIn, RedactionRequestOut

    def rows(self) -> QuerySet[Any]:
        """The public ones."""
        return carried_out()

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return [shape(row, self.base) for row in rows]

    def on_post(self, data: dict[str, Any]) -> Done:
        """Ask, as a convenor, for words to be erased; nothing is published until another convenor agrees."""
        entries = data.get("entries", [])
        if not entries and "subject" not in data:
            raise NothingNamed(field="subject")
        thing = named(data["subject"] if "subject" in data else subject_of_entries(entries))
        made = actions.ask_redaction(
            thing,
            by=self.by,
            today=self.today,
            ground=data["ground"],
            category=data["category"],
            entries=entries,
        )
        return Done(request_shape(made, self.base, self.by), row=made)


class OneRedaction(PublicDetail):
    """One redaction that was carried out."""

    output = RedactionOut

    def row(self) -> Any:
        """Among the public ones."""
        return found(carried_out(), pk=self.kwargs["id"])

    def shape(self, row: Any) -> Shape:
        """As in the list."""
        return shape(row, self.base)


class RedactionRequests(PrivateList):
    """The redactions that were asked for in your assemblies, the undecided too; for convenors alone."""

    output = RedactionRequestOut
    ordering = by("-asked_on", tie="id", asked_on="asked_on")
    read_scope = "withholding:read"

    def rows(self) -> QuerySet[Any]:
        """Of the assemblies that the reader convenes, and of what belongs to none."""
        reader = self.by
        permissions.check_any_convenor(reader)
        mine = [
            one
            for one in roles.convened(reader)
            if permissions.is_allowed(permissions.check_convenor, reader, one)
        ]
        asked = Redaction.objects.select_related("assembly")
        return asked.filter(Q(assembly__slug__in=mine) | Q(assembly=None))

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return [request_shape(row, self.base, self.by) for row in rows]


class _Deciding(Posts, Machine):
    """A request that a convenor decides."""

    scope = "withholding:write"
    post_output: ClassVar[Output | None] = RedactionRequestOut
    post_status = 200

    @property
    def redaction(self) -> Redaction:
        """The request. Raises Missing."""
        row: Redaction = found(Redaction.objects.select_related("assembly"), pk=self.kwargs["id"])
        return row

    def answered(self, redaction: Redaction) -> Done:
        """The request as it stands now."""
        return Done(request_shape(redaction, self.base, self.by), row=redaction)


class RedactionApproval(_Deciding):
    """Carry a redaction out."""

    post_output = RedactionOut

    def on_post(self, data: dict[str, Any]) -> Done:
        """Agree, as another convenor: words and salt are erased at once and for good."""
        made = actions.approve_redaction(self.redaction, by=self.by, today=self.today)
        idempotency.forget_bodies()
        transaction.on_commit(lambda: withdrawn.discard(exports.folder()), robust=True)
        return Done(shape(made, self.base), row=made)


class RedactionRefusal(_Deciding):
    """Leave the words where they are."""

    def on_post(self, data: dict[str, Any]) -> Done:
        """Refuse, as another convenor."""
        return self.answered(actions.refuse_redaction(self.redaction, by=self.by, today=self.today))


class RedactionWithdrawal(_Deciding):
    """Take a request back."""

    def on_post(self, data: dict[str, Any]) -> Done:
        """Take back what one asked for oneself."""
        return self.answered(actions.withdraw_redaction(self.redaction, by=self.by, today=self.today))
