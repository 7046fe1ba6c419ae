"""Challenges of claims: proposed, supported, answered, resolved. Who proposed or supports one is never shown."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from api import held
from api.commitment_filters import ThroughCommitment
from api.held import HeldOut
from api.http import filters, inputs
from api.http.paging import by
from api.http.views import Machine, PublicDetail, PublicList, Shape, found
from api.http.writing import Done, Posts
from api.of_commitments import OfCommitment, locked_part
from api.verifications import claim_of
from commitments import actions
from commitments.choices import ChallengeState, ChallengeVoice, HidingGround, Outcome
from commitments.models import Challenge
from record.keyset import By

COLUMNS = (
    "id",
    "version",
    "position",
    "commitment__reference",
    "commitment__assembly__slug",
    "claim_id",
    "voice",
    "shown_state",
    "reason",
    "reason_shown",
    "support_count",
    "support_needed",
    "proposed_on",
    "opened_on",
    "reply_due_on",
    "reply",
    "replied_by__slug",
    "answered_on",
    "late_by_days",
    "outcome",
    "outcome_reason",
    "resolved_on",
    "refused_ground",
    "refused_on",
    *held.COLUMNS,
    "invented",
    "published_at",
    "updated_at",
)


class ChallengeOut(serializers.Serializer[Any]):
    """A challenge; nobody who proposed or supports it is named."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    position = serializers.IntegerField()
    assembly = serializers.CharField()
    commitment = serializers.CharField()
    claim = serializers.UUIDField(help_text="The update that is disputed.")
    voice = serializers.ChoiceField(ChallengeVoice.choices)
    state = serializers.ChoiceField(ChallengeState.choices)
    reason = serializers.CharField(allow_null=True, help_text="Null until the convenor has read its words.")
    supporters = serializers.IntegerField()
    support_needed = serializers.IntegerField()
    proposed_on = serializers.DateField()
    opened_on = serializers.DateField(allow_null=True)
    reply_due_on = serializers.DateField(allow_null=True)
    reply = serializers.CharField(allow_null=True)
    replied_by = serializers.CharField(allow_null=True, help_text="The team that answered.")
    answered_on = serializers.DateField(allow_null=True)
    late_by_days = serializers.IntegerField(allow_null=True)
    outcome = serializers.ChoiceField(Outcome.choices, allow_null=True)
    outcome_reason = serializers.CharField(allow_null=True)
    resolved_on = serializers.DateField(allow_null=True)
    refused_ground = serializers.ChoiceField(
        HidingGround.choices, allow_null=True, help_text="Why its words were not admitted."
    )
    refused_on = serializers.DateField(allow_null=True)
    held = HeldOut(allow_null=True)
    invented = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ChallengeIn(inputs.StrictSerializer):
    """Which claim (an update's id) is disputed, and why."""

    claim = serializers.UUIDField()
    reason = inputs.Prose()


class ReplyIn(inputs.StrictSerializer):
    """The owner's answer; `team` chooses where one speaks for several."""

    body = inputs.Prose()
    team = inputs.Slug(required=False)


class ResolutionIn(inputs.StrictSerializer):
    """What the convenor decides, and why."""

    outcome = serializers.ChoiceField(Outcome.choices)
    reason = inputs.Prose()


class ChallengeRefusalIn(inputs.StrictSerializer):
    """On which ground its words are not admitted; it is public, and its proposer reads it too."""

    ground = serializers.ChoiceField(HidingGround.choices)


class ChallengeFilters(ThroughCommitment):
    """The filters of challenges."""

    commitment = filters.References("commitment__reference", label="Only of these commitments.")
    claim = filters.Identifier("claim", label="Only of this claim.")
    state = filters.Choices("shown_state", choices=ChallengeState.values, label="Only in these states.")
    voice = filters.Choices("voice", choices=ChallengeVoice.values, label="Only in these names.")
    outcome = filters.Choices("outcome", choices=Outcome.values, label="Only with these outcomes.")
    due_before = filters.Day("reply_due_on", lookup_expr="lt", label="Only to be answered before this day.")
    due_after = filters.Day("reply_due_on", lookup_expr="gt", label="Only to be answered after this day.")
    updated_since = filters.UpdatedSince()


def shape(row: Shape, base: str) -> Shape:
    """The JSON of a row from `with_state(today).values(*COLUMNS)`; nobody is named in it."""
    return {
        "id": row["id"],
        "url": f"{base}/api/v1/challenges/{row['id']}/",
        "position": row["position"],
        "assembly": row["commitment__assembly__slug"],
        "commitment": row["commitment__reference"],
        "claim": row["claim_id"],
        "voice": row["voice"],
        "state": row["shown_state"],
        "reason": row["reason"] if row["reason_shown"] else None,
        "supporters": row["support_count"],
        "support_needed": row["support_needed"],
        "proposed_on": row["proposed_on"],
        "opened_on": row["opened_on"],
        "reply_due_on": row["reply_due_on"],
        "reply": row["reply"] or None,
        "replied_by": row["replied_by__slug"],
        "answered_on": row["answered_on"],
        "late_by_days": row["late_by_days"],
        "outcome": row["outcome"],
        "outcome_reason": row["outcome_reason"] or None,
        "resolved_on": row["resolved_on"],
        "refused_ground": row["refused_ground"],
        "refused_on": row["refused_on"],
        "held": held.held(row),
        "invented": row["invented"],
        "published_at": row["published_at"],
        "updated_at": row["updated_at"],
    }


