"""The record itself: one head, entries that never change, and the words that may have to go."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models

from record.guarded import GuardedModel


class Head(GuardedModel):
    """The single row that every append locks: how far the record goes.

    `position`: how many entries there are. `revision`: counts changes of public output that have no entry.
    `at`: the time of the last entry; the record's time never runs back.
    """

    position = models.PositiveBigIntegerField(default=0)
    revision = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField(null=True)

    class Meta(GuardedModel.Meta):
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(pk=1), name="record_has_one_head")]

    def __str__(self) -> str:
        return f"{self.position} entries"


class Entry(GuardedModel):
    """One public fact. `body` is its exact RFC 8785 bytes, and the leaf of the tree; the columns repeat it for reading.

    About people: nothing. `actor` is an office; typed words stand in `Words`.
    """

    position = models.PositiveBigIntegerField(primary_key=True)
    type = models.CharField(max_length=40, db_index=True)
    at = models.DateTimeField(db_index=True)
    occurred_on = models.DateField()
    actor = models.CharField(max_length=120)
    subject = models.CharField(max_length=160, db_index=True)
    root = models.CharField(max_length=160, db_index=True)
    assembly = models.CharField(max_length=80, blank=True, db_index=True)
    body = models.BinaryField()

    class Meta(GuardedModel.Meta):
        ordering: ClassVar = ["position"]
        indexes: ClassVar = [
            models.Index(fields=["assembly", "-position"], name="record_entry_of_an_assembly")
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.type} {self.subject}"


class Node(GuardedModel):
    """The hash over a perfect subtree of entries, at its place in the order in which entries complete them.

    Which subtree a place stands for, `record.tree.place_of` says. About people: nothing.
    """

    place = models.PositiveBigIntegerField(primary_key=True)
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"node {self.place}"


class LogKey(GuardedModel):
    """A public key that checkpoints were signed with, as it is handed to others. About people: nothing."""

    vkey = models.CharField(max_length=400, unique=True)
    origin = models.CharField(max_length=300)
    since = models.PositiveBigIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.vkey


class Checkpoint(GuardedModel):
    """A state of the record as it was signed: its size, its root, and the exact note. About people: nothing."""

    key = models.ForeignKey(LogKey, on_delete=models.PROTECT, related_name="checkpoints")
    size = models.PositiveBigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    at = models.DateTimeField()

    class Meta(GuardedModel.Meta):
        ordering: ClassVar = ["key", "size"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "size"], name="a_size_is_signed_once_by_each_key")
        ]

    @property
    def cosigned(self) -> str:
        """The note with the lines of the witnesses that signed it since, as it is shown."""
        if not settings.RECORD_WITNESSES:
            return self.note
        return self.note + "".join(one.line for one in self.cosignatures.all())

    @property
    def shown_since(self) -> datetime:
        """Since when it is shown as it is: a witness may have signed later."""
        others = [one.at for one in self.cosignatures.all()] if settings.RECORD_WITNESSES else []
        return max([self.at, *others])

    def __str__(self) -> str:
        return f"{self.size} entries, signed"


class Cosignature(GuardedModel):
    """That a witness saw a signed state grow from the one before (C2SP tlog-cosignature): its key, and its exact line.

    About people: nothing.
    """

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="cosignatures")
    vkey = models.CharField(max_length=400)
    line = models.TextField()
    at = models.DateTimeField()

    class Meta(GuardedModel.Meta):
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["checkpoint", "vkey"], name="a_witness_signs_a_state_once")
        ]

    def __str__(self) -> str:
        return f"{self.vkey} on {self.checkpoint_id}"


class WordsState(models.TextChoices):
    """Whether words may be shown."""

    PENDING = "pending", "Not yet looked at"
    PUBLISHED = "published", "Shown"
    HIDDEN = "hidden", "Hidden by the convenor"
    REDACTED = "redacted", "Erased; only the hash remains"


class Words(GuardedModel):
    """What somebody typed for an entry, beside the salt whose hash the entry holds: sha256(salt + text in UTF-8).

    About people: `text` may name some. It goes by redaction, with its salt; the hash in the entry stays.
    """

    position = models.PositiveBigIntegerField(db_index=True)
    name = models.CharField(max_length=40)
    text = models.TextField(null=True)
    salt = models.BinaryField(max_length=16, null=True)
    state = models.CharField(max_length=10, choices=WordsState.choices, default=WordsState.PUBLISHED)

    class Meta(GuardedModel.Meta):
        verbose_name_plural = "words"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["position", "name"], name="words_once_for_each_entry"),
            models.CheckConstraint(
                condition=models.Q(state="redacted", text=None, salt=None)
                | models.Q(text__isnull=False, salt__isnull=False) & ~models.Q(state="redacted"),
                name="words_go_with_their_salt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.position}"
