"""What the convenor hid after looking at it: hiding the words of any entry, and showing them again."""

from typing import Any

from django.db.models import Q, QuerySet
from rest_framework import serializers

from accounts import roles
from api.http import inputs
from api.http.paging import by
from api.http.views import Machine, PrivateList, Shape, found
from api.http.writing import Done, Posts
from commitments import actions as domain
from commitments import permissions
from commitments.choices import HidingGround, WithholdingKind
from commitments.models import Withholding
from ratings import actions, errors
from record.models import Entry

LONGEST_NOTE = 2000


class HidingOut(serializers.Serializer[Any]):
    """Words that a convenor hid; the public reads of it in `events/`, but for the note."""

    id = serializers.UUIDField()
    assembly = serializers.CharField(allow_null=True)
    subject = serializers.CharField(help_text="Whose words they are.")
    entries = serializers.ListField(
        child=serializers.IntegerField(), help_text="Their positions; none: all of the subject."
    )
    ground = serializers.ChoiceField(HidingGround.choices)
    note = serializers.CharField(allow_null=True, help_text="Never published.")
    placed_on = serializers.DateField()
    lifted_on = serializers.DateField(allow_null=True, help_text="Since when they are shown again.")
    restore: Any = serializers.URLField(help_text="POST here to show them again.")


class HidingIn(inputs.StrictSerializer):
    """Whose words are hidden, by the position of their entry in `events/`, and on which ground, which is public."""

    entry = inputs.StrictInteger(min_value=1, max_value=2**53)
    ground = serializers.ChoiceField(HidingGround.choices)
    note = inputs.Prose(required=False, allow_blank=True, max_length=LONGEST_NOTE)


class Hidings(Posts, PrivateList):
    """What you or your fellow convenors hid, the last first."""

    output = HidingOut
    ordering = by("-position", position="position")
    read_scope, scope = "moderation:read", "moderation:write"
    post_input = HidingIn

    def rows(self) -> QuerySet[Any]:
        """In the assemblies of which this person is the independent convenor, and of what belongs to all."""
        permissions.check_any_convenor(self.by)
        mine = [one for one in roles.convened(self.by) if self._is_mine(one)]
        hidden = Withholding.objects.filter(kind=WithholdingKind.HIDDEN).select_related("assembly")
        rows: QuerySet[Any] = hidden.filter(Q(assembly__slug__in=mine) | Q(assembly=None))
        return rows

    def _is_mine(self, assembly: str) -> bool:
        return permissions.is_allowed(permissions.check_convenor, self.by, assembly)

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return [_shape(row, self.base) for row in rows]

    def on_post(self, data: dict[str, Any]) -> Done:
        """Hide the words of an entry on every route. The answer is empty, so that no note is kept with it."""
        entry = Entry.objects.filter(position=data.pop("entry")).first()
        if entry is None:
            raise errors.NothingShown(field="entry")
        actions.hide_entry(entry, by=self.by, today=self.today, **data)
        return Done()


class HidingRestoring(Posts, Machine):
    """Show hidden words again."""

    scope = "moderation:write"

    def on_post(self, data: dict[str, Any]) -> Done:
        """Show again what was hidden, as it was, but for what a hold covers."""
        hidden = Withholding.objects.filter(kind=WithholdingKind.HIDDEN)
        hiding: Withholding = found(hidden, pk=self.kwargs["id"])
        domain.restore_words(hiding, by=self.by, today=self.today)
        return Done()


def _shape(row: Withholding, base: str) -> Shape:
    return {
        "id": row.pk,
        "assembly": row.assembly.slug if row.assembly else None,
        "subject": row.subject,
        "entries": row.entries,
        "ground": row.ground,
        "note": row.note or None,
        "placed_on": row.placed_on,
        "lifted_on": row.lifted_on,
        "restore": f"{base}/api/v1/moderation/hidings/{row.pk}/restore/",
    }
