"""Windows for operators: one looks through them, and nothing opens. What is done is done by actions, elsewhere."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.db.models import Model
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest

from record.models import Checkpoint, Cosignature, Entry, Head, LogKey

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Model]
else:
    ModelAdmin = admin.ModelAdmin


class Window(ModelAdmin):
    """A model to look at: no adding, changing or deleting, and no actions on many rows.

    `hidden` are the fields that are shown to nobody: who said, judged or decided something as a person.
    """

    hidden: ClassVar[tuple[str, ...]] = ()
    actions = None
    list_select_related = True
    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """All columns but the hidden ones."""
        return [field.name for field in self.opts.concrete_fields if field.name not in self.hidden]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """All that is shown."""
        return self.get_fields(request, obj)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Only the filters that are offered: any other in the address would answer what a hidden field says."""
        return lookup.split(LOOKUP_SEP)[0] in self.list_filter and super().lookup_allowed(
            lookup, value, request
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes here."""
        return False


class EntryWindow(Window):
    """The record, newest first; typed words are read in the API, which knows what is pending, hidden or redacted."""

    hidden = ("body",)
    list_display = ("position", "type", "subject", "actor", "occurred_on", "at")
    list_filter = ("type",)
    search_fields = ("subject", "root")
    ordering = ("-position",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The columns, and the leaf as text."""
        return [*super().get_fields(request, obj), "leaf"]

    @admin.display(description="leaf (RFC 8785)")
    def leaf(self, entry: Entry) -> str:
        """The exact bytes that are hashed."""
        return bytes(entry.body).decode()


class CheckpointWindow(Window):
    """The states that were signed, newest first."""

    list_display = ("size", "at", "key")
    ordering = ("-id",)


admin.site.register(Head, Window)
admin.site.register(LogKey, Window)
admin.site.register(Cosignature, Window)
admin.site.register(Checkpoint, CheckpointWindow)
admin.site.register(Entry, EntryWindow)