class Challenges(PublicList):
    """All challenges, newest first."""

    output, filterset = ChallengeOut, ChallengeFilters
    ordering = by(
        "-position",
        position="position",
        due=By("reply_due_on", nullable=True),
        published_at="published_at",
        updated_at="updated_at",
    )

    def rows(self) -> QuerySet[Any]:
        """With the state that the clock decides."""
        rows: QuerySet[Any] = Challenge.objects.with_state(self.today).values(*COLUMNS)
        return rows

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return [shape(row, self.base) for row in rows]


class CommitmentChallenges(OfCommitment, Posts, Challenges):
    """The challenges of one commitment, newest first."""

    scope = "challenges:write"
    post_input, post_output = ChallengeIn, ChallengeOut

    def rows(self) -> QuerySet[Any]:
        """Of this commitment only."""
        rows: QuerySet[Any] = super().rows().filter(commitment=self.commitment)
        return rows

    def on_post(self, data: dict[str, Any]) -> Done:
        """Dispute the owner's present claim, as a resident or for the panel."""
        claim = claim_of(self.commitment, data["claim"])
        made = actions.challenge_claim(
            self.commitment, by=self.by, today=self.today, claim=claim, reason=data["reason"]
        )
        return _answered(self, made)


class ChallengeDetail(PublicDetail):
    """One challenge."""

    output = ChallengeOut

    def row(self) -> Shape:
        """The challenge."""
        rows = Challenge.objects.with_state(self.today).values(*COLUMNS)
        row: Shape = found(rows, pk=self.kwargs["id"])
        return row

    def shape(self, row: Shape) -> Shape:
        """As in lists."""
        return shape(row, self.base)


class _OfChallenge(Posts, Machine):
    """A step in the life of a challenge."""

    scope = "challenges:write"
    post_output, post_status, post_if_match = ChallengeOut, 200, "optional"

    @property
    def challenge(self) -> Challenge:
        """The challenge. Raises Missing."""
        row: Challenge = found(Challenge.objects.select_related("commitment"), pk=self.kwargs["id"])
        return row

    def target(self) -> Any:
        """The challenge, its commitment locked."""
        return locked_part(Challenge.objects.all(), pk=self.kwargs["id"])


class ChallengeAdmission(_OfChallenge):
    """Let a challenge gather support."""

    def on_post(self, data: dict[str, Any]) -> Done:
        """Let a resident's challenge gather support, as the convenor who has read its words."""
        return _answered(self, actions.admit(self.challenge, by=self.by, today=self.today))


class ChallengeRefusal(_OfChallenge):
    """Refuse a proposed challenge."""

    post_input = ChallengeRefusalIn

    def on_post(self, data: dict[str, Any]) -> Done:
        """Do not admit a resident's challenge because of its words, as the convenor; its merits are not judged."""
        return _answered(self, actions.refuse_challenge(self.challenge, by=self.by, today=self.today, **data))


class ChallengeSupport(_OfChallenge):
    """Support a challenge."""

    def on_post(self, data: dict[str, Any]) -> Done:
        """Add one's voice, as a resident; when enough have, the owner's clock runs."""
        return _answered(self, actions.support(self.challenge, by=self.by, today=self.today))


class ChallengeReply(_OfChallenge):
    """Answer a challenge."""

    post_input = ReplyIn

    def on_post(self, data: dict[str, Any]) -> Done:
        """Answer for an owner; a late answer is taken, and stays marked late."""
        return _answered(self, actions.reply(self.challenge, by=self.by, today=self.today, **data))


class ChallengeResolution(_OfChallenge):
    """Resolve a challenge."""

    post_input = ResolutionIn

    def on_post(self, data: dict[str, Any]) -> Done:
        """Decide a challenge that was answered or whose day has passed, as the convenor."""
        return _answered(self, actions.resolve(self.challenge, by=self.by, today=self.today, **data))


class ChallengeWithdrawal(_OfChallenge):
    """Take a challenge back."""

    def on_post(self, data: dict[str, Any]) -> Done:
        """Take back one's own challenge before it opens."""
        return _answered(self, actions.withdraw(self.challenge, by=self.by, today=self.today))


def _answered(view: Machine, challenge: Challenge) -> Done:
    row = Challenge.objects.with_state(view.today).values(*COLUMNS).get(pk=challenge.pk)
    return Done(shape(row, view.base), row=row)
