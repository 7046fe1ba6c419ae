"""What the stock API answers: ModelSerializers, nested, with the same members as the service's own answers."""

from datetime import date
from typing import Any

from rest_framework import serializers

from api.wordings import WordingOut, wordings
from bench.clocks import GAP, WITHHELD
from commitments import standing
from commitments.choices import ChallengeState
from commitments.deadlines import days_late, is_missed
from commitments.models import (
    Area,
    Commitment,
    DueDateChange,
    Evidence,
    Milestone,
    Owner,
    ProgressUpdate,
    Response,
    Verification,
)
from commitments.models.commitments import CLOSED

TEXTS = ("title", "body", "measure", "baseline", "target", "proof")
RECORDED = ("invented", "published_at", "updated_at")


class OrNull(serializers.CharField):
    """A text, or null for an empty one."""

    def to_representation(self, value: Any) -> Any:
        """The text."""
        return super().to_representation(value) or None


class AddressField(serializers.HyperlinkedIdentityField):
    """The address of a thing under another path than the router's."""

    def __init__(self, path: str, **options: Any) -> None:
        super().__init__(view_name=path, **options)

    def get_url(self, obj: Any, view_name: str, request: Any, *args: Any) -> str:
        """Built from the request."""
        return str(request.build_absolute_uri(view_name.format(obj=obj)))


class AreaSerializer(serializers.ModelSerializer[Area]):
    """A place by name."""

    class Meta:
        model = Area
        fields = ("code", "name")


class OwnerSerializer(serializers.ModelSerializer[Owner]):
    """A present owner."""

    team = serializers.CharField(source="team.slug")
    name = serializers.CharField(source="team.name")
    organisation = serializers.CharField(source="organisation.slug")

    class Meta:
        model = Owner
        fields = ("team", "name", "organisation", "lead")


class OwnershipSerializer(serializers.ModelSerializer[Owner]):
    """An owner, present or former."""

    team = serializers.CharField(source="team.slug")
    organisation = serializers.CharField(source="organisation.slug")

    class Meta:
        model = Owner
        fields = ("team", "organisation", "lead", "accepted_on", "ended_on")


class VerificationSerializer(serializers.ModelSerializer[Verification]):
    """The panel's finding."""

    claim = serializers.UUIDField(source="claim_id")
    at = serializers.DateTimeField(source="published_at")

    class Meta:
        model = Verification
        fields = ("id", "claim", "finding", "reason", "at")


class DueSerializer(serializers.ModelSerializer[Commitment]):
    """When it was promised."""

    on = serializers.DateField(source="due_on")
    precision = OrNull(source="due_precision")
    text = OrNull(source="due_text")
    first_on = serializers.DateField(source="first_due_on")
    changes = serializers.IntegerField(source="due_changes")
    days_late = serializers.SerializerMethodField()
    days_late_first = serializers.SerializerMethodField()

    class Meta:
        model = Commitment
        fields = ("on", "precision", "text", "first_on", "changes", "days_late", "days_late_first")

    def get_days_late(self, obj: Commitment) -> int | None:
        """Against the present date."""
        return standing.days_late(standing.facts_of(obj), obj.due_on, self.context["today"])

    def get_days_late_first(self, obj: Commitment) -> int | None:
        """Against the first date."""
        return standing.days_late(standing.facts_of(obj), obj.first_due_on, self.context["today"])


class VoicesSerializer(serializers.ModelSerializer[Commitment]):
    """Three voices."""

    owner = serializers.SerializerMethodField()
    residents = serializers.SerializerMethodField()
    panel = serializers.SerializerMethodField()
    gap = serializers.SerializerMethodField()

    class Meta:
        model = Commitment
        fields = ("owner", "residents", "panel", "gap")

    def get_owner(self, obj: Any) -> dict[str, Any]:
        """What the owner claims."""
        by_team = [
            {"team": owner.team.slug, "status": owner.team_status, "at": owner.team_status_at}
            for owner in obj.present_owners
            if owner.team_status and not owner.lead
        ]
        return {"status": obj.status, "at": obj.status_at, "by_team": by_team}

    def get_residents(self, obj: Any) -> dict[str, Any]:
        """Withheld."""
        return dict(WITHHELD)

    def get_panel(self, obj: Any) -> dict[str, Any] | None:
        """The latest finding on the present claim."""
        found = [one for one in obj.verifications.all() if one.claim_id == obj.claim_id]
        return dict(VerificationSerializer(found[0]).data) if found else None

    def get_gap(self, obj: Any) -> dict[str, Any]:
        """None yet."""
        return dict(GAP)


