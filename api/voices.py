"""How three voices and the gap stand in JSON, never blended; what they are is `commitments.voices`."""

from typing import Any

from rest_framework import serializers

from commitments.choices import Finding

WITHHELD_FOR = [("few", "few or none"), ("set_aside", "set aside by two people")]


class ResidentsVoice(serializers.Serializer[Any]):
    """What residents say; while there are few ratings or none, only that the figure is withheld."""

    period = serializers.CharField(allow_null=True)
    n = serializers.IntegerField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    withheld = serializers.ChoiceField(WITHHELD_FOR, allow_null=True)


class GapOut(serializers.Serializer[Any]):
    """How far the owner's claim and the residents' judgement lie apart, and by which method."""

    value = serializers.FloatField(allow_null=True)
    method = serializers.CharField()


class ClaimsOut(serializers.Serializer[Any]):
    """The mean of what owners claim (not started 0, in progress 0.5, completed 1), over `n` commitments."""

    mean = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField()


class JudgedOut(serializers.Serializer[Any]):
    """What residents say of a body's commitments: each published figure counts alike, whatever its number of raters.

    The limits are means too: they hold however many people rated several commitments.
    """

    commitments = serializers.IntegerField(help_text="How many of its commitments have a published figure.")
    mean = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    withheld = serializers.ChoiceField(WITHHELD_FOR, allow_null=True)
    method = serializers.CharField()


class MeanGapOut(GapOut):
    """The mean of the gaps of a body's commitments, over the `n` that have one."""

    n = serializers.IntegerField()


FindingsOut = type(
    "FindingCountsOut",
    (serializers.Serializer,),
    {"__doc__": "How many of each.", **{word: serializers.IntegerField() for word in Finding.values}},
)


class BodyVoicesOut(serializers.Serializer[Any]):
    """Three voices on a body's commitments, never blended: its claims, residents, the panel; and the gap."""

    owner = ClaimsOut()
    residents = JudgedOut()
    panel: Any = FindingsOut(help_text="The panel's findings on present claims.")
    gap = MeanGapOut()
