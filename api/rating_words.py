"""Words that came with ratings: those that were published, and taking one's own back."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from api.http import filters
from api.http.paging import by
from api.http.views import Machine, PublicList, Shape, found
from api.http.writing import Deletes
from api.of_commitments import OfCommitment
from commitments.models import Theme
from ratings import actions
from ratings.models import RatingWords, words
from record import clock, values
from record.entries import shown_words

PERIOD = values.Pattern(r"[0-9]{4}-Q[1-4]", "A quarter such as 2026-Q4")


class RatingWordsOut(serializers.Serializer[Any]):
    """What somebody said with a rating, published by the convenor; who, when and with which score nobody can tell."""

    id = serializers.UUIDField()
    text = serializers.CharField()
    subject = serializers.CharField()
    assembly = serializers.CharField()
    period = serializers.CharField()
    published_on = serializers.DateField(help_text="The day on which the convenor published them.")
    position = serializers.IntegerField()
    invented = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class RatingWordsFilters(filters.StrictFilterSet):
    """Which words."""

    period = filters.Several("period__name", one=PERIOD, label="Of these quarters.")
    updated_since = filters.UpdatedSince()


class _Words(PublicList):
    """Words that may be shown, those published last first."""

    output, filterset = RatingWordsOut, RatingWordsFilters
    ordering = by("-position", position="position", published_at="published_at", updated_at="updated_at")

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page; one query for all texts."""
        texts = shown_words([row.position for row in rows])
        return [_shape(row, text) for row in rows if (text := texts[row.position].get("text"))]


def _shape(row: RatingWords, text: str) -> Shape:
    return {
        "id": row.pk,
        "text": text,
        "subject": row.subject,
        "assembly": row.period.assembly.slug,
        "period": row.period.name,
        "published_on": row.published_at.astimezone(clock.LONDON).date() if row.published_at else None,
        "position": row.position,
        "invented": row.invented,
        "published_at": row.published_at,
        "updated_at": row.updated_at,
    }


class OfTheme(Machine):
    """Something of the theme that the address names."""

    @cached_property
    def theme(self) -> Theme:
        """The theme. Raises Missing."""
        rows = Theme.objects.select_related("assembly")
        row: Theme = found(rows, assembly__slug=self.kwargs["slug"], slug=self.kwargs["theme"])
        return row


class CommitmentWords(OfCommitment, _Words):
    """Words that came with ratings of one commitment, as far as they may be shown; the last published first."""

    def rows(self) -> QuerySet[Any]:
        """Of this commitment."""
        return words.shown().filter(commitment=self.commitment).select_related("period__assembly")


class ThemeWords(OfTheme, _Words):
    """Words that came with ratings of one theme, as far as they may be shown; the last published first."""

    def rows(self) -> QuerySet[Any]:
        """Of this theme."""
        return words.shown().filter(theme=self.theme).select_related("period__assembly")


class OwnCommitmentWords(OfCommitment, Deletes):
    """Your own words on a commitment in the present quarter."""

    scope = "ratings:write"
    delete_if_match = ""

    def on_delete(self) -> None:
        """Take your words back at once, wherever they are; the rating stays. Take words back before their rating."""
        actions.take_back_words(self.commitment, by=self.by, today=self.today)


class OwnThemeWords(OfTheme, Deletes):
    """Your own words on a theme in the present quarter."""

    scope = "ratings:write"
    delete_if_match = ""

    def on_delete(self) -> None:
        """Take your words back at once, wherever they are; the rating stays. Take words back before their rating."""
        actions.take_back_words(self.theme, by=self.by, today=self.today)