class CommitmentSerializer(serializers.ModelSerializer[Commitment]):
    """A commitment in lists."""

    url = AddressField("/api/v1/commitments/{obj.reference}/")
    assembly = serializers.CharField(source="assembly.slug")
    themes = serializers.SerializerMethodField()
    recommendations: Any = serializers.SlugRelatedField(slug_field="reference", many=True, read_only=True)
    areas = AreaSerializer(many=True)
    owners = OwnerSerializer(source="present_owners", many=True)
    standing = serializers.CharField()
    measurable = serializers.BooleanField()
    overdue = serializers.BooleanField()
    silent = serializers.BooleanField()
    contested = serializers.BooleanField()
    reported_state = OrNull()
    due = DueSerializer(source="*")
    voices = VoicesSerializer(source="*")

    class Meta:
        model = Commitment
        fields: tuple[str, ...] = (
            "reference", "title", "url", "position", "assembly", "themes", "recommendations", "areas", "owners",
            "status", "standing", "measurable", "entered_from", "reported_state", "due", "overdue", "silent",
            "contested", "last_update_at", "update_due_on", "voices", "open_challenges", *RECORDED,
        )  # fmt: skip

    def get_themes(self, obj: Commitment) -> list[dict[str, str]]:
        """Each once."""
        themes = {one.theme.pk: one.theme for one in obj.recommendations.all() if one.theme}
        return [{"slug": theme.slug, "title": theme.title} for theme in themes.values()]


class EvidenceSerializer(serializers.ModelSerializer[Evidence]):
    """A link."""

    class Meta:
        model = Evidence
        fields = ("title", "url", "dated")


class UpdateSerializer(serializers.ModelSerializer[ProgressUpdate]):
    """A progress update."""

    url = AddressField("/api/v1/updates/{obj.pk}/")
    assembly = serializers.CharField(source="commitment.assembly.slug", read_only=True)
    commitment: Any = serializers.SlugRelatedField(slug_field="reference", queryset=Commitment.objects.all())
    team = serializers.CharField(source="team.slug", read_only=True)
    team_name = serializers.CharField(source="team.name", read_only=True)
    organisation = serializers.CharField(source="team.organisation.slug", read_only=True)
    reason = OrNull(required=False)
    evidence = EvidenceSerializer(many=True)

    class Meta:
        model = ProgressUpdate
        fields = (
            "id", "url", "position", "assembly", "commitment", "team", "team_name", "organisation", "lead",
            "status", "team_status", "is_claim", "nothing_to_report", "body", "reason", "evidence", "posted_on",
            *RECORDED,
        )  # fmt: skip
        read_only_fields = ("position", "lead", "team_status", "is_claim", "nothing_to_report", "posted_on")


class MilestoneSerializer(serializers.ModelSerializer[Milestone]):
    """A step."""

    commitment = serializers.CharField(source="commitment.reference")
    overdue = serializers.SerializerMethodField()
    days_late = serializers.SerializerMethodField()

    class Meta:
        model = Milestone
        fields = (
            "id", "position", "commitment", "title", "due_on", "first_due_on", "done_on", "overdue", "days_late",
            *RECORDED,
        )  # fmt: skip

    def get_overdue(self, obj: Milestone) -> bool:
        """Whether it passed undone while it was expected."""
        facts = standing.facts_of(obj.commitment)
        expected = obj.commitment.accepted_on and obj.commitment.status not in CLOSED
        expected = expected and not standing.has_standing_claim(facts)
        return bool(obj.done_on is None and expected and is_missed(obj.due_on, self.context["today"]))

    def get_days_late(self, obj: Milestone) -> int | None:
        """How late it was done, or is."""
        today: date = self.context["today"]
        known = self.get_overdue(obj) or obj.done_on is not None or obj.due_on >= today
        return days_late(obj.due_on, today, obj.done_on) if known else None


