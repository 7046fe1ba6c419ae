"""What every thing that can be held says of it: since when its words are held back, and on which ground."""

from typing import Any

from rest_framework import serializers

from api.http.views import Shape
from commitments.cards import HELD
from commitments.choices import HoldGround

COLUMNS = HELD


class HeldOut(serializers.Serializer[Any]):
    """Its words are held back for a time, which judges nothing; stand-ins are in their place, and facts are shown."""

    since = serializers.DateField()
    ground = serializers.ChoiceField(HoldGround.choices)


def held(row: Shape) -> Shape | None:
    """The hold of a row with `COLUMNS`; null where its words are shown."""
    return {"since": row["held_on"], "ground": row["held_ground"]} if row["held_on"] else None
