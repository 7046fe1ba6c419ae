"""Progress updates: filters, shapes in and out, views."""

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from api import evidence as files
from api import held
from api.commitment_filters import ThroughCommitment
from api.held import HeldOut
from api.http import filters, inputs
from api.http.paging import by
from api.http.views import PublicDetail, PublicList, Shape, found
from api.http.writing import Done, Posts
from api.of_commitments import OfCommitment, one
from api.ranking import ranked
from api.wordings import WordingOut, wordings
from commitments import actions
from commitments.actions.corrections import TEXTS_OF_AN_UPDATE
from commitments.choices import RequestState, Status
from commitments.models import Correction, Evidence, ProgressUpdate
from commitments.promises import EvidenceLink
from commitments.search import matching
from record.prepared import Among, Prepared

REPORTED = ("body", "status", "evidence", "reason")
WANTED = "Needed, unless there is `nothing_to_report`."
_MISSING = ErrorDetail(str(serializers.Field.default_error_messages["required"]), "required")
_TOO_MUCH = ErrorDetail("Leave it out: there is nothing to report.", "nothing_to_report")
OF_A_FILE = ("file__id", "file__media_type", "file__size", "file__sha256")
SOME_EVIDENCE: dict[str, Any] = {"many": True, "max_length": 20}
COLUMNS = (
    "id",
    "version",
    "position",
    "commitment__reference",
    "commitment__assembly__slug",
    "team__slug",
    "team__name",
    "team__organisation__slug",
    "lead",
    "status",
    "team_status",
    "is_claim",
    "nothing_to_report",
    "body",
    "reason",
    "posted_on",
    *held.COLUMNS,
    "invented",
    "published_at",
    "updated_at",
)


class EvidenceOut(serializers.Serializer[Any]):
    """A link or a file that shows what an update says; `url` leads to either."""

    title = serializers.CharField()
    url = serializers.CharField()
    dated = serializers.DateField(allow_null=True)
    file = serializers.UUIDField(
        allow_null=True, help_text="Of a file; at `evidence/{id}/`. Null for a link."
    )
    media_type = serializers.ChoiceField(files.MEDIA_TYPES, allow_null=True)
    bytes = serializers.IntegerField(allow_null=True)
    sha256 = serializers.CharField(allow_null=True)


class UpdateOut(serializers.Serializer[Any]):
    """Dated words of an owner, with the status that it claims."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    position = serializers.IntegerField()
    assembly = serializers.CharField()
    commitment = serializers.CharField()
    team = serializers.CharField()
    team_name = serializers.CharField()
    organisation = serializers.CharField()
    lead = serializers.BooleanField()
    status = serializers.ChoiceField(
        Status.choices, allow_null=True, help_text="What the lead claims; null in a co-owner's update."
    )
    team_status = serializers.ChoiceField(
        Status.choices, allow_null=True, help_text="What a co-owner says of its part; null in the lead's."
    )
    is_claim = serializers.BooleanField(help_text="Whether this claims completion, and can be judged.")
    nothing_to_report = serializers.BooleanField(
        help_text="Whether the owner says that there is nothing to report: no words, and the status as it was."
    )
    body = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    evidence = EvidenceOut(many=True)
    posted_on = serializers.DateField()
    held = HeldOut(allow_null=True)
    invented = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class UpdateDetailOut(UpdateOut):
    """An update with all its wordings."""

    wordings = WordingOut(many=True)


class EvidenceIn(inputs.StrictSerializer):
    """What shows it: a link, or a file that you sent to `evidence/` within the last day, by its id."""

    title = inputs.Line(max_length=300)
    url = inputs.WebAddress(max_length=1000, required=False)
    file = serializers.UUIDField(required=False)
    dated = serializers.DateField(required=False)


class UpdateIn(inputs.StrictSerializer):
    """What the owner reports, in words and with a status; or that there is nothing to report, and nothing else.

    `team` chooses where one speaks for several.
    """

    body = inputs.Prose(required=False, help_text=WANTED)
    status = serializers.ChoiceField(Status.choices, required=False, help_text=WANTED)
    evidence = EvidenceIn(**SOME_EVIDENCE, required=False)
    reason = inputs.Prose(required=False, allow_blank=True)
    nothing_to_report = inputs.StrictBoolean(
        required=False,
        help_text="The status stays, and the rhythm of updates begins anew. Only while it is said to be not "
        "started or in progress.",
    )
    team = inputs.Slug(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Either words and a status, or nothing to report."""
        if attrs.get("nothing_to_report"):
            faults = {name: [_TOO_MUCH] for name in REPORTED if name in attrs}
        else:
            faults = {name: [_MISSING] for name in ("body", "status") if name not in attrs}
        if faults:
            raise ValidationError(faults)
        return attrs