class DueDateChangeSerializer(serializers.ModelSerializer[DueDateChange]):
    """A move of a due date; the bench has none, and every engineer would list them."""

    class Meta:
        model = DueDateChange
        fields = ("id", "position", "on", "precision", "text", "state", "reason", *RECORDED)


class ResponseSerializer(serializers.ModelSerializer[Response]):
    """An organisation's answer."""

    url = AddressField("/api/v1/recommendations/{obj.recommendation.reference}/responses/{obj.pk}/")
    recommendation = serializers.CharField(source="recommendation.reference")
    organisation = serializers.CharField(source="organisation.slug")
    name = serializers.CharField(source="organisation.name")
    position = serializers.CharField(source="stance")
    reason = OrNull()
    record_position = serializers.IntegerField(source="position")

    class Meta:
        model = Response
        fields = (
            "id", "url", "recommendation", "organisation", "name", "position", "body", "reason", "answered_on",
            "late_by_days", "record_position", "entered_from", *RECORDED,
        )  # fmt: skip


class CommitmentDetailSerializer(CommitmentSerializer):
    """A commitment with all that belongs to it."""

    measure, baseline, target, proof, body = OrNull(), OrNull(), OrNull(), OrNull(), OrNull()
    source: Any = serializers.JSONField(source="entered_from")
    claim = serializers.SerializerMethodField()
    ownership = OwnershipSerializer(source="owners", many=True)
    wordings = serializers.SerializerMethodField()
    milestones = MilestoneSerializer(many=True)
    due_date_changes = DueDateChangeSerializer(many=True)
    updates = UpdateSerializer(source="last_updates", many=True)
    responses = serializers.SerializerMethodField()
    lineage = serializers.SerializerMethodField()
    challenges = serializers.SerializerMethodField()

    class Meta(CommitmentSerializer.Meta):
        fields = (
            *CommitmentSerializer.Meta.fields, "body", "measure", "baseline", "target", "proof", "stage",
            "accepted_on", "source", "notes", "claim", "ownership", "wordings", "milestones", "due_date_changes",
            "updates", "responses", "lineage", "challenges",
        )  # fmt: skip

    def get_claim(self, obj: Commitment) -> dict[str, Any] | None:
        """The present claim."""
        names = ("claimed_on", "verify_by", "refuted_on")
        return {"id": obj.claim_id, **{name: getattr(obj, name) for name in names}} if obj.claim_id else None

    def get_wordings(self, obj: Commitment) -> Any:
        """Every wording."""
        row = {name: getattr(obj, name) for name in (*TEXTS, "published_at")}
        return WordingOut(wordings(row, TEXTS, obj.corrections.filter(state="approved")), many=True).data

    def get_responses(self, obj: Commitment) -> Any:
        """To the recommendations that it answers, newest first."""
        answers = [answer for one in obj.recommendations.all() for answer in one.responses.all()]
        answers.sort(key=lambda answer: answer.position or 0, reverse=True)
        return ResponseSerializer(answers, many=True, context=self.context).data

    def get_lineage(self, obj: Commitment) -> dict[str, Any]:
        """Where it came from and what it became; the bench's commitments have none."""
        links = [*obj.earlier_links.all(), *obj.later_links.all()]
        return {"came_from": links, "became": links}

    def get_challenges(self, obj: Commitment) -> dict[str, int]:
        """How many stand where."""
        today, found = self.context["today"], dict.fromkeys(ChallengeState.values, 0)
        for one in obj.challenges.all():
            passed = one.state == ChallengeState.OPEN and is_missed(one.reply_due_on, today)
            found[ChallengeState.UNANSWERED if passed else one.state] += 1
        return {"total": sum(found.values()), **found}
