"""Scorecards: what was promised and what became of it, counted alike for themes, teams and organisations."""

from typing import Any

from rest_framework import serializers


class TeamScorecardOut(serializers.Serializer[Any]):
    """What was promised, and what became of it. Only `verified` is delivered; a promise may count in several."""

    promised = serializers.IntegerField(help_text="Commitments that an owner published or accepted.")
    verified = serializers.IntegerField(
        help_text="Said to be complete, and the panel agrees; nothing disputes it."
    )
    claimed = serializers.IntegerField(help_text="Said to be complete, whatever was found.")
    late = serializers.IntegerField(help_text="Past the present due date with no standing claim.")
    late_first = serializers.IntegerField(
        help_text="Past the due date that was promised first, with no standing claim."
    )
    silent = serializers.IntegerField(help_text="The promised rhythm of updates was missed.")
    contested = serializers.IntegerField(
        help_text="The present claim is disputed, or its latest finding is not `verified`."
    )
    not_measurable = serializers.IntegerField(
        help_text="Promised without measure, target, due date or source of proof: nobody can judge these."
    )
    unanswered = serializers.IntegerField(
        help_text="Recommendations and challenges whose day for an answer has passed without one."
    )
    unanswered_challenges = serializers.IntegerField(
        help_text="Open challenges past the day for the lead owner's reply."
    )


class ScorecardOut(TeamScorecardOut):
    """The same with recommendations, about which organisations are asked and teams are not."""

    unanswered_recommendations = serializers.IntegerField(
        help_text="Recommendations that an organisation was asked about and has not answered in time."
    )
