"""Models that open only inside an action, so that nothing public changes without being recorded."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, Self, TypeVar

from django.db import models

from record.endings import ending

_open: ContextVar[bool] = ContextVar("guard_open", default=False)


class OutsideAction(RuntimeError):
    """A guarded row was written outside an action; call the verb that does it."""


def check_open(what: str) -> None:
    """Raise OutsideAction unless an action is running."""
    if not _open.get():
        raise OutsideAction(f"{what} changes only inside an action; call one from the package's actions.")


@contextmanager
def opened() -> Iterator[None]:
    """Open the guard; `record.ledger.action` does it, and what this room writes beside entries."""
    token = _open.set(True)
    try:
        with ending():
            yield
    finally:
        _open.reset(token)


M = TypeVar("M", bound=models.Model, covariant=True)


class GuardedQuerySet(models.QuerySet[M]):
    """A queryset whose writing methods are shut outside an action."""

    def select_for_update(
        self, nowait: bool = False, skip_locked: bool = False, of: Sequence[str] = (), no_key: bool = True
    ) -> Self:
        """Lock rows for changing, while others may still come to refer to them.

        Foreign keys are checked at commit, when a writer holds the head: were referring to a locked row to wait, that
        writer would wait for one who waits for the head.
        """
        return super().select_for_update(nowait=nowait, skip_locked=skip_locked, of=of, no_key=no_key)

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Insert many rows, inside an action."""
        check_open(self.model.__name__)
        return super().bulk_create(objs, *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """Update rows, inside an action."""
        check_open(self.model.__name__)
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete rows, inside an action."""
        check_open(self.model.__name__)
        return super().delete()

    def _raw_delete(self, using: str | None) -> int:
        check_open(self.model.__name__)
        return super()._raw_delete(using)


class GuardedManager(models.Manager[M]):
    """The manager of every guarded model, the base manager included: what it does, its queryset does, and checks."""

    _queryset_class = GuardedQuerySet


class GuardedModel(models.Model):
    """A model that is written only inside an action.

    It says which of its columns hold what people typed, so that no words are forgotten where some are held back or
    erased (`commitments/withholding/`): `typed` names them; `part_of` the foreign keys to what it belongs to, and is
    held with; `words_of` those of them whose own words it repeats or completes, so that it is hidden and erased with
    them.
    """

    typed: ClassVar[tuple[str, ...]] = ()
    part_of: ClassVar[tuple[str, ...]] = ()
    words_of: ClassVar[tuple[str, ...]] = ()

    objects: ClassVar[GuardedManager[Self]] = GuardedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @property
    def typed_here(self) -> tuple[str, ...]:
        """Which columns of this row hold what people typed."""
        return self.typed

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        """Write the row, inside an action."""
        check_open(type(self).__name__)
        super().save_base(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row, inside an action."""
        check_open(type(self).__name__)
        return super().delete(*args, **kwargs)


class Recorded(GuardedModel):
    """A public thing: it has a place in the record, a version of its own, and may be invented."""

    record_kind: ClassVar[str] = ""
    """The word before the colon of its subject, as in `commitment:WF24-C012`."""

    position = models.PositiveBigIntegerField(null=True, editable=False, db_index=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    updated_at = models.DateTimeField(null=True, editable=False, db_index=True)
    updated_position = models.PositiveBigIntegerField(null=True, editable=False)
    invented = models.BooleanField(default=False, editable=False)

    class Meta(GuardedModel.Meta):
        abstract = True

    @property
    def record_key(self) -> str:
        """The public reference of this thing."""
        return str(self.pk)

    @property
    def record_subject(self) -> str:
        """How entries name this thing, as in `commitment:WF24-C012`."""
        return f"{self.record_kind}:{self.record_key}"