class UpdateFilters(ThroughCommitment):
    """The filters of updates."""

    commitment = filters.References("commitment__reference", label="Only of these commitments.")
    organisation = filters.Slugs("team__organisation__slug", label="Only by teams of these bodies.")
    team = filters.Slugs("team__slug", label="Only by these teams.")
    status = filters.Choices("status", choices=Status.values, label="Only where the lead says this.")
    claim = filters.TrueFalse("is_claim", label="Only claims of completion, or only others.")
    updated_since = filters.UpdatedSince()
    q = filters.Text(method="by_words", label="Only what says all these words; ranked unless ordered.")

    def by_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Ranked."""
        return matching(rows, value)


_EVIDENCE = Prepared(
    lambda: (
        Evidence.objects.filter(Among("update", "keys"))
        .order_by("order", "pk")
        .values("update_id", "title", "url", "dated", *OF_A_FILE)
    )
)


def shapes(rows: list[Shape], base: str) -> list[Shape]:
    """The JSON of rows from `.values(*COLUMNS)`; one query for all their evidence."""
    evidence: dict[Any, list[Shape]] = defaultdict(list)
    for shown in _EVIDENCE.rows(keys=[row["id"] for row in rows]) if rows else ():
        evidence[shown["update_id"]].append(_evidence(shown, base))
    return [_shape(row, evidence[row["id"]], base) for row in rows]


def _evidence(shown: Shape, base: str) -> Shape:
    key = shown["file__id"]
    return {
        "title": shown["title"],
        "url": files.address_of(key, base) if key else shown["url"],
        "dated": shown["dated"],
        "file": key,
        "media_type": shown["file__media_type"],
        "bytes": shown["file__size"],
        "sha256": shown["file__sha256"],
    }


def _shape(row: Shape, evidence: list[Shape], base: str) -> Shape:
    return {
        "id": row["id"],
        "url": f"{base}/api/v1/updates/{row['id']}/",
        "position": row["position"],
        "assembly": row["commitment__assembly__slug"],
        "commitment": row["commitment__reference"],
        "team": row["team__slug"],
        "team_name": row["team__name"],
        "organisation": row["team__organisation__slug"],
        "lead": row["lead"],
        "status": row["status"],
        "team_status": row["team_status"],
        "is_claim": row["is_claim"],
        "nothing_to_report": row["nothing_to_report"],
        "body": row["body"] or None,
        "reason": row["reason"] or None,
        "evidence": evidence,
        "posted_on": row["posted_on"],
        "held": held.held(row),
        "invented": row["invented"],
        "published_at": row["published_at"],
        "updated_at": row["updated_at"],
    }


class Updates(PublicList):
    """All progress updates, newest first."""

    output, filterset = UpdateOut, UpdateFilters
    ordering = by(
        "-position", position="position", published_at="published_at", updated_at="updated_at", rank="rank"
    )

    def rows(self) -> QuerySet[Any]:
        """With a rank of their own place where no words rank them."""
        return ranked(ProgressUpdate.objects.values(*COLUMNS), self.request.query_params)

    def usual_order(self, found: dict[str, Any]) -> str | None:
        """The best first, where words are asked for."""
        return "-rank" if "q" in found else None

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return shapes(rows, self.base)


class Update(PublicDetail):
    """One progress update, with its wordings."""

    output = UpdateDetailOut

    def row(self) -> Shape:
        """The update."""
        row: Shape = found(ProgressUpdate.objects.values(*COLUMNS), pk=self.kwargs["id"])
        return row

    def shape(self, row: Shape) -> Shape:
        """With its wordings."""
        approved = Correction.objects.filter(update=row["id"], state=RequestState.APPROVED)
        said = wordings(row, TEXTS_OF_AN_UPDATE, approved)
        return {**one(shapes([row], self.base)), "wordings": said}


class CommitmentUpdates(OfCommitment, Posts, Updates):
    """The updates of one commitment, newest first."""

    scope = "updates:write"
    post_input, post_output = UpdateIn, UpdateOut

    def rows(self) -> QuerySet[Any]:
        """Of this commitment only."""
        return super().rows().filter(commitment=self.commitment)

    def on_post(self, data: dict[str, Any]) -> Done:
        """Report on a commitment, for a team that owns it; or say that there is nothing to report."""
        if data.pop("nothing_to_report", False):
            update = actions.report_nothing(self.commitment, by=self.by, today=self.today, **data)
            return self._done(update)
        links = [EvidenceLink(**link) for link in data.pop("evidence", ())]
        update = actions.post_update(self.commitment, by=self.by, today=self.today, evidence=links, **data)
        return self._done(update)

    def _done(self, update: ProgressUpdate) -> Done:
        row = ProgressUpdate.objects.values(*COLUMNS).get(pk=update.pk)
        return Done(one(shapes([row], self.base)), row=row)
